"""This year's figures at the addresses of last year's document, and what its sentences come to with them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from juesuan.account import Account, Address, Fact, Period, with_unit
from juesuan.statute import Case, Clause, Measurer, ParagraphPlan, Statute
from juesuan.statute.checking import load_across
from juesuan.statute.language import Measured

Names = Mapping[str, Measured]


def year_ahead(account: Account, last: Account, budget: Account | None, statute: Statute) -> Account:
    """The account of this year, completed: last year's figures from `last`, the approved budget from `budget`.

    What the account knows itself of both goes before what the other documents say.
    """
    merged = msgspec.structs.replace(account, facts=dict(account.facts))
    if account.year - last.year == 1:
        _complete(merged, last, "上年")
    for same in load_across().budget if budget is not None else ():
        for fact in budget.of_form(same.budget) if budget is not None else ():
            column = same.columns.get(fact.address.column)
            if column and same.account in statute.forms:
                row = same.rows.get(fact.address.row, fact.address.row)
                address = Address(same.account, row, column, "年初预算")
                if merged.get(address) is None:
                    merged.put(Fact(address, fact.figure, fact.source))
    return merged


def knows(account: Account, form: str, period: Period, statute: Statute) -> bool:
    """Whether an account tells of a form, so that a blank is a nothing: it has a figure of it, or it is a published
    form of this year, which an account that was read from a document must print.
    """
    if any(True for _ in account.of_form(form, period)):
        return True
    declared = statute.forms.get(form)
    if declared is None or not declared.published or period != "本年":
        return False
    return not account.tables or any(table.form == form for table in account.tables)


def conflicts(account: Account, last: Account, statute: Statute) -> list[str]:
    """Where the figures given of last year are not those that last year's document publishes, in words."""
    found = []
    for fact in account.facts.values() if account.year - last.year == 1 else ():
        published = last.get(msgspec.structs.replace(fact.address, period="本年"))
        if fact.address.period != "上年" or published is None:
            continue
        step = fact.figure.resolution + published.figure.resolution
        if abs(fact.figure.value - published.figure.value) > step / 2:
            unit = statute.forms[fact.address.form].unit_of(fact.address.row)
            mine, theirs = with_unit(fact.figure.value, unit), with_unit(published.figure.value, unit)
            found.append(f"{statute.describe(fact.address)}：给的数是{mine}，上年公开的是{theirs}；文中用了给的数，请核对")
    return found


def _complete(account: Account, other: Account, period: Period) -> None:
    for fact in other.facts.values():
        if fact.address.period == "本年":
            address = msgspec.structs.replace(fact.address, period=period)
            if account.get(address) is None:
                account.put(Fact(address, fact.figure, fact.source))


class Sentences:
    """The quantities of clauses measured on one account."""

    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.measurer = Measurer(account, statute)
        self.clauses: dict[str, tuple[ParagraphPlan, Clause]] = {
            clause.key: (plan, clause)
            for section in statute.sections
            for plan in section.paragraphs
            for clause in plan.clauses
        }

    def names(self, clause_key: str, row: str, column: str) -> dict[str, Measured]:
        """What the names of a clause come to at a line or column."""
        names: dict[str, Measured] = dict(self.measurer.common)
        plan, clause = self.clauses[clause_key]
        for name, text in {**plan.let, **clause.let}.items():
            names[name] = self.measurer.quantity(text, names, row or None, column or None)
        return names

    def case(self, clause_key: str, names: Names, line: str | None = None) -> Case | None:
        """The wording that the clause would have; with the texts that the account has of a `line`, if one is given."""
        _, clause = self.clauses[clause_key]
        return next(
            (
                case
                for case in clause.cases
                if self.measurer.holds(case.when, names)
                and (line is None or all(self.written(key, line) for key in case.has))
            ),
            None,
        )

    def written(self, key: str, line: str) -> bool:
        """Whether the account has a text of the unit, of a line where one is named."""
        return bool(self.account.texts.get(f"{line}:{key}" if line else key, "").strip())

    def value(self, address: str) -> Decimal | None:
        """The figure at an address, by its text; None for a blank."""
        fact = self.account.facts.get(address)
        return fact.figure.value if fact else None
