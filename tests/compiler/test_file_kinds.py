"""A file that is no table, whatever it is called: what it is and what to give instead, never a traceback."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from juesuan.cli import main
from juesuan.reader.formats import office

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"


def _package(*parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for part in parts:
            package.writestr(part, "<x/>")
    return file.getvalue()


def _compound(stream: str) -> bytes:
    """How an old Office or WPS file begins, with the name of a stream in its directory."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + stream.encode("utf-16-le") + bytes(1000)


def _report(*rows: str) -> bytes:
    """A table of a final account as the ministry's program exports it."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([row])
    book.save(file)
    return file.getvalue()


KINDS = {
    "xls or et": (_compound("Workbook"), "是旧的 .xls 格式或 WPS 表格（.et）"),
    "old Word": (_compound("WordDocument"), "是 Word 文档，不能由它编制"),
    "with a password": (_compound("EncryptedPackage"), "文件有打开密码"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "是 PDF 文件，不能由它编制"),
    "Word": (_package("word/document.xml"), "是 Word 文档，不能由它编制"),
    "binary workbook": (_package("xl/workbook.bin"), "是 Excel 二进制工作簿（.xlsb）"),
    "OpenDocument": (_package("mimetype", "content.xml"), "是 OpenDocument 文件"),
    "archive": (_package("甲.csv"), "是压缩包"),
    "half a workbook": (_package("xl/workbook.xml")[:60], "或文件已损坏"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "是图片"),
    "page": (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "是网页"),
    "account": (b'{"profile": "national"}', "是 JSON 数据文件"),
    "official export": (_report("收入支出决算总表", "财决01表", "单位：元"), "是编好的决算报表（“收入支出决算总表”）"),
    "published tables": (_report("公开01表", "金额单位：万元"), "是编好的决算报表（“公开01表”）"),
    "nothing": (b"", "文件是空的"),
    "noise": (bytes(range(256)) * 4, "文件既不是 UTF-8 也不是 GB18030 编码"),
}

NAMES = ("甲.xlsx", "甲.et", "甲.csv", "甲.parquet", "甲.pdf", "甲")

OFFICE = ("xls or et", "old Word", "binary workbook")
"""Kinds that LibreOffice is started for, a second each: under a table's name, another's and none."""


@pytest.fixture(scope="module", autouse=True)
def converted_once() -> Iterator[None]:
    """What LibreOffice made of a file it is not started for again: the name of the file is nothing to it."""
    known: dict[tuple[str, bytes], dict[str, bytes]] = {}
    start = office._run

    def run(command: list[str], what: str) -> None:
        source, made = Path(command[-1]), Path(command[-2])
        seen = source.suffix, source.read_bytes()
        if seen not in known:
            start(command, what)
            known[seen] = {path.name: path.read_bytes() for path in made.glob("*")}
        made.mkdir(exist_ok=True)
        for name, content in known[seen].items():
            (made / name).write_bytes(content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "_run", run)
        yield


def _compiled(*paths: Path, out: Path) -> tuple[int, str]:
    answer = CliRunner().invoke(main, ["compile", *map(str, paths), "-o", str(out), "--formats", "json"])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), repr(answer.exception)
    return answer.exit_code, answer.output


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_file_is_is_told_by_its_content(kind: str, tmp_path: Path):
    content, told = KINDS[kind]
    for name in ("甲.et", "甲.pdf", "甲") if kind in OFFICE else NAMES:
        path = tmp_path / name
        path.write_bytes(content)
        code, said = _compiled(path, out=tmp_path / "out")
        assert code == 2
        assert said.startswith("读不出来：") and f"{name}：" in said and told in said, said


@pytest.mark.parametrize("kind", ["PDF", "Word", "official export", "picture"])
def test_what_to_give_instead_is_told(kind: str, tmp_path: Path):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(KINDS[kind][0])
    _, said = _compiled(path, out=tmp_path / "out")
    assert "juesuan new" in said and "台账" in said


@pytest.mark.parametrize("name", ["填报.et", "填报.xls", "填报"])
def test_a_workbook_is_a_workbook_whatever_it_is_called(name: str, tmp_path: Path):
    path = tmp_path / name
    shutil.copyfile(EXAMPLE / "whole" / "workbook.xlsx", path)
    code, said = _compiled(path, out=tmp_path / "out")
    assert code == 0, said


def test_a_folder_of_old_files_is_told_how_to_save_them(tmp_path: Path):
    (tmp_path / "甲.et").write_bytes(KINDS["xls or et"][0])
    code, said = _compiled(tmp_path, out=tmp_path / "out")
    assert code == 2 and "甲.et" in said and "另存为 .xlsx" in said
