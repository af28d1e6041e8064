"""SARIF 2.1.0, the format in which review tools and code hosts exchange findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from juesuan.account import Issue, Severity, Source
from juesuan.checker.reports.locations import Checked, Located, Unreadable
from juesuan.statute import load_statute
from juesuan.statute.register import RuleText, text_of
from juesuan.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "notice": "note"}
FINGERPRINT = "rulePlaceStated/v1"
"""The name of the fingerprint; a new way of making it gets a new number."""


def sarif_text(checked: Sequence[Checked], unreadable: Sequence[Unreadable] = ()) -> str:
    """One run over all files. Accepted findings are results with a suppression; files not read are notifications."""
    rules = _Rules()
    results = []
    for item in checked:
        for located in item.found:
            results.append(_result(located, item, rules, ()))
        for accepted in item.accepted:
            properties = {"properties": {"until": accepted.until}} if accepted.until else {}
            suppression = {"kind": "external", "justification": accepted.reason, **properties}
            results.append(_result(accepted.located, item, rules, (suppression,)))
    faults = [(item.report.file, fault) for item in checked for fault in item.report.faults]
    failures = [(item.file, item.reason) for item in unreadable]
    run = {
        "tool": {
            "driver": {
                "name": "juesuan",
                "version": VERSION,
                "language": "zh-CN",
                "shortDescription": {"text": "部门和单位决算公开文本的核对"},
                "rules": rules.entries,
            }
        },
        "language": "zh-CN",
        "invocations": [
            {
                "executionSuccessful": not (faults or failures),
                "toolExecutionNotifications": [
                    *(_notification(file, f"读不出来：{reason}") for file, reason in failures),
                    *(_notification(file, f"本程序的问题：{fault}") for file, fault in faults),
                ],
            }
        ],
        "artifacts": [_artifact(item) for item in checked],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


class _Rules:
    """The rules that the results name, in the order they are met."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._index: dict[str, int] = {}

    def index(self, text: RuleText) -> int:
        if text.code not in self._index:
            self._index[text.code] = len(self.entries)
            self.entries.append(_rule(text))
        return self._index[text.code]


def _rule(text: RuleText) -> dict[str, Any]:
    markdown = "\n\n".join(f"**{heading}**：{part}" for heading, part in text.parts())
    return {
        "id": text.code,
        "shortDescription": {"text": text.title},
        "fullDescription": {"text": text.why or text.title},
        "help": {"text": text.plain(), "markdown": markdown or text.title},
        "defaultConfiguration": {"level": LEVELS[text.severity]},
        "properties": {"basis": text.basis},
    }


def _result(
    located: Located, checked: Checked, rules: _Rules, suppressions: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    finding = located.finding
    statute = load_statute(checked.report.profile, checked.report.year)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rules.index(text_of(finding, statute)),
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": _locations(located, checked),
        "partialFingerprints": {FINGERPRINT: located.fingerprint},
        "properties": _properties(finding, checked),
    }
    related = _related(finding, checked)
    if related:
        result["relatedLocations"] = related
    if suppressions:
        result["suppressions"] = list(suppressions)
    return result


def _properties(finding: Issue, checked: Checked) -> dict[str, Any]:
    entries = {
        "unit": checked.report.unit,
        "year": checked.report.year or None,
        "stated": finding.stated,
        "expected": finding.expected,
        "difference": finding.difference,
        "equation": finding.equation,
    }
    return {name: value for name, value in entries.items() if value}


def _locations(located: Located, checked: Checked) -> list[dict[str, Any]]:
    logical = {"logicalLocations": [{"fullyQualifiedName": located.place, "kind": "member"}]}
    places = tuple(dict.fromkeys(located.finding.places)) or (Source(),)
    return [{"physicalLocation": _physical(place, checked), **logical} for place in places]


def _related(finding: Issue, checked: Checked) -> list[dict[str, Any]]:
    found = []
    for number, operand in enumerate(dict.fromkeys(finding.operands)):
        if operand.source:
            message = {"text": f"{operand.name} = {operand.stated}"}
            found.append({"id": number, "physicalLocation": _physical(operand.source, checked), "message": message})
    return found


def _physical(place: Source, checked: Checked) -> dict[str, Any]:
    """The file, and the line or the page, box, sheet and cell: a region of a binary file has these as properties."""
    own = not place.file or place.file == checked.report.file
    uri = _uri(checked.path) if own else quote(place.file)
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    region: dict[str, Any] = {}
    if place.line:
        region["startLine"] = place.line
    properties = dict(_where(place))
    if properties:
        region["properties"] = properties
    if region:
        physical["region"] = region
    return physical


def _where(place: Source) -> Iterable[tuple[str, Any]]:
    for name in ("page", "box", "sheet", "cell", "paragraph"):
        value = getattr(place, name)
        if value:
            yield name, list(value) if name == "box" else value


def _artifact(checked: Checked) -> dict[str, Any]:
    report = checked.report
    properties = {"unit": report.unit, "year": report.year or None, "profile": report.profile}
    return {"location": {"uri": _uri(checked.path)}, "properties": properties}


def _uri(path: Path) -> str:
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _notification(file: str, message: str) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": {"uri": quote(file)}}}
    return {"level": "error", "message": {"text": message}, "locations": [location]}
