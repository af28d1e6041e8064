"""Files as people have them: odd paths, places that cannot be written to, shadows of open files, amounts as text."""

from __future__ import annotations

import errno
import io
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import juesuan
from juesuan.account import os_error_text, plain_os_errors
from juesuan.cli import main
from juesuan.compiler.workbook.reader import read_workbook
from juesuan.statute import load_statute

WHOLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(map(str, arguments)))
    return result.exit_code, result.output


def test_amounts_written_with_words_are_told_and_lose_nothing(tmp_path: Path):
    book = load_workbook(WHOLE)
    sheet = book["支出"]
    for cell, text in {"F5": "5,801,980.00", "F6": "８５０００", "F7": "371,200.00元", "F8": "￥414,360"}.items():
        sheet[cell].value = text
    sheet["F11"].value = "11.77万元"
    book.save(tmp_path / "填报 表.xlsx")
    found = read_workbook(tmp_path / "填报 表.xlsx", load_statute("wuhan-2022"))
    told = {problem.place.cell: problem.message for problem in found.problems}
    # Grouped and full-width numbers are numbers; with a unit they are told, and what they must mean is counted.
    assert set(told) == {"F7", "F8", "F11"}
    assert "应填 371200" in told["F7"] and "应填 414360" in told["F8"] and "应填 117700" in told["F11"]
    amounts = {entry.place.cell: entry.amount for entry in found.entries if entry.place and entry.place.sheet == "支出"}
    expected = {"F5": 5_801_980, "F6": 85_000, "F7": 371_200, "F8": 414_360, "F11": 117_700}
    assert {cell: amounts[cell] for cell in expected} == {cell: Decimal(value) for cell, value in expected.items()}


def test_a_path_with_blanks_is_quoted_in_what_to_type_next(tmp_path: Path):
    folder = tmp_path / "财务 科" / "2022 年"
    code, text = run("new", folder / "填报 表.xlsx", "--profile", "wuhan-2022")
    assert code == 0 and (folder / "填报 表.xlsx").is_file()
    assert f'juesuan compile "{folder / "填报 表.xlsx"}"' in text


def test_a_place_that_cannot_be_written_to_is_told_in_chinese(tmp_path: Path):
    (tmp_path / "占用").write_text("", encoding="utf-8")
    code, text = run("new", tmp_path / "占用" / "填报.xlsx")
    assert code == 2 and "文件读写出错" in text and "Errno" not in text and "directory" not in text
    with pytest.raises(PermissionError), plain_os_errors():
        raise ValueError(PermissionError(errno.EACCES, "Permission denied", "决算.xlsx"))
    assert os_error_text(OSError(errno.ENOSPC, "No space left on device")) == "磁盘满了"
    assert "Excel" in os_error_text(PermissionError(errno.EACCES, "Permission denied"))


def test_the_shadow_of_an_open_workbook_is_told(tmp_path: Path):
    shadow = tmp_path / "~$决算.xlsx"
    shutil.copyfile(WHOLE, shadow)
    code, text = run("compile", shadow, "-o", tmp_path / "输出")
    assert code == 2 and "打开文件时的临时文件" in text


PAGE = "<h1>某市档案馆2023年度单位决算公开</h1><p>2023年度“三公”经费支出决算数为3.20万元，其中公务接待费3.00万元。</p>"


def test_archives_are_checked_like_folders(tmp_path: Path):
    """Names in GBK, folders inside, one name twice, a name that leads out; what systems add is left out."""
    folder = tmp_path / "收到的"
    folder.mkdir()
    names = ("教育局/决算.html", "水务局/决算.html", "../../出去.html", "__MACOSX/x.html", "教育局/.DS_Store")
    # As programs in China write it: the bytes of GBK, and nothing that says so.
    stands_for = {bytes([65 + n]) * len(name.encode("gb18030")): name.encode("gb18030") for n, name in enumerate(names)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, name in enumerate(stands_for):
            archive.writestr(name.decode(), PAGE + "\n" * number)
    content = made.getvalue()
    for name, real in stands_for.items():
        content = content.replace(name, real)
    (folder / "上报.zip").write_bytes(content)
    (folder / "别的.html").write_text(f" {PAGE}", encoding="utf-8")
    code, told = run("check", folder, "-o", tmp_path / "问题.xlsx")
    assert "共 4 份" in told and code in (0, 1, 3), told
    assert "决算.html" in told and "出去.html" in told and ".DS_Store" not in told
    assert not (tmp_path.parent / "出去.html").exists()
    (tmp_path / "坏.zip").write_bytes(b"PK\3\4 not one")
    code, told = run("check", tmp_path / "坏.zip")
    assert code == 2 and "坏.zip”：文件已损坏或不完整" in told and "Traceback" not in told


def test_what_the_system_says_of_a_file_is_told_in_chinese_wherever_it_is_told(tmp_path: Path):
    sources = Path(juesuan.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if ".strerror" in path.read_text(encoding="utf-8")] == ["errors.py"]
    page = tmp_path / "甲.html"
    page.write_text(PAGE, encoding="utf-8")
    code, told = run("check", page, "--baseline", tmp_path / "没有.toml")
    assert code == 2 and "没有这个文件" in told and "No such file" not in told
