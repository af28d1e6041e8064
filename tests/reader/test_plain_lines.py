"""Tables whose cells single blanks hold apart, and what the headings of their columns compare."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.reader import read_document
from juesuan.reader.account import Reading
from juesuan.reader.prose.loose.headings import headings_run_together
from juesuan.statute import load_lexicon

TITLE = "望江县2021年“三公”经费决算表\n单位：万元\n"
HEADINGS = "项目 2020年决算数 2021年预算数 2021年决算数 比上年增减 比预算增减\n"
LINES = """\
“三公”经费合计 1,202.5 1,300 1,150.2 -52.3 -149.8
1.因公出国（境）费 0 0 0 0 —
2.公务接待费 302.5 320 290 -12.5 -30
3.公务用车购置及运行维护费 900 980 860.2 -39.8 -119.8
其中：公务用车购置费 100 120 110.2 10.2 -9.8
公务用车运行维护费 800 860 750 -50 -110
"""


def read(folder: Path, lines: str = LINES, headings: str = HEADINGS) -> Reading:
    path = folder / "page.txt"
    path.write_text(TITLE + headings + lines, encoding="utf-8")
    return read_document(path)


def stated(reading: Reading) -> dict[tuple[str, str, str], Decimal]:
    """The amounts, in 万元, by subject, measure and base; a fall is negative."""
    return {(each.subject, each.measure, each.base): each.figure.value / 10000
            for each in reading.account.stated if each.figure is not None}  # fmt: skip


def errors(reading: Reading) -> list[str]:
    found = check(reading.account, statute=reading.statute).findings
    return [issue.code for issue in found if issue.severity == "error"]


def test_a_line_of_single_blanks_is_a_label_and_a_number_of_each_column(tmp_path: Path) -> None:
    found = stated(read(tmp_path))
    assert found["公务接待费", "上年决算", ""] == Decimal("302.5")
    assert found["公务接待费", "预算", ""] == Decimal(320)
    assert found["公务接待费", "决算", ""] == Decimal(290)
    assert found["公务接待费", "变动额", "上年"] == Decimal("-12.5")
    assert found["公务接待费", "变动额", "预算"] == Decimal(-30)
    assert not errors(read(tmp_path))


@pytest.mark.parametrize(("right", "wrong"), [
    ("320 290", "320 280"), ("-39.8 -119.8", "-38.8 -119.8"), ("-39.8 -119.8", "-39.8 -118.8"), ("800 860", "800 850"),
])  # fmt: skip
def test_a_changed_number_of_such_a_line_is_reported(tmp_path: Path, right: str, wrong: str) -> None:
    assert errors(read(tmp_path, LINES.replace(right, wrong)))


def test_numbers_of_several_columns_without_headings_are_none_of_this_year(tmp_path: Path) -> None:
    assert not errors(read(tmp_path, headings=""))


@pytest.mark.parametrize(("line", "expected"), [
    ("项目2019年2020年增减额增减%", ["2019年", "2020年", "增减额", "增减%"]),
    ("项目年初预算数全年预算数决算数完成率", ["年初预算数", "全年预算数", "决算数", "完成率"]),
    ("项目2019年预算数2019年决算数比上年增减比预算增减", ["2019年预算数", "2019年决算数", "比上年增减", "比预算增减"]),
    ("科目名称2021年决算数比2020年决算数增减占比", ["2021年决算数", "比2020年决算数增减", "占比"]),
    ("项目本年年初预算数上年年初预算数本年预算比上年增减情况",
     ["本年年初预算数", "上年年初预算数", "本年预算比上年增减情况"]),
    ("增减额增减幅度", ["增减额", "增减幅度"]),
    ("合计2019年2020年", []),
])  # fmt: skip
def test_headings_that_a_line_runs_together_are_told_apart(line: str, expected: list[str]) -> None:
    assert headings_run_together(line, load_lexicon()) == expected
