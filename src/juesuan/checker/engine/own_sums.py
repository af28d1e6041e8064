"""The sums that a table shows by itself: what most of its lines or columns hold, the others are held to.

A table that is none of the forms, or has columns that its form does not know, has no declared relations. Its codes say
which lines are parts of which, its headings which columns are; whether they are meant so, its figures show.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import ZERO, Account, OtherCell, OtherTable, Source, Unplaced
from juesuan.statute import MONEY_UNITS, TOTAL
from juesuan.statute.language import load_document_words

_LEAST_HELD = 3
"""So many sums of a kind have to hold before one that does not is wrong."""
_MOST_WRONG = 4
"""And at least so many for each that does not."""

_CHANGE = re.compile("增减[额数]?$|增减金额|增减变动[额数]|变动额")
"""Headings of the difference between two columns."""

_ORDINALS = (
    r"[一二三四五六七八九十]+[、.．]",
    r"[（(][一二三四五六七八九十]+[)）]",
    r"\d{1,2}[、.．](?!\d)",
    r"[（(]\d{1,2}[)）]",
    "[①-⑳]",
)
_AMONG = "其中"
_PERHAPS = ("ordinal", "few")
"""Kinds of sums whose lines may be some of several."""

Place = tuple[int, int]
"""Line and column of a cell."""


class OwnSum(msgspec.Struct, frozen=True):
    """A whole and its parts within one table, by their places; `kind` says what makes them so."""

    kind: tuple[str, int]
    whole: Place
    parts: tuple[Place, ...]
    minus: tuple[Place, ...] = ()
    """What is taken away: last year's figure where the whole is the change."""
    times: bool = False
    """Whether the whole is the product of its parts (数量 and 单价)."""

    @property
    def places(self) -> tuple[Place, ...]:
        """All cells of the sum."""
        return (self.whole, *self.parts, *self.minus)


class OwnSums(msgspec.Struct, frozen=True):
    """The sums that a table shows: those that hold and those that do not, of the kinds that mostly hold."""

    table: OtherTable
    held: tuple[OwnSum, ...]
    broken: tuple[OwnSum, ...]
    doubtful: tuple[OwnSum, ...] = ()
    """The one sum by code that does not hold, where there are too few to show that it should."""
    agreeing: tuple[OwnSum, ...] = ()
    """Sums of kinds that all hold, too few to show that they must: what stands in them is understood all the same."""

    def cell(self, place: Place) -> OtherCell | None:
        """The cell at a place."""
        return self.table.lines[place[0]].cells[place[1]]

    def value(self, place: Place) -> Decimal:
        """The amount at a place, zero for a blank."""
        cell = self.cell(place)
        return cell.figure.value if cell else ZERO

    def gap(self, each: OwnSum) -> Decimal:
        """What the whole is more than its parts together."""
        return self.value(each.whole) - self.made(each)

    def made(self, each: OwnSum) -> Decimal:
        """What the parts make together."""
        if each.times:
            count, price = (self.value(part) for part in each.parts)
            return count * price / MONEY_UNITS.get(self.table.unit, Decimal(1))
        return sum((self.value(part) for part in each.parts), ZERO) - sum(map(self.value, each.minus), ZERO)

    def limit(self, each: OwnSum) -> Decimal:
        """How much of a gap rounding makes."""
        cells = [cell for place in each.places if (cell := self.cell(place))]
        if each.times:
            count, price = (self.cell(part) for part in each.parts)
            step = price.figure.resolution if price else ZERO
            own = self.cell(each.whole)
            times = count.figure.value / MONEY_UNITS.get(self.table.unit, Decimal(1)) if count else Decimal(1)
            return (step * times + (own.figure.resolution if own else ZERO)) / 2
        return max((cell.figure.resolution for cell in cells), default=ZERO) * len(cells) / 2

    @property
    def sources(self) -> frozenset[Source]:
        """Where the cells stand that have a part in a sum."""
        known = (*self.held, *self.broken, *self.agreeing)
        cells = (self.cell(place) for each in known for place in each.places)
        return frozenset(cell.source for cell in cells if cell and cell.source)


def own_sums(table: OtherTable) -> OwnSums:
    """The sums of a table of the kinds that its figures show: at least three hold, and four for each that does not."""
    empty = OwnSums(table, (), ())
    held: dict[tuple[str, int], list[OwnSum]] = defaultdict(list)
    broken: dict[tuple[str, int], list[OwnSum]] = defaultdict(list)
    nothing: list[OwnSum] = []
    every = (_by_code, _by_total, _by_head, _by_change, _by_price, by_ordinal)
    for each in itertools.chain.from_iterable(ways(table) for ways in every):
        if not any(empty.value(place) for place in each.places):
            nothing.append(each)
            continue
        kept = held if abs(empty.gap(each)) <= empty.limit(each) else broken
        kept[each.kind].append(each)
    sure = {kind for kind in held if _is_shown(empty, held[kind], broken.get(kind, []))}
    sure |= {kind for kind, (each, *more) in broken.items() if not more and slip_of(empty, each) is not None}
    rest = [kind for kind in broken if kind not in sure and kind[0] not in _PERHAPS]
    sure |= _crossed(empty, [each for kind in rest for each in broken[kind]])
    single = {
        kind for kind, sums in broken.items() if kind not in sure and kind[0] == "code" and len(sums) == 1
    }
    agreed = set(held) - set(broken) - sure
    agreeing = (*_of_kinds(held, agreed), *(each for each in nothing if each.kind in sure | agreed))
    return OwnSums(table, _of_kinds(held, sure), _of_kinds(broken, sure), _of_kinds(broken, single), agreeing)


