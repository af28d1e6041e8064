"""An account and its report as rows of the store's tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from juesuan.account import WAN, Account, Fact, Issue, Source, plain, rounded, spaceless, to_json
from juesuan.checker import Report
from juesuan.checker.reports import Checked, Located
from juesuan.corpus.store.shards import Rows
from juesuan.statute import MONEY_UNITS, Statute

_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DIGITS_HELD = {2: 16, 6: 18}
"""Digits before the point that a column of so many decimals holds: DECIMAL(18,2) and DECIMAL(24,6)."""

Row = dict[str, Any]


class ReadDocument(msgspec.Struct, frozen=True):
    """A document that was read and checked, before it is rows."""

    document: str
    fingerprint: str
    engine: str
    file: str
    format: str
    bytes: int
    unit_code: str
    account: Account
    statute: Statute
    checked: Checked
    notes: tuple[Issue, ...]


def document_id(fingerprint: str, engine: str) -> str:
    """The identity of a document: its bytes as read by one version of the rules."""
    return hashlib.sha256(f"{fingerprint} {engine}".encode()).hexdigest()[:32]


def rows_of(read: ReadDocument) -> Rows:
    """The rows of a document in every table."""
    account, report = read.account, read.checked.report
    of = _Of(read)
    passages = [of.row(n, p.source) | {"heading": p.heading, "text": p.text} for n, p in enumerate(account.passages)]
    unplaced = [of.row(n, item.source) | {"text": item.text} for n, item in enumerate(account.unplaced)]
    findings = [of.row(n) | finding_row(item) for n, item in enumerate(read.checked.found)]
    rows: Rows = {
        "accounts": [of.row(0) | {"json": to_json(account).decode()}],
        "facts": list(_facts(of)),
        "claims": list(_claims(of)),
        "findings": findings,
        "passages": passages,
        "evaluations": list(_evaluations(of)),
        "indicators": list(_indicators(of)),
        "unplaced": unplaced,
    }
    rows["documents"] = [_document(read, report, rows)]
    return rows


class _Of:
    """The columns that every row of a document has."""

    def __init__(self, read: ReadDocument) -> None:
        self.account = read.account
        self.statute = read.statute
        self.head: Row = {
            "document": read.document,
            "unit_code": read.unit_code,
            "unit": read.account.unit.name,
            "year": read.account.year,
            "kind": read.statute.profile.kind,
        }

    def row(self, number: int, source: Source | None = None) -> Row:
        """The columns of a row with its place."""
        return self.head | {"number": number} | _place(source)


def _place(source: Source | None) -> Row:
    if source is None:
        return {}
    row: Row = {
        "page": source.page or None,
        "sheet": source.sheet or None,
        "cell": source.cell or None,
        "line": source.line or None,
        "paragraph": source.paragraph or None,
        "recognised": source.recognised,
    }
    if source.box:
        row |= dict(zip(("box_left", "box_bottom", "box_right", "box_top"), source.box, strict=True))
    return row


def _amount(value: Decimal, decimals: int = 2) -> tuple[Decimal | None, str | None]:
    """A decimal as a column of so many decimals holds it, and the exact text where it does not."""
    fitted = rounded(value, decimals)
    if abs(fitted) >= Decimal(10) ** _DIGITS_HELD[decimals]:
        return None, plain(value)
    return fitted, None if fitted == value else plain(value)


def _fitted(value: Decimal | None, decimals: int = 2) -> Decimal | None:
    return None if value is None else _amount(value, decimals)[0]


def _facts(of: _Of) -> Iterator[Row]:
    for number, fact in enumerate(of.account.facts.values()):
        address = fact.address
        form = of.statute.forms.get(address.form)
        column = form.columns.get(address.column) if form else None
        amount, exact = _amount(fact.figure.value)
        yield of.row(number, fact.source) | {
            "profile": of.account.profile,
            "form": address.form,
            "row": address.row,
            "row_name": of.statute.name_of(form, address.row) if form else "",
            "column": address.column,
            "column_name": column.label if column else "",
            "period": address.period,
            "measure": _measure(of.statute, fact),
            "amount": amount,
            "resolution": _fitted(fact.figure.resolution),
            "exact": exact,
            "entries": (fact.source.entries or None) if fact.source else None,
        }


def _measure(statute: Statute, fact: Fact) -> str:
    form = statute.forms.get(fact.address.form)
    unit = form.unit_of(fact.address.row) if form else "元"
    return "元" if unit in MONEY_UNITS else unit


def _claims(of: _Of) -> Iterator[Row]:
    number = 0
    for statement in of.account.statements:
        for claim in statement.claims:
            amount, exact = _amount(claim.figure.value, 6)
            yield of.row(number, claim.source or statement.source) | {
                "clause": claim.clause,
                "name": claim.name,
                "row": claim.row or statement.row,
                "amount": amount,
                "resolution": _fitted(claim.figure.resolution, 6),
                "exact": exact,
                "start": claim.start,
                "stop": claim.end,
                "sentence": statement.text,
            }
            number += 1


def finding_row(located: Located, other: str = "") -> Row:
    """The columns of a finding; `other` is the other document of a finding between two."""
    finding = located.finding
    return {
        "other": other,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "stated": finding.stated,
        "expected": finding.expected,
        "difference": finding.difference,
        "equation": finding.equation,
        "place": located.place,
        "places": _json(msgspec.to_builtins(place) | {"text": str(place)} for place in finding.places),
        "operands": _json(
            {"name": operand.name, "stated": operand.stated, "place": str(operand.source or "")}
            for operand in finding.operands
        ),
        "fingerprint": located.fingerprint,
    }


def _json(items: Iterable[object]) -> str:
    return msgspec.json.encode(list(items)).decode()


def _evaluations(of: _Of) -> Iterator[Row]:
    for number, sheet in enumerate(of.account.sheets):
        yield of.row(number, sheet.source) | {
            "sheet_kind": sheet.kind,
            "title": sheet.title,
            "scheme": sheet.scheme,
            "budget": _fitted(sheet.budget.value),
            "outlay": _fitted(sheet.outlay.value),
            "execution_score": _fitted(sheet.execution_score),
            "score": _fitted(sheet.score),
        }


def _indicators(of: _Of) -> Iterator[Row]:
    number = 0
    for position, sheet in enumerate(of.account.sheets):
        for indicator in sheet.indicators:
            yield of.row(number, indicator.source) | {
                "evaluation": position,
                "title": sheet.title,
                "level1": indicator.level1,
                "level2": indicator.level2,
                "name": indicator.name,
                "weight": _fitted(indicator.weight),
                "target": indicator.target,
                "actual": indicator.actual,
                "score": _fitted(indicator.score),
                "reason": indicator.reason,
            }
            number += 1


def _document(read: ReadDocument, report: Report, rows: Rows) -> Row:
    account = read.account
    return {
        "document": read.document,
        "fingerprint": read.fingerprint,
        "engine": read.engine,
        "file": read.file,
        "format": read.format,
        "bytes": read.bytes,
        "given_code": read.unit_code,
        "unit": account.unit.name,
        "year": account.year,
        "kind": read.statute.profile.kind,
        "profile": account.profile,
        "nature": account.unit.nature,
        "supervisor": account.unit.supervisor,
        "date": stated_date(account),
        "figures": digest(account, read.statute),
        "facts": len(rows["facts"]),
        "claims": len(rows["claims"]),
        "unplaced": len(rows["unplaced"]),
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "notices": report.count("notice"),
        "decided": report.relations.decided,
        "held": report.relations.held,
        "rounding": report.relations.rounding,
        "failed": report.relations.failed,
        "undecided": report.relations.undecided,
        "notes": "\n".join(note.message for note in read.notes),
        "faults": "\n".join(fault.message for fault in report.faults),
    }


def digest(account: Account, statute: Statute) -> str:
    """A digest of this year's figures of the published tables in 万元 with two decimals, blanks and zeros alike.

    Exact yuan and printed 万元 give the same: the formats of one account are told from a corrected account.
    """
    lines = []
    for key, fact in account.facts.items():
        form = statute.forms.get(fact.address.form)
        if form is None or not form.published or fact.address.period != "本年":
            continue
        money = form.unit_of(fact.address.row) in MONEY_UNITS
        value = rounded(fact.figure.value / WAN, 2) if money else fact.figure.value
        if value:
            lines.append(f"{key}={plain(value)}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]


def stated_date(account: Account) -> str:
    """The ISO date that the document states: the first that stands on a line of its own; empty for none."""
    if account.dates.get("published"):
        return account.dates["published"]
    for passage in account.passages:
        compact = spaceless(passage.text).translate(_DIGITS).replace("十", "")
        match = _DATE.fullmatch(spaceless(passage.text)) or _DATE.fullmatch(compact)
        if match:
            return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return ""
