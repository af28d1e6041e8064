"""Files that are no PDF, or none that can be read, are refused with what they are."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from juesuan.account import UnreadableFileError
from juesuan.reader.pdf_file import read_pdf


def refused(path: Path) -> str:
    with pytest.raises(UnreadableFileError) as error:
        read_pdf(path)
    return str(error.value)


def test_what_cannot_be_read_is_refused_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "坏.pdf"
    assert "没有这个文件" in refused(path)
    assert "打不开" in refused(tmp_path)
    path.write_bytes(b"")
    assert "空文件" in refused(path)
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    assert "Office" in refused(path)
    path.write_bytes(b"<!DOCTYPE html><html>404</html>")
    assert "网页" in refused(path)
    path.write_bytes(b"hello")
    assert "不是 PDF" in refused(path)
    path.write_bytes(b"%PDF-1.7\n" + bytes(2000))
    assert "损坏" in refused(path)
    file = pikepdf.new()
    file.save(path)
    assert "损坏" in refused(path)
    file.add_blank_page()
    file.save(path, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert "密码" in refused(path)
    file.save(path, encryption=pikepdf.Encryption(user="", owner="secret"))
    assert read_pdf(path).pages == 1
