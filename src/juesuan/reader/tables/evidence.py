"""What speaks for a grid being a form: its title, its headings, its lines, and whose subject they name.

Nothing decides alone. A title with one more word, a heading of another place or a line that nobody knows costs a
little; what a grid is, is decided for all grids of a document together (`assignment`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec

from juesuan.account import item_name
from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawCell, RawTable
from juesuan.reader.tables.columns import Line, counts, heads_in, is_stub
from juesuan.reader.tables.lines import joined
from juesuan.reader.tables.titles import (
    is_table_number,
    likeness,
    may_be_title,
    names_a_table,
    title_behind,
    titles_within,
)
from juesuan.statute import CODE_LENGTHS, Form, Statute
from juesuan.statute.language import load_aliases

Shape = Literal["功能分类", "经济分类", "固定行", "单行", ""]
"""What the lines of a grid are; empty where it does not show."""

_SAMPLE = 40
"""So many lines of a grid are looked at."""
_FAR = 0.02
"""What each paragraph between a title and its grid costs."""
_OTHER_SUBJECT = 0.6
"""What is left of a title's weight where it does not name what the form is about."""
_FOREIGN_CLASSES = 0.7
"""What the lines say for a form that has none of their classes."""
_RATE = re.compile(r"[-+—－\d.,]+[%％]")
_CODE = re.compile(r"[\[【(（]?(\d{3}|\d{5}|\d{7})[\]】)）]?(?=$|[-—]*[一-鿿“‘《（(])")


class Seen(msgspec.Struct, frozen=True):
    """What a grid shows of itself, whatever form it may be."""

    table: RawTable
    titles: tuple[tuple[str, float], ...]
    """Texts that may be its title, each with what its distance costs."""
    heads: frozenset[str]
    """All headings, in the words of this program, without those of the stubs."""
    labels: frozenset[str]
    """What stands beside amounts: labels of lines."""
    shape: Shape
    words: str
    """Titles and headings in one, to look for subjects in."""
    amounts: int
    classes: frozenset[str]
    """The classes that the codes of its lines are of."""
    own: tuple[str, ...]
    """The nearest text that says of itself that it is the title of a table, by itself and with the one above it."""


class FormEvidence(msgspec.Struct, frozen=True):
    """How much speaks for a grid being a form, from 0 to 1 each, and the text that is its title then."""

    form: str
    title: float
    heads: float
    lines: float
    score: float
    text: str = ""
    own: float = 1.0
    """How alike its title is to the text that says of itself that it is one; 1 where there is none."""

    @property
    def content(self) -> float:
        """What speaks for it but the title."""
        return (self.heads + self.lines) / 2


def look(table: RawTable, above: Sequence[str]) -> Seen:
    """What a grid shows of itself; `above` are the paragraphs above it, the nearest last."""
    grid = table.grid()
    inner = dict(titles_within(table))
    first = _first_amounts(grid)
    heads, labels = _heads(grid[:first], set(inner)), _labels(grid[first : first + _SAMPLE])
    texts = [text for text in map(title_behind, (*above, *inner.values())) if may_be_title(text)]
    titles: dict[str, float] = {}
    for distance, text in enumerate(reversed(texts)):
        titles.setdefault(text, distance * _FAR)
        if distance + 1 < len(texts):
            # A title over two lines.
            titles.setdefault(texts[-distance - 2] + text, (distance + 1) * _FAR)
    amounts = sum(1 for cells in grid[first:] for cell in cells if cell and read_amount(cell.text))
    near = [text for text, far in titles.items() if far <= 3 * _FAR]
    return Seen(
        table,
        tuple(titles.items()),
        heads,
        labels,
        _shape(grid[:first], grid[first : first + _SAMPLE]),
        "".join((*[text for text in near if not is_table_number(text)][:1], *heads)),
        amounts,
        frozenset(code[:3] for cells in grid[first:] if (code := _code(cells))),
        _own(texts),
    )


