"""The numbers of a document's prose: how precisely each is known, which belong together, and how they are quoted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec

from juesuan.account import BUDGETS, RATES, Account, Range, Source, StatedFigure, StatedMeasure, range_of, spaceless
from juesuan.statute import load_lexicon
from juesuan.statute.language import unique_subjects

LEVELS: tuple[StatedMeasure, ...] = ("决算", *BUDGETS, "数量")

_MONEY = re.compile("元$|^万$|^亿$")
_ABOUT = re.compile(r"(?:近|逾|不足|不到|超过|多达|超出|高于|低于)了?\s*$")
_ABOUT_AFTER = re.compile(r"^\s*(?:以上|以下|左右|上下|有余|多[元个人])")
_STOPS = "。；;！!？?\n|"
_LAYOUT = re.compile(r"(?<![\d%]) | (?![-+\d])")
_LONGEST = 64
_AROUND = 26
_ROUNDED = 3
"""A whole amount with so many digits beside amounts with two decimals has been rounded: 358万元 is not 358.00万元."""
_FAR = 3
"""So many paragraphs after its amount a change of it may be told."""


class Number(msgspec.Struct, frozen=True):
    """A stated figure that was understood, with its range; rates are ratios of one, amounts in yuan."""

    stated: StatedFigure
    range: Range
    step: Decimal

    @property
    def measure(self) -> StatedMeasure:
        """What it measures."""
        return self.stated.measure

    @property
    def value(self) -> Decimal:
        """The value as printed."""
        return self.range.value

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return is_money(self.stated)

    @property
    def is_about(self) -> str:
        """Its kind of quantity: numbers of different kinds are never held against each other."""
        return "金额" if self.is_money else "比率" if self.measure in RATES else self.stated.unit

    @property
    def text(self) -> str:
        """As printed."""
        return spaceless(self.stated.text)


def is_money(stated: StatedFigure) -> bool:
    """Whether a stated figure is an amount of money."""
    return stated.measure not in RATES and bool(_MONEY.search(stated.unit))


def _is_rounded(stated: StatedFigure) -> bool:
    """Whether an amount is written in whole units and has as many digits that nobody would drop two noughts of it."""
    digits = stated.text.replace(",", "").split(".")
    whole = re.search(r"\d+", digits[0])
    return len(digits) == 1 and whole is not None and len(whole[0].strip("0")) >= _ROUNDED


def is_word(number: Number) -> bool:
    """Whether the text gives a word instead of a number (持平, 无公务接待费)."""
    return not any(sign.isdigit() for sign in number.stated.text)


_SLIPS = (Decimal(10000), Decimal(1000), 1 / Decimal(1000), 1 / Decimal(10000))
"""By how much an amount is off that was written in another unit of money (元, 千元, 万元)."""


def slipped(one: Decimal, other: Decimal, step: Decimal) -> bool:
    """Whether two amounts have the same digits in different units of money; `step` is how finely `one` is printed."""
    return bool(one) and any(abs(one * slip - other) <= step * slip / 2 for slip in _SLIPS)


_ITEM = re.compile(r"!2\d{2,6}行")
"""The address of a line of the functional classification."""


class Prose:
    """All numbers of a document's prose that were understood, by mention, by subject and in reading order."""

    def __init__(self, account: Account, moved: Mapping[int, int] | None = None, rounded: bool = False) -> None:
        """`moved` are numbers, by their place in the account, that belong to another mention than the reader took.

        `rounded`: an amount with fewer decimals than its neighbours has been rounded, rather than lost its last zero.
        """
        self.account = account
        self.rounded = rounded
        self.texts: dict[Source | None, list[str]] = defaultdict(list)
        for passage in account.passages:
            self.texts[passage.source].append(passage.text)
        self.coarse = {
            (claim.source, claim.figure.value): claim.figure.resolution
            for statement in account.statements
            for claim in statement.claims
        }
        """How finely a sentence that the law words prints: a place may round some further than all others."""
        self.cells: list[Number] = []
        """The numbers of loose tables that stand in grids."""
        self.numbers = tuple(self._numbers(_with_moved(account.stated, moved or {})))
        self.mentions: dict[int, list[Number]] = defaultdict(list)
        self.passages: dict[int, list[Number]] = defaultdict(list)
        self.subjects: dict[str, list[Number]] = defaultdict(list)
        self.parents: dict[int, int] = {}
        self.children: dict[int, list[int]] = defaultdict(list)
        for number in self.numbers:
            stated = number.stated
            self.passages[stated.passage].append(number)
            if stated.mention < 0:
                continue
            self.mentions[stated.mention].append(number)
            self.subjects[stated.subject].append(number)
            self.parents[stated.mention] = stated.within
        for mention, within in self.parents.items():
            if within >= 0:
                self.children[within].append(mention)

    def _numbers(self, stated: Sequence[StatedFigure]) -> Iterable[Number]:
        counted = [each for each in stated if each.figure is not None and each.measure]
        near: dict[tuple[int, str], Decimal] = {}
        everywhere: dict[str, Decimal] = {}
        for each in counted:
            step = each.figure.resolution if each.figure else Decimal(0)
            if is_money(each) and step:
                near[each.passage, each.unit] = min(step, near.get((each.passage, each.unit), step))
                everywhere[each.unit] = min(step, everywhere.get(each.unit, step))
        for each in counted:
            text = self.text_of(each)
            if not text:
                # A cell of a grid is no running text: only rules on lists ask for it.
                self.cells.append(Number(each, *self._ranged(each, near, everywhere)))
            elif not _ABOUT.search(text[: each.start][-4:]) and not _ABOUT_AFTER.match(text[each.end :][:4]):
                yield Number(each, *self._ranged(each, near, everywhere))

    def _ranged(
        self, stated: StatedFigure, near: dict[tuple[int, str], Decimal], everywhere: dict[str, Decimal]
    ) -> tuple[Range, Decimal]:
        """How precisely a number is known: trailing zeros are dropped, so that 3万元 beside 1.71万元 is 3.00万元."""
        figure = stated.figure
        assert figure is not None
        step = figure.resolution
        if stated.measure in RATES:
            return range_of(figure, step), step
        if not is_money(stated):
            return range_of(figure, step if step < 1 else Decimal(0)), step
        if step:
            known = everywhere if not figure.value else {}
            if _is_rounded(stated) or (self.rounded and "." in stated.text):
                return range_of(figure, step), step
            # 2万元 beside 0.48万元, which is not rounded to nothing, where the place rounds to whole 万元.
            least = self.coarse.get((stated.source, figure.value), Decimal(0))
            step = max(least, known.get(stated.unit, near.get((stated.passage, stated.unit), step)))
        return range_of(figure, step), step

    @cached_property
    def has_two_bases(self) -> bool:
        """Whether changes against last year's budget stand beside changes against last year's outlay."""
        against: dict[int, set[str]] = defaultdict(set)
        for number in self.numbers:
            if number.measure in ("变动额", "变动率") and number.stated.mention >= 0:
                against[number.stated.mention].add(number.stated.base)
        return any({"上年", "上年预算"} <= bases for bases in against.values())

    # Texts

    def text_of(self, stated: StatedFigure) -> str:
        """The paragraph that a number stands in; empty where it is not known."""
        # Of several paragraphs that one line of the file runs together, another may have the same sign at the place.
        own = self.account.passages[stated.passage : stated.passage + 1] if stated.passage >= 0 else ()
        texts = [each.text for each in own if each.source == stated.source]
        for text in texts + self.texts.get(stated.source, []):
            if text[stated.start : stated.end] == stated.text:
                return text
        return ""

    def quote(self, *numbers: Number) -> str:
        """What the document says with these numbers, in its own words: one piece where they stand close together."""
        pieces: list[str] = []
        by_text: dict[str, list[Number]] = {}
        for number in sorted(numbers, key=lambda n: (n.stated.passage, n.stated.start)):
            by_text.setdefault(self.text_of(number.stated), []).append(number)
        for text, group in by_text.items():
            if not text:
                pieces.extend(f"{number.stated.subject}{number.text}" for number in group)
                continue
            start, end = _begin(text, group[0].stated.start), group[-1].stated.end
            if end - start <= _LONGEST:
                pieces.append(_compact(text[start:end]))
            else:
                pieces.extend(_compact(text[_begin(text, n.stated.start) : n.stated.end]) for n in group)
        return "……".join(dict.fromkeys(pieces))

    # Neighbours

    def of(self, mention: int, *measures: StatedMeasure) -> list[Number]:
        """The numbers of a mention with one of the measures, in reading order."""
        return [number for number in self.mentions.get(mention, ()) if number.measure in measures]

    def subject_of(self, mention: int) -> str:
        """What a mention is of; empty for one of which no number is known."""
        numbers = self.mentions.get(mention)
        return numbers[0].stated.subject if numbers else ""

    def levels(self, mention: int, *measures: StatedMeasure) -> list[Number]:
        """The amounts of a mention; where it tells none, those last told of the same subject shortly before.

        Of what a document tells one amount of, that amount wherever it stands.
        """
        found = self.of(mention, *measures)
        if found or not self.mentions.get(mention):
            return found
        first = self.mentions[mention][0].stated
        before = [
            n
            for n in self.subjects[first.subject]
            if n.measure in measures and _of_same_fund(n.stated, first) and _of_same_year(n.stated, first)
            and 0 <= first.passage - n.stated.passage <= _FAR and n.stated.mention < mention
        ]  # fmt: skip
        if not before and first.subject in unique_subjects():
            return self._only(first, measures)
        if not before and first.subject in load_lexicon().pairs:
            return self._of_pair(first, measures)
        return [n for n in before if n.stated.mention == before[-1].stated.mention]

    def _of_pair(self, own: StatedFigure, measures: Sequence[StatedMeasure]) -> list[Number]:
        """What the paragraph tells of both sides of 收支总计 alike: 收入总计9万元，支出总计9万元，收支减少1万元."""
        found = [
            n for side in load_lexicon().pairs[own.subject] for n in self.subjects.get(side, ())
            if n.measure in measures and n.stated.passage == own.passage
        ]  # fmt: skip
        sides = {n.stated.subject for n in found}
        return found[:1] if len(sides) > 1 and len({n.value for n in found}) == 1 else []

    def _only(self, own: StatedFigure, measures: Sequence[StatedMeasure]) -> list[Number]:
        """The one amount that the document tells of a subject and year; nothing where it tells several."""
        found = [
            n
            for n in self.subjects[own.subject]
            if n.measure in measures and n.stated.year == own.year and _of_same_fund(n.stated, own)
        ]
        return found[-1:] if len({n.value for n in found}) == 1 else []

    def ancestors(self, mention: int) -> list[int]:
        """The wholes that a mention is told to be a part of, the nearest first."""
        found: list[int] = []
        while (mention := self.parents.get(mention, -1)) >= 0 and mention not in found:
            found.append(mention)
        return found

    def is_of_item(self, number: Number) -> bool:
        """Whether an amount is told as a part of that of an item of the classification, and is not the whole's."""
        above = (n for mention in self.ancestors(number.stated.mention) for n in self.mentions[mention])
        return any(_ITEM.search(n.stated.address) for n in above)

    def related(self, number: Number) -> list[int]:
        """Other mentions that the words may mean as well: the wholes, and those of the same and the sentence before."""
        own = number.stated
        around = [
            n.stated.mention
            for n in self.passages[own.passage]
            if own.sentence - 1 <= n.stated.sentence <= own.sentence and n.stated.mention not in (own.mention, -1)
        ]
        return list(dict.fromkeys([*self.wholes(number), *around]))

    def wholes(self, number: Number) -> list[int]:
        """The wholes that a change told after parts may be of: those above it, and the paragraph's first subject."""
        opening = [n.stated.mention for n in self.passages[number.stated.passage] if n.stated.mention >= 0][:1]
        found = dict.fromkeys([*self.ancestors(number.stated.mention), *opening])
        return [mention for mention in found if mention != number.stated.mention]


