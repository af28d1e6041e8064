"""Whole sheets of the workbook: deleted, renamed, filled in in another unit of money. None is taken for nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from juesuan.compiler import new_workbook
from juesuan.compiler.workbook.plan import sheets
from juesuan.compiler.workbook.reader import read_workbook
from juesuan.statute import load_statute

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"


def changed(path: Path, change: Callable[[Workbook], None], begin: Path = EXAMPLE) -> list[tuple[str, str]]:
    """Code and message of what is wrong with a workbook after `change`."""
    book = openpyxl.load_workbook(begin)
    change(book)
    book.save(path)
    return [(issue.code, issue.message) for issue in read_workbook(path, load_statute("wuhan-2022")).problems]


def delete(name: str) -> Callable[[Workbook], None]:
    return lambda book: book.remove(book[name])


def test_the_example_has_all_its_sheets(tmp_path: Path) -> None:
    assert changed(tmp_path / "a.xlsx", lambda book: None) == []


@pytest.mark.parametrize("name", ["三公经费", "支出", "项目", "采购和资产"])
def test_a_deleted_sheet_with_figures_is_missed(name: str, tmp_path: Path) -> None:
    """Without it the account would say that the unit has spent nothing on it."""
    found = changed(tmp_path / "a.xlsx", delete(name))
    assert [code for code, message in found if f"缺少工作表“{name}”" in message] == ["L131"]


def test_a_deleted_sheet_that_nobody_has_to_fill_in_is_not(tmp_path: Path) -> None:
    assert changed(tmp_path / "a.xlsx", delete("自定义科目")) == []


def test_a_workbook_beside_a_ledger_never_had_what_the_ledger_knows(tmp_path: Path) -> None:
    path, law = tmp_path / "a.xlsx", load_statute("wuhan-2022")
    new_workbook(path, "wuhan-2022", ledger=True)
    absent = {sheet.key for sheet in sheets(law)} - set(openpyxl.load_workbook(path).sheetnames)
    assert absent
    messages = [issue.message for issue in read_workbook(path, law).problems]
    assert not any(f"缺少工作表“{key}”" in message for key in absent for message in messages)


def test_a_renamed_sheet_is_told_its_name(tmp_path: Path) -> None:
    def rename(book: Workbook) -> None:
        book["三公经费"].title = "三公"

    assert changed(tmp_path / "a.xlsx", rename) == [
        ("L132", "工作表“三公”原来叫“三公经费”；请改回原来的名称，否则其中的内容没有读取")
    ]


def test_a_strange_sheet_is_no_renamed_one(tmp_path: Path) -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("草稿")["A1"] = "随手记的数"
        book.remove(book["三公经费"])

    messages = [message for _, message in changed(tmp_path / "a.xlsx", add)]
    assert any("不认识的工作表“草稿”" in each for each in messages)
    assert any("缺少工作表“三公经费”" in each for each in messages)


@pytest.mark.parametrize(("amounts", "messages"), [(2, 2), (3, 1), (5, 1)])
def test_a_sheet_in_wan_is_one_message(amounts: int, messages: int, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        sheet = book["支出"]
        cells = [row[5] for row in sheet.iter_rows(min_row=5) if isinstance(row[5].value, (int, float))][:amounts]
        for number, cell in enumerate(cells):
            cell.value = 123.4567 + number

    found = [message for _, message in changed(tmp_path / "a.xlsx", fill) if "小数多于两位" in message]
    assert len(found) == messages
    if messages == 1:
        assert f"有 {amounts} 个金额" in found[0] and "都乘以 10000" in found[0]
