"""A text cut into tagged pieces: numbers, years, words of the lexicon, punctuation, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Literal

import msgspec

from juesuan.reader.prose.normal import Normal
from juesuan.statute import Lexicon, Word
from juesuan.statute.language import load_document_words

Tag = Literal["number", "year", "ordinal", "mark", "text", "not a figure"]

YEAR = (
    r"(?<!\d)(?:(?:19|20)\d{2}(?:年度?|-度|-(?=[决预]算|年))"
    r"|(?:19|20)\d{2}(?=度|[决预]算|部门|单位|三公|全[区县市省国年])|[1-4]\d年度?(?=[决预]算|三公|部门|度))"
)
_CHINESE_YEAR = r"[一二][〇零一二三四五六七八九]{3}年度?"
NUMBER = r"(?:(?<![\d)年])[-+±])?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_ORDINAL = (
    r"(?:(?<=^)|(?<=[。;:!?\s|)]))(?:第?[一二三四五六七八九十]{1,3}(?:部分|[、.])|\([一二三四五六七八九十\d]{1,3}\)[、.]?"
    r"|\d{1,2}(?:、|\.(?!\d)|\.(?=(?:19|20)\d{2}年)|\)))|[①-⑳]"
    r"|(?<=[明况])\d\.(?=[一-鿿])"
    r"|(?<=[,、])\(\d{1,2}\)(?=[一-鿿])(?![万亿千百元辆台套个人批次年月日项])"
    r"|(?<=,)[一二三四五六七八九十]、(?=(?:19|20)\d{2}年)"
)
_ZERO = r"(?<=为)零(?=[,。;)、]|$|元|万元)"
_ABOUT = ("余", "多", "几")
_BLANK = r"(?<=[一-鿿])(?:%|[万亿]元)(?!\d)"
_MARKS = "，,。；;：:、！!？?()|[]/"
_CHINESE_DIGITS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0"}


_NAMES = ("subject", "item", "economic")
_OF_TABLE = re.compile(r"(?:支出|收入|收支|预算|决算|情况|明细|总)*表(?=[按、反列编栏]|(?:支出|收入|预算|决算)[栏列])")
"""What makes a name that of a table within a sentence."""


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text in normal form: what it is, what it stands for, and where it is.

    `tag` is a category of the lexicon or one of Tag; `key` what the word stands for, the sign of a mark, or why a
    number is no figure; `value` the number, or the year.
    """

    tag: str
    key: str
    start: int
    end: int
    value: Decimal = Decimal(0)

    @property
    def year(self) -> int:
        """The year, for a piece that is one."""
        return int(self.value)


@cache
def _scanner(lexicon: Lexicon) -> re.Pattern[str]:
    aside = "|".join(f"(?P<n{n}>{each.pattern})" for n, each in enumerate(lexicon.not_figures))
    return re.compile(
        f"(?P<ordinal>{_ORDINAL})|{aside}|(?P<chinese>{_CHINESE_YEAR})|(?P<year>{YEAR})"
        f"|(?P<number>{NUMBER})|(?P<zero>{_ZERO})|(?P<blank>{_BLANK})|(?P<mark>[{re.escape(_MARKS)}])"
    )


def pieces(text: str, lexicon: Lexicon, names: Sequence[str] = ()) -> list[Piece]:
    """The pieces of `text` (normal form) from left to right, without gaps; within `names` no words are looked for."""
    named = [match.span() for name in names for match in re.finditer(re.escape(name), text)]
    words = [
        Piece(word.category, word.key, start, end)
        for start, end, word in _words(text, lexicon)
        if not any(first <= start < last for first, last in named) and not _in_a_name(word.category, text, end)
    ]
    found: list[Piece] = []
    at = 0
    queue = iter([*words, Piece("mark", "", len(text), len(text))])
    word = next(queue)
    for scanned in _scanned(text, lexicon):
        while word.end <= scanned.start and word.start < len(text):
            if word.start >= at:
                found.append(word)
                at = word.end
            word = next(queue)
        if scanned.start < at:
            continue
        if word.start <= scanned.start and word.end >= scanned.end and _holds(word, scanned):
            found.append(word)
            at = word.end
            continue
        found.append(scanned)
        at = scanned.end
        about = text[at : at + 1] in _ABOUT  # 500余台
        if scanned.tag == "number" and (unit := lexicon.unit_at(text, at + about)):
            found.append(Piece("unit", unit, at, at + about + len(unit)))
            at = found[-1].end
    while word.start < len(text):
        if word.start >= at:
            found.append(word)
            at = word.end
        word = next(queue)
    return list(_filled(found, text))


