"""Entries: what a workbook or a ledger says, before any table is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from juesuan.account import Fact, Indicator, Issue, KeyWork, Period, Project, Source, Unit


class Entry(msgspec.Struct, frozen=True):
    """An amount of the accounts (yuan): what was recorded, from which source of funds, for what, by which code.

    `record` is 收入, 支出 or 年初结转; `source` one of 一般公共预算, 政府性基金预算, 国有资本经营预算, 上级补助收入,
    事业收入, 经营收入, 附属单位上缴收入, 其他收入, 其他资金; `nature` 基本支出, 项目支出, 上缴上级支出, 经营支出
    or 对附属单位补助支出.
    An entry carries a functional code, an economic code, or (from a ledger) both; `part` is 人员经费 or 公用经费 of
    basic expenditure where no economic code says which. `resolution` is the step that the amount was printed with where
    it comes from a published document; what is recorded is exact.
    """

    record: str
    source: str
    amount: Decimal
    nature: str = ""
    function: str = ""
    economy: str = ""
    project: str = ""
    period: Period = "本年"
    place: Source | None = None
    part: str = ""
    resolution: Decimal = Decimal(0)


class SheetText(msgspec.Struct, frozen=True):
    """The texts of one self-evaluation form, and the amounts where they are not the project's own (yuan)."""

    subject: str
    date: str = ""
    budget: Decimal | None = None
    outlay: Decimal | None = None
    goals: tuple[str, ...] = ()
    deviation: str = ""
    improvement: str = ""
    place: Source | None = None


class DataSetLine(msgspec.Struct, frozen=True):
    """A data set of the sheet 佐证数据; each of `columns` is a name, a type and, if it differs, the data's own name."""

    name: str
    place: str
    table: str = ""
    columns: tuple[str, ...] = ()
    time: str = ""
    empty: str = ""
    source: Source | None = None


class BindingLine(msgspec.Struct, frozen=True):
    """A line of the sheet 佐证: the query of an indicator; each of `parameters` is name=value."""

    subject: str
    name: str
    query: str
    unit: str = ""
    printed: str = ""
    parameters: tuple[str, ...] = ()
    source: Source | None = None


class Gathered(msgspec.Struct):
    """All that was read from the sources of one account, and every problem met on the way.

    `attributes` are the ticked attributes of the projects (项目类别 …) by project name; `indicators` pairs of the
    form's subject (整体支出 or a project's name) and the indicator.
    """

    unit: Unit | None = None
    year: int = 0
    entries: list[Entry] = []
    facts: list[Fact] = []
    texts: dict[str, str] = {}
    dates: dict[str, str] = {}
    projects: list[Project] = []
    attributes: dict[str, tuple[tuple[str, str], ...]] = {}
    sheets: list[SheetText] = []
    indicators: list[tuple[str, Indicator]] = []
    key_work: list[KeyWork] = []
    data_sets: list[DataSetLine] = []
    bindings: list[BindingLine] = []
    unproved: list[Issue] = []
    """Why there is no evidence for what should have some (没有佐证)."""
    unproved_indicators: set[tuple[str, str]] = set()
    """Those whose query gave no value, by the subject of their form and their name."""
    from_budget: set[str] = set()
    """The subjects whose indicators no sheet has: they were taken from the published budget."""
    problems: list[Issue] = []
    text_sources: dict[str, Source] = {}
    """Where a text was found, by its key, so that a message can name the cell."""
    places: dict[str, Source] = {}
    """The cells that texts go into, written or not, by key; the heading of a column under its template."""

    def add(self, others: Iterable[Gathered]) -> None:
        """Take over everything of `others`; what stands first keeps its unit and year."""
        for other in others:
            self.unit = self.unit or other.unit
            self.year = self.year or other.year
            for name in _LISTS:
                getattr(self, name).extend(getattr(other, name))
            for name in ("texts", "dates", "attributes", "text_sources", "places"):
                getattr(self, name).update(getattr(other, name))


_LISTS = (
    "entries", "facts", "projects", "sheets", "indicators", "key_work", "data_sets", "bindings", "unproved", "problems",
)
