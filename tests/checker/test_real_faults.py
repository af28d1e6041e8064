"""The faults that stand in four published documents, as readers found them: each drawn, and nothing beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.reader import read_document

FAULTS = {
    "shanghai-putuo-social-work-2024.pdf": [
        ("Z105", "95.89%"),  # Of the budget as adjusted, told as of the one at the start, which is nothing.
        ("Z105", "100.00%"), ("Z105", "100.00%"), ("Z105", "100.00%"), ("Z105", "100.00%"),
        ("Z111", "21.07万元＋21.07万元"),
        ("N60", "邮电费"),  # Listed, and 0.00 in the table.
        ("Z162", "事业单位医疗"), ("W111", "仍保留该表"), ("W111", "仍保留该表"), ("N512", "9.55%"),
    ],
    "shanghai-putuo-welfare-home-budget-2024.pdf": [
        ("C104", "7 11 02"), ("C102", "30202"), ("M301", "738.66万元"), ("M302", "738.66万元"), ("M302", "3.84%"),
        ("N58", "2080599"), ("W112", "原因是。"), ("N64", "医疗卫生与计划生育支出"),
    ],
    "shanghai-putuo-wanli-budget-2024.pdf": [
        ("M302", "352.67万元"), ("Z161", "经费增加"), ("Z105", "100.00%"), ("Z172", "故本表为空表"),
        ("Z134", "无“三公”经费"),  # The same note.
        ("C104", "301 2"), ("Z162", "事业单位离退休"), ("Z162", "城管执法"),
        ("Z114", "8103平方米"), ("Z114", "13369平方米"),
    ],
    "shanghai-finance-bureau-unit-budget-2025.pdf": [],
}  # fmt: skip
LISTED = ("N60", "N512")
"""Notices among the faults."""


@pytest.mark.parametrize("name", FAULTS)
def test_what_stands_in_a_document_and_nothing_else_is_found(name: str, real: Path) -> None:
    reading = read_document(real / name)
    report = check(reading.account, statute=reading.statute)
    left = [issue for issue in report.findings if issue.severity != "notice" or issue.code in LISTED]
    for code, words in FAULTS[name]:
        drawn = [issue for issue in left if issue.code == code and words in issue.message]
        assert drawn, (code, words)
        left.remove(drawn[0])
    assert [(issue.code, issue.message) for issue in left] == []
    assert not report.faults
