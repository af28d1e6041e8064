"""Last year's budget as a Word file with this year's figures: tables, sentences, and the forms of goals."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from juesuan.account import Account, Address, Fact, Figure
from juesuan.compiler import assemble, collect, find_sources
from juesuan.publisher import publish
from juesuan.reader import read
from juesuan.revision import NotRollableError, Rolled, roll_docx
from juesuan.statute import load_statute

BUDGET = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "budget"
RENAMED = "业务系统年处理量"


@pytest.fixture(scope="module")
def this_year() -> Account:
    """2023: half of it for projects, 公务用车运行维护费 2.80 and 公务接待费 0.90 万元, one target raised, one goal
    worded anew, one indicator renamed."""
    gathered = collect(find_sources([BUDGET])).gathered
    gathered.year = 2023
    gathered.entries = [
        msgspec.structs.replace(e, amount=e.amount * Decimal("0.5")) if e.function in ("2080108", "2080199") else e
        for e in gathered.entries
        if e.period == "本年"
    ]
    gathered.projects = [
        msgspec.structs.replace(each, budget=each.budget * Decimal("0.5"), outlay=each.outlay * Decimal("0.5"))
        for each in gathered.projects
    ]
    amounts = {Address("预9", "金额", "5"): 28_000, Address("预9", "金额", "6"): 9_000}
    kept = [f for f in gathered.facts if f.address.period == "本年" and f.address not in amounts]
    gathered.facts = [*kept, *(Fact(place, Figure(Decimal(amount))) for place, amount in amounts.items())]
    place = next(number for number, each in enumerate(gathered.sheets) if each.subject == "整体支出")
    reworded = ("保障机房稳定运行", *gathered.sheets[place].goals[1:])
    gathered.sheets[place] = msgspec.structs.replace(gathered.sheets[place], goals=reworded)
    whole = [number for number, (subject, _) in enumerate(gathered.indicators) if subject == "整体支出"]
    for number, change in ((whole[0], {"name": RENAMED}), (whole[1], {"target": "1200万人"})):
        subject, line = gathered.indicators[number]
        gathered.indicators[number] = subject, msgspec.structs.replace(line, **change)
    return assemble(gathered, load_statute("budget-unit", 2023)).account


@pytest.fixture(scope="module")
def rolled(this_year: Account, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rolled, Path]:
    folder = tmp_path_factory.mktemp("rolled")
    made = collect(find_sources([BUDGET]))
    last = assemble(made.gathered, made.statute)
    (path,) = publish(last.account, folder, ["docx"], statute=last.statute)
    target = folder / "2023.docx"
    return roll_docx(path, target, this_year), target


def test_every_number_is_this_years_or_listed(rolled: tuple[Rolled, Path]) -> None:
    outcome, _ = rolled
    assert outcome.renewed > 300
    # Dates are for a person to say, the number of offices is the unit's own text, last year's outcome was not given.
    left = {(entry.number.text, entry.why) for entry in outcome.left}
    assert {why for _, why in left} == {
        "日期，请确认", "没有认出说的是什么", "没有今年的数：增减", "没有今年的数：增减率",
    }
    assert {text for text, why in left if why == "没有认出说的是什么"} == {"6"}
    # The renamed indicator gets a line like that of the one it was.
    unit, before = "武汉市人力资源和社会保障信息中心", "社保自助查询打印等业务年处理量"
    assert [text for _, text in outcome.changed] == [
        f"“{unit}”新有的指标“{RENAMED}”，仿“社保卡持卡人数”一行加上", f"“{unit}”今年没有的指标“{before}”，已删去"
    ]


@pytest.fixture(scope="module")
def two_accounts() -> tuple[Account, Account]:
    """The example's final account and its budget, both of 2022."""
    found = (collect(find_sources([folder])) for folder in (BUDGET.parent / "whole", BUDGET))
    account, budget = (assemble(made.gathered, made.statute).account for made in found)
    return account, budget


def test_a_budget_is_no_account_and_the_other_way_round(
    two_accounts: tuple[Account, Account], this_year: Account, tmp_path: Path
) -> None:
    account, budget = two_accounts
    (published,) = publish(account, tmp_path / "a", ["docx"], draft=True)
    (approved,) = publish(budget, tmp_path / "b", ["docx"])
    later = msgspec.structs.replace(account, year=2023)
    target = tmp_path / "今年.docx"
    for last, figures, words in (
        (published, this_year, "给的数是预算的.*--budget"), (approved, later, "给的数是决算的"),
    ):
        with pytest.raises(NotRollableError, match=words):
            roll_docx(last, target, figures)
    assert not target.exists()


def test_the_budget_of_another_year_or_unit_gives_no_figure(
    two_accounts: tuple[Account, Account], this_year: Account, tmp_path: Path
) -> None:
    account, budget = two_accounts
    (published,) = publish(account, tmp_path / "a", ["docx"], draft=True)
    later, target = msgspec.structs.replace(account, year=2023), tmp_path / "今年.docx"
    unit = msgspec.structs.replace(this_year.unit, name="某市另一中心合成数据")
    for given, words in (
        (budget, "2022年度的预算.*2023年度"), (account, "--budget 给的是决算"),
        (msgspec.structs.replace(this_year, unit=unit), "另一中心.*--any-unit"),
    ):
        with pytest.raises(NotRollableError, match=words):
            roll_docx(published, target, later, budget=given)
    assert not target.exists()
    assert roll_docx(published, target, later, budget=this_year).renewed > 300


def test_tables_and_goals_are_this_years(rolled: tuple[Rolled, Path], this_year: Account) -> None:
    made = read(rolled[1])
    assert made.year == 2023
    for form in ("预1", "预3", "预5", "预9"):
        wanted = {f.address: f.figure.value for f in this_year.of_form(form)}
        assert wanted == {f.address: f.figure.value for f in made.of_form(form)}, form
    pairs = list(zip(made.goals, this_year.goals, strict=True))
    assert [(ours.title, ours.budget.value, ours.goals) for ours, _ in pairs] == [
        (theirs.title, theirs.budget.value, theirs.goals) for _, theirs in pairs
    ]
    lines = [(line.level1, line.level2, line.name, line.target) for line in made.goals[0].indicators]
    assert lines == [(line.level1, line.level2, line.name, line.target) for line in this_year.goals[0].indicators]
    assert [line[2:] for line in lines][:2] == [(RENAMED, "30万笔"), ("社保卡持卡人数", "1200万人")]
    assert [part.budget.value for part in made.goals[0].parts if part.budget] == [8_380_000, 11_945_100]


def test_what_stayed_the_same_and_does_not_any_more_is_worded_anew(rolled: tuple[Rolled, Path]) -> None:
    """3.70 万元 as last year: less for the car (3.00 last year), more for receptions (0.70)."""
    text = "\n".join(passage.text for passage in read(rolled[1]).passages)
    assert "2023年“三公”经费预算数为3.70万元，与2022年预算持平。其中：\n" in text
    assert "公务用车购置及运行费2.80万元，比2022年预算减少0.20万元" in text
    assert "其中：公务用车购置费0.00万元，与2022年预算持平；公务用车运行费2.80万元，比2022年预算减少0.20万元。" in text
    assert "公务接待费0.90万元，比2022年预算增加0.20万元" in text
    # 3,227.02 last year, 1,194.51 less: the direction of the sentence on the total turns with it.
    assert "收支总预算2,032.51万元。比2022年预算减少1,194.51万元，下降37%" in text
