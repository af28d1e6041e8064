"""Evidence had: the queries of a plan run, each giving the value of its indicator or saying why it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

import msgspec

from juesuan.account import Evidence
from juesuan.scoring.evidence.declare import Binding, EvidencePlan
from juesuan.scoring.evidence.errors import EvidenceError
from juesuan.scoring.evidence.results import Result, printed_result, result_of
from juesuan.scoring.evidence.sandbox import Sandbox

STANDARD = ("year", "first", "last", "next")
"""The parameters that every query can use: the year, its first and last day, and the day after."""


class WantedEvidence(msgspec.Struct, frozen=True):
    """An indicator whose actual value is to come from evidence."""

    form: str
    name: str
    target: str = ""


class EvidenceResult(msgspec.Struct, frozen=True):
    """The evidence of an indicator, or in Chinese why there is none (没有佐证)."""

    wanted: WantedEvidence
    evidence: Evidence | None = None
    result: Result | None = None
    failure: str = ""


def parameters_of(year: int) -> dict[str, object]:
    """The standard parameters of a year."""
    return {"year": year, "first": date(year, 1, 1), "last": date(year, 12, 31), "next": date(year + 1, 1, 1)}


def run_plan(plan: EvidencePlan, wanted: Iterable[WantedEvidence], year: int) -> list[EvidenceResult]:
    """The evidence of every one of `wanted` that `plan` has a query for, in their order. Nothing is raised."""
    bound = [(item, binding) for item in wanted if (binding := plan.binding(item.form, item.name)) is not None]
    if not bound:
        return []
    with Sandbox(plan.data.values(), plan.folder, plan.limits) as sandbox:
        # The same query of two forms runs once.
        known: dict[str, tuple[Result, Evidence] | EvidenceError] = {}
        found = [_find(sandbox, item, binding, year, known) for item, binding in bound]
        changed = set(sandbox.changed())
    return [_unless_changed(item, changed) for item in found]


def _find(
    sandbox: Sandbox,
    wanted: WantedEvidence,
    binding: Binding,
    year: int,
    known: dict[str, tuple[Result, Evidence] | EvidenceError],
) -> EvidenceResult:
    key = repr((binding.query.text, binding.parameters))
    if key not in known:
        try:
            known[key] = _run(sandbox, binding, year)
        except EvidenceError as error:
            known[key] = error
    outcome = known[key]
    if isinstance(outcome, EvidenceError):
        return EvidenceResult(wanted, failure=str(outcome))
    result, evidence = outcome
    try:
        value = printed_result(result, binding.unit, wanted.target, binding.printed, binding.decimals)
    except EvidenceError as error:
        return EvidenceResult(wanted, failure=str(error))
    done = msgspec.structs.replace(evidence, value=value, unit=binding.unit, query=_called(binding))
    return EvidenceResult(wanted, done, result)


def _called(binding: Binding) -> str:
    return binding.query.title or binding.query.name


def _run(sandbox: Sandbox, binding: Binding, year: int) -> tuple[Result, Evidence]:
    given = {**parameters_of(year), **dict(binding.parameters)}
    rows, names, used = sandbox.run(binding.query.text, given)
    result = result_of(rows, names)
    taken = tuple((name, written(value)) for name, value in given.items() if f"${name}" in binding.query.text)
    return result, Evidence(_called(binding), binding.query.text, result.exact, "", parameters=taken, data=used)


def written(value: object) -> str:
    """A parameter as it is recorded: a day in ISO, anything else as JSON."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def unwritten(text: str) -> object:
    """A recorded parameter as a query takes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return json.loads(text)


def _unless_changed(found: EvidenceResult, changed: set[str]) -> EvidenceResult:
    if found.evidence is None:
        return found
    moved = [data.name for data in found.evidence.data if data.name in changed]
    if not moved:
        return found
    return EvidenceResult(found.wanted, failure=f"数据集“{'、'.join(moved)}”在查询时被改动；请等数据写完后重新运行")
