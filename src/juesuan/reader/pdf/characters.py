"""The characters of a page: read in bulk, put into runs of one baseline, and runs into the text of lines.

The white space a file carries says little: some programs write a blank between all signs, some none between words,
and pdfium adds its own. What separates is the distance on paper, and only between Latin words and figures does a
separation mean anything; between Chinese signs it is letter-spacing and is taken out.
"""

from __future__ import annotations

import ctypes
import math
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from juesuan.reader.pdf import native
from juesuan.reader.pdf.native import Box, Matrix
from juesuan.reader.pdf.objects import hidden

MOST_CHARACTERS = 300_000
"""Characters read of one page."""

_STRIDE = 32
_record = struct.Struct("<ddffff")

_VARIANTS = {
    # Radicals that fonts give out for the whole character; Unicode decomposes only those of the Kangxi block.
    **{ord(a): b for a, b in zip(
        "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )},
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in range(0xF900, 0xFAFF)
        if unicodedata.normalize("NFKC", chr(code)) != chr(code)
    },
}  # fmt: skip


@dataclass(slots=True)
class Run:
    """Characters that follow each other on one baseline; `lefts` has the left edge of each.

    `em` is the size of the type: the width of a Chinese sign, or twice that of a figure. Boxes do not tell it, since
    many fonts give no or wild heights. `blank` says that white space stood before the run.
    """

    text: str
    left: float
    right: float
    baseline: float
    em: float
    blank: bool
    lefts: list[float]
    index: int
    """The number of its first character on the page."""

    @property
    def middle(self) -> float:
        """The height at which the middle of the letters is."""
        return self.baseline + 0.35 * self.em

    def part(self, start: int, end: int) -> Run:
        """The characters from `start` to `end`."""
        right = self.lefts[end] if end < len(self.lefts) else self.right
        blank = self.blank if start == 0 else False
        return Run(
            self.text[start:end], self.lefts[start], right, self.baseline, self.em, blank, self.lefts[start:end],
            self.index,
        )  # fmt: skip


@dataclass
class PageText:
    """The runs of a page in the order of the file."""

    runs: list[Run]
    turned: str = ""
    """Text that stands at a right angle to the rest."""
    nameless: int = 0
    """Characters whose font does not say what they are."""
    complete: bool = True


class Characters:
    """Reads the characters of one page after the other into the same buffers."""

    def __init__(self) -> None:
        self._room = 0
        self._grow(2048)

    def _grow(self, number: int) -> None:
        if number > self._room:
            self._room = max(number, 2 * self._room)
            self._boxes = ctypes.create_string_buffer(_STRIDE * self._room)
            self._signs = (ctypes.c_ushort * (self._room + 2))()

    def count(self, page: int) -> int:
        """How many characters the text page at the address `page` has."""
        return max(0, int(pdfium.FPDFText_CountChars(ctypes.cast(page, pdfium.FPDF_TEXTPAGE))))

    def angle(self, page: int) -> int:
        """The angle at which the first characters stand: 0, 90, 180 or 270 degrees, counter-clockwise.

        A few from all over the page tell an upright one; where they do not agree, many are asked.
        """
        number = self.count(page)
        some = range(0, number, max(number // 8, 1))
        if all(_degrees(page, index) == 0 for index in some):
            return 0
        counts = dict.fromkeys((0, 90, 180, 270), 0)
        for index in range(min(number, 2000)):
            degrees = _degrees(page, index)
            # Space characters that pdfium adds lie at angle 0 wherever they are.
            if degrees in counts and not native.char_generated(page, index):
                counts[degrees] += 1
        return max(counts, key=lambda degrees: counts[degrees])

    def read(self, page: int, transform: Matrix, upright: int) -> PageText:
        """The runs of the text page at `page`, its coordinates under `transform`.

        Characters at another angle than `upright` are left out, those at a right angle to it kept aside.
        """
        found = PageText([])
        number = self.count(page)
        if number > MOST_CHARACTERS:
            number, found.complete = MOST_CHARACTERS, False
        self._grow(number)
        signs = self._text(page, number)
        retained: list[int] = []
        blanks: set[int] = set()
        blank = False
        for index, sign in enumerate(signs):
            if sign <= " " or sign in "\xa0\u3000\u200b\ufeff\ufffe\uffff" or sign.isspace():
                if sign == "\x02":
                    # pdfium's mark for a hyphen at the end of a line.
                    signs[index] = "-"
                elif sign == "\0":
                    signs[index] = "\ufffd"
                    found.nameless += 1
                else:
                    blank = True
                    continue
            if blank:
                blanks.add(index)
                blank = False
            retained.append(index)
        aside: list[str] = []
        seen: dict[int, bool] = {}
        for run in _runs(signs, retained, blanks, self._places(page, retained, transform)):
            # One character speaks for its run: signs of a turned line do not follow each other on one baseline.
            degrees = _degrees(page, run.index)
            if degrees != upright:
                if (degrees - upright) % 90 == 0:
                    aside.append(run.text)
                continue
            item = native.char_object(page, run.index)
            if item not in seen:
                seen[item] = not (item and hidden(item))
            if seen[item]:
                found.runs.append(run)
        found.turned = "".join(aside)
        return found

    def _text(self, page: int, number: int) -> list[str]:
        """The sign of each character, in one call where each is one unit of UTF-16."""
        handle = ctypes.cast(page, pdfium.FPDF_TEXTPAGE)
        units = int(pdfium.FPDFText_GetText(handle, 0, number, self._signs)) - 1
        text = bytes(memoryview(self._signs).cast("B")[: 2 * max(units, 0)]).decode("utf-16-le", "replace")
        if len(text) != number or units != number:
            text = "".join(map(_sign, (native.char_unicode(page, index) for index in range(number))))
        if max(text, default="") >= "\u2e80":
            text = text.translate(_VARIANTS)
        return list(text)

    def _places(
        self, page: int, retained: list[int], transform: Matrix
    ) -> Iterable[tuple[float, float, float, float, float, float]]:
        """Origin and loose box (left, top, right, bottom) of the characters `kept`."""
        at = ctypes.addressof(self._boxes)
        origin, box = native.char_origin, native.char_box
        ctypes.memset(at, 0, _STRIDE * len(retained))
        for index in retained:
            origin(page, index, at, at + 8)
            box(page, index, at + 16)
            at += _STRIDE
        places = _record.iter_unpack(memoryview(self._boxes)[: _STRIDE * len(retained)])
        if transform is native.IDENTITY:
            return places
        return _moved(places, transform)


def _degrees(page: int, index: int) -> int:
    """The angle of a character, counter-clockwise; pdfium counts the other way, and in radians."""
    radians: float = native.char_angle(page, index)
    return round(-math.degrees(radians)) % 360 if math.isfinite(radians) else 0


def _sign(code: int) -> str:
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\0"


def _moved(
    places: Iterable[tuple[float, float, float, float, float, float]], transform: Matrix
) -> Iterable[tuple[float, float, float, float, float, float]]:
    for x, y, left, top, right, bottom in places:
        x, y = native.apply(transform, x, y)
        left, bottom, right, top = native.apply_box(transform, (left, bottom, right, top))
        yield x, y, left, top, right, bottom


def _runs(
    signs: Sequence[str],
    retained: Sequence[int],
    blanks: set[int],
    places: Iterable[tuple[float, float, float, float, float, float]],
) -> list[Run]:
    runs: list[Run] = []
    text: list[str] = []
    lefts: list[float] = []
    end = line = height = widest = reach = 0.0
    before, first = False, 0
    for index, (_, y, left, top, right, bottom) in zip(retained, places, strict=True):
        if text and -reach < left - end < reach and -0.5 < y - line < 0.5 and index not in blanks:
            text.append(signs[index])
            lefts.append(left)
            end = right
            if right - left > widest:
                widest = right - left
            continue
        if text:
            runs.append(_run(text, lefts, end, line, height, widest, before, first))
        text, lefts = [signs[index]], [left]
        end, line, height, widest = right, y, top - bottom, right - left
        before, first = index in blanks, index
        reach = 0.25 * (widest if signs[index] >= "\u2e80" else 2 * widest)
    if text:
        runs.append(_run(text, lefts, end, line, height, widest, before, first))
    return runs


def _run(
    text: list[str],
    lefts: list[float],
    end: float,
    line: float,
    height: float,
    widest: float,
    before: bool,
    first: int,
) -> Run:
    whole = "".join(text)
    em = widest
    if max(whole) < "\u2e80":
        # The widest of Latin letters are as wide as high; figures, which matter, are half as wide.
        em = 2 * widest if whole.isdigit() or not 0 < height < 2 * widest else height
    return Run(whole, lefts[0], end, line, max(em, 1.0), before, lefts, first)


def lines_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs put into lines from top to bottom, each from left to right; what is printed twice counts once."""
    lines: list[list[Run]] = []
    level = 0.0
    for run in sorted(runs, key=lambda run: (-run.baseline, run.left)):
        if lines and level - run.baseline < 0.4 * min(run.em, lines[-1][0].em):
            lines[-1].append(run)
        else:
            lines.append([run])
            level = run.baseline
    return [_once(sorted(line, key=lambda run: run.left)) for line in lines]


def _once(line: list[Run]) -> list[Run]:
    """Without the runs that make a bold letter out of two thin ones."""
    if len(line) < 2:
        return line
    retained = line[:1]
    for run in line[1:]:
        last = retained[-1]
        if run.text == last.text and run.left - last.left < 0.25 * run.em:
            continue
        retained.append(run)
    return retained


def line_text(line: Sequence[Run]) -> str:
    """The text of a line of runs, blanks only between Latin words and figures."""
    text = line[0].text
    last = line[0]
    for run in line[1:]:
        if run.text[0] < "\x7f" and last.text[-1] < "\x7f" and (run.blank or run.left - last.right > 0.3 * run.em):
            text += " "
        text += run.text
        last = run
    return text


def box_of(runs: Iterable[Run]) -> Box:
    """The box around `runs`."""
    found = list(runs)
    return (
        min(run.left for run in found),
        min(run.baseline - 0.2 * run.em for run in found),
        max(run.right for run in found),
        max(run.baseline + 0.85 * run.em for run in found),
    )
