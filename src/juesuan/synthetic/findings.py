"""The findings on a synthetic jurisdiction: by checking its files now, or from a store that has taken them in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from juesuan.checker import check, compare
from juesuan.reader import Reading, read_document
from juesuan.synthetic.answer_key import FoundIssue


def findings_in_folder(folder: Path, progress: Callable[[int, int], None] | None = None) -> list[FoundIssue]:
    """Every published file checked; accounts are held against last year's account and the budget of the same unit,
    budgets against last year's account and budget.

    Raises UnreadableFileError.
    """
    readings: dict[str, Reading] = {}
    paths = [path for name in ("预算", "决算") for path in sorted((folder / name).iterdir())]
    for number, path in enumerate(paths, 1):
        readings[path.name] = read_document(path)
        if progress:
            progress(number, len(paths))
    names = {_key(reading): name for name, reading in readings.items()}
    found: list[FoundIssue] = []
    for name, reading in readings.items():
        kind, unit, year = _key(reading)
        keys = (("决算", unit, year - 1), ("预算", unit, year if kind == "决算" else year - 1))
        report = check(reading.account, statute=reading.statute, file=name)
        found.extend(FoundIssue(name, each.code, each.severity, each.because) for each in report.findings)
        for other in (names[key] for key in keys if key in names):
            against = readings[other]
            held = compare(reading.account, reading.statute, against.account, against.statute)
            found.extend(FoundIssue(name, each.code, each.severity, each.because, other) for each in held.findings)
    return found


def _key(reading: Reading) -> tuple[str, str, int]:
    return reading.statute.profile.kind, reading.account.unit.name, reading.account.year


def findings_in_store(store: str) -> list[FoundIssue]:
    """Every finding in a store, on final accounts and on budgets. Raises StoreError."""
    from juesuan.corpus import Store

    with Store(store) as opened:
        rows = opened.rows(
            "SELECT d.file, f.code, f.severity, coalesce(o.file, '') FROM findings f JOIN documents d USING (document) "
            "LEFT JOIN documents o ON f.other = o.document"
        )
        return [FoundIssue(file, code, severity, other=other) for file, code, severity, other in rows]


__all__ = ["findings_in_folder", "findings_in_store"]
