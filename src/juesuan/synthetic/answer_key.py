"""Findings held against the answer key of a synthetic jurisdiction: recall and precision by kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from juesuan.synthetic.faults import NOTICED
from juesuan.synthetic.jurisdiction import KEY, Answer


class FoundIssue(msgspec.Struct, frozen=True):
    """A finding of a file: the rule, how severe, and the rules it was put down to."""

    file: str
    code: str
    severity: str
    because: tuple[str, ...] = ()
    other: str = ""
    """The file that it was held against, where the rule is one between two documents."""


class KindScore(msgspec.Struct, frozen=True):
    """How a kind fared: contradictions planted, and found."""

    kind: str
    planted: int
    found: int


class Score(msgspec.Struct, frozen=True):
    """The marks by kind; errors told in all, those that nothing planted explains, and what was planted and not found.

    `undetectable` are those among the planted ones that nothing in the documents gives away.
    """

    marks: tuple[KindScore, ...]
    errors: int
    false: tuple[FoundIssue, ...]
    missed: tuple[Answer, ...]
    undetectable: int = 0

    @property
    def recall(self) -> float:
        """The share of planted contradictions that were found, one if there were none."""
        return _share(self.found, self.planted)

    @property
    def recall_of_detectable(self) -> float:
        """The share of those found that the documents give away at all, one if there were none."""
        lost = sum(answer.detectable for answer in self.missed)
        return _share(self.planted - self.undetectable - lost, self.planted - self.undetectable)

    @property
    def planted(self) -> int:
        """Contradictions planted."""
        return sum(mark.planted for mark in self.marks)

    @property
    def found(self) -> int:
        """Contradictions found."""
        return sum(mark.found for mark in self.marks)

    @property
    def precision(self) -> float:
        """The share of errors told that something planted explains, one if none were told."""
        return 1 - len(self.false) / self.errors if self.errors else 1.0


def read_answers(folder: Path) -> list[Answer]:
    """The answer key in `folder`. Raises OSError and ValueError."""
    data = json.loads((folder / KEY).read_text(encoding="utf-8"))
    return msgspec.convert(data["answers"], list[Answer])


def score(answers: Iterable[Answer], findings: Iterable[FoundIssue]) -> Score:
    """A contradiction is found where its file has an error or warning of an expected rule; an error is explained where
    its file, or the one that it was held against, has a contradiction that expects its rule. Files are told by names.
    """
    by_file: dict[str, list[Answer]] = {}
    for answer in answers:
        by_file.setdefault(Path(answer.file).name, []).append(answer)
    found: dict[str, list[FoundIssue]] = {}
    for finding in dict.fromkeys(findings):
        found.setdefault(Path(finding.file).name, []).append(finding)
    planted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    missed = []
    for file, here in by_file.items():
        for answer in here:
            planted[answer.kind] += 1
            if any(_finds(answer, finding) for finding in found.get(file, ())):
                right[answer.kind] += 1
            else:
                missed.append(answer)
    errors = [finding for findings_of in found.values() for finding in findings_of if finding.severity == "error"]
    false = [
        finding
        for finding in errors
        if not any(
            _explains(answer, finding)
            for file in (finding.file, finding.other)
            for answer in by_file.get(Path(file).name, ())
        )
    ]
    hidden = sum(not answer.detectable for here in by_file.values() for answer in here)
    marks = tuple(KindScore(kind, count, right[kind]) for kind, count in sorted(planted.items()))
    return Score(marks, len(errors), tuple(false), tuple(missed), hidden)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _finds(answer: Answer, finding: FoundIssue) -> bool:
    return _explains(answer, finding) and (finding.severity != "notice" or answer.kind in NOTICED)


def _explains(answer: Answer, finding: FoundIssue) -> bool:
    return any(code.startswith(answer.codes) for code in (finding.code, *finding.because))
