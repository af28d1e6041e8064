"""Quantities of the narrative measured on an account: amounts, changes, shares, and the conditions on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import ZERO, Account, Period, Project, rounded, total
from juesuan.statute.articulation.notation import (
    Blank,
    Comparison,
    Name,
    Place,
    Sum,
    parse_condition,
    parse_place,
    parse_quantity,
)
from juesuan.statute.articulation.solver import Expander, Operand
from juesuan.statute.form import TOTAL, level_of
from juesuan.statute.profile import MONEY_UNITS, Statute

PERCENT = "%"
"""The unit of a ratio."""


class Measured(msgspec.Struct, frozen=True):
    """A quantity: its exact value in base units (None: blank) and the unit it is printed in."""

    value: Decimal | None
    unit: str
    change: bool = False
    """Whether it is a difference: below what is printed it counts as none, and the sentence says 持平."""
    of: str = ""
    """What it is in the notation, where a clause declares it."""

    @property
    def amount(self) -> Decimal:
        """The value, zero for a blank."""
        return self.value if self.value is not None else ZERO


def lines(account: Account, statute: Statute, form_key: str, periods: Sequence[Period] = ("本年",)) -> list[str]:
    """The lines that a form has in `account`: every code that carries a figure and the codes above it, in order."""
    form = statute.forms[form_key]
    return form.layout.listed({f.address.row for period in periods for f in account.of_form(form_key, period)})


def of_project(account: Account, project: Project, fund: str = "") -> dict[str, Measured]:
    """The quantities that a clause about a project may use: 支出数, 全年预算, 年初预算数 (yuan) and 得分.

    With `fund` the outlay is what was paid from that source, blank where that is not known.
    """
    scores = [s.score for s in account.sheets if s.kind == "项目" and s.title == project.name]
    return {
        "支出数": Measured(project.outlays.get(fund) if fund else project.outlay, "万元"),
        "全年预算": Measured(project.budget, "万元"),
        "年初预算数": Measured(project.initial, "万元"),
        "得分": Measured(scores[0] if scores else None, "分"),
    }


def of_fund(account: Account, fund: str) -> dict[str, Measured]:
    """The quantities that a clause on one source of funds counts for itself: 有支出项目数, 项目支出数."""
    outlays = [outlay for project in account.projects if (outlay := project.outlays.get(fund))]
    return {"有支出项目数": Measured(Decimal(len(outlays)), "个"), "项目支出数": Measured(total(outlays), "万元")}


def _common(account: Account) -> dict[str, Measured]:
    """The quantities that stand in no form: the number of projects, their amounts, the unit's own evaluation."""
    whole = next((sheet for sheet in account.sheets if sheet.kind == "整体"), None)
    return {
        "项目数": Measured(Decimal(len(account.projects)), "个"),
        "有支出项目数": Measured(Decimal(sum(1 for project in account.projects if project.outlay)), "个"),
        "项目支出数": Measured(total(project.outlay for project in account.projects), "万元"),
        "项目预算数": Measured(total(project.budget for project in account.projects), "万元"),
        "整体预算数": Measured(whole.budget.value if whole else None, "万元"),
        "整体支出数": Measured(whole.outlay.value if whole else None, "万元"),
        "整体得分": Measured(whole.score if whole else None, "分"),
    }


COMMON = frozenset(
    ["项目数", "有支出项目数", "项目支出数", "项目预算数", "整体预算数", "整体支出数", "整体得分"]
)
"""The quantities that every clause may use."""

OF_PROJECT = frozenset(["支出数", "全年预算", "年初预算数", "得分"])
"""The quantities that a clause repeated over the projects may use."""


def parse_when(condition: str) -> tuple[Comparison | Blank, ...]:
    """The tests of a clause's condition."""
    return parse_condition(condition).tests


