"""Uploads told by content; traps and false names refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from juesuan.web.infra.settings import MEBIBYTE
from juesuan.web.review.uploads import RefusedUploadError, clean_name, kind_of, kind_of_data

LIMIT = 100 * MEBIBYTE


def _package(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("甲.pdf", b"%PDF-1.7\n...", "pdf"),
        ("甲.PDF", b"\r\n%PDF-1.4", "pdf"),
        ("甲.docx", _package({"word/document.xml": b"<w/>"}), "docx"),
        ("甲.xlsx", _package({"xl/workbook.xml": b"<w/>"}), "xlsx"),
        ("甲.htm", "<!DOCTYPE html><p>决算".encode("gb18030"), "html"),
        ("甲.md", ("决" * 2000).encode(), "md"),
    ],
)
def test_a_file_is_what_its_content_says(name: str, content: bytes, kind: str):
    assert kind_of(io.BytesIO(content), name, LIMIT) == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("甲.pdf", b"MZ\x90\x00\x03"),
        ("甲.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("甲.exe", b"%PDF-1.7"),
        ("甲.docx", _package({"xl/workbook.xml": b""})),
        ("甲.zip", _package({"a.txt": b""})),
        ("甲.docx", b"PK\x03\x04 broken"),
        ("甲.md", b"\xff\xfe\x00\x01"),
        ("甲.pdf", b""),
    ],
)
def test_a_file_that_is_not_what_it_is_called_is_refused(name: str, content: bytes):
    with pytest.raises(RefusedUploadError):
        kind_of(io.BytesIO(content), name, LIMIT)


@pytest.mark.parametrize("kind", [kind_of, kind_of_data])
def test_an_empty_file_is_called_empty(kind: Callable[[io.BytesIO, str, int], str]):
    with pytest.raises(RefusedUploadError, match="是空文件"):
        kind(io.BytesIO(), "甲.xlsx", LIMIT)


def test_a_package_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    bomb = _package({"word/document.xml": b"\0" * (50 * MEBIBYTE)})
    assert len(bomb) < MEBIBYTE
    with pytest.raises(RefusedUploadError, match="过大"):
        kind_of(io.BytesIO(bomb), "甲.docx", LIMIT)
    many = _package({"word/document.xml": b"", **{f"{n}": b"" for n in range(5001)}})
    with pytest.raises(RefusedUploadError, match="过大"):
        kind_of(io.BytesIO(many), "甲.docx", LIMIT)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("决算\x00公开.pdf", "决算公开.pdf"),
        ("...", "文件"),
        ("", "文件"),
        ("fdp\u202e.exe", "fdp.exe"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
    ],
)
def test_a_name_never_leads_anywhere(name: str, clean: str):
    assert clean_name(name) == clean
