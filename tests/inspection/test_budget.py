"""Budgets compiled: the nine tables, goals and narrative of one declaration, read back whole and found sound."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generate import FUND
from generate_budget import Shape, budget, shapes
from juesuan.account import Account, Address, Fact, Figure, PerformanceGoals
from juesuan.checker import check
from juesuan.compiler import Compilation
from juesuan.compiler.assembly import assemble
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.inspection import compile_sources, with_contradictions
from juesuan.publisher import lay_out, publish
from juesuan.publisher.document import Heading, Table
from juesuan.reader import read_document
from juesuan.reader.files import read_raw
from juesuan.statute import Statute, Writer, load_statute

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"
PLACES = {
    "budget": "示例市某某中心",
    "shanghai-budget-2025": "上海市示例区某局",
    "shanghai-unit-budget-2025": "上海市示例区某中心",
}
CITY = "shanghai-city-unit-budget-2025"

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "budget"
FORMATS = ["pdf", "docx", "html", "xlsx", "json"]


@pytest.fixture(scope="module")
def compiled() -> Compilation:
    return compile_sources(EXAMPLE)


@pytest.fixture(scope="module")
def approved(compiled: Compilation) -> Account:
    return compiled.account


@pytest.fixture(scope="module")
def published(compiled: Compilation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    files = publish(compiled.account, tmp_path_factory.mktemp("budget"), FORMATS, statute=compiled.statute)
    return {path.suffix.removeprefix("."): path for path in files}


def test_the_example_is_the_approved_budget(compiled: Compilation, approved: Account) -> None:
    assert compiled.final, compiled.messages()
    # The sum of the eleven items that the final account states as approved: 3,227.02 万元.
    assert approved.facts["预1!收入总计行1栏"].figure.value == Decimal(32270200)
    assert approved.facts["预1!支出总计行2栏"].figure.value == Decimal(32270200)
    assert approved.facts["预5!2080108行3栏"].figure.value == Decimal(21784800)
    assert [(form.kind, form.budget.value, len(form.indicators)) for form in approved.goals] == [
        ("整体", Decimal(32270200), 9), ("项目", Decimal(21784800), 7), ("项目", Decimal(2105400), 7),
    ]  # fmt: skip
    texts = "".join(paragraph.text for section in approved.narrative for paragraph in section.paragraphs)
    # 3,227.02 − 3,018.66 = 208.36, a rise of 6.9 %; 3,227.02 − 2,103.42 = 1,123.60, a rise of 53.4 %.
    assert "比2021年预算数增加208.36万元，增长6.9%" in texts
    assert "比2021年执行数增加1,123.60万元，增长53.4%" in texts


def targets(form: PerformanceGoals) -> list[tuple[str, ...]]:
    return [(line.level1, line.level2, line.name, line.target, f"{line.weight:f}") for line in form.indicators]


def assert_same(published: Account, compiled: Account, law: Statute, *, prose: bool = True) -> None:
    """Every figure of the tables, and with `prose` what only the sentences state, within what is printed."""

    def printed(where: Address) -> bool:
        return law.forms[where.form].printed(where.row, where.column)

    facts = {key: fact for key, fact in compiled.facts.items() if key.startswith("预")}
    expected = {key: fact for key, fact in facts.items() if prose or printed(fact.address)}
    assert {key for key in published.facts if key.startswith("预")} == set(expected)
    for key, fact in expected.items():
        figure = published.facts[key].figure
        assert figure.low <= fact.figure.value <= figure.high, key
    for mine, theirs in zip(compiled.goals, published.goals, strict=True):
        assert (theirs.kind, theirs.title, theirs.goals) == (mine.kind, mine.title, mine.goals)
        assert theirs.budget.low <= mine.budget.value <= theirs.budget.high
        assert targets(theirs) == targets(mine)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_published_is_read_back_and_sound(
    form: str, published: dict[str, Path], compiled: Compilation
) -> None:
    reading = read_document(published[form])
    account = reading.account
    assert (account.year, account.unit.name) == (2022, compiled.account.unit.name)
    assert_same(account, compiled.account, compiled.statute, prose=form != "xlsx")
    report = check(account, statute=reading.statute)
    assert [f"{issue.code} {issue.message}" for issue in report.findings if issue.severity != "notice"] == []
    assert report.relations.failed == 0 and report.relations.held > 180
    assert not account.unplaced


@pytest.mark.parametrize("key", PLACES)
@settings(max_examples=8)
@given(shape=shapes(max_items=4), seed=st.integers(0, 2**32 - 1))
def test_a_sound_budget_is_compiled_without_contradiction(key: str, shape: Shape, seed: int) -> None:
    law = load_statute(key)
    made = with_contradictions(assemble(budget(shape, seed, law), law))
    assert made.messages() == []
    assert made.final


@pytest.mark.parametrize(
    ("key", "shape", "seed", "formats"),
    [
        ("budget", Shape(), 1, ("pdf", "xlsx")),
        ("budget", Shape(funds=(), carried=False, left=False, prior="absent"), 2, ("html",)),
        ("budget", Shape(funds=("一般公共预算",), own=False, outings=False), 3, ("docx",)),
        ("shanghai-budget-2025", Shape(prior="same"), 4, ("docx", "html")),
        ("shanghai-unit-budget-2025", Shape(items=6), 5, ("pdf", "xlsx", "json")),
        (CITY, Shape(items=3), 6, ("docx",)),
    ],
)
def test_a_generated_budget_holds_in_every_format(
    key: str, shape: Shape, seed: int, formats: tuple[str, ...], tmp_path: Path
) -> None:
    law = load_statute(key)
    made = with_contradictions(assemble(budget(shape, seed, law, PLACES.get(key, "上海市某局")), law))
    for path in publish(made.account, tmp_path, formats, statute=law):
        reading = read_document(path)
        assert_same(reading.account, made.account, law, prose=path.suffix != ".xlsx")
        report = check(reading.account, statute=reading.statute)
        assert [f"{issue.code} {issue.message}" for issue in report.findings if issue.severity != "notice"] == []
        assert report.relations.failed == 0
        assert not reading.account.unplaced
        if path.suffix != ".xlsx":
            assert reading.statute.profile.key == key, "told by the words of its first pages"


@pytest.mark.parametrize("key", ["budget", "shanghai-budget-2025"])
def test_a_budget_of_2026_has_the_codes_of_2026(key: str, tmp_path: Path) -> None:
    """2170404 and 20141 came in 2025: the budget of 2026 names them, that of 2024 does not know them."""
    law = load_statute(key, 2026)
    planned = budget(Shape(funds=(FUND,), own=False, items=2, prior="absent"), 4, law, PLACES[key])
    old = sorted({entry.function for entry in planned.entries})
    new = dict(zip(old, ("2014101", "2170404"), strict=True))
    moved = msgspec.structs.replace
    planned.entries = [moved(entry, function=new[entry.function]) for entry in planned.entries]
    planned.projects = [moved(project, function=new[project.function]) for project in planned.projects]
    planned.texts |= {f"{code}:{k}": "业务需要" for code in new.values() for k in ("主要用于", "增减")}
    planned.texts = {k: text for k, text in planned.texts.items() if k.partition(":")[0] not in old}
    made = with_contradictions(assemble(planned, law))
    assert made.messages() == []
    assert law.functional.name("2170404", 2026) == "中央金融机构注资特别国债支出"
    reading = read_document(publish(made.account, tmp_path, ["docx"], statute=law)[0])
    assert reading.account.year == 2026 and reading.account.get(Address("预6", "2170404", "1"))
    report = check(reading.account, statute=reading.statute)
    assert [issue.message for issue in report.findings if issue.severity != "notice"] == []
    earlier = load_statute(key, 2024)
    assert "2170404" not in {code.code for code in earlier.functional.of_year(2024)}


def test_a_changed_figure_is_found(published: dict[str, Path]) -> None:
    """Every sixteenth figure of the tables; `bench/tampering.py` can change all 192."""
    sys.path.insert(0, str(ROOT / "bench"))
    from tampering import attempts, found, tampered

    raw = read_raw(published["html"])
    before = found(raw)
    goals = next(n for n, block in enumerate(raw.blocks) if "绩效目标表" in getattr(block, "text", "") and n > 60)
    tries = [each for each in attempts(raw, True) if each.kind == "表中数字" and each.change.block < goals][::16]
    assert len(tries) >= 12
    assert [each.what for each in tries if not found(tampered(raw, each.change)) - before] == []


@pytest.mark.parametrize("key", ["budget", "shanghai-unit-budget-2025"])
def test_a_workbook_of_the_place_makes_the_same_budget(key: str, tmp_path: Path) -> None:
    law = load_statute(key)
    filled = budget(Shape(carried=key == "budget", left=key == "budget"), 7, law)
    # A workbook asks for basic expenditure by item and once more by economic code, as a unit without a ledger has it.
    entries = []
    for entry in filled.entries:
        if not (entry.economy and entry.function):
            entries.append(entry)
            continue
        split = law.profile.unit_word == "单位"
        part = ("人员经费" if entry.economy[:3] in ("301", "303") else "公用经费") if split else ""
        entries.append(msgspec.structs.replace(entry, economy="", part=part))
        entries.append(msgspec.structs.replace(entry, function=""))
    entries = [msgspec.structs.replace(e, part=e.part if key != "budget" else "", project="") for e in entries]
    filled.entries = entries
    write_workbook(tmp_path / "预算.xlsx", law, filled=filled)
    made, direct = compile_sources(tmp_path / "预算.xlsx"), with_contradictions(assemble(filled, law))
    assert made.messages() == direct.messages() == []
    amounts = {address: fact.figure.value for address, fact in direct.account.facts.items()}
    assert {address: fact.figure.value for address, fact in made.account.facts.items()} == amounts


# The contents lists of published budgets (../shared/real): titles and order of parts and tables.
TABLES = (
    "财务收支预算总表", "收入预算总表", "支出预算总表", "财政拨款收支预算总表", "一般公共预算支出功能分类预算表",
    "政府性基金预算支出功能分类预算表", "国有资本经营预算支出功能分类预算表",
    "一般公共预算基本支出部门预算经济分类预算表",
)  # fmt: skip
CONTENTS = {
    "shanghai-budget-2025": (
        ["一、部门主要职能", "二、部门机构设置", "三、名词解释", "四、部门预算编制说明",
         "五、部门预算表", "六、其他相关情况说明"],
        [*(f"2025年部门{title}" for title in TABLES), "2025年部门“三公”经费和机关运行经费预算表"],
    ),
    "shanghai-unit-budget-2025": (
        ["一、单位主要职能", "二、单位机构设置", "三、名词解释", "四、单位预算编制说明",
         "五、单位预算表", "六、其他相关情况说明"],
        [*(f"2025年预算单位{title}" for title in TABLES), "2025年单位“三公”经费和机关运行经费预算表"],
    ),
    "budget": (
        ["第一部分　某概况", "第二部分　某2022年部门预算表", "第三部分　某2022年部门预算情况说明",
         "第四部分　名词解释"],
        ["部门收支总表", "部门收入总表", "部门支出总表", "财政拨款收支总表", "一般公共预算支出表",
         "一般公共预算基本支出表",
         "一般公共预算“三公”经费支出表", "政府性基金预算支出表", "国有资本经营预算支出表"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", CONTENTS)
def test_parts_and_tables_stand_in_the_order_of_the_place(key: str) -> None:
    law = load_statute(key)
    account = assemble(budget(Shape(goals=False, items=1), 3, law, "某"), law).account
    account.texts.pop("项目经费情况", None)
    blocks = lay_out(account, law).blocks
    parts, tables = CONTENTS[key]
    assert [block.text for block in blocks if isinstance(block, Heading) and block.level == 1] == parts
    assert [block.title for block in blocks if isinstance(block, Table)] == tables


def skeletons(text: str) -> list[str]:
    """The sentences of a text without white space, and without their numbers."""
    compact = re.sub(r"[\d,.]+", "#", re.sub(r"\s+", "", text)).replace("(", "（").replace(")", "）")
    return [part for part in re.split(r"(?<=[。；：])", compact) if "#" in part]


FINANCE, HOME = "shanghai-putuo-finance-budget-2025.pdf", "shanghai-putuo-welfare-home-budget-2024.pdf"
BUREAU, STREET = "shanghai-finance-bureau-unit-budget-2025.pdf", "shanghai-putuo-wanli-budget-2024.pdf"

OWN_TEXTS = {
    FINANCE: {"逐项列出绩效项目": "是"},
    HOME: {"资产时点": "2023年12月31日", "公务接待费变动": "无公务接待事项支出"},
    STREET: {
        "绩效目标编报单位": "2个预算单位", "机关运行单位": "1家机关和1家参公事业单位",
        "公务接待费变动": "公务接待费保持不变", "运行费变动": "公务车用车运行费保持不变",
    },
}  # fmt: skip
"""How the units have chosen to say it, and reasons of theirs that the sentence is made of."""

SLIPS = {
    # A misnamed item; a year and an amount that contradict the sentence; names of the unit cut short.
    FINANCE: [
        "其它行政事业单位养老支出", "公务车购置及运行费", "年预算一致", "财政局共有车辆", "单价#万（含）以上",
        # A department that calls itself a unit in two sentences.
        "本单位政府采购预算", "本单位编报绩效目标的项目",
    ],
    # A name of the classification of before 2019; a reason that is not written.
    HOME: ["医疗卫生与计划生育支出"],
    BUREAU: [],
    # 比…持平 for 与…持平; the unit's name with its rank, a year without 度.
    STREET: ["比#年预算持平", "比#年预算执行数持平", "（部门）共有车辆", "年本部门政府采购预算"],
}  # fmt: skip
"""The sentences of the real documents that no budget of ours should say, by their words."""


@pytest.mark.parametrize(
    ("file", "key", "least"),
    [
        (FINANCE, "shanghai-budget-2025", 31),
        (HOME, "shanghai-unit-budget-2025", 37),
        (BUREAU, CITY, 30),
        (STREET, "shanghai-budget-2025", 79),
    ],
)
def test_the_sentences_of_real_budgets_are_ours(file: str, key: str, least: int) -> None:
    """Both ways: what we write of the real figures stands there, and what stands there of figures we could write."""
    if not (REAL / file).exists():
        pytest.skip("the real documents are not here")
    account = read_document(REAL / file, key).account
    law = load_statute(key, account.year)
    for column in ("2", "4", "5", "6"):
        own = account.get(Address("预9", "金额", column))
        if own and account.get(Address("预9", "金额", column, "上年")) is None:
            # “与上年预算持平” states last year's amount without a number.
            account.put(Fact(Address("预9", "金额", column, "上年"), own.figure))
    account.texts.update(OWN_TEXTS.get(file, {}))
    if file == FINANCE:
        # The four projects that its sentence lists; it prints no forms of their goals.
        amounts = {
            "中介机构服务费": "418.80", "财政业务费": "10", "信息化系统日常维护费": "166.66", "援滇干部工作经费": "3",
        }  # fmt: skip
        account.goals = tuple(
            PerformanceGoals("项目", name, budget=Figure(Decimal(amount) * 10000)) for name, amount in amounts.items()
        )
    text = re.sub(r"\s+", "", "".join(passage.text for passage in account.passages))
    writer = Writer(account, law)
    written = [
        sentence.partition("【待填")[0].rstrip("。；")
        for plan in law.sections if not plan.reading
        for paragraph in writer.section(plan).paragraphs
        for sentence in skeletons(paragraph.text)
    ]  # fmt: skip
    real = "".join(skeletons(text))
    # What is not the same are words that documents of one place write in several ways (本单位、本部门).
    assert sum(sentence in real for sentence in written) >= least, written
    first = text.index(f"{account.year}年，{account.unit.name}收入预算")
    second = text.index("“三公”经费预算数为", first)
    tables = re.compile(r"\d{4}年(部门|预算单位)财务收支预算总表")
    stretches = (tables.split(text[first:])[0], text[second:].partition("项目经费情况说明")[0])
    unknown = [
        sentence
        for stretch in stretches
        for sentence in skeletons(stretch)
        if not any(ours and (ours in sentence or sentence.rstrip("。；") in ours) for ours in written)
    ]
    assert [each for each in unknown if not any(slip in each for slip in SLIPS[file])] == []
