"""Budgets compiled: the nine tables, goals and narrative of one declaration, read back whole and found sound."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Account, PerformanceGoals
from juesuan.checker import check
from juesuan.compiler import Compilation
from juesuan.inspection import compile_sources
from juesuan.publisher import publish
from juesuan.reader import read_document

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "budget"
FORMATS = ["pdf", "docx", "html", "xlsx", "json"]


@pytest.fixture(scope="module")
def compiled() -> Compilation:
    return compile_sources(EXAMPLE)


@pytest.fixture(scope="module")
def budget(compiled: Compilation) -> Account:
    return compiled.account


@pytest.fixture(scope="module")
def published(compiled: Compilation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    files = publish(compiled.account, tmp_path_factory.mktemp("budget"), FORMATS, statute=compiled.statute)
    return {path.suffix.removeprefix("."): path for path in files}


def test_the_example_is_the_approved_budget(compiled: Compilation, budget: Account) -> None:
    assert compiled.final, compiled.messages()
    # The sum of the eleven items that the final account states as approved: 3,227.02 万元.
    assert budget.facts["预1!收入总计行1栏"].figure.value == Decimal(32270200)
    assert budget.facts["预1!支出总计行2栏"].figure.value == Decimal(32270200)
    assert budget.facts["预5!2080108行3栏"].figure.value == Decimal(21784800)
    assert [(form.kind, form.budget.value, len(form.indicators)) for form in budget.goals] == [
        ("整体", Decimal(32270200), 9), ("项目", Decimal(21784800), 7), ("项目", Decimal(2105400), 7),
    ]  # fmt: skip
    texts = "".join(paragraph.text for section in budget.narrative for paragraph in section.paragraphs)
    # 3,227.02 − 3,018.66 = 208.36, a rise of 6.9 %; 3,227.02 − 2,103.42 = 1,123.60, a rise of 53.4 %.
    assert "比2021年预算数增加208.36万元，增长6.9%" in texts
    assert "比2021年执行数增加1,123.60万元，增长53.4%" in texts


def targets(form: PerformanceGoals) -> list[tuple[str, ...]]:
    return [(line.level1, line.level2, line.name, line.target, f"{line.weight:f}") for line in form.indicators]


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_published_is_read_back_and_sound(form: str, published: dict[str, Path], budget: Account) -> None:
    reading = read_document(published[form])
    read = reading.account
    expected = {key: fact for key, fact in budget.facts.items() if key.startswith("预")}
    assert {key for key in read.facts if key.startswith("预")} == set(expected)
    for key, fact in expected.items():
        figure = read.facts[key].figure
        assert figure.low <= fact.figure.value <= figure.high, key
    assert (read.year, read.unit.name) == (2022, budget.unit.name)
    for mine, theirs in zip(budget.goals, read.goals, strict=True):
        assert (theirs.kind, theirs.title, theirs.goals) == (mine.kind, mine.title, mine.goals)
        assert theirs.budget.low <= mine.budget.value <= theirs.budget.high
        assert targets(theirs) == targets(mine)
    report = check(read, statute=reading.statute)
    assert [f"{issue.code} {issue.message}" for issue in report.findings if issue.severity != "notice"] == []
    assert not read.unplaced