def _own(texts: Sequence[str]) -> tuple[str, ...]:
    near = range(len(texts) - 1, max(-1, len(texts) - 4), -1)
    place = next((n for n in near if names_a_table(texts[n])), None)
    if place is None:
        return ()
    return (texts[place], *([texts[place - 1] + texts[place]] if place else []))


def weigh(seen: Seen, statute: Statute, unit: str = "") -> list[FormEvidence]:
    """What speaks for a grid being each of the readable forms, the likeliest first."""
    found = [_evidence(seen, form, statute, unit) for form in statute.readable]
    return sorted(found, key=lambda evidence: -evidence.score)


def _evidence(seen: Seen, form: Form, statute: Statute, unit: str) -> FormEvidence:
    title, text = max(((likeness(text, form, unit) - far, text) for text, far in seen.titles), default=(0.0, ""))
    if form.subject and seen.words and form.subject not in seen.words:
        # What a table is about stands in its title or its headings.
        title *= _OTHER_SUBJECT
    own = max((likeness(text, form, unit) for text in seen.own), default=1.0)
    heads = _alike(seen.heads, _form_heads(form))
    lines = _lines(seen, form, statute)
    score = 0.45 * max(title, 0.0) + 0.25 * heads + 0.3 * lines if seen.titles else 0.45 * heads + 0.55 * lines
    subjects = {other.subject for other in statute.readable if other.subject and other.subject in seen.words}
    if subjects:
        score += 0.05 if form.subject in subjects else -0.1 if form.subject else 0
    return FormEvidence(form.key, max(title, 0.0), heads, lines, score, text, own)


def _lines(seen: Seen, form: Form, statute: Statute) -> float:
    """How well the lines of a grid are those of a form."""
    shape = shape_of(form)
    if shape in ("功能分类", "经济分类"):
        foreign = form.classes and seen.classes and not seen.classes & set(form.classes)
        return (_FOREIGN_CLASSES if foreign else 1.0) if seen.shape == shape else 0.4 if not seen.shape else 0.0
    if seen.shape in ("功能分类", "经济分类"):
        return 0.0
    labels = _form_labels(form)
    if shape == "单行":
        # Printed across, its columns are headings; printed upright, they are labels of lines, with other lines below.
        below = frozenset().union(*(_form_labels(statute.forms[key]) for key in form.details))
        return max(_share(seen.heads, labels), _share(seen.labels - below, labels))
    return _share(seen.labels, labels)


@cache
def _shape_of(classification: str, rows: int) -> Shape:
    if classification == "功能分类":
        return "功能分类"
    if classification == "经济分类":
        return "经济分类"
    return "单行" if rows <= 1 else "固定行"


def shape_of(form: Form) -> Shape:
    """What the lines of a form are."""
    return _shape_of(form.classification or "", len(form.rows))


_HEADS: dict[int, tuple[Form, frozenset[str]]] = {}
_LABELS: dict[int, tuple[Form, frozenset[str]]] = {}
"""Words of the forms at hand, which are loaded once and live as long as the program."""


def _form_heads(form: Form) -> frozenset[str]:
    known = _HEADS.get(id(form))
    if known is None or known[0] is not form:
        heading = load_aliases().heading
        words = {heading(head) for block in form.blocks for column in block.columns for head in column.heads}
        words |= {heading(block.head) for block in form.blocks if block.head}
        known = _HEADS[id(form)] = (form, frozenset(words))
    return known[1]


def _form_labels(form: Form) -> frozenset[str]:
    known = _LABELS.get(id(form))
    if known is None or known[0] is not form:
        if shape_of(form) == "单行":
            heading = load_aliases().heading
            words = {heading(column.heads[-1]) for column in form.columns.values()}
            words |= {heading(column.heads[1]) for column in form.columns.values() if len(column.heads) > 1}
        else:
            plain = _plain
            words = {plain(text) for row in form.rows.values() for text in (row.label, *row.reads) if text}
        known = _LABELS[id(form)] = (form, frozenset(words))
    return known[1]


