"""A second round of checking held against the first: what is there still, what is new, and what is found no more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import msgspec

from juesuan.account import SEVERITY_NAMES, JuesuanError, Severity, os_error_text, spaceless
from juesuan.checker.reports.locations import Checked, Located, Since
from juesuan.statute import Kind, load_statute

NEW, STILL, CHANGED, GONE = "新出现", "仍有", "仍有，数改过", "不再有"
"""What became of a finding since the last round."""

KIND, MARK = "类别", "指纹"
"""The columns of a problem list by which its lines are known again; the second is hidden."""

_SEVERITIES: dict[str, Severity] = {name: severity for severity, name in SEVERITY_NAMES.items()}


class RoundError(JuesuanError):
    """What is given as the last round is none; the message says what is."""


class FormerFinding(msgspec.Struct, frozen=True):
    """A finding of the last round. `place` is the lasting one where the file of that round has it."""

    fingerprint: str
    code: str
    severity: Severity
    message: str
    stated: str = ""
    place: str = ""


Subject = tuple[str, int, Kind]
"""Unit, year and kind of a document: what makes it the same one in another round."""

Rounds = dict[Subject, list[FormerFinding]]
"""The findings of a round, by the documents that they are of."""


def kind_of(item: Checked) -> Kind:
    """Whether a document is a budget or a final account."""
    return load_statute(item.report.profile, item.report.year).profile.kind


def subject_of(item: Checked) -> Subject:
    """Of what a document is; one without the name of a unit goes by the name of its file."""
    return spaceless(item.report.unit) or Path(item.report.file).stem, item.report.year, kind_of(item)


def read_round(path: Path) -> Rounds:
    """The findings of the last round by what each is of, from its problem list (XLSX) or report (JSON).

    Raises RoundError.
    """
    try:
        if path.suffix.lower() == ".json":
            return _of_report(json.loads(path.read_text(encoding="utf-8-sig")))
        return _of_list(path)
    except OSError as error:
        raise RoundError(f"{path.name} 读不出来：{os_error_text(error)}。") from None
    except (ValueError, KeyError, TypeError, BadZipFile):
        raise RoundError(
            f"{path.name} 不是本程序的问题清单（.xlsx）或 JSON 报告（check -o 问题清单.xlsx、-o 报告.json），"
            "认不出上一次的问题。"
        ) from None


def since(rounds: Rounds, checked: Iterable[Checked]) -> list[Checked]:
    """The documents, each with what became of its findings; one that the last round did not have stays as it is."""
    return [compared(known, item) if (known := rounds.get(subject_of(item))) is not None else item for item in checked]


def compared(before: Sequence[FormerFinding], item: Checked) -> Checked:
    """A document with what became of the findings that the last round had on it."""
    left = {known.fingerprint: known for known in before}
    states = {
        located.fingerprint: STILL for located in item.found if left.pop(located.fingerprint, None) is not None
    }
    for located in item.found:
        if located.fingerprint in states:
            continue
        again = next((known for known in left.values() if _same_place(known, located)), None)
        if again is not None:
            del left[again.fingerprint]
        states[located.fingerprint] = CHANGED if again is not None else NEW
    accepted = {entry.located.fingerprint for entry in item.accepted}
    gone = [known for known in left.values() if known.severity != "notice" and known.fingerprint not in accepted]
    found = Since(states, tuple((SEVERITY_NAMES[one.severity], one.code, one.message, one.stated) for one in gone))
    return msgspec.structs.replace(item, since=found)


def known_of(found: Iterable[Located]) -> list[FormerFinding]:
    """Findings as a later round knows them."""
    return [
        FormerFinding(
            each.fingerprint, each.finding.code, each.finding.severity, each.finding.message, each.finding.stated,
            each.place,
        )
        for each in found
    ]


def missing(rounds: Rounds, checked: Iterable[Checked]) -> list[tuple[Subject, int]]:
    """Of what no document came this time although the last round found something in it, and how much: no notices."""
    here = {subject_of(item) for item in checked}
    open_ = {of: sum(1 for one in known if one.severity != "notice") for of, known in rounds.items() if of not in here}
    return [(of, count) for of, count in sorted(open_.items()) if count]


def counted(item: Checked) -> dict[str, int]:
    """How many errors and things to explain are new, still there, and gone."""
    if item.since is None:
        return {}
    counts = [located.fingerprint for located in item.found if located.finding.severity != "notice"]
    states = [item.since.states.get(fingerprint, NEW) for fingerprint in counts]
    return {
        GONE: len(item.since.gone), STILL: sum(1 for state in states if state != NEW), NEW: states.count(NEW),
    }


def _same_place(known: FormerFinding, located: Located) -> bool:
    return bool(known.place) and (known.code, known.place) == (located.finding.code, located.place)


def _of_report(data: Any) -> Rounds:
    found: Rounds = {}
    for entry in data:
        if "unreadable" in entry:
            continue
        statute = load_statute(entry["profile"], entry["year"] or 0)
        of = (spaceless(entry["unit"]) or Path(entry["file"]).stem, entry["year"] or 0, statute.profile.kind)
        found.setdefault(of, []).extend(
            FormerFinding(one["fingerprint"], one["code"], one["severity"], one["message"], one["stated"], one["place"])
            for one in entry["findings"]
        )
    return found


def _of_list(path: Path) -> Rounds:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except InvalidFileException as error:
        raise ValueError(path.name) from error
    try:
        found: Rounds = {}
        documents = _rows(book["文件"].iter_rows(values_only=True))
        for row in documents:
            if row.get(KIND):
                found[_subject(row)] = []
        for row in _rows(book["问题清单"].iter_rows(values_only=True)):
            fingerprint, _, place = str(row.get(MARK) or "").partition(" ")
            severity = _SEVERITIES.get(str(row["程度"]))
            if fingerprint and severity:
                former = FormerFinding(
                    fingerprint, str(row["编号"]), severity, str(row["问题"]), str(row["原为"] or ""), place
                )
                found.setdefault(_subject(row), []).append(former)
        return found
    finally:
        book.close()


def _rows(rows: Iterable[tuple[Any, ...]]) -> Iterable[dict[str, Any]]:
    """The lines of a sheet by their headings."""
    lines = iter(rows)
    headings = [str(cell or "") for cell in next(lines, ())]
    return (dict(zip(headings, line, strict=False)) for line in lines)


def _subject(row: dict[str, Any]) -> Subject:
    year = str(row["年度"] or "")
    kind: Kind = "预算" if row[KIND] == "预算" else "决算"
    unit = spaceless(str(row["单位"] or "")) or Path(str(row["文件"] or "")).stem
    return unit, int(year) if year.isdigit() else 0, kind