def _words(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, Word]]:
    """The words in `text`; one that begins within a year gives way to what begins behind it (2022年度|预算)."""
    years = [match.span() for match in re.finditer(YEAR, text)]
    within = {place: stop for first, stop in years for place in range(first + 1, stop)}
    for start, end, word in lexicon.find(text):
        cut = within.get(start, end)
        if cut >= end:
            yield start, end, word
        else:
            yield from ((cut + first, cut + last, other) for first, last, other in lexicon.find(text[cut:end]))


@cache
def _endings() -> str:
    return load_document_words().organisations.signs


def _in_a_name(category: str, text: str, end: int) -> bool:
    """Whether what looks like a name is part of that of a unit (社会福利院) or of a table (“三公”经费支出表按…编制)."""
    following = text[end : end + 1]
    if category in ("item", "economic") and following and following in _endings():
        return True
    return category in _NAMES and _OF_TABLE.match(text, end) is not None


def _holds(word: Piece, scanned: Piece) -> bool:
    """Whether a name holds what was scanned (单价50万元以上通用设备): then the whole name is the piece."""
    return word.tag in ("subject", "item", "economic", "level")


def _scanned(text: str, lexicon: Lexicon) -> Iterator[Piece]:
    for match in _scanner(lexicon).finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        shown = match[0]
        if kind == "number":
            value = Decimal(shown.replace(",", "").replace("±", "").replace("+", ""))
            yield Piece("number", shown, start, end, value)
        elif kind == "zero":
            yield Piece("number", shown, start, end)
        elif kind == "year":
            yield Piece("year", shown, start, end, Decimal(_full(shown)))
        elif kind == "chinese":
            yield Piece("year", shown, start, end, Decimal("".join(_CHINESE_DIGITS[sign] for sign in shown[:4])))
        elif kind.startswith("n"):
            yield Piece("not a figure", lexicon.not_figures[int(kind[1:])].why, start, end)
        else:
            yield Piece(kind, shown, start, end)


def _full(shown: str) -> str:
    year = re.sub(r"\D.*", "", shown)
    return year if len(year) == 4 else f"20{year}"


def _filled(found: list[Piece], text: str) -> Iterator[Piece]:
    at = 0
    for piece in found:
        if piece.start > at:
            yield Piece("text", text[at : piece.start], at, piece.start)
        yield piece
        at = piece.end
    if at < len(text):
        yield Piece("text", text[at:], at, len(text))


_JOINTS = ("、", "和", "及", "与", ",")


class Line:
    """The pieces of the paragraph in hand: how far it has been read, and what stands ahead."""

    def __init__(self) -> None:
        self.line: list[Piece] = []
        self.at = 0
        self.normal = Normal("", (0,))

    def _enumerated_ahead(self) -> int:
        """How many numbers the next one begins, one after another without a word between: 3万元、4万元和5万元."""
        at = self.at
        while at < len(self.line) and self.line[at].tag not in ("number", "mark"):
            at += 1
        count = 0
        while at < len(self.line) and self.line[at].tag == "number":
            count += 1
            at += 1 + (at + 1 < len(self.line) and self.line[at + 1].tag == "unit")
            joined = at < len(self.line) and self.normal.text[self.line[at].start : self.line[at].end] in _JOINTS
            at += joined
            if not joined:
                break
        return count

    def _numbers_ahead(self) -> int:
        """How many numbers stand before the sentence ends."""
        ahead = self.line[self.at :]
        stop = next((n for n, other in enumerate(ahead) if other.tag == "mark" and other.key in "。;!?"), len(ahead))
        return sum(other.tag == "number" for other in ahead[:stop])

    def _unit_after(self, at: int) -> str:
        following = self.line[at + 1] if at + 1 < len(self.line) else None
        return following.key if following and following.tag == "unit" else ""

    def _unit_ahead(self) -> str:
        """The unit of the next number."""
        return next((piece.key for piece in self.line[self.at :] if piece.tag == "unit"), "")

    def _subject_ahead(self) -> bool:
        """Whether a subject is named before the next number."""
        ahead = (other.tag for other in self.line[self.at :] if other.tag in ("subject", "number"))
        return next(ahead, "") == "subject"

    def _end_of_last(self) -> int:
        return self.line[self.at - 1].end

    def _begins_item(self) -> bool:
        """Whether a subject follows right here, or behind a year, as behind the number of an item of a list."""
        tags = [piece.tag for piece in self.line[self.at : self.at + 2]]
        return tags[:1] == ["subject"] or tags == ["year", "subject"]
