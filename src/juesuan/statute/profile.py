"""Profiles: which forms, wording, order, style and scheme a place and year use; and the statute they make up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import msgspec

from juesuan.account import WAN, Address, Period, printed, rounded
from juesuan.statute.articulation.relation import Relation
from juesuan.statute.clause import Clause, SectionPlan, placeholders
from juesuan.statute.codes import Code, CodeTable
from juesuan.statute.form import Classification, Form
from juesuan.statute.places import PlaceTable, SectionGroup
from juesuan.statute.reference import Dated, LegalDocument, Reference, references
from juesuan.statute.scheme import Scheme

MONEY_UNITS: dict[str, Decimal] = {
    "万元": WAN, "元": Decimal(1), "千元": Decimal(1000), "百万元": 100 * WAN, "亿元": WAN * WAN,
}  # fmt: skip
"""Units of printed money and how many yuan one is."""

SMALLEST_PERCENT = 10
"""The most decimals that a percentage is given."""

POINTS = "分"
"""The unit of scores, always printed with two decimals."""

Kind = Literal["决算", "预算"]
"""Which disclosure of a unit a profile is of: final accounts, or the budget."""

PartContent = Literal["概况", "公开表", "情况说明", "重点工作", "名词解释", "附件"]


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a place prints figures: decimals of amounts and percentages, whether trailing zeros and commas are shown."""

    table_decimals: int = 2
    table_trim: bool = False
    table_grouping: bool = True
    text_money: str = "万元"
    """The unit of money of the sentences, whatever the tables print."""
    text_decimals: int = 2
    text_trim: bool = False
    text_grouping: bool = False
    percent_decimals: int = 1
    percent_trim: bool = True
    brackets: str = "（）"
    """The brackets around 类, 款, 项."""
    line_numbers: bool = True
    """Whether the tables print line and column numbers (行次、栏次)."""
    table_in_title: str = ""
    """What follows a table's title, with {序}."""
    part_title: str = "第{序}部分　{题}"
    title_prefix: str = ""
    table_number: str = "公开{序:02}表"
    unit_caption: str = ""
    """What stands before the unit's name above a table; 部门 or 单位 where nothing is declared."""
    empty_mark: str = "说明："
    """What the sentence under an empty table begins with."""


