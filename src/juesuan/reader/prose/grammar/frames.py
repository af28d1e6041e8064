"""What the grammar works on: drafts of stated figures, mentions of subjects, and what a clause has said so far."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from juesuan.account import BUDGETS, FORMER, Figure, Source, StatedFigure, StatedMeasure, Understanding
from juesuan.reader.prose.grammar.pieces import Piece

WHEREVER = 10**9
"""Where the word of direction ends that belongs to every number of an enumeration."""

LEVELS: tuple[StatedMeasure, ...] = ("决算", *BUDGETS, *FORMER, "数量")


class Mention(msgspec.Struct):
    """One place where the text speaks of one subject."""

    number: int
    subject: str
    fund: str = ""
    within: int = -1
    section: str = ""
    passage: int = -1
    unit: str = ""
    """The unit of its last amount or count."""
    filled: set[tuple[str, str]] = msgspec.field(default_factory=set)
    """Measures and bases already told of it."""
    measure: StatedMeasure = ""
    """The measure of its last amount."""
    called: StatedMeasure = ""
    """What the text calls that measure, where it has another name."""
    known: bool = True
    """Whether the subject is a term of the lexicon rather than words of the text."""
    path: tuple[str, ...] = ()
    """Names of items before the subject (类, 款): items of different sections bear one name (行政运行)."""


class ComparedWith(msgspec.Struct):
    """What the text compares with: a period, a budget."""

    base: str = "上年"
    year: int = 0
    measure: StatedMeasure = ""


class Pending(msgspec.Struct):
    """What has been said since the last number or mark: it belongs to the next number."""

    subjects: list[Piece] = msgspec.field(default_factory=list)
    measure: StatedMeasure = ""
    called: StatedMeasure = ""
    """What the text calls the measure, where it has another name (年初预算 in a budget)."""
    measures: list[StatedMeasure] = msgspec.field(default_factory=list)
    years: list[int] = msgspec.field(default_factory=list)
    direction: int | None = None
    wording: str = ""
    unchosen: bool = False
    signed: bool = False
    """The direction is that of the number's sign (增减额)."""
    difference: bool = False
    """The amount is a difference of which nothing says which way it goes (差值)."""
    moved: int = -1
    """Where the word of the direction ends."""
    share: bool = False
    share_of: list[Piece] = msgspec.field(default_factory=list)
    completion: bool = False
    becomes: bool = False
    led: int | None = None
    """With `becomes`: the direction that its word tells (增加到)."""
    before: bool = False
    each: bool = False
    """The numbers that follow are of the subjects, one after another."""
    stated: list[int] = msgspec.field(default_factory=list)
    """With `each`: the mentions that the subjects were stated in before, where they were."""
    compared: bool = False
    """A comparison has been made since the last number or mark."""
    comparing: bool = False
    """A comparison is open: an amount that comes now is what is compared with."""
    initial: bool = False
    """年初 was said: the budget that follows is the approved one (年初未安排预算)."""
    absent: bool = False
    absent_at: int = 0
    absent_end: int = 0
    scope: Piece | None = None
    """The fund that is named by itself: 一般公共预算4.91亿元."""
    words: list[Piece] = msgspec.field(default_factory=list)
    """Pieces that the lexicon does not know."""


class Draft(msgspec.Struct):
    """A stated figure while it is being worked out; amounts as printed, not yet in base units."""

    text: str
    start: int
    end: int
    passage: int
    sentence: int
    value: Decimal | None = None
    decimals: int = 0
    unit: str = ""
    scale: Decimal = Decimal(1)
    measure: StatedMeasure = ""
    subject: str = ""
    base: str = ""
    year: int = 0
    base_year: int = 0
    direction: int | None = None
    wording: str = ""
    unchosen: bool = False
    mention: int = -1
    within: int = -1
    fund: str = ""
    section: str = ""
    address: str = ""
    status: Understanding = "没有认出"
    why: str = ""
    source: Source | None = None
    path: tuple[str, ...] = ()
    """Names of items before the subject (类, 款), by which its code is told."""
    others: tuple[int, ...] = ()
    """Mentions that a change may belong to besides its own, the likelier first."""
    word: bool = False
    """The number is a word (持平, 无)."""
    called: StatedMeasure = ""
    """What the text calls its measure, where it has another name."""

    def figure(self) -> Figure | None:
        """The figure in base units, a change signed by its direction; None for a missing number."""
        if self.value is None:
            return None
        value = self.value * self.scale
        if self.measure in ("变动额", "变动率") and self.direction:
            value = abs(value) * self.direction
        return Figure(value, Decimal(0) if self.word else self.scale.scaleb(-self.decimals))

    def stated(self) -> StatedFigure:
        """The stated figure as the account keeps it."""
        return StatedFigure(
            self.text, self.measure, self.subject, self.figure(), self.unit, self.base, self.year, self.base_year,
            self.direction, self.wording, self.unchosen, self.mention, self.within, self.fund, self.section,
            self.sentence, self.address, self.status, self.why, self.passage, self.start, self.end, self.source,
            self.called,
        )  # fmt: skip
