"""Tables without figures and names of units: what is an error, what is to be explained, what is neither."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, Address, Fact, Figure, OtherTable, Passage, SeenTable, Unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.structure import check_structure
from juesuan.statute import load_statute


def _found(tables: list[SeenTable], *texts: str, unit: str = "某市财政局") -> list[tuple[str, str]]:
    law = load_statute("national", 2023)
    others = [SeenTable(form.key, form.title, notes=(Passage("无"),)) for form in law.published]
    named = {table.form: table for table in tables}
    printed = tuple(named.get(table.form, table) for table in others)
    account = Account("national", 2023, Unit(unit), tables=printed, passages=tuple(map(Passage, texts)))
    account.put(Fact(Address("表1", "27", "1"), Figure(Decimal(10000), Decimal(100))))
    return [(finding.code, finding.severity) for finding in check_structure(CheckContext(account, law))]


def test_an_empty_table_needs_a_sentence_below_it() -> None:
    empty = SeenTable("表7", "政府性基金预算财政拨款收入支出决算表")
    assert _found([empty]) == [("F103", "error")]
    # The explanation says it elsewhere: to be mended, but nobody is misled.
    assert _found([empty], "某市财政局2023年度无政府性基金预算财政拨款收入和支出。") == [("F103", "notice")]
    assert _found([empty], "本单位无国有资本经营预算支出。") == [("F103", "error")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("某市财政局", []),
        ("某市财政局（本级）", []),
        ("财政局", []),
        ("某市教育局", [("F105", "error")]),
        ("某市财政局普查中心", [("F105", "error")]),
    ],
)
def test_the_unit_above_a_table(name: str, expected: list[tuple[str, str]]) -> None:
    table = SeenTable("表2", "收入决算表", unit=name, notes=(Passage("无"),))
    assert _found([table]) == expected


@pytest.mark.parametrize(("times", "severity"), [(0, "error"), (1, "error"), (2, "warning")])
def test_a_table_whose_title_stands_there_is_not_missing_but_unread(times: int, severity: str) -> None:
    """The title in the contents and over what was not read as a table; in the contents alone it is a missing table."""
    law = load_statute("national", 2023)
    printed = tuple(SeenTable(form.key, form.title) for form in law.published if form.key != "表9")
    passages = (Passage("九、财政拨款“三公”经费支出决算表"), Passage("财政拨款“三公”经费支出决算表"))[:times]
    account = Account("national", 2023, Unit("某市财政局"), tables=printed, passages=passages)
    account.put(Fact(Address("表1", "27", "1"), Figure(Decimal(10000), Decimal(100))))
    found = [issue for issue in check_structure(CheckContext(account, law)) if issue.code == "F101"]
    assert [issue.severity for issue in found] == [severity]


@pytest.mark.parametrize(("below", "severity"), [
    (("合计", "5.00", "5.00", "1.00", "4.00"), "warning"),
    (("注：本部门没有“三公”经费支出，故本表为空表。",), "warning"),
    (("十、名词解释", "公务接待费：各类公务接待支出。"), "error"),
])  # fmt: skip
def test_a_title_over_cells_one_by_one_is_that_of_a_table(below: tuple[str, ...], severity: str) -> None:
    law = load_statute("national", 2023)
    printed = tuple(SeenTable(form.key, form.title) for form in law.published if form.key != "表9")
    passages = tuple(Passage(text) for text in ("2023年度财政拨款“三公”经费支出决算表（表9）", *below))
    account = Account("national", 2023, Unit("某市财政局"), tables=printed, passages=passages)
    account.put(Fact(Address("表1", "27", "1"), Figure(Decimal(10000), Decimal(100))))
    found = [issue for issue in check_structure(CheckContext(account, law)) if issue.code == "F101"]
    assert [issue.severity for issue in found] == [severity]


def test_a_table_of_more_words_does_not_stand_for_one_that_is_missing() -> None:
    """财政拨款支出决算明细表, as Sichuan prints besides, is not 支出决算表."""
    law = load_statute("national", 2023)
    printed = tuple(SeenTable(form.key, form.title) for form in law.published if form.key != "表3")
    detail = OtherTable("财政拨款支出决算明细表", (("合计",),), ())
    account = Account("national", 2023, Unit("某市财政局"), tables=printed, others=(detail,))
    account.put(Fact(Address("表1", "27", "1"), Figure(Decimal(10000), Decimal(100))))
    found = [issue.severity for issue in check_structure(CheckContext(account, law)) if issue.code == "F101"]
    assert found == ["error"]
