"""A workbook filled in under one place compiles under another: reasons and texts have national keys."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl

from juesuan.inspection import compile_sources

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"


def test_what_the_other_place_does_not_ask_is_kept_and_told_once() -> None:
    made = compile_sources([EXAMPLE], "shanghai-2024")
    assert made.problems == ()
    own = compile_sources([EXAMPLE])
    assert made.account.facts["表1!31行1栏"] == own.account.facts["表1!31行1栏"]
    assert made.account.texts["收支总计变动"] == own.account.texts["收支总计变动"]
    told = [note.message for note in made.notes if note.code == "L133"]
    assert len(told) == 1
    assert "“武汉市 2022 年度”填写" in told[0] and "绩效结果应用" in told[0] and "三公经费变动" in told[0]
    assert made.account.texts["绩效结果应用"] == own.account.texts["绩效结果应用"], "nothing is lost"
    # What only the other place asks for is missing, with what it is about.
    assert [missing.address for missing in made.missing] == ["一般公共预算预决算差异"]


def test_what_the_other_place_asks_may_be_written_into_the_same_workbook(tmp_path: Path) -> None:
    path = Path(shutil.copy(EXAMPLE, tmp_path / "决算.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book["原因说明"]
    row = sheet.max_row + 1
    sheet.cell(row, 1).value, sheet.cell(row, 2).value = "一般公共预算预决算差异", "部分项目尚未达到付款条件"
    book.save(path)
    made = compile_sources([path], "shanghai-2024")
    assert made.final, made.messages()
    assert "部分项目尚未达到付款条件" in made.account.texts["一般公共预算预决算差异"]


def test_under_its_own_place_nothing_is_told() -> None:
    assert not any(note.code == "L133" for note in compile_sources([EXAMPLE], "wuhan-2022").notes)
