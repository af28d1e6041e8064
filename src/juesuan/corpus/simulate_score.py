"""Findings held against the answer key of a synthetic jurisdiction: recall and precision by kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from juesuan.corpus.simulate import KEY, Answer
from juesuan.corpus.simulate_plant import NOTICED


class Found(msgspec.Struct, frozen=True):
    """A finding of a file: the rule, how severe, and the rules it was put down to."""

    file: str
    code: str
    severity: str
    because: tuple[str, ...] = ()


class Mark(msgspec.Struct, frozen=True):
    """How a kind fared: contradictions planted, and found."""

    kind: str
    planted: int
    found: int


class Score(msgspec.Struct, frozen=True):
    """The marks by kind; errors told in all, and those that nothing planted explains."""

    marks: tuple[Mark, ...]
    errors: int
    false: tuple[Found, ...]
    missed: tuple[Answer, ...]

    @property
    def recall(self) -> float:
        """The share of planted contradictions that were found, one if there were none."""
        planted = sum(mark.planted for mark in self.marks)
        return sum(mark.found for mark in self.marks) / planted if planted else 1.0

    @property
    def precision(self) -> float:
        """The share of errors told that something planted explains, one if none were told."""
        return 1 - len(self.false) / self.errors if self.errors else 1.0


def read_answers(folder: Path) -> list[Answer]:
    """The answer key in `folder`. Raises OSError and ValueError."""
    data = json.loads((folder / KEY).read_text(encoding="utf-8"))
    return msgspec.convert(data["answers"], list[Answer])


def score(answers: Iterable[Answer], findings: Iterable[Found]) -> Score:
    """A contradiction is found where its file has an error or warning of an expected rule; an error is explained where
    its file has a contradiction that expects its rule. Files are told by their names.
    """
    by_file: dict[str, list[Answer]] = {}
    for answer in answers:
        by_file.setdefault(Path(answer.file).name, []).append(answer)
    told: dict[str, list[Found]] = {}
    for finding in dict.fromkeys(findings):
        told.setdefault(Path(finding.file).name, []).append(finding)
    planted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    missed = []
    for file, here in by_file.items():
        for answer in here:
            planted[answer.kind] += 1
            if any(_finds(answer, finding) for finding in told.get(file, ())):
                right[answer.kind] += 1
            else:
                missed.append(answer)
    errors = [finding for findings_of in told.values() for finding in findings_of if finding.severity == "error"]
    false = [
        finding
        for finding in errors
        if not any(_explains(answer, finding) for answer in by_file.get(Path(finding.file).name, ()))
    ]
    marks = tuple(Mark(kind, count, right[kind]) for kind, count in sorted(planted.items()))
    return Score(marks, len(errors), tuple(false), tuple(missed))


def _finds(answer: Answer, finding: Found) -> bool:
    return _explains(answer, finding) and (finding.severity != "notice" or answer.kind in NOTICED)


def _explains(answer: Answer, finding: Found) -> bool:
    return any(code.startswith(answer.codes) for code in (finding.code, *finding.because))
