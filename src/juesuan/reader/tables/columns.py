"""Which column of a grid is which column of a form: by the headings above it, else by order from the right."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import groupby, pairwise

import msgspec

from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawCell
from juesuan.statute import Column
from juesuan.statute.language import load_aliases

Line = Sequence[RawCell | None]
Heads = frozenset[str]

_WHOLE = "合计"
"""The heading of a column that sums those beside it, in the words of `Wordings`."""

_STUBS = frozenset(
    ["项目", "功能分类科目编码", "科目名称", "经济分类科目编码", "经济分类科目名称", "行次", "序号", "类", "款", "项"]
)
"""Headings of columns that say what a line is."""


def counts(cells: Line) -> bool:
    """Whether a line of the grid only counts the columns (栏次 1 2 3 …)."""
    texts = [cell.text for cell in cells if cell and cell.text.strip()]
    numbers = [int(text) for text in texts if text.strip().isdigit()]
    if len(numbers) < 2 or numbers[0] != 1 or any(b - a != 1 for a, b in pairwise(numbers)):
        return False
    return all("栏次" in text or len(text) <= 5 for text in texts if not text.strip().isdigit())


def headings(lines: Iterable[Line], width: int, known: Heads = frozenset()) -> list[Heads]:
    """What the lines of headings say above each of `width` columns, in the words of this program.

    A heading that is broken over two cells, one below the other, is put together where it then is one of `known`.
    """
    above: list[list[str]] = [[] for _ in range(width)]
    headings = [cells for cells in lines if not counts(cells) and len({id(cell) for cell in cells}) > 1]
    widest = max(map(len, headings), default=0)
    told = [[cell.text.strip() if cell else "" for cell in cells] for cells in headings]
    texts = [[*line, *[""] * (widest - len(line))] for line in told]
    begun, below = _above(texts), _above(texts[::-1])[::-1]
    for number, cells in enumerate(headings):
        for place in range(min(width, len(cells))):
            cell, own = cells[place], texts[number]
            text = cell.text if cell and own[place] else _group(own, begun[number], below[number], place)
            if text and (not above[place] or above[place][-1] != text):
                above[place].append(text)
    return [_words(texts, known) for texts in above]


def _above(lines: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each line the nearest text above every place of it."""
    found = [[""] * len(line) for line in lines]
    for number, line in enumerate(lines[:-1]):
        found[number + 1] = [text or over for text, over in zip(line, found[number], strict=True)]
    return found


def _group(line: Sequence[str], above: Sequence[str], below: Sequence[str], place: int) -> str:
    """The heading to the left that reached over a blank place before its span was lost.

    It ends where a heading above it begins, and every place that it reaches over has a heading of its own below;
    `above` and `below` are the nearest headings over and under every place of the line.
    """
    left = next((n for n in range(place - 1, -1, -1) if line[n]), None)
    if left is None or any(above[left + 1 : place + 1]) or not all(below[left : place + 1]):
        return ""
    own = line[left]
    return own if below[left] != own and not is_stub(frozenset([below[place]])) else ""


def _words(texts: Sequence[str], known: Heads) -> Heads:
    heading = load_aliases().heading
    found: list[str] = []
    pieces = [(text, heading(text)) for whole in texts for text in heads_in(whole, known) if text.strip()]
    place = 0
    while place < len(pieces):
        text, word = pieces[place]
        both = heading(text + pieces[place + 1][0]) if place + 1 < len(pieces) else ""
        if both in known and not (word in known and pieces[place + 1][1] in known):
            word = both
            place += 1
        if word and not word.isdigit():
            found.append(word)
        place += 1
    return frozenset(found)


def heads_in(text: str, known: Heads) -> Sequence[str]:
    """The headings in one cell: several where a copy has put those of one column into it (…费小计预算数).

    The last of them is one of the `known` ones that say which number it is (预算数, 决算数).
    """
    heading = load_aliases().heading
    if heading(text) in known:
        return (text,)
    for cut in range(1, len(text)):
        if text.endswith("数") and heading(text[cut:]) in known:
            return (*_with_total(text[:cut], known), text[cut:])
    return (text,)


def _with_total(text: str, known: Heads) -> Sequence[str]:
    heading, total = load_aliases().heading, text[-2:]
    whole = text[:-2]
    return (whole, total) if whole and heading(total) in known and heading(text) not in known else (text,)


