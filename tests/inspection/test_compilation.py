"""What is compiled contradicts itself nowhere, and would be stopped before it is written if it did."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import juesuan
from generate import Options, options, unit
from juesuan import inspection
from juesuan.account import Address, FaultyAccountsError, Issue
from juesuan.checker import Report
from juesuan.cli import main
from juesuan.compiler.assembly import assemble
from juesuan.corpus.jurisdiction import output
from juesuan.inspection import with_contradictions
from juesuan.statute import ROOT, load_statute

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"
SOURCES = [EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"]

WAN = Decimal(10_000)


@pytest.mark.parametrize("key", ["national", "wuhan-2022", "shanghai-2024"])
@settings(max_examples=25)
@given(shape=options(max_items=6), seed=st.integers(0, 2**32 - 1))
def test_our_own_checker_finds_no_error_in_what_we_compile(key: str, shape: Options, seed: int):
    law = load_statute(key)
    made = with_contradictions(assemble(unit(shape, seed, law), law))
    assert [f"{issue.code} {issue.message}" for issue in made.contradictions] == []
    assert made.final


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), named=st.booleans())
def test_the_projects_listed_come_to_the_project_expenditure_of_the_fund(seed: int, named: bool):
    """Units with projects and items of all three funds, and projects that several of them pay for."""
    law = load_statute("wuhan-2022")
    account = assemble(unit(Options(items=5, named=named), seed, law), law).account
    outlay = account.amount(Address("表5", "合计", "3"))
    claims = [c for s in account.narrative if s.key == "一般公共预算" for p in s.paragraphs for c in p.claims]
    listed = [claim.figure.value for claim in claims if claim.clause == "N523"]
    assert abs(sum(listed) - outlay) <= len(listed) * WAN / 200, "each is rounded to 0.01万元"
    assert bool(listed) == bool(outlay)


FALSE = Issue("N68", "error", "正文所列2个项目的支出之和为422.41万元，表中项目支出为374.42万元。")


@pytest.fixture
def contradicted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker that finds an error in everything."""

    def check(*_: object, **__: object) -> Report:
        return msgspec.structs.replace(sound, findings=(FALSE,))

    made = inspection.compile_sources(SOURCES)
    sound = inspection.compilation.check(made.account, statute=made.statute)
    monkeypatch.setattr("juesuan.inspection.compilation.check", check)


@pytest.mark.usefixtures("contradicted")
def test_an_error_stops_the_function():
    with pytest.raises(FaultyAccountsError, match=r"422\.41万元"):
        juesuan.compile(SOURCES)


@pytest.mark.usefixtures("contradicted")
@pytest.mark.parametrize("draft", [[], ["--draft"]])
def test_an_error_stops_the_command(tmp_path: Path, draft: list[str]):
    out = tmp_path / "out"
    answer = CliRunner().invoke(main, ["compile", *map(str, SOURCES), "-o", str(out), "--formats", "json", *draft])
    assert answer.exit_code == 1
    assert "[N68] 正文所列2个项目的支出之和为422.41万元" in answer.output
    assert "没有生成公开文本" in answer.output
    assert not out.exists()


@pytest.mark.usefixtures("contradicted")
def test_an_error_stops_a_unit_of_a_jurisdiction(tmp_path: Path):
    law = load_statute("wuhan-2022")
    told = output._publish(unit(Options(), 1, law), "wuhan-2022", 2022, tmp_path / "out", ("json",))
    assert "422.41万元" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("contradicted")
def test_an_error_keeps_an_account_from_being_sent_in(tmp_path: Path):
    processing = pytest.importorskip("juesuan.web.filing.processing", reason="needs the extra juesuan[web]")
    from juesuan.compiler.editor.content import of_workbook

    filled = of_workbook(EXAMPLE / "whole" / "workbook.xlsx", load_statute("wuhan-2022"))[0]
    (tmp_path / processing.FILLED).write_bytes(msgspec.json.encode(filled))
    (tmp_path / "evidence").mkdir()
    order = processing._Order("settle", str(tmp_path), "wuhan-2022", 2022, evidence=str(tmp_path / "evidence"))
    result = processing._process(order, tmp_path)
    assert [(note.level, note.issue.message) for note in result.notes if note.issue.code == "N68"] == [
        ("error", FALSE.message)
    ]


def test_a_false_sentence_of_the_statute_is_found_before_it_is_published(tmp_path: Path):
    """A wording that lists the projects' budgets where it speaks of their outlays."""
    law = tmp_path / "statute"
    shutil.copytree(ROOT, law)
    clauses = law / "clauses" / "national.yaml"
    text = clauses.read_text(encoding="utf-8")
    assert "{项目名称}{支出数}万元" in text
    clauses.write_text(text.replace("{项目名称}{支出数}万元", "{项目名称}{全年预算}万元"), encoding="utf-8")
    command = ["compile", *map(str, SOURCES), "-o", str(tmp_path / "out"), "--formats", "json", "--statute", str(law)]
    answer = CliRunner().invoke(main, command)
    assert answer.exit_code == 1 and "[N68]" in answer.output, answer.output
