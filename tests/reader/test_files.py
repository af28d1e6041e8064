"""Any file: told by its content, whatever its name, and refused in Chinese where it is nothing we can read."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from own_documents import account, mutations, published, read_or_refused, tables, texts

from juesuan.account import UnreadableFileError
from juesuan.reader.files import read_raw


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, Path]:
    one = account()
    return {name: published(one, folder, name) for name in ("docx", "xlsx", "html", "json", "pdf")}


@pytest.mark.parametrize(("format", "ending"), [
    ("docx", "pdf"), ("docx", "doc"), ("xlsx", "docx"), ("html", "xls"), ("html", "txt"), ("pdf", "docx"), ("docx", ""),
])  # fmt: skip
def test_the_content_decides_not_the_name(files: dict[str, Path], tmp_path: Path, format: str, ending: str) -> None:
    path = tmp_path / f"决算.{ending}"
    shutil.copyfile(files[format], path)
    raw = read_raw(path)
    assert raw.format == format and raw.file == path.name
    assert len(tables(raw)) >= 9


@pytest.mark.parametrize(("name", "content", "format"), [
    ("a.md", "# 一、收入\n", "markdown"),
    ("a.txt", "一、收入\n", "text"),
    ("a", "# 一、收入\n\n正文\n", "markdown"),
    ("a.htm", "<b>收入</b>", "html"),
    ("a.csv", "甲,乙\n1,2\n", "text"),
])  # fmt: skip
def test_files_of_text(tmp_path: Path, name: str, content: str, format: str) -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        raw = read_raw(path)
        assert raw.format == format, encoding
        assert raw.blocks


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("name", "content", "says"), [
    ("空.docx", b"", "空文件"),
    ("a.docx", b"PK\x03\x04 broken", "损坏"),
    ("a.docx", b"not a document", "内容却不是"),
    ("a.zip", zipped(**{"a.txt": b"x"}), "压缩包"),
    ("a.ofd", zipped(**{"OFD.xml": b"x"}), "OFD"),
    ("a.pptx", zipped(**{"ppt/presentation.xml": b"x"}), "演示文稿"),
    ("a.rar", b"Rar!\x1a\x07\0", "RAR"),
    ("a.png", b"\x89PNG\r\n\x1a\n", "图片.*损坏"),
    ("a.bin", bytes(range(256)) * 20, "不是能识别"),
    ("a.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + b"\0\0", "加密"),
    ("a.json", b'{"a": 1}', "JSON"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=says) as caught:
        read_raw(path)
    assert name in str(caught.value)


def test_locked_parts_are_told(files: dict[str, Path], tmp_path: Path) -> None:
    content = bytearray(files["docx"].read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    (tmp_path / "a.docx").write_bytes(bytes(content))
    with pytest.raises(UnreadableFileError, match="加密"):
        read_raw(tmp_path / "a.docx")


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(4):
            package.writestr(f"word/{number}.xml", bytes(80 * 2**20))
    with pytest.raises(UnreadableFileError, match="过大"):
        read_raw(path)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.docx", tmp_path):
        with pytest.raises(UnreadableFileError):
            read_raw(path)


def test_old_formats_need_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1 hello}")
    with pytest.raises(UnreadableFileError, match=r"LibreOffice.*另存为 \.docx"):
        read_raw(path)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_old_formats_are_read_through_libreoffice(files: dict[str, Path], tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for old, new in (("doc", "docx"), ("xls", "xlsx")):
        command = ["soffice", "--headless", profile, "--convert-to", old, "--outdir", str(tmp_path), str(files[new])]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        path = tmp_path / f"{files[new].stem}.{old}"
        raw, direct = read_raw(path), read_raw(files[new])
        assert raw.file == path.name
        # An .xls is read as it stands.
        assert old == "xls" or "LibreOffice" in raw.notes[0]
        assert [[cell.text for cell in table.cells if cell.text] for table in tables(raw)] == [
            [cell.text for cell in table.cells if cell.text] for table in tables(direct)
        ]
        assert set(texts(direct)) <= set(texts(raw))


def test_damaged_files_are_read_or_refused(files: dict[str, Path], tmp_path: Path) -> None:
    for name in ("docx", "xlsx"):
        path = tmp_path / f"damaged.{name}"
        for content in mutations(files[name].read_bytes()):
            path.write_bytes(content)
            if not content.startswith(b"%PDF"):
                read_or_refused(read_raw, path)
