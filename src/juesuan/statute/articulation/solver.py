"""The relations at work: expanded over the lines of an account, judged within rounding, solved for what they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from juesuan.account import ZERO, Address, Figure, JuesuanError, Period, total
from juesuan.statute.articulation.notation import ELLIPSES, Comparator, Comparison, Place, Selector, Sum
from juesuan.statute.articulation.relation import Relation
from juesuan.statute.form import Form, level_of

HERE = "此"
"""The key that stands for the line or column in hand (此行, 此栏)."""

RowsOf = Callable[[str], Sequence[str]]
"""The lines that a form has in the account at hand."""

Status = Literal["成立", "尾数内成立", "不成立"]


class Operand(msgspec.Struct, frozen=True):
    """A signed address in an expanded relation."""

    sign: int
    address: Address


class Instance(msgspec.Struct, frozen=True):
    """A relation at one line and column: `left` compared with `right`, plus the constants of either side."""

    relation: str
    left: tuple[Operand, ...]
    comparator: Comparator
    right: tuple[Operand, ...]
    constant: Decimal = ZERO
    """The constants of the right side less those of the left."""
    guard: Instance | None = None
    target: Address | None = None
    """The cell that this instance computes when an account is compiled."""

    def addresses(self) -> tuple[Address, ...]:
        """Every address of the instance: of its condition, of the left side, of the right."""
        own = tuple(operand.address for operand in (*self.left, *self.right))
        return (*self.guard.addresses(), *own) if self.guard else own

    def solved(self) -> tuple[tuple[Operand, ...], Decimal]:
        """The signed operands and the constant whose sum is the target. Raises ValueError without a target."""
        moved = [*self.left, *(Operand(-o.sign, o.address) for o in self.right)]
        if self.target is None:
            raise ValueError("the instance gives no cell")
        own = next(o.sign for o in moved if o.address == self.target)
        rest = tuple(Operand(-o.sign * own, o.address) for o in moved if o.address != self.target)
        return rest, self.constant * own


def details_missing(
    instance: Instance, forms: Mapping[str, Form], figure: Callable[[Address], Figure | None]
) -> bool:
    """Whether one side has only supplementary figures, or figures of another period, none of them given: nobody is
    obliged to give the details.
    """

    def optional(address: Address) -> bool:
        return address.period != "本年" or not forms[address.form].published

    if any(
        side and all(optional(o.address) and figure(o.address) is None for o in side)
        for side in (instance.left, instance.right)
    ):
        return True
    # A sum over lines of which none is given (Σ类行).
    beside = instance.left if not instance.right else instance.right if not instance.left else ()
    return bool(beside) and not instance.constant and all(o.address.period != "本年" for o in beside)


class Verdict(msgspec.Struct, frozen=True):
    """What an instance comes to: its status, the residual left − right and the limit allowed by rounding (yuan)."""

    status: Status
    residual: Decimal
    limit: Decimal


class CyclicRelationsError(JuesuanError):
    """Relations that compute each other: a defect of the statute."""


def keys_of(selector: Selector, declared: Iterable[str]) -> list[tuple[int, str]]:
    """The signed keys of a group, an ellipsis filled in from the declared keys between its neighbours."""
    if not _elided(selector):
        return [(item.sign, item.key) for item in selector.items]
    declared = list(declared)
    keys: list[tuple[int, str]] = []
    for index, item in enumerate(selector.items):
        if item.key not in ELLIPSES:
            keys.append((item.sign, item.key))
            continue
        keys.extend((item.sign, key) for key in _between(declared, *(selector.items[index + n].key for n in (-1, 1))))
    present = set(declared)
    return [(sign, key) for sign, key in keys if key in present]


def _between(declared: Sequence[str], first: str, last: str) -> Sequence[str]:
    """The declared keys between two of them: by their place, and by number where all have one."""
    places = range(0)
    if first in declared and last in declared:
        places = range(declared.index(first) + 1, declared.index(last))
    numbers = range(int(first) + 1, int(last)) if first.isdigit() and last.isdigit() else range(0)
    return [key for n, key in enumerate(declared) if n in places or (key.isdigit() and int(key) in numbers)]


def _elided(selector: Selector) -> bool:
    return any(item.key in ELLIPSES for item in selector.items)


def children(rows: Sequence[str], level: str, under: str | None) -> list[str]:
    """The lines of `level` among `rows`, those below the code `under` where it is one."""
    prefix = under if under and level_of(under) else ""
    return [row for row in rows if row.startswith(prefix) and level_of(row) == level]


class _Expanded(msgspec.Struct, frozen=True):
    """A relation expanded, with what it was expanded over: reading, checking and writing ask for the same."""

    forms: Mapping[str, Form]
    relation: Relation
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    instances: tuple[Instance, ...]


MOST_EXPANDED, MOST_KEPT = 3000, 1000
"""Relations whose last expansion is kept, and the instances that one may have."""

_EXPANDED: dict[tuple[int, int, Period], _Expanded] = {}


class Expander:
    """Expands relations over the forms of a profile and the lines an account has."""

    def __init__(self, forms: Mapping[str, Form], rows_of: RowsOf, period: Period = "本年") -> None:
        self.forms = forms
        self.rows_of = rows_of
        self.period: Period = period

    def instances(self, relation: Relation) -> Iterator[Instance]:
        """Every instance of `relation`, line by line and column by column."""
        if relation.kind != "equation":
            return iter(())
        rows = tuple((key, tuple(self.rows_of(key))) for key in self._open_forms(relation))
        place = (id(self.forms), id(relation), self.period)
        known = _EXPANDED.get(place)
        if known and known.forms is self.forms and known.relation is relation and known.rows == rows:
            return iter(known.instances)
        found = tuple(self._expanded(relation))
        if len(found) <= MOST_KEPT:
            if len(_EXPANDED) >= MOST_EXPANDED:
                _EXPANDED.clear()
            _EXPANDED[place] = _Expanded(self.forms, relation, rows, found)
        return iter(found)

    def _open_forms(self, relation: Relation) -> list[str]:
        """The forms of `relation` whose lines are those of the account at hand."""
        found: dict[str, None] = {}
        for place in (*relation.equation.places(), relation.given):
            if place is not None:
                form = self._form(relation, place)
                if form.layout.coded or (place.rows is not None and place.rows.kind == "sum"):
                    found[form.key] = None
        return list(found)

    def _expanded(self, relation: Relation) -> Iterator[Instance]:
        equation = relation.equation
        places = equation.body.places()
        for row in self._row_loop(relation, places):
            for column in self._column_loop(relation, places, row):
                guard = self._bind(relation, equation.guard, row, column) if equation.guard else None
                bound = self._bind(relation, equation.body, row, column)
                target = None
                if relation.given:
                    addresses = self.addresses(relation.given, relation.form, row, column)
                    target = addresses[0].address
                yield msgspec.structs.replace(bound, guard=guard, target=target)

    def _form(self, relation: Relation, place: Place) -> Form:
        return self.forms[place.form or relation.form or ""]

    def _row_loop(self, relation: Relation, places: Sequence[Place]) -> list[str | None]:
        loop: dict[str, None] = {}
        looping = False
        for place in places:
            form = self._form(relation, place)
            if place.rows is None:
                if form.layout.only():
                    continue
            elif place.rows.kind != "each":
                continue
            looping = True
            level = place.rows.level if place.rows else ""
            loop.update(dict.fromkeys(self._lines(form, level, place)))
        return list(loop) if looping else [None]

    def _lines(self, form: Form, level: str, place: Place) -> list[str]:
        column = place.columns.key if place.columns and place.columns.kind == "one" else None
        return form.layout.of_level(level, self.rows_of(form.key) if form.layout.coded else (), column)

    def _column_loop(self, relation: Relation, places: Sequence[Place], row: str | None) -> list[str | None]:
        for place in places:
            if place.columns is not None and place.columns.kind != "each":
                continue
            form = self._form(relation, place)
            fixed = self._first_row(form, place, row)
            return list(form.layout.columns_of(fixed) if fixed and form.layout.has(fixed) else form.columns)
        return [None]

    def _first_row(self, form: Form, place: Place, row: str | None) -> str | None:
        if place.rows is None or place.rows.kind == "each":
            return self._row(form, row) if row else next(iter(form.rows), None)
        return place.rows.items[0].key if place.rows.items else None

    @staticmethod
    def _row(form: Form, row: str) -> str:
        return form.layout.of_code(row)

    def _bind(self, relation: Relation, body: Comparison, row: str | None, column: str | None) -> Instance:
        left, left_constant = self._side(relation, body.left, row, column)
        right, right_constant = self._side(relation, body.right, row, column)
        return Instance(relation.code, left, body.comparator, right, right_constant - left_constant)

    def _side(
        self, relation: Relation, terms: Sum, row: str | None, column: str | None
    ) -> tuple[tuple[Operand, ...], Decimal]:
        operands: list[Operand] = []
        constant = ZERO
        for term in terms:
            if isinstance(term.operand, Decimal):
                constant += term.sign * term.operand
            elif isinstance(term.operand, Place):
                found = self.addresses(term.operand, relation.form, row, column)
                operands.extend(Operand(term.sign * operand.sign, operand.address) for operand in found)
        return tuple(operands), constant

    def addresses(
        self, place: Place, form_key: str | None, row: str | None = None, column: str | None = None
    ) -> list[Operand]:
        """The signed addresses that `place` means, at the line and column in hand (此行, 此栏, 各行, 各栏)."""
        form = self.forms[place.form or form_key or ""]
        period = place.period if place.period != "本年" else self.period
        return [
            Operand(row_sign * column_sign, Address(form.key, row_key, column_key, period))
            for row_sign, row_key in self._rows(form, place, row)
            for column_sign, column_key in self._columns(form, place, row_key, column)
        ]

    def _rows(self, form: Form, place: Place, row: str | None) -> list[tuple[int, str]]:
        selector = place.rows
        if selector is None or selector.kind == "each":
            fixed = self._row(form, row) if row is not None else None
            if selector is None:
                fixed = form.layout.only() or fixed
            return [(1, fixed)] if fixed is not None else []
        if selector.kind == "one" and selector.key == HERE:
            return [(1, self._row(form, row))] if row is not None else []
        if selector.kind == "sum":
            return [(1, key) for key in children(self.rows_of(form.key), selector.level, row)]
        return keys_of(selector, [i.key for i in selector.items] if form.layout.coded else form.rows)

    def _columns(self, form: Form, place: Place, row: str, column: str | None) -> list[tuple[int, str]]:
        selector = place.columns
        if selector is not None and selector.kind == "one" and selector.key == HERE:
            return [(1, column)] if column is not None else []
        if selector is not None and selector.kind in ("one", "group"):
            return keys_of(selector, form.columns)
        available = form.layout.columns_of(row) if form.layout.has(row) else tuple(form.columns)
        if column in available and column is not None:
            return [(1, column)]
        return [(1, available[0])]


def judge(instance: Instance, figure: Callable[[Address], Figure | None]) -> Verdict | None:
    """The verdict on `instance` by interval arithmetic, or None where it does not apply (its condition is not met).

    A blank is an exact nothing. An equality fails only when |left − right| exceeds half the sum of the resolutions of
    the printed figures (DESIGN, rule 2); an inequality only when it is broken by more than that. A condition is met
    only where it holds whatever the rounding.
    """
    if instance.guard is not None:
        guard = judge(instance.guard, figure)
        if guard is None or guard.status != "成立":
            return None
    left = [(o.sign, figure(o.address)) for o in instance.left]
    right = [(o.sign, figure(o.address)) for o in instance.right]
    residual = _sum(left) - _sum(right) - instance.constant
    limit = total(f.resolution for _, f in (*left, *right) if f) / 2
    broken = {
        "=": abs(residual),
        "≈": abs(residual),
        "≤": residual,
        "<": residual,
        "≥": -residual,
        ">": -residual,
    }[instance.comparator]
    if instance.comparator in "<>" and not residual:
        return Verdict("尾数内成立" if limit else "不成立", residual, limit)
    if broken <= 0:
        return Verdict("成立", residual, limit)
    return Verdict("尾数内成立" if broken <= limit else "不成立", residual, limit)


def _sum(parts: Sequence[tuple[int, Figure | None]]) -> Decimal:
    return total(sign * figure.value for sign, figure in parts if figure)


def solve(
    instances: Sequence[Instance], given: Mapping[Address, Decimal]
) -> tuple[dict[Address, Decimal], dict[Address, Instance]]:
    """The amounts of all cells that the instances give, from the amounts given, and which instance gave each.

    A given amount is never overwritten. A cell whose parts are all blank stays blank. Amounts are exact, in base units.
    Raises CyclicRelationsError where instances compute each other.
    """
    giving: dict[Address, Instance] = {}
    for instance in instances:
        if instance.target is not None and instance.target not in given:
            giving.setdefault(instance.target, instance)
    solved: dict[Address, Decimal | None] = dict(given)
    open_cells: set[Address] = set()

    def amount(address: Address) -> Decimal | None:
        if address in solved:
            return solved[address]
        instance = giving.get(address)
        if instance is None:
            return None
        if address in open_cells:
            raise CyclicRelationsError(f"{address} 由自己算出自己：{instance.relation}")
        open_cells.add(address)
        operands, constant = instance.solved()
        values = [(operand.sign, amount(operand.address)) for operand in operands]
        known = [sign * value for sign, value in values if value is not None]
        open_cells.discard(address)
        solved[address] = total(known) + constant if known or constant else None
        return solved[address]

    for address in giving:
        amount(address)
    amounts = {address: value for address, value in solved.items() if value is not None}
    return amounts, {address: giving[address] for address in giving if address in amounts}
