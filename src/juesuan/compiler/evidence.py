"""Actual values from evidence: the declarations beside the workbook and in it, run, and put into the indicators."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from juesuan.account import Indicator, Issue, Source
from juesuan.compiler.entries import BindingLine, DataSetLine, Gathered
from juesuan.compiler.messages import issue_under, say
from juesuan.compiler.performance import problem_with
from juesuan.compiler.sources import Sources
from juesuan.scoring.evidence import (
    EvidenceError,
    EvidencePlan,
    EvidenceResult,
    Parameter,
    WantedEvidence,
    add_binding,
    add_data_set,
    agrees,
    read_plan,
    run_plan,
)

POSTGRESQL = ("postgresql://", "postgres://")


def plan_of(sources: Sources, gathered: Gathered) -> EvidencePlan | None:
    """All evidence that is declared for the files, None for none; what cannot be used is in the plan's problems."""
    plan: EvidencePlan | None = None
    if sources.evidence is not None:
        try:
            plan = read_plan(sources.evidence)
        except EvidenceError as error:
            plan = EvidencePlan(sources.evidence.resolve().parent, problems=[str(error)])
    if not gathered.data_sets and not gathered.bindings:
        return plan
    plan = plan or EvidencePlan((sources.workbook or Path()).resolve().parent)
    for data in gathered.data_sets:
        try:
            _add_data(plan, data)
        except EvidenceError as error:
            plan.problems.append(f"{data.source} 数据集“{data.name}”：{error}")
    for binding in gathered.bindings:
        try:
            _add_binding(plan, binding)
        except EvidenceError as error:
            plan.problems.append(f"{binding.source} “{binding.name}”：{error}")
    return plan


def _add_data(plan: EvidencePlan, line: DataSetLine) -> None:
    columns: list[tuple[str, str]] = []
    renamed: dict[str, str] = {}
    for text in line.columns:
        name, _, rest = text.strip().partition(" ")
        kind, _, other = rest.strip().partition(" ")
        columns.append((name, kind))
        if other.strip():
            renamed[name] = other.strip()
    remote = line.place.startswith(POSTGRESQL)
    add_data_set(
        plan, line.name, columns, file="" if remote else line.place, postgresql=line.place if remote else "",
        table=line.table, time=line.time, rename=renamed, empty_allowed=bool(line.empty),
    )


def _add_binding(plan: EvidencePlan, line: BindingLine) -> None:
    written = any(sign.isspace() for sign in line.query.strip())
    parameters: dict[str, Parameter] = {}
    for text in line.parameters:
        name, mark, value = text.partition("=")
        if not mark:
            raise EvidenceError(f"参数“{text}”应写作 名称=值")
        parameters[name.strip()] = _parameter(value.strip())
    add_binding(
        plan, [line.subject], line.name, query="" if written else line.query.strip(),
        sql=line.query if written else "", unit=line.unit, printed=line.printed, parameters=parameters,
    )


def _parameter(text: str) -> Parameter:
    """A number where it is one, else the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, Parameter) else text


def prove(gathered: Gathered, sources: Sources, year: int) -> None:
    """Fills in the actual values of `gathered` that evidence gives, with their proofs.

    A typed value that says something else is a problem that names both; evidence that cannot be had is in `unproved`.
    """
    plan = plan_of(sources, gathered)
    found: dict[tuple[str, str], EvidenceResult] = {}
    if plan is not None:
        gathered.unproved.extend(_unproved(text) for text in plan.problems)
        if plan.problems:
            # A value left blank may be one that the part that cannot be used was to give.
            gathered.unproved_indicators.update((subject, i.name) for subject, i in gathered.indicators)
        wanted = [WantedEvidence(subject, i.name, i.target) for subject, i in gathered.indicators]
        found = {(item.wanted.form, item.wanted.name): item for item in run_plan(plan, wanted, year)}
        known = {(subject, indicator.name) for subject, indicator in gathered.indicators}
        gathered.unproved.extend(
            _unproved(f"{plan.file}：绩效指标中没有“{form}”的“{binding.name}”；名称应与指标完全一致")
            for binding in plan.bindings
            for form in binding.forms
            if (form, binding.name) not in known
        )
    gathered.indicators = [
        (subject, _proved(gathered, subject, indicator, found.get((subject, indicator.name))))
        for subject, indicator in gathered.indicators
    ]


def _unproved(text: str, place: Source | None = None) -> Issue:
    return issue_under("V103", text, place)


def _proved(gathered: Gathered, subject: str, indicator: Indicator, found: EvidenceResult | None) -> Indicator:
    if found is None:
        return indicator
    if found.evidence is None or found.result is None:
        text = f"{subject} “{indicator.name}”没有佐证：{found.failure}"
        gathered.unproved.append(_unproved(text, indicator.source))
        gathered.unproved_indicators.add((subject, indicator.name))
        return indicator
    proof, typed = found.evidence, indicator.actual.strip()
    if not typed:
        return msgspec.structs.replace(indicator, actual=proof.value, proof=proof)
    if not agrees(typed, found.result, proof.unit, proof.value, indicator.target):
        data = "、".join(used.name for used in proof.data)
        message = say("evidence.differs", name=indicator.name, typed=typed, value=proof.value, query=proof.query,
                      data=data)
        gathered.problems.append(problem_with(indicator, message))
    return msgspec.structs.replace(indicator, proof=proof)