class Measurer:
    """Measures quantities on one account."""

    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.common = _common(account)
        self._expander = Expander(statute.forms, self._lines)
        self._rows: dict[str, list[str]] = {}
        self._facts = 0

    def _lines(self, form_key: str) -> list[str]:
        """The lines that a form has, looked for again only when the account has got more figures."""
        if self._facts != len(self.account.facts):
            self._rows.clear()
            self._facts = len(self.account.facts)
        if form_key not in self._rows:
            self._rows[form_key] = lines(self.account, self.statute, form_key)
        return self._rows[form_key]

    def loop(self, each: str, skip: Sequence[str] = ()) -> list[tuple[str | None, str | None]]:
        """The lines or columns that `each` (表5!各项行, 表2!各栏) runs over, as pairs of line and column.

        A form whose budget is published too also runs over the lines that only the budget has.
        """
        place = parse_place(each)
        form = self.statute.forms[place.form or ""]
        if place.columns is not None and place.columns.kind == "each":
            return [(None, key) for key in form.columns if key not in skip]
        level = place.rows.level if place.rows else ""
        rows = lines(self.account, self.statute, form.key, ("本年", *form.periods))
        rows = [row for row in rows if row != TOTAL and row not in skip]
        return [(row, None) for row in rows if not level or level_of(row) == level]

    def addresses(self, place: Place, row: str | None = None, column: str | None = None) -> list[Operand]:
        """The signed addresses that `place` means at the line and column in hand."""
        return self._expander.addresses(place, None, row, column)

    def quantity(
        self, text: str, names: Mapping[str, Measured], row: str | None = None, column: str | None = None
    ) -> Measured:
        """The quantity that `text` states. A ratio with a blank or zero divisor is blank."""
        parsed = parse_quantity(text)
        value = self._sum(parsed.sum, names, row, column)
        if parsed.divisor is None:
            change = any(term.sign < 0 for term in parsed.sum)
            return msgspec.structs.replace(value, change=change, of=text)
        divisor = self._sum(parsed.divisor, names, row, column)
        if not divisor.value:
            return Measured(None, PERCENT, of=text)
        return Measured(value.amount / divisor.value, PERCENT, of=text)

    def _sum(
        self, terms: Sum, names: Mapping[str, Measured], row: str | None, column: str | None
    ) -> Measured:
        values: list[Decimal] = []
        unit = ""
        for term in terms:
            if isinstance(term.operand, Decimal):
                values.append(term.sign * term.operand)
            elif isinstance(term.operand, Name):
                named = names.get(term.operand.name) or self.common[term.operand.name]
                unit = unit or named.unit
                if named.value is not None:
                    values.append(term.sign * named.value)
            else:
                place_unit, found = self._place(term.operand, row, column)
                unit = unit or place_unit
                values.extend(term.sign * value for value in found)
        return Measured(sum(values, ZERO) if values else None, unit)

    def _place(self, place: Place, row: str | None, column: str | None) -> tuple[str, list[Decimal]]:
        operands = self._expander.addresses(place, None, row, column)
        form = self.statute.forms[place.form or ""]
        unit = form.unit_of(operands[0].address.row) if operands else form.unit
        if unit in MONEY_UNITS:
            unit = self.statute.profile.style.text_money
        facts = ((o.sign, self.account.get(o.address)) for o in operands)
        return unit, [sign * fact.figure.value for sign, fact in facts if fact]

    def holds(self, condition: str, names: Mapping[str, Measured]) -> bool:
        """Whether `condition` is true; an empty condition is."""
        if not condition:
            return True
        return all(self._test(test, names) for test in parse_condition(condition).tests)

    def _compared(self, terms: Sum, names: Mapping[str, Measured], printed: bool) -> Decimal:
        """The exact amount of a sum; as it is `printed`, where asked for, and for a change always."""
        amount = ZERO
        for term in terms:
            if isinstance(term.operand, Name):
                named = names.get(term.operand.name) or self.common[term.operand.name]
                amount += term.sign * (_printed(named, self.statute) if printed or named.change else named.amount)
            else:
                amount += self._sum((term,), names, None, None).amount
        return amount

    def _test(self, test: Comparison | Blank, names: Mapping[str, Measured]) -> bool:
        if isinstance(test, Blank):
            return (self._sum(test.sum, names, None, None).value is None) == test.blank
        # Two quantities that both stand in the sentence (决算 < 预算) are compared as the reader sees them.
        printed = all(isinstance(term.operand, Name) for term in (*test.left, *test.right))
        difference = self._compared(test.left, names, printed) - self._compared(test.right, names, printed)
        return {
            "=": difference == 0,
            "≈": difference == 0,
            "≤": difference <= 0,
            "≥": difference >= 0,
            "<": difference < 0,
            ">": difference > 0,
        }[test.comparator]


def _printed(measured: Measured, statute: Statute) -> Decimal:
    step = statute.resolution(measured.unit, table=False)
    if not step:
        return measured.amount
    return rounded(measured.amount / step, 0) * step