def words_of(columns: Iterable[Column]) -> Heads:
    """All headings of some columns in the words of this program."""
    heading = load_aliases().heading
    return frozenset(heading(head) for column in columns for heads in (column.heads, *column.reads) for head in heads)


def is_stub(heads: Heads) -> bool:
    """Whether a column under these headings says what a line is rather than an amount."""
    return bool(heads & _STUBS)


def places_of(
    columns: Sequence[Column],
    others: Sequence[Column],
    above: Sequence[Line],
    body: Sequence[Line],
    assumed: str = "",
) -> dict[str, int]:
    """The place of each column by key in a grid (or a part of one) with the lines `above` its body and those of it.

    By the headings where they tell all declared columns, at places where the body has amounts; by the counted numbers
    (栏次) or by order where there are just as many; else those that the headings tell; without headings the last ones.
    Headings of a document that has lost its spans stand beside their columns: the numbers and the amounts decide.
    """
    width = max((len(cells) for cells in (*above, *body)), default=0)
    heads = headings(above, width, words_of((*columns, *others)))
    found = assigned(columns, others, heads, assumed)
    numbered = _numbered([*above, *body[:1]])
    whole = all(column.key in found for column in columns)
    if not whole and len(without := assigned(lean(columns), lean(others), heads, assumed)) >= len(columns):
        whole = all(column.key in without for column in columns)
        found = without if whole else found
    if whole and (set(found.values()) <= set(numbered) if numbered else _filled(found[columns[0].key], body)):
        return found
    amounts = numbered or [place for place, over in enumerate(heads) if not is_stub(over)]
    if any(heads) and len(amounts) == len(columns):
        left = [column.key for column in columns if column.key not in found]
        free = [place for place in amounts if place not in found.values()]
        if left == [columns[0].key] and free == amounts[:1]:
            # “三公”经费财政拨款预算总额 stands before all that is known: it is their total, whatever it is called.
            return {**found, left[0]: free[0]}
        return {column.key: place for column, place in zip(columns, amounts, strict=True)}
    if found and (set(found.values()) <= set(amounts)):
        return found
    if any(heads) and len(amounts) == 1 and _WHOLE in words_of(columns[:1]):
        # 项目支出合计, or 预算数 alone: the only column of amounts is the total of those that are not printed.
        return {columns[0].key: amounts[0]}
    if len(columns) == 1:
        wanted = load_aliases().heading(columns[0].heads[-1])
        alike = [place for place, over in enumerate(heads) if wanted in over]
        if len(alike) > 1:
            # 预算数 | 当年预算 | 上年结转: the whole stands before its parts.
            return {columns[0].key: alike[0]}
    start = width - len(columns)
    return {column.key: start + number for number, column in enumerate(columns)} if start >= 0 else {}


def _numbered(lines: Sequence[Line]) -> list[int]:
    """The places that the line of column numbers counts."""
    for cells in lines:
        if counts(cells):
            return [place for place, cell in enumerate(cells) if cell and cell.text.strip().isdigit()]
    return []


def _filled(place: int, body: Sequence[Line]) -> bool:
    """Whether at least half of the lines with amounts have one at `place`."""
    lines = [cells for cells in body if any(cell and _amount(cell.text) for cell in cells)]
    filled = sum(1 for cells in lines if (cell := cells[place]) and _amount(cell.text))
    return 2 * filled >= len(lines)


def _amount(text: str) -> bool:
    """Whether a cell holds an amount for sure: a label with its code is none, nor a short number, which may be one."""
    return read_amount(text) is not None and bool(re.search(r"[.,，]|^\s*0\s*$|\S{4}", text))


