"""The budget and the final account of a unit feed each other: approved amounts, goals, last year's outcome."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from openpyxl import load_workbook

from generate_budget import Shape, budget
from juesuan.account import Account, Address, Figure, Project, to_json
from juesuan.checker import check
from juesuan.compiler import Entry, Gathered, SheetText
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.inspection import compile_sources
from juesuan.intake import stating_sums
from juesuan.intake.goals import take_goals
from juesuan.publisher import publish
from juesuan.reader import read_document
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


@pytest.mark.parametrize("filled", [False, True])
def test_the_sums_that_the_budget_prints_are_kept_though_its_items_were_rounded(tmp_path: Path, filled: bool) -> None:
    """What items rounded to 0.01 万元 come to is not the published sum: that one is stated, or the two contradict."""
    law, name = load_statute("national"), "示例市某某中心"
    planned = budget(Shape(carried=False, left=False, own=False), 11, load_statute("budget", law.year), name)
    entries = [msgspec.structs.replace(e, economy="", part="", project="") for e in planned.entries if e.function]
    economic = [msgspec.structs.replace(e, function="", part="", project="") for e in planned.entries if e.economy]
    planned.entries = [*entries, *economic]
    write_workbook(tmp_path / "预算.xlsx", load_statute("budget", law.year), filled=planned)
    (document,) = publish(compile_sources([tmp_path / "预算.xlsx"]).account, tmp_path, ["docx"], draft=True)
    account = read_document(document).account
    step = Decimal(100)  # yuan: 0.01 万元
    for key, fact in account.facts.items():
        if fact.address.form == "预5" and len(fact.address.row) != 7:
            figure = msgspec.structs.replace(fact.figure, value=fact.figure.value + step)
            account.facts[key] = msgspec.structs.replace(fact, figure=figure)
    (tmp_path / "预算.json").write_bytes(to_json(account))
    total = account.amount(Address("预5", "合计", "1"))
    items = [fact for fact in account.of_form("预5") if len(fact.address.row) == 7 and fact.address.column == "1"]
    assert total - sum(fact.figure.value for fact in items) == step
    unit = Gathered(unit=planned.unit, year=law.year)
    if filled:  # The questions' workbook has the items filled in as the budget prints them.
        unit.entries = [
            Entry("支出", "一般公共预算", f.figure.value, nature=nature, function=f.address.row, period="年初预算")
            for f in account.of_form("预5")
            for nature in [{"2": "基本支出", "3": "项目支出"}.get(f.address.column, "")]
            if nature and len(f.address.row) == 7
        ]
    write_workbook(tmp_path / "决算.xlsx", law, filled=unit)
    final = compile_sources([tmp_path / "决算.xlsx", tmp_path / "预算.json"])
    assert final.account.amount(Address("表5", "合计", "1", "年初预算")) == total
    assert [str(note) for note in (*final.notes, *final.faults) if note.code in ("A049", "Q208", "S64")] == []
    # An exact amount of the unit's own adds up by itself.
    if filled:
        # The web desk, whose cells hold the items, states the published sums in the same way.
        gathered = Gathered(entries=list(unit.entries))
        stating_sums([account])(gathered, law)
        stated = {fact.address: fact.figure.value for fact in gathered.facts}
        assert stated[Address("表5", "合计", "1", "年初预算")] == total
        assert {entry.resolution for entry in gathered.entries} == {step}
        unit.entries[0] = msgspec.structs.replace(unit.entries[0], amount=unit.entries[0].amount + 30)
        write_workbook(tmp_path / "决算.xlsx", law, filled=unit)
        final = compile_sources([tmp_path / "决算.xlsx", tmp_path / "预算.json"])
        assert final.account.amount(Address("表5", "合计", "1", "年初预算")) == total - step + 30


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
    # The whole unit's form is about what its budget approves: 3,227.02 万元, all of it from the treasury.
    assert gathered.sheets[0].budget == Decimal(32270200)
    # What the unit has filled in itself is not written over.
    again = Gathered(sheets=[gathered.sheets[0]], indicators=[gathered.indicators[0]])
    take_goals(approved, again)
    assert [text.subject for text in again.sheets].count("整体支出") == 1
    assert [subject for subject, _ in again.indicators].count("整体支出") == 1
    # A scheme that scores money of the treasury alone leaves out what other funds pay for.
    spent = [
        Entry("支出", "一般公共预算", Decimal(30000000), function="2080150", period="年初预算"),
        Entry("支出", "其他资金", Decimal(2270200), function="2080150", period="年初预算"),
    ]
    general = Gathered(entries=spent)
    take_goals(approved, general, ["一般公共预算", "政府性基金预算", "国有资本经营预算"])
    assert general.sheets[0].budget == Decimal(30000000)
    adjusted = Gathered(sheets=[SheetText("整体支出", budget=Decimal(33000000))])
    take_goals(approved, adjusted)
    assert adjusted.sheets[0].budget == Decimal(33000000)


@pytest.mark.parametrize("given", ["json", "pdf", "docx"])
def test_blanks_are_answered_by_the_published_budget_and_told(
    approved: Account, final: Account, tmp_path: Path, given: str
) -> None:
    """“三公”经费, a project's amount and the goals are left out of the workbook: the budget's stand there, by name."""
    _without(tmp_path / "决算.xlsx", {"三公经费": "预算数", "项目": "年初预算数"}, "绩效指标")
    (document,) = publish(approved, tmp_path, [given])
    made = compile_sources([tmp_path / "决算.xlsx", SOURCES[0], document])
    assert made.sound, made.messages()
    # 公务用车运行维护费 3.00 and 公务接待费 0.70 万元 in the example's budget.
    planned = {c: made.account.amount(Address("表9", "金额", c)) for c in ("1", "2", "5", "6")}
    assert planned == {"1": 37000, "2": 0, "5": 30000, "6": 7000}
    fact = made.account.facts["表9!金额行6栏"]
    assert fact.source is not None and (given == "json" or fact.source.file == document.name)
    told = [str(note) for note in made.notes if note.code == "Q209"]
    assert len(told) == 5 and all(text.startswith(document.name) for text in told), told
    assert "“三公”经费的全年预算数没有填" in told[0]
    assert "整体支出的全年预算数没有填，取自公开的预算；年中调整过的" in told[1]
    assert "人社系统信息化建设项目、日常系统运行经费项目" in told[2]
    assert "年度绩效目标没有填，取自公开的预算，请核对：人社系统信息化建设项目" in told[3]
    assert "绩效指标没有填，取自公开的预算：整体支出、人社系统信息化建设项目、日常系统运行经费项目" in told[4]
    # Nothing is invented: what was done is asked for, and nothing is published without it.
    assert [issue.expected for issue in made.missing] == ["23 个绩效指标的实际完成值"]
    assert [project.initial for project in made.account.projects] == [Decimal(21784800), Decimal(2105400)]


def test_an_amount_filled_in_leaves_the_blanks_beside_it_blank(approved: Account, tmp_path: Path) -> None:
    _without(tmp_path / "决算.xlsx", {"三公经费": "公务接待费 预算数"})
    (tmp_path / "预算.json").write_bytes(to_json(approved))
    made = compile_sources([tmp_path / "决算.xlsx", SOURCES[0], tmp_path / "预算.json"])
    assert made.account.get(Address("表9", "金额", "6")) is None
    assert "A051" in [note.code for note in made.notes]
    assert not [note for note in made.notes if "“三公”经费的全年预算数" in note.message]


def _without(path: Path, labels: dict[str, str], sheet: str = "") -> None:
    """The example's workbook without the amounts called so, and without the lines of a sheet."""
    book = load_workbook(SOURCES[1])
    for name, label in labels.items():
        page = book[name]
        fields = [cell for cell in page["A"] if str(cell.value or "").endswith(label)]
        for cell in fields:
            page.cell(cell.row, 2).value = None
        heads = [] if fields else [cell for cell in page[4] if str(cell.value or "").startswith(label)]
        assert fields or heads
        for head in heads:
            for row in range(head.row + 1, page.max_row + 1):
                page.cell(row, head.column).value = None
    for row in book[sheet].iter_rows(min_row=5) if sheet else ():
        for cell in row:
            cell.value = None
    book.save(path)


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