def slip_of(sums: OwnSums, each: OwnSum) -> Place | None:
    """The part that was put in 万元 into a table in 元, or the other way round: with it the sum holds to the cent."""
    if each.times or each.minus:
        return None
    wan = MONEY_UNITS["万元"]
    gap, limit = sums.gap(each), sums.limit(each)
    slips = [
        part
        for part in each.parts
        if (value := sums.value(part))
        and any(abs(value * factor - value - gap) <= limit < abs(gap) / 2 for factor in (wan, 1 / wan))
    ]
    return slips[0] if len(slips) == 1 else None


def _crossed(sums: OwnSums, broken: Sequence[OwnSum]) -> set[tuple[str, int]]:
    """The kinds of two sums that one and the same correction of a cell mends, which is a part in one of them at least.

    What is the whole of both may have a part that the table does not print.
    """
    by_correction: dict[tuple[Place, Decimal], list[OwnSum]] = defaultdict(list)
    for each in broken:
        if each.times or each.minus:
            continue
        gap = sums.gap(each)
        by_correction[each.whole, -gap].append(each)
        for part in each.parts:
            by_correction[part, gap].append(each)
    found: set[tuple[str, int]] = set()
    for (place, _), mended in by_correction.items():
        alone = all(sum(one.kind == each.kind for one in broken) == 1 for each in mended)
        if len(mended) > 1 and alone and any(place in each.parts for each in mended):
            found.update(each.kind for each in mended)
    return found


def _is_shown(sums: OwnSums, held: Sequence[OwnSum], broken: Sequence[OwnSum]) -> bool:
    """Whether what holds shows that the others should: many do, or one of the few that there are, of several parts."""
    kind = held[0].kind[0]
    several = sum(sum(bool(sums.value(part)) for part in each.parts) > 1 for each in held)
    if kind in _PERHAPS:
        # Two columns in which the numbered lines make the whole; a total over one line or two shows nothing.
        return kind == "ordinal" and several > 1 and len(broken) <= 1
    if len(held) >= _LEAST_HELD and len(held) >= _MOST_WRONG * len(broken):
        return True
    if kind == "change" and len(held) >= _LEAST_HELD and len(held) > len(broken):
        # Its heading says what such a column is; which two it is the difference of, most of its lines show.
        return True
    return several > 0 and len(broken) <= 1 and len(held) + len(broken) <= _MOST_WRONG


def _of_kinds(sums: dict[tuple[str, int], list[OwnSum]], kinds: Iterable[tuple[str, int]]) -> tuple[OwnSum, ...]:
    return tuple(each for kind in sorted(kinds) for each in sums.get(kind, ()))


def _by_code(table: OtherTable) -> Iterator[OwnSum]:
    """Each line of the classification and those of the level below it; the total and the classes."""
    coded = {line.code: n for n, line in enumerate(table.lines) if line.code}
    if len(coded) < sum(bool(line.code) for line in table.lines):
        # The same code twice: several units or projects below each other.
        return
    parts: dict[str, list[int]] = defaultdict(list)
    for code, number in coded.items():
        above = next((code[:length] for length in (5, 3) if length < len(code) and code[:length] in coded), "")
        parts[above].append(number)
    totals = [n for n, line in enumerate(table.lines) if not line.code and _is_total(line.label)]
    for code, numbers in parts.items():
        wholes = [coded[code]] if code else totals[:1] if len(totals) == 1 else []
        for whole in wholes:
            for column in range(len(table.heads)):
                yield OwnSum(("code", 0), (whole, column), tuple((n, column) for n in numbers))


def _by_total(table: OtherTable) -> Iterator[OwnSum]:
    """The total and all lines, where none has a code."""
    totals = [n for n, line in enumerate(table.lines) if _is_total(line.label)]
    if len(totals) != 1 or any(line.code for line in table.lines):
        return
    kind = ("total", 0) if len(table.lines) > _LEAST_HELD else ("few", 0)
    rest = [n for n in range(len(table.lines)) if n != totals[0]]
    for column in range(len(table.heads)):
        yield OwnSum(kind, (totals[0], column), tuple((n, column) for n in rest))


