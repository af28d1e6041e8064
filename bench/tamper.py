"""The tamper bench: every figure of the published example changed, one at a time; is it caught? `make bench-tamper`.

Tables: each printed amount as the XLSX is read back, changed by 0.37 万元. Narrative: each figure that a recognised
sentence of the DOCX states, changed likewise (a share by 3 points, a count by one). Prints the rate for each table and
section, and the figures that no relation guards.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec

import juesuan
from juesuan.account import Account, Fact, Figure, Statement
from juesuan.check import check
from juesuan.read import read_document
from juesuan.statute import Statute

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "wuhan-2022" / "whole"
CHANGE = Decimal(3700)
POINTS = Decimal("0.03")


def errors(account: Account, law: Statute) -> int:
    """How many errors are found on an account."""
    return int(check(account, statute=law).count("error"))


def tables(account: Account, law: Statute) -> tuple[Counter[str], Counter[str], list[str]]:
    """Tried and caught by table, and the addresses that were missed."""
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    missed = []
    for key, fact in account.facts.items():
        if not key.startswith("表"):
            continue
        changed = msgspec.structs.replace(account, facts=dict(account.facts))
        changed.put(Fact(fact.address, Figure(fact.figure.value + CHANGE, fact.figure.resolution), fact.source))
        tried[fact.address.form] += 1
        if errors(changed, law):
            caught[fact.address.form] += 1
        else:
            missed.append(key)
    return tried, caught, missed


def narrative(account: Account, law: Statute) -> tuple[Counter[str], Counter[str], list[str]]:
    """Tried and caught by section, and the claims that were missed."""
    section_of = {clause.key: section.title for section, clause in law.clauses()}
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    missed = []
    for index, statement in enumerate(account.statements):
        for number, claim in enumerate(statement.claims):
            money = claim.figure.resolution >= 1
            step = CHANGE if money else max(POINTS, Decimal(claim.figure.resolution == 0))
            figure = Figure(claim.figure.value + step, claim.figure.resolution)
            claims = list(statement.claims)
            claims[number] = msgspec.structs.replace(claim, figure=figure)
            changed = _with(account, index, msgspec.structs.replace(statement, claims=tuple(claims)))
            title = section_of[statement.clause]
            tried[title] += 1
            if errors(changed, law):
                caught[title] += 1
            else:
                missed.append(f"{statement.clause} {statement.row} {claim.name}".replace("  ", " "))
    return tried, caught, missed


def _with(account: Account, index: int, statement: Statement) -> Account:
    statements = list(account.statements)
    statements[index] = statement
    return msgspec.structs.replace(account, statements=tuple(statements))


def report(tried: Counter[str], caught: Counter[str], missed: list[str]) -> None:
    """Prints the rates and what was missed."""
    for name, count in tried.items():
        print(f"  {name}: {caught[name]} of {count}")
    whole = sum(tried.values())
    print(f"  all: {sum(caught.values())} of {whole} = {100 * sum(caught.values()) / whole:.1f} %")
    if missed:
        print(f"  not guarded: {'、'.join(missed)}")


def main() -> None:
    """Runs the bench on the example."""
    with tempfile.TemporaryDirectory() as name:
        account = juesuan.compile(EXAMPLE)
        docx, xlsx = juesuan.publish(account, name, ["docx", "xlsx"])
        sheets, document = read_document(xlsx), read_document(docx)
    found = errors(sheets.account, sheets.statute) + errors(document.account, document.statute)
    print(f"untouched: {found} errors")
    print("tables")
    report(*tables(sheets.account, sheets.statute))
    print("narrative")
    report(*narrative(document.account, document.statute))


if __name__ == "__main__":
    main()
