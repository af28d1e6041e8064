"""The report as plain data, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from juesuan.checker.reports.locations import Checked, Located, Unreadable
from juesuan.statute import Statute, load_statute
from juesuan.statute.register import advice_on, basis_of

_GONE = ("severity", "code", "message", "stated")


def as_json(checked: Checked) -> dict[str, Any]:
    """file, profile, unit, year, summary, coverage, unchecked numbers, findings, unplaced; and accepted findings,
    notes, and faults (of this program)."""
    report = checked.report
    statute = load_statute(report.profile, report.year)
    states = checked.since.states if checked.since else {}
    return {
        "file": report.file,
        "profile": report.profile,
        "unit": report.unit,
        "year": report.year or None,
        "summary": {
            "error": report.count("error"),
            "warning": report.count("warning"),
            "notice": report.count("notice"),
            "accepted": len(checked.accepted),
            "relations": msgspec.to_builtins(report.relations),
            "claims": {"decided": report.claims[0], "undecided": report.claims[1], "unread": report.claims[2]},
            "coverage": {
                "printed": report.coverage.printed,
                "checked": report.coverage.checked,
                "understood": report.coverage.understood,
            },
            "conclusion": report.conclusion,
            "inconclusive": report.inconclusive,
        },
        "findings": [
            _finding(located, statute) | ({"since": state} if (state := states.get(located.fingerprint)) else {})
            for located in checked.found
        ],
        "accepted": [
            _finding(item.located, statute) | {"reason": item.reason, "until": item.until} for item in checked.accepted
        ],
        "coverage": msgspec.to_builtins(report.coverage.parts),
        "unchecked": [
            {"part": item.part, "text": item.text, "why": item.why, "amounts": item.amounts,
             "place": str(item.source or "")}
            for item in report.coverage.unchecked
        ],
        "unplaced": [{"text": item.text, "place": str(item.source or "")} for item in report.unplaced],
        "notes": [note.message for note in report.notes],
        "faults": [fault.message for fault in report.faults],
        "same": list(checked.same),
    } | ({"gone": [dict(zip(_GONE, entry, strict=True)) for entry in checked.since.gone]} if checked.since else {})


def json_text(checked: Sequence[Checked], unreadable: Sequence[Unreadable]) -> str:
    """The reports on all files as one list; a file that could not be read is an entry with the reason."""
    data = [as_json(item) for item in checked]
    data += [{"file": item.file, "unreadable": item.reason, "code": item.code} for item in unreadable]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _finding(located: Located, statute: Statute) -> dict[str, Any]:
    finding = located.finding
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "places": [msgspec.to_builtins(place) | {"text": str(place)} for place in finding.places],
        "stated": finding.stated,
        "expected": finding.expected,
        "difference": finding.difference,
        "equation": finding.equation,
        "operands": [{"name": o.name, "stated": o.stated, "place": str(o.source or "")} for o in finding.operands],
        "because": list(finding.because),
        "place": located.place,
        "quotes": list(located.quotes),
        "fingerprint": located.fingerprint,
        "basis": basis_of(finding, statute),
        "advice": advice_on(finding, statute),
    }
