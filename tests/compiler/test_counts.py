"""Money for vehicles, groups and receptions wants its counts before anything is published (“购置公务用车0辆”)."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from juesuan.inspection import compile_sources, inspect

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"


def with_outings(folder: Path, **values: int) -> Path:
    """The example with other lines of its sheet 三公经费."""
    path = Path(shutil.copy(EXAMPLE, folder / "决算.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book["三公经费"]
    rows = {str(row[0].value).rstrip("*＊ "): row[1] for row in sheet.iter_rows()}
    for label, value in values.items():
        rows[label].value = value
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("money", "counts", "codes"),
    [
        ("公务用车购置费", {"公务用车购置数": 1}, {"S661"}),
        ("因公出国（境）费", {"因公出国（境）团组数": 1, "因公出国（境）人次": 2}, {"S662", "S663"}),
    ],
)
def test_money_without_its_count_is_wrong(
    tmp_path: Path, money: str, counts: dict[str, int], codes: set[str]
) -> None:
    amounts = {f"{money} 预算数": 200000, f"{money} 决算数": 180000}
    made = compile_sources([with_outings(tmp_path, **amounts)])
    assert {fault.code for fault in made.faults if fault.severity == "error"} & {"S661", "S662", "S663"} == codes
    sound = compile_sources([with_outings(tmp_path, **amounts, **counts)])
    assert not [fault for fault in sound.faults if fault.code.startswith("S66")]


def test_a_document_may_leave_counts_out(tmp_path: Path) -> None:
    """What is published elsewhere is told by the rules of wording (N62), not as a broken relation."""
    page = tmp_path / "公开.html"
    page.write_text(
        "<h1>某市档案馆2023年度单位决算公开</h1><h2>三公经费支出决算情况说明</h2>"
        "<p>2023年度“三公”经费财政拨款支出预算为20.00万元，支出决算为18.00万元，其中公务用车购置费支出18.00万元。</p>",
        encoding="utf-8",
    )
    assert not [finding for finding in inspect(page).report.findings if finding.code.startswith("S66")]