def by_ordinal(table: OtherTable) -> Iterator[OwnSum]:
    """Each line and those numbered below it (二、 of 1. 2. 3.), counted in the same; the line above all numbers too."""
    levels = [ordinal_level(line.label) for line in table.lines]
    for whole, own in enumerate(levels):
        parts: list[int] = []
        for number in range(whole + 1, len(levels)):
            level = levels[number]
            if own is not None and (level is None or level <= own):
                break
            if level is None or (parts and level < (levels[parts[0]] or 0)):
                if table.lines[number].label.startswith(_AMONG):
                    continue
                break
            if not parts or level == levels[parts[0]]:
                parts.append(number)
        counted = {counted_in(table.lines[n].label) for n in (whole, *parts)}
        if len(parts) > 1 and len(counted) == 1:
            for column in range(len(table.heads)):
                yield OwnSum(("ordinal", whole), (whole, column), tuple((n, column) for n in parts))


def ordinal_level(label: str) -> int | None:
    """How deep the ordinal of a line is in the usual order: 一、 （一） 1. （1） ①; None without one."""
    return next((n for n, pattern in enumerate(_ORDINALS) if re.match(pattern, label)), None)


def counted_in(label: str) -> str:
    """In what a line is counted, as its label says in brackets."""
    found = re.search(r"[（(]([^（）()]*)[)）]$", label)
    return found[1] if found else ""


def _is_total(label: str) -> bool:
    return label.strip("：:") in (*load_document_words().tables.totals, TOTAL)


def _by_head(table: OtherTable) -> Iterator[OwnSum]:
    """Each line: a total under its heading and the columns that the headings make its parts."""
    for column in range(len(table.heads)):
        parts = _parts_of(table.heads, column)
        if len(parts) > 1:
            for number in range(len(table.lines)):
                yield OwnSum(("head", column), (number, column), tuple((number, part) for part in parts))


def _by_change(table: OtherTable) -> Iterator[OwnSum]:
    """Each line: a change, and the two columns of which it is the difference in most lines."""
    changes = [n for n, over in enumerate(table.heads) if over and _CHANGE.search(over[-1])]
    for column in changes:
        others = [n for n in range(len(table.heads)) if n not in changes]
        ways = [
            [OwnSum(("change", column), (n, column), ((n, one),), ((n, other),)) for n in range(len(table.lines))]
            for one, other in itertools.permutations(others, 2)
        ]
        yield from max(ways, key=lambda sums: sum(_holds(table, each) for each in sums), default=[])


def _by_price(table: OtherTable) -> Iterator[OwnSum]:
    """Each line: the amount that number and price make."""
    last = [over[-1] if over else "" for over in table.heads]
    count = next((n for n, head in enumerate(last) if head in ("数量", "采购数量", "购置数量")), None)
    price = next((n for n, head in enumerate(last) if head.startswith("单价")), None)
    if count is None or price is None or price + 1 >= len(last):
        return
    for number, line in enumerate(table.lines):
        if line.cells[count] and line.cells[price]:
            yield OwnSum(("price", price + 1), (number, price + 1), ((number, count), (number, price)), times=True)


def _holds(table: OtherTable, each: OwnSum) -> bool:
    """Whether a sum holds with something in it."""
    sums = OwnSums(table, (), ())
    return any(map(sums.value, each.places)) and abs(sums.gap(each)) <= sums.limit(each)


def _parts_of(heads: Sequence[tuple[str, ...]], column: int) -> list[int]:
    """The columns behind one that its headings make its parts: of the same group, of several groups their totals."""
    own = heads[column]
    if not own:
        return []
    level = len(own) - 1
    if not _is_total(own[-1]) and column:
        return []
    behind = [n for n in range(column + 1, len(heads)) if heads[n][:level] == own[:level] and len(heads[n]) > level]
    groups: dict[str, list[int]] = defaultdict(list)
    for number in behind:
        groups[heads[number][level]].append(number)
    found: list[int] = []
    for members in groups.values():
        total = next((n for n in members if len(heads[n]) > level + 1 and _is_total(heads[n][-1])), None)
        found.extend([total] if total is not None and len(members) > 1 else members)
    return found


def not_held(account: Account) -> tuple[Unplaced, ...]:
    """What of an account has neither a place in a form nor a part in a sum that its table shows.

    A table that is none of the forms stays with the number of its amounts that no sum holds.
    """
    held = frozenset(source for table in account.others for source in own_sums(table).sources)
    within: Counter[Source | None] = Counter()
    for table in account.others:
        within[table.source] += sum(bool(c and c.source in held) for line in table.lines for c in line.cells)
    return tuple(_left(account.unplaced, held, within))


def _left(unplaced: Iterable[Unplaced], held: frozenset[Source], within: Counter[Source | None]) -> Iterator[Unplaced]:
    for item in unplaced:
        if item.form or item.amounts < 2:
            if item.source not in held:
                yield item
            continue
        left = item.amounts - within[item.source]
        if left > 0:
            yield msgspec.structs.replace(item, amounts=left)
