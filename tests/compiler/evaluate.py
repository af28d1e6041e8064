"""The quantities of the narrative worked out a second time, by the plainest means, to hold the prose to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from juesuan.account import Account, Claim
from juesuan.statute import Statute, parse_quantity
from juesuan.statute.articulation.notation import Name, Place, Selector, Sum
from juesuan.statute.clause import Clause, ParagraphPlan


class Unknown(Exception):  # noqa: N818 - a quantity that stands in no table
    """A quantity that is counted, not taken from a table (项目数)."""


def plans(statute: Statute) -> dict[str, tuple[ParagraphPlan, Clause]]:
    """Every clause by key, with the paragraph it belongs to."""
    return {
        clause.key: (paragraph, clause)
        for section in statute.sections
        for paragraph in section.paragraphs
        for clause in paragraph.clauses
    }


def quantity(claim: Claim, statute: Statute, account: Account) -> tuple[Decimal, str]:
    """The exact value that `claim` states and the unit it should be printed in (% for a ratio). Raises Unknown."""
    paragraph, clause = plans(statute)[claim.clause]
    return _Evaluator({**paragraph.let, **clause.let}, statute, account, claim.row).named(claim.name)


class _Evaluator:
    def __init__(self, let: Mapping[str, str], statute: Statute, account: Account, line: str) -> None:
        self.let, self.statute, self.account, self.line = let, statute, account, line

    def named(self, name: str) -> tuple[Decimal, str]:
        if name not in self.let:
            raise Unknown(name)
        parsed = parse_quantity(self.let[name])
        value, unit = self.sum(parsed.sum)
        if parsed.divisor is None:
            return value, unit
        return value / self.sum(parsed.divisor)[0], "%"

    def sum(self, terms: Sum) -> tuple[Decimal, str]:
        value, units = Decimal(0), []
        for term in terms:
            if isinstance(term.operand, Decimal):
                value += term.sign * term.operand
                continue
            part, unit = self.named(term.operand.name) if isinstance(term.operand, Name) else self.place(term.operand)
            value += term.sign * part
            units.append(unit)
        return value, units[0]

    def place(self, place: Place) -> tuple[Decimal, str]:
        form = self.statute.forms[place.form or ""]
        rows = self.keys(place.rows, next(iter(form.rows), ""))
        period = "" if place.period == "本年" else f"{place.period}!"
        value = Decimal(0)
        for sign, row in rows:
            for other, column in self.keys(place.columns, ""):
                fact = self.account.facts.get(f"{period}{form.key}!{row}行{column}栏")
                value += sign * other * (fact.figure.value if fact else 0)
        return value, form.unit_of(rows[0][1])

    def keys(self, selector: Selector | None, default: str) -> list[tuple[int, str]]:
        if selector is None:
            return [(1, default)]
        return [(item.sign, self.line if item.key == "此" else item.key) for item in selector.items]


def half_up(value: Decimal, decimals: int) -> Decimal:
    """`value` rounded half up, by the decimal module itself."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def amount(text: str) -> Decimal:
    """The number that a printed text states."""
    return Decimal(text.replace(",", ""))
