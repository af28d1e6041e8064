"""The prose of a whole document: its paragraphs one after another, headings told from running text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan.account import Account, StatedFigure, StatedMeasure
from juesuan.reader.prose.addresses import address_all
from juesuan.reader.prose.evidence import decide
from juesuan.reader.prose.grammar.frames import Draft
from juesuan.reader.prose.grammar.paragraphs import Grammar
from juesuan.reader.prose.loose.cells import loose_tables
from juesuan.reader.prose.loose.inline import inline_table, without
from juesuan.reader.prose.loose.table import LooseTable, gives_unit
from juesuan.reader.prose.normal import Normal, normal_form
from juesuan.reader.prose.wrapped import Joined, joined
from juesuan.reader.raw import RawBlock, RawText
from juesuan.statute import Statute, load_lexicon

_HEADING = re.compile(r"^(?:第?[一二三四五六七八九十]+(?:部分|[、.])|\([一二三四五六七八九十]+\))")

_ENTRY = re.compile(r"[^。；;]*[.…·]{3,}\s*\d{1,4}\s*")
"""An entry of a table of contents: what stands at its end is the number of a page."""
_SAYS = re.compile(r"[。;]|\d+(?:\.\d+)?(?:万?元|%|[个人辆])")
_LONGEST_HEADING = 45
_LONGEST_TITLE = 80


class ProseReader:
    """Reads the running text of a document, and its tables of loose text where it has no statutory ones."""

    def __init__(self, year: int, measure: StatedMeasure, loose: bool = True, unit: str = "") -> None:
        self.lexicon = load_lexicon()
        name = normal_form(unit, self.lexicon).text
        self.grammar = Grammar(self.lexicon, year, measure, (name,) if name else ())
        self.loose = loose

    def read(self, blocks: Sequence[RawBlock]) -> Sequence[Draft]:
        """The drafts of every number in `blocks`, settled by their values; offsets are those in the paragraphs."""
        grammar = self.grammar
        runs = loose_tables(blocks, self.lexicon) if self.loose else []
        begins = {run[0].passage: run for run in runs}
        inside = {cell.passage for run in runs for cell in run}
        texts = [(n, b) for n, b in enumerate(blocks) if n not in inside and isinstance(b, RawText)]
        paragraphs = {paragraph.parts[0][0]: paragraph for paragraph in joined(texts)}
        title = ""
        for number in range(len(blocks)):
            if number in begins:
                LooseTable(grammar, begins[number], title).read()
            paragraph = paragraphs.get(number)
            if paragraph is None or _ENTRY.fullmatch(paragraph.text):
                continue
            normal = normal_form(paragraph.text, self.lexicon)
            if len(normal.text) < _LONGEST_TITLE and "。" not in normal.text and not self._is_of_unit(normal.text):
                title = normal.text
            if _is_heading(normal.text):
                grammar.heading(normal.text, number)
            else:
                self._paragraph(normal, paragraph, number, title)
        decide(grammar.drafts, grammar.mentions)
        return grammar.drafts

    def _is_of_unit(self, text: str) -> bool:
        """Whether a line between a title and its table tells the unit of money (部门：…单位：万元) and no subject."""
        return gives_unit(text) and not any(word.category == "subject" for *_, word in self.lexicon.find(text))

    def _paragraph(self, normal: Normal, paragraph: Joined, number: int, title: str) -> None:
        first = len(self.grammar.drafts)
        found = inline_table(normal, paragraph.text, number, self._columns) if self.loose else None
        if found:
            LooseTable(self.grammar, found.cells, title or normal.text[: found.start]).read()
            normal = without(normal, found)
        self.grammar.paragraph(normal, paragraph.text, number)
        for draft in self.grammar.drafts[first:]:
            draft.passage, draft.start, draft.end, draft.source = paragraph.place(draft.start, draft.end)

    def _columns(self, heads: str) -> int:
        return len(LooseTable(self.grammar, (), "").columns_in(heads))


def read_prose(
    blocks: Sequence[RawBlock],
    account: Account,
    statute: Statute,
    tabled: frozenset[str],
    loose: bool = True,
) -> tuple[StatedFigure, ...]:
    """Every number that the running text of `blocks` states, held against the tables of `account`.

    `tabled` are the addresses that the tables gave; the other figures of the account come from the prose. With `loose`,
    lines of cells and grids are read as tables of text. The passage of each is its index among the paragraphs of
    `blocks`, -1 for the cell of a grid.
    """
    reader = ProseReader(account.year, statute.profile.kind, loose, account.unit.name)
    drafts = reader.read(blocks)
    address_all(drafts, account, statute, reader.lexicon, tabled)
    numbers = {at: n for n, at in enumerate(at for at, block in enumerate(blocks) if isinstance(block, RawText))}
    for draft in drafts:
        draft.passage = numbers.get(draft.passage, -1)
    return tuple(draft.stated() for draft in drafts)


def _is_heading(text: str) -> bool:
    return len(text) < _LONGEST_HEADING and bool(_HEADING.match(text)) and not _SAYS.search(text)