def _plain(text: str) -> str:
    return item_name(load_aliases().label(text))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the smaller of two sets of words the other has; a little less where the larger has many more."""
    common = len(one & other)
    if not common:
        return 0.0
    return 0.8 * common / min(len(one), len(other)) + 0.2 * common / max(len(one), len(other))


def _share(stated: frozenset[str], known: frozenset[str]) -> float:
    """The share of what is said that is known."""
    return len(stated & known) / len(stated) if stated else 0.0


def _first_amounts(grid: Sequence[Line]) -> int:
    """The first line that is of amounts or of the classification rather than of headings."""
    for number, cells in enumerate(grid):
        if counts(cells) or not cells:
            continue
        texts = [joined(cell) for cell in cells]
        if any(_CODE.match(text) for text in texts[:2]) or any(read_amount(text) for text in texts):
            return number
    last = max((n for n, cells in enumerate(grid[:8]) if any(joined(cell) for cell in cells)), default=0)
    return min(last + 1, len(grid))


def _heads(above: Sequence[Line], titles: set[int]) -> frozenset[str]:
    heading = load_aliases().heading
    known = load_aliases().heading_words
    found: set[str] = set()
    for number, cells in enumerate(above):
        if number in titles or counts(cells):
            continue
        texts = {heading(text) for cell in cells if cell and cell.text.strip() for text in heads_in(cell.text, known)}
        if number + 1 < len(above):
            # A heading that is broken over two lines.
            pairs = zip(cells, above[number + 1], strict=False)
            texts |= known & {heading(one.text + two.text) for one, two in pairs if one and two and one is not two}
        found.update(text for text in texts if text and not text.isdigit() and not is_stub(frozenset([text])))
    return frozenset(found)


def _labels(body: Sequence[Line]) -> frozenset[str]:
    found: set[str] = set()
    heading, known = load_aliases().heading, load_aliases().heading_words
    for cells in body:
        for cell in {id(cell): cell for cell in cells if cell}.values():
            text = joined(cell)
            if text and not read_amount(text) and not text.isdigit() and not _RATE.fullmatch(text):
                found.add(_plain(text))
                if len(body) < _SAMPLE // 2 and heading(text) in known:
                    # A form printed upright has its headings as labels.
                    found.add(heading(text))
    return frozenset(found - {""})


def _shape(above: Sequence[Line], body: Sequence[Line]) -> Shape:
    """What the lines are: by their codes, else by the headings of codes."""
    functional = economic = 0
    codes = [_code(cells) for cells in body]
    if all(len(code) <= CODE_LENGTHS["类"] for code in codes) and _stands_beside_names(body):
        # Classes with their codes on one side of a statement of both sides: lines that the form prints.
        return ""
    for code in codes:
        functional += code.startswith("2")
        economic += code.startswith(("30", "31", "39"))
    if functional or economic:
        return "功能分类" if functional >= economic else "经济分类"
    # 项目（按功能分类） heads labels, not codes.
    heading = load_aliases().heading
    texts = "".join(joined(cell) for cells in above for cell in cells if cell and heading(cell.text) != "项目")
    if re.search(r"功能分类|类款项", texts) or ("科目编码" in texts and "经济" not in texts):
        return "功能分类"
    return "经济分类" if re.search(r"经济分类", texts) else ""


def _stands_beside_names(body: Sequence[Line]) -> bool:
    """Whether some lines have a code behind a name that is none of its own: 一般公共预算 | 2532.94 | 202外交支出."""
    texts = [[text for cell in cells if (text := joined(cell)) and not read_amount(text)] for cells in body]
    return sum(bool(not _CODE.match(line[0]) and any(map(_CODE.match, line[1:]))) for line in texts if line) > 1


def _code(cells: Sequence[RawCell | None]) -> str:
    """The code that a line begins with, in one cell or several."""
    parts: list[str] = []
    for cell in cells:
        text = joined(cell)
        if not text and not parts:
            continue
        found = _CODE.match(text)
        if found and not parts:
            return found[1]
        if not text.isdigit():
            break
        parts.append(text)
    return "".join(parts) if len("".join(parts)) in (3, 5, 7) else ""
