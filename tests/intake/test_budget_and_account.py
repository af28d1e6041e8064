"""The budget and the final account of a unit feed each other: approved amounts, goals, last year's outcome."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from generate_budget import Shape, budget
from juesuan.account import Account, Address, Figure, Project, to_json
from juesuan.checker import check
from juesuan.compiler import Gathered
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.inspection import compile_sources
from juesuan.intake.goals import take_goals
from juesuan.statute import load_statute

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"
SOURCES = [EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"]


@pytest.fixture(scope="module")
def approved() -> Account:
    return compile_sources(EXAMPLE / "budget").account


@pytest.fixture(scope="module")
def final() -> Account:
    return compile_sources(SOURCES).account


def test_an_account_takes_what_its_budget_approved(approved: Account, final: Account, tmp_path: Path) -> None:
    """The workbook's own amounts are the same, so nothing is told; and nothing is counted twice."""
    path = tmp_path / "预算.json"
    path.write_bytes(to_json(approved))
    made = compile_sources([*SOURCES, path])
    assert made.final, made.messages()
    assert made.account.facts == final.facts
    assert [note.code for note in made.notes if note.code in ("Q208", "A049", "A050")] == []


def test_the_budgets_workbook_is_a_source_too(tmp_path: Path) -> None:
    law = load_statute("national")
    name = "示例市某某中心"
    planned = budget(Shape(carried=False, left=False, own=False), 11, load_statute("budget", law.year), name)
    entries = [msgspec.structs.replace(e, economy="", part="", project="") for e in planned.entries if e.function]
    economic = [msgspec.structs.replace(e, function="", part="", project="") for e in planned.entries if e.economy]
    planned.entries = [*entries, *economic]
    write_workbook(tmp_path / "预算.xlsx", load_statute("budget", law.year), filled=planned)
    unit = Gathered(unit=planned.unit, year=law.year)
    write_workbook(tmp_path / "决算.xlsx", law, filled=unit)
    made = compile_sources([tmp_path / "决算.xlsx", tmp_path / "预算.xlsx"])
    function = next(e.function for e in planned.entries if (e.source, e.record) == ("一般公共预算", "支出"))
    amount = sum(
        e.amount for e in entries
        if (e.function, e.source, e.record, e.period) == (function, "一般公共预算", "支出", "本年")
    )  # fmt: skip
    fact = made.account.get(Address("表5", function, "1", "年初预算"))
    assert fact is not None and fact.figure.value == amount


def test_goals_become_the_rows_of_the_evaluation(approved: Account) -> None:
    name = approved.goals[1].title
    gathered = Gathered(projects=[Project(name, "2080108", Decimal(1), Decimal(1))])
    take_goals(approved, gathered)
    assert [text.subject for text in gathered.sheets] == ["整体支出", name, approved.goals[2].title]
    assert gathered.sheets[0].goals == approved.goals[0].goals
    rows = [(subject, line.name, line.target, line.weight, line.actual) for subject, line in gathered.indicators]
    assert len(rows) == 23
    assert rows[0] == ("整体支出", "社保自助查询打印等业务年处理量", "30万笔", Decimal(10), "")
    assert gathered.projects[0].initial == Decimal(21784800)
    # What the unit has filled in itself is not written over.
    again = Gathered(sheets=[gathered.sheets[0]], indicators=[gathered.indicators[0]])
    take_goals(approved, again)
    assert [text.subject for text in again.sheets].count("整体支出") == 1
    assert [subject for subject, _ in again.indicators].count("整体支出") == 1


def test_what_differs_from_the_published_budget_is_told(approved: Account, final: Account) -> None:
    law = load_statute(final.profile)
    same = {issue.code for issue in check(final, statute=law, against=[approved]).findings}
    assert not same & {"A049", "A050"}
    changed = msgspec.structs.replace(approved, facts=dict(approved.facts))
    fact = approved.facts["预5!2210201行1栏"]
    changed.put(msgspec.structs.replace(fact, figure=Figure(fact.figure.value - 18700)))
    form = approved.goals[1]
    lines = (msgspec.structs.replace(form.indicators[0], target="20万笔"), *form.indicators[2:])
    changed.goals = (approved.goals[0], msgspec.structs.replace(form, indicators=lines, budget=Figure(Decimal(1))))
    found = {issue.code: issue.message for issue in check(final, statute=law, against=[changed]).findings}
    # 608,700 yuan approved less 18,700: 59.00 万元 published.
    assert "59.00" in found["A049"]
    assert "由“20万笔”改为“30万笔”" in found["A050"]
    assert "增加了指标“服务市民数”" in found["A050"]
    assert "年初预算数为2,178.48万元" in found["A050"]


def test_a_budget_takes_last_years_outcome_and_budget(final: Account, approved: Account, tmp_path: Path) -> None:
    law = load_statute("budget-unit", 2023)
    planned = budget(Shape(prior="absent", own=False), 12, law, final.unit.name)
    entries = [msgspec.structs.replace(e, economy="", part="", project="") for e in planned.entries if e.function]
    economic = [msgspec.structs.replace(e, function="", part="", project="") for e in planned.entries if e.economy]
    planned.entries = [*entries, *economic]
    write_workbook(tmp_path / "2023.xlsx", law, filled=planned)
    for name, account in (("决算.json", final), ("预算.json", approved)):
        (tmp_path / name).write_bytes(to_json(account))
    made = compile_sources([tmp_path / name for name in ("2023.xlsx", "决算.json", "预算.json")])
    # The empty cells of last year's budget are answered by the document.
    assert [problem for problem in made.problems if problem.place.sheet == "上年数"] == []
    # 表5 of the account: 信息化建设 784.05 万元 in yuan; 3,227.02 万元 was the budget of that year.
    spent = made.account.get(Address("预5", "2080108", "3", "上年执行"))
    assert spent is not None and spent.figure.value == Decimal(7840500)
    before = made.account.get(Address("预1", "收入总计", "1", "上年"))
    assert before is not None and before.figure.value == Decimal(32270200)
