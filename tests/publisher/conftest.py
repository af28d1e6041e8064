"""The sample in the three formats, written once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.publisher.document import Document
from juesuan.publisher.docx.writer import write_docx
from juesuan.publisher.html.writer import write_html
from juesuan.publisher.pdf.writer import write_pdf
from publisher.sample import sample


@pytest.fixture(scope="session")
def document() -> Document:
    return sample()


@pytest.fixture(scope="session")
def pdf_file(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "sample.pdf"
    write_pdf(document, path)
    return path


@pytest.fixture(scope="session")
def docx_file(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docx") / "sample.docx"
    write_docx(document, path)
    return path


@pytest.fixture(scope="session")
def html_file(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "sample.html"
    write_html(document, path)
    return path
