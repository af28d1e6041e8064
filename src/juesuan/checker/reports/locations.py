"""Findings with a place that outlives a new print of the document: addresses and sentences, not pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from juesuan.account import Account, Address, Issue, Severity, Source, Statement
from juesuan.checker.report import Report
from juesuan.statute import Statute

Item = TypeVar("Item", bound=Hashable)

WHOLE = "全文"
"""The place of a finding that concerns the document as a whole."""

QUOTED = 3
"""Sentences of one paragraph quoted at most."""

OPENING = 12
"""So many signs of a sentence tell it from the others of its paragraph in a message that quotes it."""

MANY = 6
"""More figures than this at one place are named by their form alone."""


_QUOTED_WORDS = re.compile("“([^“”…]*[^“”…0-9.,%][^“”…]*)”")
_TITLES = re.compile("《([^《》]+)》")


class Located(msgspec.Struct, frozen=True):
    """A finding with its lasting place and what the document says there.

    `place` names addresses (表9!3行1栏), sentences (正文 N401 总计) or forms; `quotes` are the sentence or the
    line that stands at each of the finding's places.
    """

    finding: Issue
    place: str
    quotes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same finding in every run: made of rule, place and the figure stated."""
        parts = (self.finding.code, self.place, self.finding.stated)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


class Accepted(msgspec.Struct, frozen=True):
    """A finding that a baseline accepts, with the reason and the last day (ISO, or empty) on which it does."""

    located: Located
    reason: str
    until: str = ""


class Since(msgspec.Struct, frozen=True):
    """What became of the findings on a document since the last round, by fingerprint; and those that are found no more
    (severity, code, message, figure stated).
    """

    states: dict[str, str]
    gone: tuple[tuple[str, str, str, str], ...]


class Checked(msgspec.Struct, frozen=True):
    """A file that was checked: its report without the accepted findings, and those apart. `found` follows the report.

    `path` is the file itself, where pictures of its pages are to be had; `same` names other files of the same bytes.
    """

    report: Report
    found: tuple[Located, ...]
    path: Path
    accepted: tuple[Accepted, ...] = ()
    same: tuple[str, ...] = ()
    since: Since | None = None

    def with_found(self, found: Sequence[Located], accepted: Sequence[Accepted] | None = None) -> Checked:
        """The same file with other findings, in its report as well."""
        report = msgspec.structs.replace(self.report, findings=tuple(item.finding for item in found))
        accepted_issues = self.accepted if accepted is None else tuple(accepted)
        return msgspec.structs.replace(self, report=report, found=tuple(found), accepted=accepted_issues)

    def count(self, severity: Severity) -> int:
        """How many findings of a severity are not accepted."""
        return self.report.count(severity)


class Unreadable(msgspec.Struct, frozen=True):
    """A file that could not be read, with the reason; it stays in the report."""

    file: str
    reason: str
    code: str = "Q201"


def locate(report: Report, account: Account, statute: Statute, path: Path) -> Checked:
    """The report with a lasting place and quotations for every finding."""
    index = _Index(account, statute)
    found = tuple(Located(finding, index.place(finding), index.quotes(finding)) for finding in report.findings)
    return Checked(report, found, path)


