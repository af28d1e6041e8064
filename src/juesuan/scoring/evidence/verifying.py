"""Recorded evidence computed again: what is the same, and what has drifted since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import DataUsed, Evidence, Indicator, PerformanceSheet
from juesuan.scoring.evidence.declare import DataSet, EvidencePlan, QueryLimits
from juesuan.scoring.evidence.errors import EvidenceError
from juesuan.scoring.evidence.results import Result, agrees, result_of
from juesuan.scoring.evidence.running import unwritten
from juesuan.scoring.evidence.sandbox import Sandbox

Verdict = Literal["一致", "数据已变", "数值已变", "表与佐证不符", "不能重算"]
"""The same; other data with the same value; another value; the form says something else; no value could be had."""

CLOSE = Fraction(1, 10**12)
"""How far apart two results of binary arithmetic may be that are the same."""


class RecomputedEvidence(msgspec.Struct, frozen=True):
    """One indicator's evidence computed again, with what is to be said about it in Chinese."""

    form: str
    name: str
    evidence: Evidence
    verdict: Verdict
    text: str = ""


def verify(
    sheets: Iterable[PerformanceSheet], folder: Path, plan: EvidencePlan | None = None
) -> list[RecomputedEvidence]:
    """The evidence of all indicators of `sheets` computed again over the data in `folder`. Nothing is raised.

    Where a record says to look outside of `folder`, or to connect to a database, the declaration there (`plan`) must
    say so too: a record may come from anybody.
    """
    items = [(sheet.title, indicator) for sheet in sheets for indicator in sheet.indicators if indicator.proof]
    checked: dict[int, RecomputedEvidence] = {}
    for group in _groups(items):
        limits = plan.limits if plan else QueryLimits()
        data, refused = _trusted(group, folder, plan)
        with Sandbox(data, folder, limits) as sandbox:
            for number in group:
                form, indicator = items[number]
                checked[number] = _check(sandbox, form, indicator, refused)
    return [checked[number] for number in sorted(checked)]


class _Group(dict[int, tuple[DataUsed, ...]]):
    """Indicators, by their number, whose data sets do not contradict each other."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, DataSet] = {}


def _groups(items: list[tuple[str, Indicator]]) -> Iterator[_Group]:
    groups: list[_Group] = []
    for number, (_, indicator) in enumerate(items):
        used = indicator.proof.data if indicator.proof else ()
        wanted = {item.name: _declared(item) for item in used}
        group = next((g for g in groups if all(g.data.get(n, d) == d for n, d in wanted.items())), None)
        if group is None:
            groups.append(group := _Group())
        group[number] = used
        group.data.update(wanted)
    return iter(groups)


def _declared(used: DataUsed) -> DataSet:
    return DataSet(
        used.name, used.kind, used.place, used.columns, used.table, used.renamed, used.time, used.empty_allowed
    )


def _trusted(group: _Group, folder: Path, plan: EvidencePlan | None) -> tuple[list[DataSet], dict[str, str]]:
    """The data sets that may be opened, and why the others may not."""
    refused: dict[str, str] = {}
    root = folder.resolve()
    for name, data in group.data.items():
        declared = plan.data.get(name) if plan else None
        if declared is not None and (declared.kind, declared.place) == (data.kind, data.place):
            continue
        if data.kind == "PostgreSQL":
            refused[name] = f"记录要连接 PostgreSQL（{data.place}），evidence.toml 没有声明这一连接，没有连接"
        elif not (root / data.place).resolve().is_relative_to(root):
            refused[name] = f"记录要读取文件夹以外的 {data.place}，evidence.toml 没有声明，没有读取"
    return [data for name, data in group.data.items() if name not in refused], refused


def _check(sandbox: Sandbox, form: str, indicator: Indicator, refused: dict[str, str]) -> RecomputedEvidence:
    proof = indicator.proof
    assert proof is not None
    held = [refused[used.name] for used in proof.data if used.name in refused]
    if held:
        return RecomputedEvidence(form, indicator.name, proof, "不能重算", "；".join(held))
    try:
        given = {name: unwritten(text) for name, text in proof.parameters}
        rows, names, used = sandbox.run(proof.text, given)
        result = result_of(rows, names)
    except EvidenceError as error:
        return RecomputedEvidence(form, indicator.name, proof, "不能重算", str(error))
    except json.JSONDecodeError:
        return RecomputedEvidence(form, indicator.name, proof, "不能重算", "记录的参数不完整，文件可能被改过")
    return RecomputedEvidence(form, indicator.name, proof, *_verdict(indicator, proof, result, used))


def _verdict(
    indicator: Indicator, proof: Evidence, result: Result, used: tuple[DataUsed, ...]
) -> tuple[Verdict, str]:
    before = {item.name: item for item in proof.data}
    moved = [_moved(before[item.name], item) for item in used
             if item.name in before and item.fingerprint != before[item.name].fingerprint]
    data = f"；{'；'.join(moved)}" if moved else ""
    if not _same(proof.result, result):
        return "数值已变", f"记录为 {proof.result}，现在为 {result.exact}{data}"
    if not agrees(indicator.actual, result, proof.unit, proof.value, indicator.target):
        return "表与佐证不符", f"表中实际完成值为“{indicator.actual}”，佐证为“{proof.value}”"
    if moved:
        return "数据已变", f"数值仍为 {proof.result}{data}"
    return "一致", ""


def _moved(before: DataUsed, now: DataUsed) -> str:
    rows = "行数未变" if before.rows == now.rows else f"由 {before.rows} 行变为 {now.rows} 行"
    return f"数据集“{now.name}”的内容已变（{rows}）"


def _same(recorded: str, result: Result) -> bool:
    if recorded == result.exact:
        return True
    if result.number is None:
        return False
    try:
        before = Fraction(recorded)
    except (ValueError, ZeroDivisionError):
        return False
    rough = before.denominator > 1 or result.number.denominator > 1
    return rough and abs(before - result.number) <= CLOSE * abs(before)
