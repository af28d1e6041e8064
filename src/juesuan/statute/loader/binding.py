"""Printed line numbers bound to lines: what `27行` means in a text of the statute, and what is printed for it.

Relations and clauses are written in line numbers, as the tables print them. A text without a date is written in the
statute's own numbers (`line`, those of 2019 to 2025); a value that is given by date is written in the numbers printed
in that year; and the key of a line (本年收入合计) is understood too. Here all of them become the names that lines
have in addresses, so that another year's numbers are a change of the forms alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from juesuan.account import JuesuanError
from juesuan.statute.articulation.notation import (
    ELLIPSES,
    Blank,
    Comparison,
    Condition,
    Equation,
    Item,
    NotationError,
    Place,
    Quantity,
    Selector,
    Sum,
    parse,
    parse_condition,
    parse_place,
    parse_quantity,
)
from juesuan.statute.form import NO_NUMBER, Form
from juesuan.statute.loader.dated import DatedText, year_of
from juesuan.statute.source import Node, is_dated
from juesuan.statute.source import Sequence as YamlSequence


class LineOutOfForceError(JuesuanError, LookupError):
    """A text names a line or column of its own that the year has not."""


class Names(msgspec.Struct, frozen=True):
    """Other names for the lines of each form, and the lines and columns that the year has not."""

    lines: dict[str, dict[str, str]]
    gone: dict[str, frozenset[str]] = {}
    gone_columns: dict[str, frozenset[str]] = {}
    order: dict[str, list[str]] = {}
    """The lines of all years in order, to find the nearest one where the end of a range is not in force."""


class FormLines:
    """The fixed lines and the columns of every form in all years: keys, printed numbers, names in addresses."""

    def __init__(self, forms: Node, year: int) -> None:
        self._year = year
        trees = {key: tree for key, tree in forms.items() if isinstance(tree, Node)}
        self._rows = {key: list(_items(tree, "rows", "other_rows")) for key, tree in trees.items()}
        self._columns = {key: list(_items(tree, "columns", "other_columns")) for key, tree in trees.items()}

    def known(self, form: str) -> set[str]:
        """Every name in addresses that a line or column of the form has in any year."""
        rows = {_line(row) for row in self._rows.get(form, ())}
        return rows | {str(column["key"]) for column in self._columns.get(form, ())}

    def bound(self, since: int | None) -> Names:
        """From the names used in a text that is dated `since` (None: not dated) to the names in addresses."""
        return Names(
            {form: self._names(rows, since) for form, rows in self._rows.items()},
            self._gone(self._rows, _line),
            self._gone(self._columns, lambda column: str(column["key"])),
            {form: list(map(_line, rows)) for form, rows in self._rows.items()},
        )

    def printed(self) -> Names:
        """From the names in addresses to the numbers printed in the year; to the key of a line that has none."""
        year = self._year
        return Names(
            {
                form: {_line(row): _number(row, year) or str(row["key"]) for row in rows if _holds(row, year)}
                for form, rows in self._rows.items()
            }
        )

    def _gone(self, items: dict[str, list[Node]], name: Callable[[Node], str]) -> dict[str, frozenset[str]]:
        held = {form: {name(item) for item in found if _holds(item, self._year)} for form, found in items.items()}
        return {form: frozenset(map(name, found)) - held[form] for form, found in items.items()}

    @staticmethod
    def _names(rows: list[Node], since: int | None) -> dict[str, str]:
        names = {str(row["key"]): _line(row) for row in rows}
        if since is None:
            return names | {_line(row): _line(row) for row in rows}
        return names | {number: _line(row) for row in rows if _holds(row, since) and (number := _number(row, since))}


def _items(form: Node, *names: str) -> Iterator[Node]:
    blocks = form.get("blocks")
    for block in blocks if isinstance(blocks, YamlSequence) else ():
        for name in names:
            found = block.get(name) if isinstance(block, Node) else None
            for item in found if isinstance(found, YamlSequence) else ():
                if isinstance(item, Node) and "key" in item:
                    yield item


def _line(row: Node) -> str:
    return str(row.get("line") or row["key"])


def _number(row: Node, year: int) -> str:
    number: Any = row.get("number")
    if is_dated(number):
        dates = [date for date in sorted(number) if year_of(date) <= year]
        number = number[dates[-1]] if dates else None
    line = _line(row)
    if number is None:
        return line if line.isdigit() else ""
    return "" if number == NO_NUMBER else str(number)


def _holds(row: Node, year: int) -> bool:
    first, last = str(row.get("since", year)), str(row.get("until", year))
    return not (first.isdigit() and last.isdigit()) or int(first) <= year <= int(last)


def renamed_equation(equation: Equation, form: str | None, names: Names) -> Equation:
    """`equation`, which stands under `form`, with other names for its lines. Raises LineOutOfForceError."""
    guard = _comparison(equation.guard, form, names) if equation.guard else None
    return Equation(_comparison(equation.body, form, names), guard)


def bound_to_lines(text: str, form: Form, printed: Mapping[str, str] | None = None) -> str:
    """An equation that a table of `form` prints in its own line numbers, in the names that lines have in addresses.

    `printed` are the numbers of its lines, where the table numbers them otherwise than the form. Raises NotationError
    for what is no equation.
    """
    names = Names({form.key: dict(printed or {row.number: row.line for row in form.rows.values() if row.number})})
    return _changed(text, parse, lambda parsed: renamed_equation(parsed, form.key, names), strict=True)


def renamed_place(place: Place, form: str | None, names: Names) -> Place:
    """`place` with other names for its lines: what is not in force leaves a group. Raises LineOutOfForceError."""
    key = place.form or form or ""
    rows = _selector(place.rows, names.lines.get(key, {}), names.gone.get(key, frozenset()), names.order.get(key, ()))
    columns = _selector(place.columns, {}, names.gone_columns.get(key, frozenset()), ())
    same = rows is place.rows and columns is place.columns
    return place if same else msgspec.structs.replace(place, rows=rows, columns=columns)


def _selector(
    selector: Selector | None, names: dict[str, str], gone: frozenset[str], order: Sequence[str]
) -> Selector | None:
    if selector is None or not selector.items:
        return selector
    items = [msgspec.structs.replace(item, key=names.get(item.key, item.key)) for item in selector.items]
    if any(item.key in ELLIPSES for item in items):
        return msgspec.structs.replace(selector, items=_within(items, gone, order))
    held = tuple(item for item in items if item.key not in gone)
    if not held:
        raise LineOutOfForceError(str(selector))
    return selector if held == selector.items else msgspec.structs.replace(selector, items=held)


def _within(items: list[Item], gone: frozenset[str], order: Sequence[str]) -> tuple[Item, ...]:
    """The items of a range (32+33+...+57), an end that is not in force moved to the nearest line inside that is."""
    held = [line for line in order if line not in gone]
    found: list[Item] = []
    for number, item in enumerate(items):
        if item.key in gone:
            at = order.index(item.key)
            last = number and items[number - 1].key in ELLIPSES
            inside = order[at::-1] if last else order[at:]
            item = msgspec.structs.replace(item, key=next((line for line in inside if line in held), item.key))
        if item.key in ELLIPSES or item.key not in {other.key for other in found}:
            found.append(item)
    return tuple(found)


def _comparison(body: Comparison, form: str | None, names: Names) -> Comparison:
    return Comparison(_sum(body.left, form, names), body.comparator, _sum(body.right, form, names))


def _sum(terms: Sum, form: str | None, names: Names) -> Sum:
    return tuple(
        msgspec.structs.replace(term, operand=renamed_place(term.operand, form, names))
        if isinstance(term.operand, Place)
        else term
        for term in terms
    )


def _renamed_quantity(quantity: Quantity, names: Names) -> Quantity:
    divisor = _sum(quantity.divisor, None, names) if quantity.divisor else None
    return Quantity(_sum(quantity.sum, None, names), divisor)


def _renamed_condition(condition: Condition, names: Names) -> Condition:
    tests = (
        Blank(_sum(test.sum, None, names), test.blank) if isinstance(test, Blank) else _comparison(test, None, names)
        for test in condition.tests
    )
    return Condition(tuple(tests))


class Binder:
    """Binds the texts of relations and clauses to the lines of a year."""

    def __init__(self, forms: Node, year: int) -> None:
        self.lines = FormLines(forms, year)
        self._bound: dict[int | None, Names] = {}
        self._printed = self.lines.printed()

    def relation(self, tree: Node) -> bool:
        """Binds the texts of a relation in place; False where it is about a line that the year has not."""
        form = str(tree["form"]) if "form" in tree else None
        try:
            for name, bind in (("is", self._equation), ("gives", self._place)):
                if tree.get(name):
                    tree.put(name, bind(tree[name], form), *tree.at(name))
        except LineOutOfForceError:
            return False
        for name in ("ok", "bad"):
            if isinstance(tree.get(name), Node):
                tree.put(name, self._example(tree[name], form), *tree.at(name))
        shown = self._shown(str(tree.get("is", "")), form)
        if shown:
            tree.put("shown", shown, *tree.at("is"))
        return True

    def texts(self, tree: Any) -> None:
        """Binds the quantities, conditions and places of clauses, charts and workbook sheets in place."""
        if isinstance(tree, YamlSequence):
            for item in tree:
                self.texts(item)
        if not isinstance(tree, Node):
            return
        for name, value in list(tree.items()):
            if name in _QUANTITIES and isinstance(value, Node):
                for key, text in list(value.items()):
                    value.put(key, _or_same(self._quantity, text), *value.at(key))
            elif isinstance(value, str) and value and name in _BOUND:
                tree.put(name, _or_same(getattr(self, _BOUND[name]), value), *tree.at(name))
            else:
                self.texts(value)

    def _names(self, text: str) -> Names:
        since = text.since if isinstance(text, DatedText) else None
        if since not in self._bound:
            self._bound[since] = self.lines.bound(since)
        return self._bound[since]

    def _equation(self, text: str, form: str | None) -> str:
        return _changed(text, parse, lambda parsed: renamed_equation(parsed, form, self._names(text)))

    def _place(self, text: str, form: str | None = None) -> str:
        return _changed(text, parse_place, lambda parsed: renamed_place(parsed, form, self._names(text)))

    def _quantity(self, text: str) -> str:
        return _changed(text, parse_quantity, lambda parsed: _renamed_quantity(parsed, self._names(text)))

    def _condition(self, text: str) -> str:
        return _changed(text, parse_condition, lambda parsed: _renamed_condition(parsed, self._names(text)))

    def _example(self, tree: Node, form: str | None) -> Node:
        bound = Node(tree.file, tree.line)
        for place, value in tree.items():
            bound.put(_or_same(lambda text: self._place(text, form), place), value, *tree.at(place))
        return bound

    def _shown(self, statement: str, form: str | None) -> str:
        """A statement in the numbers printed in the year; empty where those are the statute's own."""
        if not statement:
            return ""
        shown = _changed(statement, parse, lambda parsed: renamed_equation(parsed, form, self._printed))
        return "" if shown == statement else shown


_QUANTITIES = frozenset({"let", "series"})
_BOUND = {"when": "_condition", "where": "_condition", "each": "_place", "address": "_place", "share": "_quantity"}
"""The fields of clauses, charts and sheets that are in the notation, and what each holds."""


def _or_same(bind: Callable[[str], str], text: str) -> str:
    """The text bound; as it is where a line is not in force: its quantity is blank then."""
    try:
        return bind(text)
    except LineOutOfForceError:
        return text


def _changed(text: str, reading: Callable[[str], Any], renaming: Callable[[Any], Any], strict: bool = False) -> str:
    """`text` as it is where no name changes, so that what is printed of it stays what was written.

    What is not in the notation is left to the validation, or with `strict` raised as NotationError.
    """
    try:
        parsed = reading(text)
    except NotationError:
        if strict:
            raise
        return str(text)
    renamed = renaming(parsed)
    return str(text) if renamed == parsed else str(renamed)
