"""The findings on a synthetic jurisdiction: by checking its files now, or from a store that has taken them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from juesuan.account import Account
from juesuan.check import check
from juesuan.corpus.simulate_score import Found
from juesuan.read import Reading, read_document


def findings_in_folder(folder: Path, progress: Callable[[int, int], None] | None = None) -> list[Found]:
    """Every file of 决算/ checked, held against last year's account and the budget of the same unit.

    Raises UnreadableFileError.
    """
    published = sorted((folder / "决算").iterdir())
    budgets: dict[tuple[str, int], Account] = {}
    for path in sorted((folder / "预算").iterdir()):
        budget = read_document(path).account
        budgets[budget.unit.name, budget.year] = budget
    readings: list[tuple[Path, Reading]] = []
    for number, path in enumerate(published, 1):
        readings.append((path, read_document(path)))
        if progress:
            progress(number, len(published))
    accounts = {(reading.account.unit.name, reading.account.year): reading.account for _, reading in readings}
    found: list[Found] = []
    for path, reading in readings:
        account = reading.account
        keys = (account.unit.name, account.year - 1), (account.unit.name, account.year)
        others = [other for other in (accounts.get(keys[0]), budgets.get(keys[1])) if other is not None]
        report = check(account, statute=reading.statute, file=path.name, against=others)
        found.extend(Found(path.name, each.code, each.severity, each.because) for each in report.findings)
    return found


def findings_in_store(store: str) -> list[Found]:
    """Every finding on a final account in a store; the budgets are there to be held against. Raises StoreError."""
    from juesuan.corpus import Store

    with Store(store) as opened:
        rows = opened.rows(
            "SELECT d.file, f.code, f.severity FROM findings f JOIN documents d USING (document) WHERE d.kind = '决算'"
        )
        return list(_found(rows))


def _found(rows: list[tuple[str, str, str]]) -> Iterator[Found]:
    for file, code, severity in rows:
        yield Found(file, code, severity)


__all__ = ["findings_in_folder", "findings_in_store"]