def assigned(
    columns: Sequence[Column], others: Sequence[Column], heads: Mapping[int, Heads] | Sequence[Heads], assumed: str = ""
) -> dict[str, int]:
    """The columns that the headings tell without doubt, each at the place where they fit best."""
    at = dict(heads) if isinstance(heads, Mapping) else dict(enumerate(heads))
    places = {place: over for place, over in at.items() if over and not is_stub(over)}
    wordings = load_aliases()
    missing = {wordings.heading(assumed)} - frozenset().union(*places.values()) if assumed else frozenset[str]()
    declared = _worded(columns, others, list(places.values()), missing)
    own = [declared[column.key] for column in columns]
    shared = frozenset.intersection(*own) if len(own) > 1 else frozenset()
    printed = frozenset.intersection(*places.values()) if len(places) > 1 else frozenset()
    printed |= _groups(places.values(), (*columns, *others))
    keys = {column.key for column in columns}
    under: dict[str, set[int]] = defaultdict(set)
    for place, over in places.items():
        for word in over:
            under[word].add(place)
    scores: list[tuple[int, str, int]] = []
    for key, wanted in declared.items():
        needed = wanted - ((shared if key in keys else frozenset()) | {_WHOLE} | missing)
        # Sheets by economic class have a hundred columns: only places under a column's own words are weighed.
        at_words = [under.get(word, set()) for word in needed or wanted]
        for place in (set.intersection if needed else set.union)(*at_words) if at_words else ():
            score = _score(wanted, places[place], needed, printed)
            if score is not None:
                scores.append((score, key, place))
    return _matched(scores, list(declared))


def _groups(places: Collection[Heads], columns: Sequence[Column]) -> Heads:
    """Headings over more than half of the places that no column bears: a group that all columns of the form are in."""
    heading = load_aliases().heading
    own = {heading(head) for column in columns for head in column.heads}
    over = Counter(word for heads in places for word in heads - own)
    return frozenset(word for word, count in over.items() if 2 * count > len(places))


def _worded(
    columns: Sequence[Column], others: Sequence[Column], printed: Sequence[Heads], missing: Set[str]
) -> dict[str, Heads]:
    """The headings of every column in the words of this program: as the document bears them, where it bears others.

    A heading that is taken for granted (`missing`) need not be printed. A wider total is looked for only where the
    column that it could be mistaken for bears a heading of its own.
    """
    heading = load_aliases().heading
    common = frozenset.intersection(*printed) if printed else frozenset()
    found: dict[str, Heads] = {}
    narrow: set[str] = set()
    for column in (*columns, *others):
        own = frozenset(heading(head) for head in column.heads)
        for reads in column.reads:
            other = frozenset(heading(head) for head in reads)
            telling = other - own - common
            if telling and any(other - common - missing - {_WHOLE} <= over for over in printed):
                own = other
                narrow.add(column.key)
        if not column.instead or column.instead in narrow:
            found[column.key] = own
    return found


def lean(columns: Sequence[Column]) -> list[Column]:
    """The columns without a heading that they can do without: 公务用车购置费 needs none of its group above it."""
    heading = load_aliases().heading
    everything = [frozenset(heading(head) for head in column.heads) for column in columns]
    found = []
    for number, column in enumerate(columns):
        others = [heads for n, heads in enumerate(everything) if n != number]
        spare = [
            head
            for head in column.heads
            if len(column.heads) > 1 and not any(everything[number] - {heading(head)} <= heads for heads in others)
        ]
        headings = tuple(head for head in column.heads if head not in spare[:1])
        found.append(msgspec.structs.replace(column, heads=headings))
    return found


def _score(wanted: Heads, over: Heads, needed: Heads, printed: Heads) -> int | None:
    """How well a column fits under headings; None where something of it is missing."""
    if not needed <= over or not wanted & over:
        return None
    whole = _WHOLE in wanted
    if whole and not needed and _WHOLE not in over:
        return None
    extra = over - wanted - printed - {_WHOLE}
    if whole and extra and _WHOLE not in over:
        # A part that names itself is not the total of all parts.
        return None
    sums = (1 if _WHOLE in over else -1) if whole else 0
    return 2 * len(wanted & over) - len(extra) + sums


def _matched(scores: Sequence[tuple[int, str, int]], order: Sequence[str]) -> dict[str, int]:
    """The best pairs first; a column whose two best places are equally good is left out."""
    found: dict[str, int] = {}
    doubtful: set[str] = set()
    taken: set[int] = set()
    rank = {key: number for number, key in enumerate(order)}
    best_first = sorted(scores, key=lambda entry: (-entry[0], rank[entry[1]], entry[2]))
    for (_, key), entries in groupby(best_first, key=lambda entry: entry[:2]):
        free = [place for _, _, place in entries if place not in taken]
        if not free or key in found or key in doubtful:
            continue
        if len(free) > 1:
            doubtful.add(key)
        else:
            found[key] = free[0]
            taken.add(free[0])
    return found
