"""The account: one unit's final account of one year, through which everything passes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from juesuan.account.address import Address, Source
from juesuan.account.evidence import Evidence
from juesuan.account.figure import ZERO, Figure
from juesuan.account.other_table import OtherTable
from juesuan.account.stated import StatedFigure


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure at an address, with the place it came from."""

    address: Address
    figure: Figure
    source: Source | None = None


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure that a sentence of the narrative states.

    `clause` and `name` say which quantity of which declared clause it is; `start` and `end` are the offsets of the
    printed number within its paragraph.
    """

    clause: str
    name: str
    figure: Figure
    start: int
    end: int
    row: str = ""
    source: Source | None = None


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence of a published narrative that a clause recognised: which wording, about which line, with its claims.

    `when` is the condition of the wording that was matched (变动 < 0 for 减少): what the sentence says by its words.
    """

    clause: str
    text: str
    when: str = ""
    row: str = ""
    column: str = ""
    claims: tuple[Claim, ...] = ()
    lists: tuple[tuple[str, str], ...] = ()
    """The lists of names in it (主要包括：…), by their name in the clause."""
    source: Source | None = None


class Gap(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text that the law wants and nobody has written yet; drafts print it as a marked gap.

    `key` names the entry of the workbook's reasons that would fill it; `start` and `end` are offsets in the paragraph.
    """

    key: str
    wanted: str
    start: int
    end: int


class Wording(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of a paragraph that follows from the account and is no figure.

    A `text` is the unit's own, `key` its key among the texts; a `direction` a word that a figure's sign chose (增加,
    小于, 持平); a `list` the names of the lines that carry an amount. `start` and `end` are offsets in the paragraph.
    """

    kind: Literal["text", "direction", "list"]
    key: str
    start: int
    end: int


class Paragraph(msgspec.Struct, frozen=True, omit_defaults=True):
    """One paragraph of the narrative with the claims it makes and the gaps it still has.

    `key` says which it is whatever its figures: that of its declaration, and of the line or project it is about.
    """

    text: str
    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()
    level: int = 0
    """0 for running text; 3 and 4 for headings such as “（一）…” within a section."""
    source: Source | None = None
    key: str = ""
    wordings: tuple[Wording, ...] = ()


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """A section of the explanation of the accounts (情况说明), with its charts by key after the paragraphs."""

    key: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    charts: tuple[str, ...] = ()


class KeyWork(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the key work table (重点工作完成情况)."""

    matter: str
    goal: str
    outcome: str
    source: Source | None = None


class GlossaryEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A term and its explanation (名词解释); `code` is set for items of the functional classification."""

    term: str
    text: str
    code: str = ""


class Indicator(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a self-evaluation form: three levels of name, weight in points, target and actual value as written.

    `grade` is the share of the weight that the unit gives itself on a qualitative indicator (0.9 for 90 %); `score` the
    points stated or computed.
    """

    level1: str
    level2: str
    name: str
    weight: Decimal
    target: str
    actual: str
    grade: Decimal | None = None
    score: Decimal | None = None
    evidence: str = ""
    source: Source | None = None
    reason: str = ""
    """Why it was missed or surpassed, where the form has a column for that."""
    proof: Evidence | None = None
    """The recorded query that the actual value comes from; `evidence` is what a person wrote."""
    last_year: str = ""
    """The actual value of the year before (上年实际完成值), as written; no form prints it."""
    superior: str = ""
    """The target that the superior has set (上级下达的目标值), as written; no form prints it."""


class Allotment(msgspec.Struct, frozen=True, omit_defaults=True):
    """The points that a form prints beside a level-1 indicator, or beside a level-2 one within it: 产出指标（40分）."""

    level1: str
    level2: str
    points: Decimal
    source: Source | None = None


class Fund(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the money of a form (其中：当年财政拨款), in yuan."""

    label: str
    initial: Figure | None = None
    budget: Figure | None = None
    outlay: Figure | None = None
    source: Source | None = None


SheetKind = Literal["整体", "项目"]


class PerformanceSheet(msgspec.Struct, frozen=True, omit_defaults=True):
    """A performance self-evaluation form (绩效自评表): of the whole unit or of one project. Money in yuan.

    The fields behind `source` are what a published form prints beside what it was made from; a form that was compiled
    leaves them empty. `places` says where single figures stand, by the name of their field.
    """

    kind: SheetKind
    title: str
    scheme: str
    budget: Figure
    outlay: Figure
    indicators: tuple[Indicator, ...] = ()
    basic: Figure | None = None
    project: Figure | None = None
    initial: Figure | None = None
    execution_score: Decimal | None = None
    score: Decimal | None = None
    date: str = ""
    supervisor: str = ""
    implementer: str = ""
    goals: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    deviation: str = ""
    improvement: str = ""
    source: Source | None = None
    heading: str = ""
    """The title printed over the form."""
    unit: str = ""
    """The unit named at the head of the form (单位名称)."""
    stated_rate: Figure | None = None
    """The execution rate as printed, a ratio of one."""
    execution_points: Decimal | None = None
    """The points that the form gives to execution."""
    execution_formula: str = ""
    """The headers over the money, which say how execution is scored: 得分（20分×执行率）."""
    allotments: tuple[Allotment, ...] = ()
    funds: tuple[Fund, ...] = ()
    goals_done: str = ""
    grade: str = ""
    notes: tuple[str, ...] = ()
    places: tuple[tuple[str, Source], ...] = ()
    full: Decimal | None = None
    """The full marks that the line of the total prints beside the score."""

    def place(self, name: str) -> Source | None:
        """Where the field called `name` stands, else where the form begins."""
        return dict(self.places).get(name, self.source)


class FundSum(msgspec.Struct, frozen=True, omit_defaults=True):
    """A total of a form of goals and what it is printed to be made of (年度资金总额 = 财政拨款 + 其他资金), in yuan."""

    label: str
    total: Figure
    parts: tuple[Fund, ...] = ()


class PerformanceGoals(msgspec.Struct, frozen=True, omit_defaults=True):
    """A form of performance goals (绩效目标表) of a budget: of the whole unit or of one project. Money in yuan.

    `parts` are what the budget is made of; indicators have targets only; `full` is the printed sum of their weights.
    """

    kind: SheetKind
    title: str
    budget: Figure
    parts: tuple[Fund, ...] = ()
    goals: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    supervisor: str = ""
    implementer: str = ""
    source: Source | None = None
    heading: str = ""
    """The title printed over the form."""
    sums: tuple[FundSum, ...] = ()
    """The totals that a document prints with their parts, to be held to each other."""
    full: Decimal | None = None


class Project(msgspec.Struct, frozen=True, omit_defaults=True):
    """A project of the unit. Amounts in yuan; `results` and `problems` are the unit's own sentences.

    `outlays` is the outlay by source of funds (资金来源), empty where that is not known; `fund` the source that the
    unit states for the line on which it filled the project in.
    """

    name: str
    function: str
    budget: Decimal
    outlay: Decimal
    initial: Decimal | None = None
    title: str = ""
    results: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    problems: str = ""
    improvement: str = ""
    source: Source | None = None
    fund: str = ""
    outlays: dict[str, Decimal] = {}


class Unit(msgspec.Struct, frozen=True, omit_defaults=True):
    """`nature` is 行政单位, 参公事业单位 or 事业单位, and empty where it is not known; `supervisor` the department in
    charge (主管部门). A file that does not say the nature means 事业单位, as it always has.
    """

    name: str
    code: str = ""
    nature: str = "事业单位"
    supervisor: str = ""
    members: tuple[tuple[str, str], ...] = ()
    offices: tuple[str, ...] = ()


class RowLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """The name a document prints beside a row, where it is not the declared one."""

    form: str
    row: str
    text: str
    source: Source | None = None
    printed: str = ""
    """The digits that are printed for the code, where they are misprinted; `row` is what they must mean."""


class Passage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph of a document as it was read; `heading` is its level where the format says so, else 0."""

    text: str
    source: Source | None = None
    heading: int = 0


class SeenTable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A form that a document prints, filled or empty, with the title it bears there."""

    form: str
    title: str
    source: Source | None = None
    unit: str = ""
    """The unit that its heading names."""
    notes: tuple[Passage, ...] = ()
    """The paragraphs below it."""
    absent: tuple[str, ...] = ()
    """Lines and columns of the form that it does not print (3栏, 收入总计行): of these nothing is known."""
    numbers: tuple[tuple[str, str], ...] = ()
    """The numbers of its lines (行次) as it prints them, each with the line of the form."""


class Unplaced(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something a reader saw and could not place: kept, never dropped (DESIGN, rule 3).

    An amount inside a recognised form names the `form`, and the line or the column that it stands in where one of them
    is known: sums over these may miss it. A figure that no sum is made of (a percentage, last year's) names none.
    """

    text: str
    source: Source | None = None
    form: str = ""
    row: str = ""
    column: str = ""
    amounts: int = 0
    """How many numbers it holds: one for a cell, many for a table that is none of the forms."""
    like: str = ""
    """The form that a whole table without a place looks like."""


class Account(msgspec.Struct, omit_defaults=True):
    """One unit's final account (单位决算) of one year: figures, texts and performance sheets.

    A blank cell has no fact; a fact of zero is a printed zero. `texts` holds the human parts by key (duties, reasons),
    `dates` ISO dates such as `published`.
    """

    profile: str
    year: int
    """0 where a document that was read does not say it."""
    unit: Unit
    facts: dict[str, Fact] = {}
    """Facts by the text of their address."""
    labels: tuple[RowLabel, ...] = ()
    texts: dict[str, str] = {}
    dates: dict[str, str] = {}
    narrative: tuple[Section, ...] = ()
    projects: tuple[Project, ...] = ()
    sheets: tuple[PerformanceSheet, ...] = ()
    goals: tuple[PerformanceGoals, ...] = ()
    """The goals that a budget sets."""
    key_work: tuple[KeyWork, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    tables: tuple[SeenTable, ...] = ()
    """The forms that a document was found to print; empty for an account that was compiled and has all of them."""
    statements: tuple[Statement, ...] = ()
    """The sentences recognised in a document that was read."""
    document: str = ""
    """What kind of document was read (决算公开、三公经费说明、目录 …); empty for an account that was compiled."""
    stated: tuple[StatedFigure, ...] = ()
    """Every number of the prose of a document that was read, in reading order."""
    passages: tuple[Passage, ...] = ()
    """Every paragraph of a document that was read, in reading order."""
    unplaced: tuple[Unplaced, ...] = ()
    others: tuple[OtherTable, ...] = ()
    """Tables of a document with amounts that no form has a place for."""

    def get(self, address: Address) -> Fact | None:
        """The fact at `address`, or None for a blank cell."""
        return self.facts.get(str(address))

    def amount(self, address: Address) -> Decimal:
        """The exact amount at `address` in base units, zero for a blank cell."""
        fact = self.get(address)
        return fact.figure.value if fact else ZERO

    def put(self, fact: Fact) -> None:
        """Record `fact`, replacing what stood at its address."""
        self.facts[str(fact.address)] = fact

    def extend(self, facts: Iterable[Fact]) -> None:
        """Record every one of `facts`."""
        for fact in facts:
            self.put(fact)

    def of_form(self, form: str, period: str = "本年") -> Iterator[Fact]:
        """The facts of one form and period, in the order they were recorded."""
        return (f for f in self.facts.values() if f.address.form == form and f.address.period == period)
