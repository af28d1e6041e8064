"""Two lines of a table whose amounts changed places: one fault, not one of each equation or sentence that it breaks.

Tables of one document print the same items again and again: what was received, what was spent, what the treasury paid.
Where one of them has the amounts of two items the other way round than the others, while their further lines agree,
the two lines were exchanged. No equation need show it, since their sum stays the same.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Account, Address, Fact, Issue, Source, total, with_unit
from juesuan.checker.engine.relations import Decided, Outcome, figure_at
from juesuan.statute import Statute, judge, level_of, load_rules

EXCHANGED = "D005"
_LEAST_ALIKE = 3
"""So many further lines of two columns agree, or fewer where two other tables have the two lines the same way round."""
_MOST = 2
"""A table with more exchanged pairs than this is not told by pairs."""


class _Column(msgspec.Struct, frozen=True):
    """A column of amounts by the codes of its lines; `key` is the form, or the title of a table that is none."""

    key: str
    title: str
    column: str
    amounts: Mapping[str, Decimal]
    places: Mapping[str, Source | None]
    unit: str = "万元"


class Exchange(msgspec.Struct, frozen=True):
    """Two lines of a table in each other's place: its columns, and the tables that print them the other way round."""

    table: str
    title: str
    lines: tuple[str, str]
    columns: tuple[_Column, ...]
    against: tuple[str, ...]
    """The titles of those tables, or why an equation of the table itself should hold."""
    sure: bool
    """Whether more tables print the lines the other way round than this way."""


def exchanged_lines(outcome: Outcome, account: Account, statute: Statute) -> tuple[Exchange, ...]:
    """The pairs of lines that stand exchanged: against other tables, else against the equations of their own."""
    found = _against_others(account, statute)
    known = {each.table for each in found}
    return (*found, *(each for each in _within(outcome, account, statute) if each.table not in known))


def _against_others(account: Account, statute: Statute) -> tuple[Exchange, ...]:
    columns = [*_of_forms(account, statute), *_of_others(account)]
    pairs: dict[tuple[str, str], int] = {}
    for one, other in itertools.combinations(columns, 2):
        for lines, alike in _pairs(one, other):
            pairs[lines] = max(alike, pairs.get(lines, 0))
    found = [each for lines, alike in pairs.items() if (each := _judged(lines, alike, columns)) is not None]
    many = {each.table for each in found if sum(other.table == each.table for other in found) > _MOST}
    return tuple(each for each in found if each.table not in many)


def _of_forms(account: Account, statute: Statute) -> Iterator[_Column]:
    amounts: dict[tuple[str, str], dict[str, Fact]] = defaultdict(dict)
    for fact in account.facts.values():
        address = fact.address
        if address.period == "本年" and fact.figure.value and level_of(address.row) == "项":
            amounts[address.form, address.column][address.row] = fact
    for (form, column), facts in amounts.items():
        yield _Column(
            form, statute.forms[form].title, column,
            {row: fact.figure.value for row, fact in facts.items()}, {row: fact.source for row, fact in facts.items()},
        )  # fmt: skip


def _of_others(account: Account) -> Iterator[_Column]:
    for table in account.others:
        codes = [line.code for line in table.lines if level_of(line.code) == "项"]
        if len(set(codes)) < len(codes):
            # The same item twice: projects or units below each other.
            continue
        for number, heads in enumerate(table.heads):
            cells = {line.code: cell for line in table.lines if line.code in codes and (cell := line.cells[number])}
            cells = {code: cell for code, cell in cells.items() if cell.figure.value and not cell.placed}
            if cells:
                yield _Column(
                    f"{table.title}（其他）", table.title, "·".join(heads),
                    {code: cell.figure.value for code, cell in cells.items()},
                    {code: cell.source for code, cell in cells.items()}, table.unit or "万元",
                )  # fmt: skip


def _pairs(one: _Column, other: _Column) -> Iterator[tuple[tuple[str, str], int]]:
    """The lines of two columns that have each other's amounts, and how many further lines agree."""
    common = one.amounts.keys() & other.amounts.keys()
    differing = sorted(code for code in common if one.amounts[code] != other.amounts[code])
    alike = len(common) - len(differing)
    if not alike or len(differing) < 2:
        return
    for first, second in itertools.combinations(differing, 2):
        if one.amounts[first] == other.amounts[second] and one.amounts[second] == other.amounts[first]:
            yield (first, second), alike


