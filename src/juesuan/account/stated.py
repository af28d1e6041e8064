"""Figures that the prose of a document states, one for each number (or word for a number) of its running text."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from juesuan.account.address import Source
from juesuan.account.figure import Figure

StatedMeasure = Literal[
    "",
    "决算",
    "预算",
    "年初预算",
    "全年预算",
    "调整预算",
    "上年决算",
    "上年预算",
    "变动额",
    "变动率",
    "占比",
    "完成率",
    "数量",
]
"""What a number measures. 预算 is a budget of which the text does not say whether it is the approved or the final one;
数量 is any count (辆、人次、批次、个…); a change of a count is a 变动额 whose unit is that of the count."""

MEASURES: dict[str, StatedMeasure] = {measure: measure for measure in get_args(StatedMeasure)}
"""Every measure by its name, for words that come from data."""

BUDGETS: tuple[StatedMeasure, ...] = ("预算", "年初预算", "全年预算", "调整预算")
"""What measures a budget of the year."""
FORMER: tuple[StatedMeasure, ...] = ("上年决算", "上年预算")
"""What measures an amount of the year before."""
COMPARABLE = "可比口径"
"""The base of a change that leaves something out of both years: no figure of it is printed."""
RATES: tuple[StatedMeasure, ...] = ("变动率", "占比", "完成率")
"""What measures a ratio."""

Understanding = Literal["可核对", "仅正文", "无从核对", "没有认出", "不是数据"]
"""How far a number was understood.

可核对: there is something it can be held against: a figure of a table at `address`, or other numbers of the prose that
it must agree with (a rate whose amounts stand beside it). 仅正文: understood, and nothing else in the document tells
it (a count, last year's amount). 无从核对: understood, but what it would be held against is missing or ambiguous; `why`
says what. 没有认出: not understood; `why` says what is missing. 不是数据: no figure (a date, a document number, an
ordinal); `why` says which; such numbers are not counted.
"""


class StatedFigure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number of the prose: what it is of, what it measures, how much, and where it stands.

    A *mention* is one place where the text speaks of one subject: its amount and the changes, rates and shares told of
    it (公务接待费 720.03 万元，较上年增加 113.1 万元，上升 18.63%) bear the same number in `mention`.
    `within` is the mention of the whole that this one is told to be a part of (其中：…), -1 where it is told of none.
    So the triangle of an amount, its change and its rate is what shares `mention` and `base`; parts against their
    whole are the mentions with the same `within`, each with its figure of the same `measure` and `base`.
    """

    text: str
    """The number as printed, with its unit; a word (持平、为零、无) where the text gives a word instead."""
    measure: StatedMeasure = ""
    subject: str = ""
    """The term of the lexicon (三公经费合计), else the words of the text (文化建设工程结转政府采购)."""
    figure: Figure | None = None
    """In base units (yuan, the plain count, a ratio of one), as precise as printed. A change is signed by its
    direction. None where the number is missing (占 %)."""
    unit: str = ""
    """As printed: 万元, 元, 亿元, %, 个, 人次 …"""
    base: str = ""
    """What a change is against (上年, 上年预算, 年初预算, 预算), a completion of, or a share of (a subject)."""
    year: int = 0
    """The year that the number is of; 0 where the text does not say."""
    base_year: int = 0
    """The year that a change is against where the text names one, else 0."""
    direction: int | None = None
    """+1 增加, -1 减少, 0 持平; None where no direction is told."""
    wording: str = ""
    """The words that give the direction (增加, 下降, 持平); both where none was chosen (增加(减少))."""
    unchosen: bool = False
    """The text offers both directions and chooses none."""
    mention: int = -1
    within: int = -1
    fund: str = ""
    """The source of funds that the text names with the subject (一般公共预算财政拨款); empty where it names none."""
    section: str = ""
    """The heading that it stands under."""
    sentence: int = -1
    """Number of the sentence in the document: numbers of one sentence share it."""
    address: str = ""
    """The text of the address of the figure that it repeats, or (for a change) that it is the change of."""
    status: Understanding = "没有认出"
    why: str = ""
    passage: int = -1
    """Index of its paragraph in the blocks of the document, in reading order."""
    start: int = 0
    end: int = 0
    """Offsets of `text` in that paragraph."""
    source: Source | None = None
    called: StatedMeasure = ""
    """What the text calls `measure`, where it has another name: 年初预算 for the 预算 of a budget."""
