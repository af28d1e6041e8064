"""The items that the text of a budget explains one by one, against those of its table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import juesuan
from juesuan.checker import check
from juesuan.reader import read_document

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "budget"
MEDICAL = re.compile(r"<p[^>]*>7\. 卫生健康支出（类）行政事业单位医疗（款）事业单位医疗（项）[^<]*</p>")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("budget")
    made = juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
    (written,) = juesuan.publish(made, folder, ["html"])
    return written.read_text(encoding="utf-8")


def _told(page: str, folder: Path) -> dict[str, str]:
    (folder / "page.html").write_text(page, encoding="utf-8")
    reading = read_document(folder / "page.html")
    return {issue.code: issue.message for issue in check(reading.account, statute=reading.statute).findings}


def test_every_item_explained_is_no_finding(page: str, tmp_path: Path) -> None:
    assert _told(page, tmp_path) == {}


def test_an_item_without_its_paragraph_is_told(page: str, tmp_path: Path) -> None:
    # Its name is part of two others that the text does explain: 行政事业单位医疗（款）, 其他行政事业单位医疗支出（项）.
    removed, count = MEDICAL.subn("", page)
    assert count
    assert "2101102事业单位医疗。" in _told(removed, tmp_path)["N58"]
