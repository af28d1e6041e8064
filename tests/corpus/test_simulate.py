"""Synthetic jurisdictions: the same seed gives the same bytes, what is planted is found, and nothing else is."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import msgspec
import pytest
from click.testing import CliRunner

from juesuan.account import Address, Fact, Figure
from juesuan.checker import check, compare
from juesuan.cli import main
from juesuan.compiler.assembly import assemble
from juesuan.corpus.jurisdiction.compilation import compile_jurisdiction
from juesuan.corpus.jurisdiction.model import DEPARTMENT
from juesuan.corpus.jurisdiction.organisation import read_organisation
from juesuan.publisher import lay_out
from juesuan.publisher.document import Table
from juesuan.publisher.html.writer import write_html
from juesuan.reader import read_document
from juesuan.statute import load_statute
from juesuan.synthetic.answer_key import Answer, FoundIssue, read_answers, score
from juesuan.synthetic.findings import findings_in_folder
from juesuan.synthetic.jurisdiction import SimulationOrder, department_years, simulate, unit_years
from juesuan.synthetic.ledger import write_ledger
from juesuan.synthetic.unit import UnitMaker, UnitPlan

SHARES = {"html": 50, "md": 40, "json": 10}
ORDER = SimulationOrder(8, 2, 2021, 2022, 5, shares=SHARES, planted=Decimal("0.7"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    simulate(ORDER, folder, workers=2)
    return folder


def test_what_is_planted_is_found_and_nothing_else(city: Path) -> None:
    result = score(read_answers(city), findings_in_folder(city))
    assert len(result.marks) >= 8
    assert result.recall >= 0.95, result.missed
    assert result.precision == 1, result.false


@pytest.mark.parametrize("form", ["表2", "表5", "表6"])
def test_a_table_that_is_missing_is_one_finding(form: str, tmp_path: Path) -> None:
    law = load_statute("national", 2022)
    unit = next(iter(unit_years(SimulationOrder(2, 1, 2022, 2022, 4))[2022].values()))
    account = assemble(unit, law).account
    laid = lay_out(account, law)
    blocks = tuple(block for block in laid.blocks if not (isinstance(block, Table) and block.key == form))
    write_html(msgspec.structs.replace(laid, blocks=blocks), tmp_path / "a.html")
    reading = read_document(tmp_path / "a.html")
    report = check(reading.account, statute=reading.statute)
    assert [found.code for found in report.findings if found.severity == "error"] == ["F101"]


@pytest.mark.parametrize("form", ["docx", "pdf", "html", "md", "xlsx", "json"])
def test_a_budget_is_read_back_from_every_format(form: str, tmp_path: Path) -> None:
    """All nine tables with all figures; and the final account finds its approved budget there, in total and by item."""
    order = SimulationOrder(2, 1, 2022, 2022, 4, shares={form: 1}, planted=Decimal(0))
    simulate(order, tmp_path)
    unit = unit_years(order)[2022]["100001"]
    published = read_document(tmp_path / "预算" / f"100001-2022-预算.{form}")
    budget = published.account
    assert published.statute.profile.kind == "预算" and budget.year == 2022
    assert {fact.address.form for fact in budget.facts.values()} >= {"预1", "预2", "预3", "预4", "预5", "预8", "预9"}
    assert [f.message for f in check(budget, statute=published.statute).findings if f.severity == "error"] == []
    approved = sum(e.amount for e in unit.entries if e.period == "年初预算")
    step = Decimal(0) if form == "json" else Decimal(100)
    assert abs(budget.amount(Address("预5", "合计", "1")) - approved) <= step / 2
    law = load_statute("national", 2022)
    account = assemble(unit, law).account
    assert compare(account, law, budget, published.statute).findings == ()
    item = next(f for f in budget.of_form("预5") if len(f.address.row) == 7 and f.address.column == "1")
    budget.put(Fact(item.address, Figure(item.figure.value + 30_000)))
    found = compare(account, law, budget, published.statute).findings
    assert [finding.code for finding in found] == ["A049"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    order = SimulationOrder(3, 1, 2022, 2022, 9, shares={"docx": 1, "md": 1, "xlsx": 1, "html": 1}, planted=Decimal(1))
    for name in "ab":
        simulate(order, tmp_path / name, workers=1 if name == "a" else 2)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) == 4 + 4 + 4
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_every_file_says_that_it_is_synthetic(city: Path) -> None:
    for path in (city / "决算").iterdir():
        assert "合成数据" in path.read_text(encoding="utf-8")
    assert "合成数据" in (city / "organisation.csv").read_text(encoding="utf-8")


def test_the_departments_are_what_their_units_ledgers_come_to(city: Path) -> None:
    """The department's own account, put together entry by entry, is the one compiled from the ledger of all units."""
    law = load_statute("national", 2022)
    years = unit_years(ORDER)
    departments = department_years(ORDER, years)[2022]
    [ledger] = [path for path in (city / "台账").iterdir() if path.name.startswith("2022")]
    with compile_jurisdiction([ledger], read_organisation(city / "organisation.csv"), law) as made:
        assert made.problems == [] and made.mismatches == []
        assert [f for f in made.faults if f.fault.severity == "error"] == []
        for code, gathered in departments.items():
            spent = sum(e.amount for e in gathered.entries if e.record == "支出" and e.period == "本年")
            facts = {str(address): amount for address, amount in made.facts(code, DEPARTMENT).items()}
            assert facts["表1!58行2栏"] == spent
            assert "表2!合计行3栏" not in facts


