"""Changes tried out: the document with them, read and checked again, decides which are made."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from juesuan.account import Account, Issue, Source, UnreadableFileError
from juesuan.checker import Report
from juesuan.inspection import Inspection, inspect
from juesuan.revision.correction.candidates import Change, alternatives, fixable
from juesuan.revision.texts import Texts

MOST_ALTERNATIVES = 6
"""A finding whose wrong figure may stand at more places than this is left to people."""

Agreed = list[tuple[Issue, Change]]


class AttemptOutcome(msgspec.Struct, frozen=True):
    """The changes that hold, what the document comes to with them, and why other findings were not corrected."""

    agreed: tuple[tuple[Issue, Change], ...]
    after: Report
    why: dict[tuple[str, tuple[Source, ...]], str]
    unsafe: int
    """How many findings could be corrected besides where a person agrees."""


class Material(Protocol):
    """A file that changes can be made in."""

    path: Path
    texts: Texts

    def obstacle(self, change: Change) -> str:
        """Why a change cannot be made in place, in Chinese; empty where it can."""

    def write(self, changes: Sequence[Change], target: Path) -> None:
        """Writes the file with the changes made, without a trace."""


class CorrectionAttempt:
    """Tries changes on one document. Raises UnreadableFileError."""

    def __init__(self, material: Material, profile: str | None, against: Sequence[Account], *, unsafe: bool) -> None:
        self.material = material
        self.path = path = material.path
        self.profile = profile
        self.against = against
        self.unsafe = unsafe
        self.before: Inspection = self._inspected(path)
        self.texts = material.texts
        self.known = _to_do(self.before.report.findings)
        self.agreed: Agreed = []
        self.report = self.before.report
        self.why: dict[tuple[str, tuple[Source, ...]], str] = {}

    def _inspected(self, path: Path) -> Inspection:
        return inspect(path, self.profile, against=self.against)

    def outcome(self) -> AttemptOutcome:
        """What can be corrected: tables first, for a sentence is right or wrong by what the tables then say."""
        for in_tables in (True, False):
            self._stage(in_tables)
        determined = _determined(self.agreed, self.report.findings)
        if len(determined) < len(self.agreed):
            self.agreed = []
            self.report = self.before.report
            self._keep(determined)
        account, law = self.before.reading.account, self.before.reading.statute
        more = 0
        if not self.unsafe:
            more = sum(
                fixable(finding, account, law, unsafe=True)
                and not fixable(finding, account, law, unsafe=False)
                and bool(alternatives(finding, account, law, self.texts))
                for finding in self.report.findings
            )
        return AttemptOutcome(tuple(self.agreed), self.report, self.why, more)

    def _stage(self, in_tables: bool) -> None:
        wanted: Agreed = []
        doubtful: list[tuple[Issue, list[Change]]] = []
        reading = self.before.reading
        for finding in self.report.findings:
            if not fixable(finding, reading.account, reading.statute, unsafe=self.unsafe):
                continue
            found = alternatives(finding, reading.account, reading.statute, self.texts)
            if not found or bool(found[0].source.cell) != in_tables:
                continue
            obstacles = [self.material.obstacle(change) for change in found]
            free = [change for change, reason in zip(found, obstacles, strict=True) if not reason]
            if not free:
                self.why[finding.code, finding.places] = obstacles[0]
            elif len(free) == 1 and not _taken(free[0], wanted):
                wanted.append((finding, free[0]))
            elif len(free) <= MOST_ALTERNATIVES:
                doubtful.append((finding, free))
        self._keep(wanted)
        for finding, choices in doubtful:
            if finding not in self.report.findings:
                continue
            good = [
                held
                for change in choices
                if not _taken(change, self.agreed) and (held := self._held(finding, change)) is not None
            ]
            if len(good) == 1:
                change, self.report = good[0]
                self.agreed.append((finding, change))

    def _keep(self, wanted: Agreed) -> None:
        """Agrees to those of the wanted changes that hold together with what was agreed before."""
        wanted = [pair for pair in wanted if not _taken(pair[1], self.agreed)]
        if not wanted:
            return
        if len(wanted) == 1:
            finding, change = wanted[0]
            held = self._held(finding, change)
            if held is not None:
                self.agreed.append((finding, held[0]))
                self.report = held[1]
            return
        report = self._tried([*self.agreed, *wanted])
        if report is not None:
            self.agreed.extend(wanted)
            self.report = report
            return
        middle = len(wanted) // 2
        self._keep(wanted[:middle])
        self._keep(wanted[middle:])

    def _held(self, finding: Issue, change: Change) -> tuple[Change, Report] | None:
        """The change that mends a finding beside what was agreed, as fine as need be, and the report on it."""
        for text in dict.fromkeys(filter(None, (change.text, change.finer))):
            tried = msgspec.structs.replace(change, text=text)
            report = self._tried([*self.agreed, (finding, tried)])
            if report is not None:
                return tried, report
        return None

    def _tried(self, chosen: Agreed) -> Report | None:
        """The report on the document with these changes; None where one of their findings is left, or one is new."""
        with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
            copy = Path(folder) / self.path.name
            self.material.write([change for _, change in chosen], copy)
            try:
                report = self._inspected(copy).report
            except UnreadableFileError:
                return None
        allowed = self.known - Counter((finding.code, finding.places[:1]) for finding, _ in chosen)
        left = {_key(finding) for finding in report.findings}
        if any(_key(finding) in left for finding, _ in chosen) or _to_do(report.findings) - allowed:
            return None
        return report


def _determined(agreed: Agreed, findings: Sequence[Issue]) -> Agreed:
    """The changes without those that rest on a figure of which it is open whether it is right."""
    open_ones = [finding for finding in findings if finding.severity == "error"]
    suspects = {place for finding in open_ones for place in finding.places}
    suspects |= {place for finding in open_ones for place in _touched(finding) if not place.cell}
    return [(finding, change) for finding, change in agreed if not suspects & _touched(finding)]


def _touched(finding: Issue) -> set[Source]:
    return {*finding.places, *(operand.source for operand in finding.operands if operand.source)}


def _taken(change: Change, others: Agreed) -> bool:
    return any(
        (other.source, other.part) == (change.source, change.part)
        and change.start < other.end
        and other.start < change.end
        for _, other in others
    )


def _key(finding: Issue) -> tuple[str, str, str, tuple[Source, ...]]:
    return finding.code, finding.severity, finding.stated, finding.places[:1]


def _to_do(findings: Sequence[Issue]) -> Counter[tuple[str, tuple[Source, ...]]]:
    """The findings by rule and place that somebody must do something about."""
    return Counter((f.code, f.places[:1]) for f in findings if f.severity != "notice")
