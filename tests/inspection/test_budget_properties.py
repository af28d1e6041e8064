"""Random budgets of every profile in every format: read back exactly, every declared relation decided and held, nothing
found; one changed figure found. `make campaign-budget-formats` makes many; here a few of each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from generate import FISCAL
from generate_budget import Shape, budget
from inspection.test_budget import CITY, FORMATS, PLACES, assert_same
from juesuan.checker import check
from juesuan.checker.engine.relations import decide
from juesuan.compiler.assembly import assemble
from juesuan.inspection import with_contradictions
from juesuan.publisher import publish
from juesuan.reader import read_document
from juesuan.reader.files import read_raw
from juesuan.statute import Statute, load_statute

ROOT = Path(__file__).parents[2]
UNITS = {**PLACES, CITY: "上海市某局", "budget-unit": "示例市某某中心", "ningxia-budget": "某县某局"}
COUNT = int(os.environ.get("JUESUAN_BUDGETS", "7"))
"""So many budgets, the profiles in turn."""
EVERY = int(os.environ.get("JUESUAN_BUDGETS_EVERY", "72"))
"""Of the figures of a table each so-manieth is changed."""

STATED = {"B195", "B196", "B197", "B198", "B199", "B200"}
"""Relations of what stands in the explanation only, which a workbook has not."""
PRINTED = {"B411", "B412", "B413", "B414", "B415", "B416", "B417"}
"""Relations of a table that Ningxia prints of figures that stand elsewhere: the account itself has it not."""
ELSEWHERE = {"B108", "B112", "B113", "B135", "B136"}
"""Relations of what none of our profiles prints: 基本支出 and 单位资金 in 表1, 人员经费 and 公用经费 in 表3."""


def shape_of(random: Random) -> Shape:
    """Any shape of a budget."""

    def likely(share: float) -> bool:
        return random.random() < share

    return Shape(
        funds=tuple(sorted(random.sample(FISCAL, random.randint(0, 3)))), own=likely(0.6), items=random.randint(0, 5),
        magnitude=random.choice((3, 7, 9)), carried=likely(0.6), left=likely(0.6),
        prior=random.choice(("absent", "same", "different")), outings=likely(0.8), running=likely(0.8),
        goals=likely(0.6), social=likely(0.6),
    )  # fmt: skip


def published(
    seed: int, folder: Path, formats: Sequence[str] = FORMATS
) -> tuple[Statute, Iterator[Path], object]:
    """The law of a random budget, its files in the formats, and the account."""
    key = list(UNITS)[seed % len(UNITS)]
    law, random = load_statute(key), Random(seed)
    shape = Shape(social=True) if seed < len(UNITS) else shape_of(random)
    made = with_contradictions(assemble(budget(shape, seed, law, UNITS[key]), law))
    assert made.messages() == [], (key, shape)
    return law, iter(publish(made.account, folder, formats, statute=law)), made.account


def test_every_declared_relation_holds_in_every_format(tmp_path: Path) -> None:
    """Exact in PDF, DOCX, HTML, XLSX and JSON; the checker finds nothing; no relation is left that nothing decides."""
    decided: dict[str, set[str]] = {form: set() for form in FORMATS}
    declared: set[str] = set()
    for seed in range(COUNT):
        law, files, account = published(seed, tmp_path / str(seed))
        declared |= {code for code, relation in law.relations.items() if relation.kind == "equation"}
        for path in files:
            form, reading = path.suffix.removeprefix("."), read_document(path)
            where = f"{law.profile.key} {seed} {form}"
            assert_same(reading.account, account, law, prose=form != "xlsx")
            report = check(reading.account, statute=reading.statute)
            told = [f"{issue.code} {issue.message}" for issue in report.findings if issue.severity != "notice"]
            assert told == [] and report.relations.failed == 0 and not reading.account.unplaced, where
            decided[form] |= {each.relation.code for each in decide(reading.account, reading.statute).decided}
    for form, codes in decided.items():
        without = {"xlsx": STATED, "json": PRINTED}.get(form, set())
        assert declared - codes == ELSEWHERE | without, form


def test_columns_that_no_profile_prints_are_of_other_places() -> None:
    for key in UNITS:
        forms = load_statute(key).forms
        assert not any(forms["预1"].printed("支出总计", column) for column in ("基本",))
        assert not any(forms["预3"].printed("合计", column) for column in ("人员", "公用"))


@pytest.mark.parametrize("seed", range(min(COUNT, len(UNITS))))
def test_a_changed_figure_of_any_profile_is_found(seed: int, tmp_path: Path) -> None:
    """Every 72nd figure of the tables, in HTML; more were measured: docs/budgets.md."""
    sys.path.insert(0, str(ROOT / "bench"))
    from tampering import attempts, found, tampered

    _, files, _ = published(seed, tmp_path, ["html"])
    raw = read_raw(next(files))
    before = found(raw)
    tries = [each for each in attempts(raw, True) if each.kind == "表中数字"][seed::EVERY]
    missed = [each.what for each in tries if not found(tampered(raw, each.change)) - before]
    assert len(missed) * 50 <= len(tries), missed