def test_a_ledger_of_any_size_adds_up_to_the_same(tmp_path: Path) -> None:
    units = unit_years(SimulationOrder(2, 1, 2022, 2022, 1))[2022]
    few, many = tmp_path / "few.parquet", tmp_path / "many.parquet"
    assert write_ledger(units, few) < 2000
    assert write_ledger(units, many, 50_000) >= 50_000
    query = 'SELECT "单位编码", sum("金额") FROM \'{}\' GROUP BY 1 ORDER BY 1'
    sums = [duckdb.sql(query.format(path)).fetchall() for path in (few, many)]
    assert sums[0] == sums[1]


def test_the_score_by_hand() -> None:
    """Of three planted two are found; of three errors one has no cause."""
    answers = [Answer(f"决算/{n}.html", "合计", ("T",), "", "", "") for n in (1, 2, 3)]
    told = [FoundIssue("1.html", "T101", "error"), FoundIssue("2.html", "D001", "error", ("T301",))]
    result = score(answers, [*told, FoundIssue("3.html", "W103", "error"), FoundIssue("3.html", "T101", "notice")])
    assert [(mark.planted, mark.found) for mark in result.marks] == [(3, 2)]
    assert (result.errors, [each.code for each in result.false]) == (3, ["W103"])
    assert [answer.file for answer in result.missed] == ["决算/3.html"]
    assert (round(result.recall, 4), round(result.precision, 4)) == (0.6667, 0.6667)


def test_the_command_and_its_manifest(tmp_path: Path) -> None:
    arguments = ["simulate", "--units", "2", "--departments", "1", "--years", "2022", "--shares", "md=1", "--jobs", "1"]
    done = CliRunner().invoke(main, [*arguments, "-o", str(tmp_path / "one"), "--planted", "1"])
    assert done.exit_code == 0 and "合成数据" in done.output
    with (tmp_path / "one" / "manifest.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert {line["级次"] for line in lines} == {"部门", "单位"}
    assert all((tmp_path / "one" / line["文件"]).is_file() for line in lines)
    wrong = CliRunner().invoke(main, [*arguments, "-o", str(tmp_path / "two"), "--shares", "doc=1"])
    assert wrong.exit_code == 2 and "格式可用" in wrong.output
    told = CliRunner().invoke(main, ["simulate", "score", str(tmp_path / "one")])
    assert "合计查出率 100.0%" in told.output and told.exit_code == 0


def test_what_rounding_may_have_made_is_counted_apart() -> None:
    """Three planted, one of which no document gives away: two found are all that can be; an error against last year's
    file is explained by what is planted there.
    """
    kinds = ((1, "合计", ("T", "A048"), True), (2, "占比", ("N",), True), (3, "截断", ("N",), False))
    answers = [Answer(f"决算/{n}.html", kind, codes, "", "", "", sure) for n, kind, codes, sure in kinds]
    told = [
        FoundIssue("1.html", "T101", "error"),
        FoundIssue("2.html", "N402", "error"),
        FoundIssue("4.html", "A048", "error"),
    ]
    result = score(answers, told)
    assert (round(result.recall, 4), result.recall_of_detectable, result.undetectable) == (0.6667, 1, 1)
    assert [each.file for each in result.false] == ["4.html"]
    assert score(answers, [msgspec.structs.replace(each, other="1.html") for each in told]).false == ()


@pytest.mark.parametrize("profile", ["national", "wuhan-2022"])
def test_the_whole_units_form_is_of_the_money_that_its_scheme_is_about(profile: str) -> None:
    """武汉 scores fiscal money alone: a sound unit's form does not contradict itself there either."""
    plan = UnitPlan("100001", "某市服务中心合成数据", 2, 26, False, "某市某局合成数据", False)
    law = load_statute(profile, 2022)
    for seed in (1, 2):
        made = assemble(UnitMaker(plan, seed).year(law, None, Decimal(0), Decimal(0)).gathered, law)
        found = check(made.account, statute=law).findings
        assert [finding for finding in found if finding.code.startswith("E12")] == []