def _of_same_fund(stated: StatedFigure, own: StatedFigure) -> bool:
    """Whether an amount may be that of which `own` tells a change: one that names no fund is of whichever is told."""
    return not own.fund or stated.fund in (own.fund, "")


def of_same_year(number: Number, other: Number) -> bool:
    """Whether two numbers may be of one year: in a statement of several years what one year has is not the other's."""
    return _of_same_year(number.stated, other.stated)


def _of_same_year(stated: StatedFigure, own: StatedFigure) -> bool:
    return not (stated.year and own.year) or stated.year == own.year


def _with_moved(stated: Sequence[StatedFigure], moved: Mapping[int, int]) -> list[StatedFigure]:
    if not moved:
        return list(stated)
    by_mention = {each.mention: each for each in stated}
    return [
        msgspec.structs.replace(
            each, mention=moved[n], subject=by_mention[moved[n]].subject, within=by_mention[moved[n]].within
        )
        if n in moved
        else each
        for n, each in enumerate(stated)
    ]


def _begin(text: str, start: int) -> int:
    """Where the clause begins that a number at `start` stands in."""
    least = max(0, start - _AROUND)
    stop = max(text.rfind(sign, least, start) for sign in _STOPS)
    return stop + 1 if stop >= 0 else least


def _compact(text: str) -> str:
    """The text without blanks; between two figures, as in a line of a copied table, one stays."""
    return _LAYOUT.sub("", " ".join(text.split()))