class _Index:
    """What stands where in a document."""

    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.clauses = {clause.key for _, clause in statute.clauses()}
        self.facts: dict[Source, list[Address]] = {}
        for fact in account.facts.values():
            if fact.source:
                self.facts.setdefault(fact.source, []).append(fact.address)
        self.statements: dict[Source, list[Statement]] = {}
        for statement in account.statements:
            sources = {statement.source, *(claim.source for claim in statement.claims)}
            for source in sources - {None}:
                if source:
                    self.statements.setdefault(source, []).append(statement)
        self.rows = {label.source: label for label in account.labels if label.source}
        self.tables = {table.source: table for table in account.tables if table.source}
        self.evaluations = _evaluations(account)

    def place(self, finding: Issue) -> str:
        if finding.code in self.clauses:
            sentences = _meant(self._statements(finding), finding)
            if sentences and sentences[0].clause == finding.code:
                name = finding.equation.partition(" = ")[0]
                return " ".join(part for part in (_sentence(sentences[0]), name) if part)
        addresses = self._addresses(finding)
        if len(addresses) > MANY:
            return "、".join(unique(address.form for address in addresses))
        if addresses:
            return "、".join(str(address) for address in addresses)
        sentences = self._statements(finding)
        if sentences:
            return "、".join(unique(_sentence(s) for s in sentences)[:MANY])
        places = set(finding.places)
        rows = [f"{label.form}!{label.row}行" for source, label in self.rows.items() if source in places]
        forms = [table.form for source, table in self.tables.items() if source in places]
        evaluations = [self.evaluations[source] for source in finding.places if source in self.evaluations]
        return "、".join(unique([*rows, *forms, *evaluations])[:MANY]) or self._named(finding)

    def _named(self, finding: Issue) -> str:
        """The forms, titles or words that the message names, for what has no place of its own."""
        named = [form.key for form in self.statute.published if form.title and f"《{form.title}》" in finding.message]
        if named:
            return "、".join(named)
        titles = [f"《{text}》" for text in _TITLES.findall(finding.message)[:1]]
        words = [f"“{text}”" for text in _QUOTED_WORDS.findall(finding.message)[:1]]
        return "".join([*titles, *words]) or WHOLE

    def _statements(self, finding: Issue) -> list[Statement]:
        return [statement for place in finding.places for statement in self.statements.get(place, [])]

    def _addresses(self, finding: Issue) -> list[Address]:
        found = unique(address for place in finding.places for address in self.facts.get(place, []))
        described = [address for address in found if self.statute.describe(address) in finding.message]
        return described or found

    def quotes(self, finding: Issue) -> tuple[str, ...]:
        found: list[str] = []
        for place in unique(finding.places)[:MANY]:
            sentences = self.statements.get(place)
            if sentences:
                found.extend(sentence.text for sentence in _meant(sentences, finding)[:QUOTED])
                continue
            here = self.facts.get(place, [])
            found.extend(self._line(address) for address in self._addresses(finding) if address in here)
            if place in self.rows:
                found.append(f"{self.rows[place].row} {self.rows[place].text}")
        return tuple(unique(found))

    def _line(self, address: Address) -> str:
        """The line of the table as printed: title, name of the line, its figures by column."""
        form = self.statute.forms[address.form]
        cells = []
        for fact in self.account.of_form(address.form, address.period):
            if fact.address.row == address.row:
                unit = form.unit_of(address.row)
                amount = self.statute.amount_text(fact.figure.value, unit, table=True)
                cells.append(f"{form.columns[fact.address.column].label} {amount}")
        name = self.statute.name_of(form, address.row)
        return f"《{form.title}》{form.number_of(address.row)} {name}：{'，'.join(cells)}"


def _evaluations(account: Account) -> dict[Source, str]:
    """What stands where on the self-evaluation forms: the form itself, or one of its indicators."""
    found: dict[Source, str] = {}
    for sheet in account.sheets:
        sources = [sheet.source, *(source for _, source in sheet.places)]
        found.update({source: f"自评表 {sheet.title}" for source in sources if source})
        found.update({i.source: f"自评表 {sheet.title} {i.name}" for i in sheet.indicators if i.source})
    return found


def _meant(statements: Sequence[Statement], finding: Issue) -> Sequence[Statement]:
    """Of the sentences of a paragraph those that a finding is about: of its clause, and quoted in its message."""
    mine = [statement for statement in statements if statement.clause == finding.code] or statements
    quoted = [statement for statement in mine if statement.text[:OPENING] in finding.message]
    return quoted or mine


def _sentence(statement: Statement) -> str:
    return " ".join(part for part in ("正文", statement.clause, statement.row, statement.column) if part)


def unique(items: Iterable[Item]) -> list[Item]:
    """Each once, in the order of their first."""
    return list(dict.fromkeys(items))