def _judged(lines: tuple[str, str], alike: int, columns: Sequence[_Column]) -> Exchange | None:
    """Which table has the lines exchanged: the one that is alone; None where that does not show."""
    first, second = lines
    ways: dict[tuple[Decimal, Decimal], list[_Column]] = defaultdict(list)
    for column in columns:
        if first in column.amounts and second in column.amounts:
            ways[column.amounts[first], column.amounts[second]].append(column)
    turned = [way for way in ways if (way[1], way[0]) in ways and way[0] < way[1]]
    if len(turned) != 1:
        return None
    sides = (ways[turned[0]], ways[turned[0][1], turned[0][0]])
    tables = [{column.key for column in side} for side in sides]
    few, many = sorted(range(2), key=lambda n: len(tables[n]))
    sure = len(tables[few]) < len(tables[many])
    if len(tables[few]) > 1 or (alike < _LEAST_ALIKE and not (sure and len(tables[many]) >= _MOST)):
        return None
    wrong = sides[few]
    against = tuple(dict.fromkeys(column.title for column in sides[many] if column.key != wrong[0].key))
    return Exchange(wrong[0].key, wrong[0].title, lines, tuple(wrong), against, sure) if against else None


def _within(outcome: Outcome, account: Account, statute: Statute) -> Iterator[Exchange]:
    """Pairs of lines of which the same equation fails by as much up and down, and holds with a column exchanged."""
    broken: dict[tuple[str, str], list[Decided]] = defaultdict(list)
    for decided in outcome.decided:
        places = [o.address for o in (*decided.instance.left, *decided.instance.right)]
        line = {(address.form, address.row) for address in places}
        equal = decided.instance.comparator == "=" and decided.relation.tolerance in "ES"
        if decided.verdict.status == "不成立" and equal and len(line) == 1 and level_of(places[0].row) == "项":
            broken[places[0].form, decided.relation.code].append(decided)
    columns = [*_of_forms(account, statute)]
    pairs = ((form, pair) for (form, _), all_of in broken.items() for pair in itertools.combinations(all_of, 2))
    for form, pair in pairs:
        if abs(total(d.verdict.residual for d in pair)) > total(d.verdict.limit for d in pair):
            continue
        first, second = sorted(d.instance.left[0].address.row for d in pair)
        own = [c for c in columns if c.key == form and first in c.amounts and second in c.amounts]
        found = []
        for column in own:
            same = tuple(c for c in own if all(c.amounts[row] == column.amounts[row] for row in (first, second)))
            each = Exchange(form, column.title, (first, second), same, (pair[0].relation.why,), True)
            if each not in found and _mends(each, pair, outcome, account):
                found.append(each)
        if len(found) == 1:
            yield found[0]


def _mends(each: Exchange, pair: Sequence[Decided], outcome: Outcome, account: Account) -> bool:
    """Whether the two equations hold with the exchanged cells the other way round, and nothing else is broken by it."""
    turned = in_their_lines(account, [each])
    cells = {Address(each.table, line, column.column) for line in each.lines for column in each.columns}
    touched = [d for d in outcome.decided if cells & set(d.instance.addresses()) and d.relation.tolerance in "ES"]
    for decided in touched:
        verdict = judge(decided.instance, lambda address: figure_at(turned, address))
        as_before = decided not in pair and decided.verdict.status == "不成立"
        if verdict is None or (verdict.status == "不成立" and not as_before):
            return False
    return True


def in_their_lines(account: Account, exchanges: Sequence[Exchange]) -> Account:
    """The account with the amounts of exchanged lines where they must be meant to stand."""
    facts = dict(account.facts)
    for each in exchanges:
        if not each.sure:
            continue
        for column in each.columns:
            first, second = (Address(column.key, line, column.column) for line in each.lines)
            one, other = facts.get(str(first)), facts.get(str(second))
            if one is not None and other is not None:
                facts[str(first)] = Fact(first, other.figure, one.source)
                facts[str(second)] = Fact(second, one.figure, other.source)
    return msgspec.structs.replace(account, facts=facts)


def exchange_issue(each: Exchange, account: Account, statute: Statute) -> Issue:
    """What is said of two exchanged lines."""
    column = each.columns[0]
    names = [f"{code}{_name(code, statute)}" for code in each.lines]
    here = [with_unit(column.amounts[code], column.unit) for code in each.lines]
    within = each.against[0].endswith("。")
    others = "".join(f"《{title}》" for title in each.against)
    stated, expected = "、".join(here), "、".join(reversed(here))
    message = (
        f"《{each.title}》“{names[0]}”与“{names[1]}”两行的金额互换了：本表为{stated}，应为{expected}。{each.against[0]}"
        if within
        else f"《{each.title}》“{names[0]}”与“{names[1]}”两行的金额互换了：本表为{stated}，{others}为{expected}。"
        if each.sure
        else f"《{each.title}》“{names[0]}”与“{names[1]}”两行的金额与{others}正好相反：本表为{stated}，"
        f"{others}为{expected}，有一张表两行填反了，请对照账簿更正。"
    )
    places = tuple(place for code in each.lines if (place := column.places.get(code)))
    return Issue(EXCHANGED, load_rules()[EXCHANGED].severity, message, places, stated, expected)


def _name(code: str, statute: Statute) -> str:
    return statute.functional.name(code, statute.year)
