"""Which line of a grid is which line of a form: by label, by printed number where it agrees, or by code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from juesuan.account import item_name
from juesuan.reader.raw import RawCell
from juesuan.reader.tables.columns import Line
from juesuan.reader.tables.misprints import Classification
from juesuan.statute import CODE_LENGTHS, TOTAL, FormBlock, level_of
from juesuan.statute.language import load_aliases

ALIKE = 0.6
"""How alike a printed and a declared label must be for a printed number to be believed."""

_GRAND = "总计"
"""What the label of the last line of a pane ends in, which sums all above it."""
_TOTALS = ("合计", _GRAND)

_SPACE = re.compile(r"\s+")
_CODED = re.compile(r"[\[【(（]?(\d{3}|\d{5}|\d{7})[\]】)）]?[-—]*([一-鿿“‘《（(].*)")


def joined(cell: RawCell | None) -> str:
    """The text of a cell without white space."""
    return _SPACE.sub("", cell.text) if cell else ""


class LineLabels:
    """The fixed lines of a block, found one after another as a grid prints them.

    Printed numbers differ by year and place. They are believed as far as the labels beside them agree; a label leads to
    its own line whatever number is printed, and of several lines with one label to the next one in order.
    """

    def __init__(self, block: FormBlock, seen: Sequence[tuple[str, str]]) -> None:
        self._rows = {row.line: row for row in (*block.rows, *block.other_rows)}
        self._order = list(self._rows)
        self._of_number = {row.number: row.line for row in self._rows.values() if row.number}
        self._keys: dict[str, list[str]] = {}
        for row in self._rows.values():
            for text in filter(None, (row.label, *row.reads)):
                self._keys.setdefault(self._plain(text), []).append(row.line)
        self._last = -1
        self._used: set[str] = set()
        self._closing = block.rows[-1].line if block.rows and block.rows[-1].label.endswith(_GRAND) else ""
        self._final = next((label for label, _ in reversed(seen) if label), "")
        self._numbered = self._numbers_agree(seen)

    @property
    def found(self) -> frozenset[str]:
        """The lines found so far."""
        return frozenset(self._used)

    @staticmethod
    def _plain(text: str) -> str:
        coded = _CODED.fullmatch(text)
        return item_name(load_aliases().label(coded[2] if coded else text))

    def knows(self, label: str) -> bool:
        """Whether a line of the block bears this label."""
        return bool(label) and self._plain(label) in self._keys

    def _numbers_agree(self, seen: Sequence[tuple[str, str]]) -> bool:
        """Whether the printed numbers are those of the form: more labels agree with them than do not."""
        agreeing = [
            self._of_number.get(number) in self._keys[self._plain(label)]
            for label, number in seen
            if number and self.knows(label)
        ]
        return 2 * sum(agreeing) >= len(agreeing)

    def line(self, label: str, number: str) -> str | None:
        """The line that a label and a printed number (either may be empty) name; None for one the form has not."""
        numbered = self._of_number.get(number, "")
        key = self._by_label(label, numbered) or self._by_number(label, numbered)
        if key is not None:
            self._used.add(key)
            self._last = max(self._last, self._order.index(key))
        return key

    def _by_label(self, label: str, number: str) -> str | None:
        keys = [key for key in self._keys.get(self._plain(label), []) if key not in self._used] if label else []
        if self._numbered and number in keys:
            return number
        found = next((key for key in keys if self._order.index(key) > self._last), keys[0] if keys else None)
        if found is None and label == self._final and label.endswith(_TOTALS) and self._closing not in self._used:
            # 收入合计 below 上年结转, where 一、本年收入 stands above: the last line sums all of them.
            return self._closing or None
        return found

    def _by_number(self, label: str, number: str) -> str | None:
        row = self._rows.get(number) if self._numbered and number not in self._used else None
        if row is None or (label and self.knows(label)):
            return None
        if not label:
            return row.line
        if not row.label:
            # A line that the form leaves empty, and a place fills with something of its own.
            return None
        alike = SequenceMatcher(None, self._plain(label), self._plain(row.label)).ratio()
        return row.line if alike >= ALIKE else None


class Codes:
    """The lines of a classification: a code in one cell or three, with the name beside it or in the same cell.

    With the `classification` at hand a misprinted code is read as what it must be; `printed` is what stands there then.
    """

    def __init__(self, classification: Classification | None = None) -> None:
        self._above = ""
        self._classification = classification
        self.printed = ""
        self.paired = False
        """Whether a code of another classification stood beside that of the line."""

    def line(self, stubs: Line) -> tuple[str | None, str, list[RawCell]]:
        """The code or 合计 that the cells name, the name printed with it, and the cells used; None for no line."""
        distinct = list({id(cell): cell for cell in stubs if cell and cell.text.strip()}.values())
        texts = [joined(cell) for cell in distinct]
        coded = _CODED.fullmatch(texts[0]) if texts else None
        self.printed, self.paired = "", False
        if coded:
            self._above = coded[1]
            return coded[1], coded[2], distinct
        own = of_own_classification(texts)
        self.paired = len(own) < len(texts)
        parts = [text for text in own if text.isdigit()]
        code = "".join(parts)
        names = [text for text in own if not text.isdigit()]
        name = names[-1] if names else ""
        mended = self._classification.mended(parts, name, self._above) if self._classification else ""
        if mended:
            code, self.printed = mended, " ".join(parts)
        if not level_of(code):
            code = self._continued(stubs, code)
        turned = self._classification.turned(code, name, self._above) if self._classification and level_of(code) else ""
        if turned:
            code, self.printed = turned, " ".join(parts)
        if level_of(code):
            self._above = code
            return code, names[-1] if names else "", distinct
        if any(text in (TOTAL, "总计") for text in texts):
            return TOTAL, "", []
        return None, "", []

    def _continued(self, stubs: Line, code: str) -> str:
        """A code whose upper levels are left blank, as they stand in the line above (类 款 项 in three columns)."""
        if len(code) not in (2, 4) or joined(stubs[0] if stubs else None):
            return ""
        places = [n for n, cell in enumerate(stubs) if joined(cell).isdigit()]
        length = CODE_LENGTHS["类"] + 2 * (places[0] - 1) if places else 0
        above = self._above[:length] if 0 < length <= len(self._above) else ""
        return above + code if above and level_of(above) else ""


def of_own_classification(texts: Sequence[str]) -> Sequence[str]:
    """The first code with its name, where a second one stands behind it (that of the government, 505 01)."""
    behind = [n for n in range(1, len(texts)) if texts[n].isdigit() and not texts[n - 1].isdigit()]
    named = behind and texts[0].isdigit() and any(not text.isdigit() for text in texts[behind[0] :])
    return texts[: behind[0]] if named else texts
