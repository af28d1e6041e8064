"""Accounts checked: every contradiction with its place and its equation, and no alarm on what is sound."""

from __future__ import annotations

import msgspec

from juesuan.account import Account, Fact
from juesuan.check.findings import SEVERITY_NAMES, Finding, Operand, Report, Severity, Tally
from juesuan.check.narrative import verify_narrative
from juesuan.check.relations import decide
from juesuan.check.structure import findings_on_structure
from juesuan.check.tables import Corrections, findings_on_tables
from juesuan.rooms import callable_room
from juesuan.statute import Statute, load_statute

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "notice": 2}


def check(account: Account, *, statute: Statute | None = None, file: str = "", notes: tuple[str, ...] = ()) -> Report:
    """The report on `account`: the tables' relations, each cause once, under the statute of its profile and year."""
    law = statute or load_statute(account.profile, account.year)
    outcome = decide(account, law)
    tables, corrections = findings_on_tables(outcome, account, law)
    narrative = verify_narrative(_with(account, corrections), law)
    found = [
        *tables,
        *findings_on_structure(account, law),
        *narrative.findings,
    ]
    findings = sorted(found, key=lambda f: (_ORDER[f.severity], f.code))
    unit, year = account.unit.name, account.year
    claims = (narrative.decided, narrative.undecided)
    tally = outcome.tally()
    return Report(file, account.profile, unit, year, tuple(findings), tally, claims, account.unplaced, notes)


def _with(account: Account, corrections: Corrections) -> Account:
    """The account with figures corrected: a sentence that states the right figure is not blamed for a wrong table."""
    if not corrections:
        return account
    corrected = msgspec.structs.replace(account, facts=dict(account.facts))
    for address, figure in corrections.items():
        known = account.get(address)
        corrected.put(Fact(address, figure, known.source if known else None))
    return corrected


callable_room(__name__)

__all__ = ["SEVERITY_NAMES", "Finding", "Operand", "Report", "Severity", "Tally", "check"]