class Part(Dated, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the disclosure (第一部分 …); its key says what it shows, unless `shows` does."""

    key: str
    title: str
    fields: tuple[str, ...] = ()
    """The unit's own texts that stand in it."""
    shows: PartContent | None = None
    sections: tuple[str, ...] = ()
    """The sections of the explanation that stand in it; all of them where none is named."""
    optional: bool = False
    """Whether it is left out where none of its texts is written."""
    bare: bool = False
    """Whether its texts or sections stand without headings of their own."""

    @property
    def content(self) -> str:
        """What it shows."""
        return self.shows or self.key


class TextField(Dated, frozen=True, forbid_unknown_fields=True):
    """A text that the unit itself writes, with what the law wants in it."""

    key: str
    title: str
    wanted: str
    required: bool = True
    basis: str = ""
    lasting: bool = False
    """Whether it holds from year to year, so that next year's forms may begin with it."""


class ChartPlan(Dated, frozen=True, forbid_unknown_fields=True):
    """A chart of the narrative: `kind` bar (bars by group) or pie (shares), its series named in the notation."""

    key: str
    kind: Literal["bar", "pie", "grouped"]
    title: str
    series: dict[str, str] = msgspec.field(default_factory=dict)
    """Quantities by name; “2022年度|收入总计” puts a bar of the second name into the group of the first."""
    each: str = ""
    skip: tuple[str, ...] = ()
    share: str = ""
    """For a pie: the quantity of each line or column that `each` runs over."""
    unit: str = "万元"


class GlossaryTerm(Dated, frozen=True, forbid_unknown_fields=True):
    """A term of the glossary (名词解释); `when` says for which accounts it is printed."""

    key: str
    term: str
    text: str
    when: str = ""
    let: dict[str, str] = msgspec.field(default_factory=dict)
    codes: bool = False
    """The place where the items of the classification that the unit uses are explained."""


class Explanation(msgspec.Struct, frozen=True):
    """What an item of the classification means, from a document (文件) or from knowledge (知识)."""

    text: str
    known: Literal["文件", "知识"] = "知识"


class Itemised(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form whose items the narrative explains one by one: its columns, and the section that does it.

    `used` are the forms whose items are those that the unit uses, so that the glossary has to explain them.
    """

    form: str
    total: str
    projects: str
    section: str
    used: tuple[str, ...] = ()

    def at(self, row: str, period: Period = "本年") -> Address:
        """The address of what was spent on an item, or with another period its budget."""
        return Address(self.form, row, self.total, period)


class Profile(Dated, frozen=True, forbid_unknown_fields=True):
    """What a place and year use, on top of the national base."""

    key: str
    title: str
    order: tuple[str, ...]
    """The published forms in the order this place prints them."""
    sections: tuple[str, ...]
    """The sections of the explanation, in order."""
    parts: tuple[Part, ...]
    style: Style
    scheme: str
    overview: tuple[TextField, ...]
    itemised: Itemised
    """The form whose items (项) the narrative explains one by one."""
    base: str = ""
    kind: Kind = "决算"
    approved: Period = "年初预算"
    """The period under which a disclosure has the budget that was approved: a budget has it as its own (本年)."""
    place: str = ""
    places: tuple[str, ...] = ()
    """Other names that tell the place in the name of a unit: its cities."""
    told_by: tuple[str, ...] = ()
    """Words that stand on the first pages of a document under this profile, and of no other of the place."""
    year: int | None = None
    basis: str = ""
    cover: str = ""
    cover_lines: tuple[str, ...] = ()
    """Lines below the title on the cover, in the notation of clauses (保密审查情况：{文:保密审查情况})."""
    unit_word: str = "单位"
    """部门 or 单位, in titles."""
    order_reference: str = ""
    """Where the order of the tables is written."""
    any_order: bool = False
    """Whether the order of the tables is left to the place, which is not known."""
    also: tuple[str, ...] = ()
    """Forms that are published besides in some places: read and checked, never missed."""
    optional: tuple[str, ...] = ()
    """Forms of the order that not every place publishes."""
    tables: tuple[PlaceTable, ...] = ()
    """Tables that the place publishes besides the forms."""
    part_order: tuple[str, ...] = ()
    """The parts in the order of print, where it is not that of their declaration."""
    groups: tuple[SectionGroup, ...] = ()
    """Sections of the explanation that stand under one heading."""
    without: tuple[str, ...] = ()
    """Relations that this profile's forms have no place for."""
    overlay: dict[str, Any] = msgspec.field(default_factory=dict)


class Statute(msgspec.Struct, frozen=True, dict=True):
    """The law for one profile and year: everything that compile, publish, read and check go by."""

    profile: Profile
    year: int
    forms: dict[str, Form]
    relations: dict[str, Relation]
    sections: tuple[SectionPlan, ...]
    charts: dict[str, ChartPlan]
    glossary: tuple[GlossaryTerm, ...]
    explanations: Mapping[str, Explanation]
    """Explanations of items of the functional classification, by code."""
    schemes: dict[str, Scheme]
    functional: CodeTable
    economic: CodeTable
    government: CodeTable
    """The economic classification of governments (政府预算支出经济分类), which some places' tables are by."""
    workbook: Any
    documents: tuple[LegalDocument, ...] = ()
    """The laws, acts and published forms that bases and references name."""

    @cached_property
    def published(self) -> tuple[Form, ...]:
        """The forms of the disclosure in the order this place prints them."""
        forms = (self.forms[key] for key in self.profile.order)
        return tuple(form for form in forms if form.in_force(self.year))

    @cached_property
    def readable(self) -> tuple[Form, ...]:
        """The forms that a document may print: those of the disclosure, and those that some places add."""
        return tuple(self.forms[key] for key in (*self.profile.order, *self.profile.also))

    def with_codes(self, names: Mapping[str, str]) -> Statute:
        """This statute with codes that a unit declares itself: seven digits functional, five economic."""
        if not names:
            return self
        tables = {True: self.economic, False: self.functional}
        for economic in tables:
            mine = {code: name for code, name in names.items() if (code[0] == "3") == economic}
            own = [Code(code, name, origin="单位自定") for code, name in mine.items()]
            tables[economic] = tables[economic].extended(own)
        return msgspec.structs.replace(self, economic=tables[True], functional=tables[False])

    def references(self, basis: str) -> tuple[Reference, ...]:
        """The documents and articles that a basis or a reference names."""
        return references(basis, self.documents)

    def codes(self, classification: Classification | None) -> CodeTable:
        """The codes that a printed table of a classification may have (functional where a form has fixed lines).

        A table by economic classification is by that of departments or by that of governments; their codes differ.
        """
        return self._printed_economic if classification == "经济分类" else self.functional

    @cached_property
    def _printed_economic(self) -> CodeTable:
        return self.economic.extended(self.government.entries)

    def name_of(self, form: Form, row: str) -> str:
        """The official name of a line: its label, or the name of its code in the year of the account."""
        fixed = form.rows.get(row)
        if fixed:
            return fixed.label
        for closing in form.totals:
            if closing.key == row:
                return closing.label
        return self.codes(form.classification).name(row, self.year) or row

    def describe(self, address: Address) -> str:
        """An address in words: 收入决算表“208 社会保障和就业支出”行“财政拨款收入”栏."""
        form = self.forms[address.form]
        code = form.layout.printed_code(address.row)
        column = form.columns[address.column].label if len(form.columns) > 1 else ""
        period = "" if address.period == "本年" else address.period
        name = self.name_of(form, address.row) or f"第{form.number_of(address.row)}行"
        line = "" if form.layout.only() else f"“{code} {name}”" if code else f"“{name}”"
        return f"{period}{form.title}{line}" + (f"“{column}”" if column else "")

    @cached_property
    def printed(self) -> tuple[Form | PlaceTable, ...]:
        """The tables of the disclosure in the order of print: published forms, those of the place among them."""
        found: list[Form | PlaceTable] = list(self.published)
        for table in self.profile.tables:
            at = next((n for n, other in enumerate(found, 1) if other.key == table.after), len(found))
            found.insert(at, table)
        return tuple(found)

    def number_of(self, form: Form | PlaceTable) -> int:
        """The number of a table in this place's order of the year, from one."""
        order = [other.key for other in self.printed]
        return (order if form.key in order else self.profile.order).index(form.key) + 1

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts in the order of print."""
        order = self.profile.part_order
        known = {part.key: part for part in self.profile.parts}
        rest = [key for key in known if key not in order]
        return tuple(known[key] for key in (*order, *rest))

    def clauses(self) -> list[tuple[SectionPlan, Clause]]:
        """Every clause with its section, in order."""
        return [
            (section, clause)
            for section in self.sections
            for paragraph in section.paragraphs
            for clause in paragraph.clauses
        ]

    def reasons(self) -> list[tuple[str, str]]:
        """The reasons that clauses outside of loops over lines can ask for: key and section title, in order."""
        found: dict[str, str] = {}
        for section in self.sections:
            for paragraph in () if section.reading else section.paragraphs:
                if paragraph.each:
                    continue
                for clause in paragraph.clauses:
                    for case in clause.cases:
                        for name in placeholders(case.text):
                            if name.startswith("理由:"):
                                found.setdefault(name.removeprefix("理由:"), section.title)
        return list(found.items())

    def amount_text(self, value: Decimal, unit: str, *, table: bool) -> str:
        """`value` (base units) as this place prints it in a table or in the text, without the unit's name."""
        style = self.profile.style
        divisor = MONEY_UNITS.get(unit)
        if divisor is None:
            return printed(value, 2, trim=unit != POINTS, grouping=style.text_grouping)
        if table:
            return printed(
                value / divisor, style.table_decimals, trim=style.table_trim, grouping=style.table_grouping
            )
        return printed(value / divisor, style.text_decimals, trim=style.text_trim, grouping=style.text_grouping)

    def percent_text(self, ratio: Decimal) -> tuple[str, int]:
        """A ratio of one as a percentage without the sign, and the decimals it is rounded to.

        A share that is not nothing is not printed as 0 %: decimals are added until a digit shows (never 增长0%).
        """
        style = self.profile.style
        decimals = style.percent_decimals
        while ratio and decimals < SMALLEST_PERCENT and not rounded(ratio * 100, decimals):
            decimals += 1
        return printed(ratio * 100, decimals, trim=style.percent_trim), decimals

    def resolution(self, unit: str, *, table: bool) -> Decimal:
        """The resolution of a printed amount in base units: 100 yuan for two decimals of 万元; zero for counts."""
        style = self.profile.style
        divisor = MONEY_UNITS.get(unit)
        if divisor is None:
            return Decimal("0.01") if unit == POINTS else Decimal(0)
        return divisor.scaleb(-(style.table_decimals if table else style.text_decimals))
