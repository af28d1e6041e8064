"""A stated score that is wrong by 0.01 is found, whichever it is, in every format that forms are read from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from juesuan.account import Account, PerformanceSheet
from juesuan.checker import check
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.forms import check_performance
from juesuan.publisher import publish
from juesuan.reader import read_document
from juesuan.statute import load_statute

STEP = Decimal("0.01")
FORMATS = ["pdf", "docx", "html", "xlsx", "json"]


def changed(sheet: PerformanceSheet, step: Decimal) -> Iterator[tuple[str, PerformanceSheet]]:
    """The form with one stated score after the other changed by `step`."""
    assert sheet.score is not None and sheet.execution_score is not None
    yield "总分", msgspec.structs.replace(sheet, score=sheet.score + step)
    yield "预算执行", msgspec.structs.replace(sheet, execution_score=sheet.execution_score + step)
    for place, indicator in enumerate(sheet.indicators):
        assert indicator.score is not None
        lines = list(sheet.indicators)
        lines[place] = msgspec.structs.replace(indicator, score=indicator.score + step)
        yield indicator.name, msgspec.structs.replace(sheet, indicators=tuple(lines))


def every_change(account: Account) -> Iterator[tuple[str, Account]]:
    for place, sheet in enumerate(account.sheets):
        for step in (STEP, -STEP):
            for name, wrong in changed(sheet, step):
                sheets = (*account.sheets[:place], wrong, *account.sheets[place + 1 :])
                yield f"{sheet.title} {name} {step}", msgspec.structs.replace(account, sheets=sheets)


def errors(account: Account) -> list[str]:
    law = load_statute(account.profile, account.year)
    return [finding.code for finding in check_performance(CheckContext(account, law)) if finding.severity == "error"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_score_as_it_was_read(form: str, published: dict[str, Path]) -> None:
    account = read_document(published[form]).account
    assert not errors(account)
    tried = [(name, errors(wrong)) for name, wrong in every_change(account)]
    # Three forms with 9, 7 and 7 indicators, execution and total, up and down.
    assert len(tried) == 2 * (23 + 3 * 2)
    assert [name for name, found in tried if not found] == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("number", [0, 30])
def test_a_document_that_prints_a_wrong_score(form: str, number: int, example: Account, tmp_path: Path) -> None:
    name, wrong = list(every_change(example))[number]
    (path,) = publish(wrong, tmp_path, [form])
    reading = read_document(path)
    found = check(reading.account, statute=reading.statute).findings
    assert any(f.severity == "error" and f.code in ("E102", "E103", "E104", "E107", "E142") for f in found), name
