"""Loose tables read: each number with the label that it stands beside or under, and the measure of its column."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from juesuan.account import BUDGETS, MEASURES, StatedMeasure
from juesuan.reader.prose.grammar.frames import Draft
from juesuan.reader.prose.grammar.paragraphs import Grammar
from juesuan.reader.prose.grammar.pieces import pieces
from juesuan.reader.prose.grammar.quantities import decimals_of
from juesuan.reader.prose.loose.cells import LooseCell
from juesuan.reader.prose.loose.headed import HeadedNumbers, Label, MeasureColumn, number, period, without_groups
from juesuan.reader.prose.loose.headings import compared_with, headings_run_together
from juesuan.reader.prose.loose.numbering import blocks_beside, without_codes, without_line_numbers
from juesuan.reader.prose.loose.transposed import YearLine, year_lines
from juesuan.statute import Lexicon
from juesuan.statute.language import load_document_words

_UNIT = re.compile(r"(?:金额)?单位:(?:人民币)?(亿元|万元|千元|元)|\((亿元|万元|千元|元)\)")
_OWN_UNIT = re.compile(r"\((\S{1,5}?)\)$")
_SKIPPED = re.compile(r"项目|栏次|行次|备注|序号|(?:支出)?(?:功能|经济)?(?:分类)?科目(?:名称|编码)?|统计数")
_TITLE = re.compile(r"(?:表|情况|说明|如下|公开)[:：]?$|(?:19|20)\d{2}.*(?:决算|预算)$")
_TABLE_NAME = re.compile(r"(?:表|说明|公开)[:：]?$")
"""What ends the name of a table, which is no heading of a column: 一、支出决算表."""
_PLAIN = re.compile(r"(?:支出|收入|金额|数额|数量|费用|经费)[额数]?")
"""Headings of the one amount or count that a table gives."""
_ONLY_FUNDS = re.compile("(?:预算|财政|拨款|资金|安排|经营|收入|支出)*")
"""What may stand behind the name of a fund in a heading that names nothing besides: 政府性基金|预算财政拨款."""
_STUB = re.compile(r"项目(?:名称)?|指标(?:名称)?|费用项目")
"""The heading of the labels: a table begins with it."""
_TOTAL = re.compile(r"(?:支出|收入)?(?:合计|小计|总计|总额|计)")
_ORDER = re.compile(
    r"^(?:其中:?)?(?:[一二三四五六七八九十]+[、.]|\(?[一二三四五六七八九十\d]+\)[、.]?|\d+[、.])?(?:其中:)?(?:\(?\d\))?"
)
_LINE = re.compile(r"^(?:其中:?)?[一二三四五六七八九十(\d]+[、.)]|(?:收入|支出|合计|总计)$")
"""What begins or ends the label of a line rather than the heading of a column."""


def gives_unit(text: str) -> bool:
    """Whether a line says in what unit a table counts money (单位:万元)."""
    return _UNIT.search(text) is not None


class LooseTable:
    """Reads one run of cells into the drafts of `grammar`."""

    def __init__(self, grammar: Grammar, cells: Sequence[LooseCell], title: str) -> None:
        self.grammar = grammar
        self.lexicon: Lexicon = grammar.lexicon
        self.cells = without_codes(without_line_numbers(cells), self.lexicon)
        self.beside = blocks_beside(cells)
        self.money = next((m[1] or m[2] for cell in cells if (m := _UNIT.search(cell.text))), "万元")
        titles = [title, *(cell.text for cell in cells if self._is_title(cell.text))]
        subjects = [w.key for text in titles for _, _, w in self.lexicon.find(text) if w.category == "subject"]
        # 财政拨款情况表 under a title that names the expenses only says of which money they are.
        subjects = [key for key in subjects if key not in load_document_words().fund_of] or subjects
        self.whole = subjects[-1] if subjects else ""
        self.columns: list[MeasureColumn] = []
        self.begun = False
        """A line has been read."""
        self.last = -1
        """The mention that the label of the line before made."""
        self.single = False
        """No line has more than one number, and blanks are not to be seen: of several columns one is filled."""

    def read(self) -> None:
        """Add what the table states."""
        if found := year_lines(self.cells):
            self._by_years(*found)
            return
        rest = [cell for cell in self.cells if not self._skipped(cell) or self._is_title(_ORDER.sub("", cell.text))
                or _STUB.fullmatch(cell.text)]  # fmt: skip
        labels = [c for c in rest if not c.is_value and not c.is_blank and not self._is_title(_ORDER.sub("", c.text))
                  and not _STUB.fullmatch(c.text)]  # fmt: skip
        values = [cell for cell in rest if cell.is_value]
        if not values:
            return
        first = rest.index(values[0])
        last = len(rest) - rest[::-1].index(values[-1])
        if len(labels) > 2 and len(values) > 2 and all(cell.is_value or cell.is_blank for cell in rest[first:last]):
            labels = [cell for cell in labels if cell in rest[:first]]
            self._under(labels, values)
        else:
            marks = "".join("v" if cell.is_value else "b" if cell.is_blank else " " for cell in rest)
            self.single = "b" not in marks and max(map(len, marks.split()), default=0) == 1
            self._side_by_side(rest)

    def _is_title(self, text: str) -> bool:
        return bool(_TITLE.search(text)) and any(w.category == "subject" for _, _, w in self.lexicon.find(text))

    def _skipped(self, cell: LooseCell) -> bool:
        text = _ORDER.sub("", cell.text)
        if self._is_title(text):
            return True
        if _UNIT.search(text):
            return self.column(_UNIT.sub("", text)) is None and self.label(cell) is None
        return bool(_SKIPPED.fullmatch(text))

    # Numbers beside their labels

    def _side_by_side(self, cells: Sequence[LooseCell]) -> None:
        label: LooseCell | None = None
        slots: list[LooseCell] = []
        for cell in cells:
            if self._is_title(_ORDER.sub("", cell.text)):
                self._row(label, slots)
                # Another table begins.
                self.columns, self.begun, label, slots = [], False, None, []
                continue
            if cell.is_value or cell.is_blank:
                slots.append(cell)
                continue
            self._row(label, slots)
            if _STUB.fullmatch(cell.text):
                self.columns, self.begun = ([], False) if self.begun else (self.columns, False)
                label, slots = None, []
                continue
            own = label is not None and not slots and not self.columns and self._is_whole_column(label, cell)
            columns = self.columns_in(_UNIT.sub("", cell.text)) or self._of_fund(cell.text, own)
            if columns:
                self.columns.extend([MeasureColumn(self.grammar.measure)] * own)
                self.columns.extend(columns)
                label = None
            else:
                label = cell
            slots = []
        self._row(label, slots)

    def _is_whole_column(self, label: LooseCell, following: LooseCell) -> bool:
        """Whether what seemed a label is the heading of the first column: 支出 before 减少额, 合计 before its funds."""
        text = _UNIT.sub("", label.text)
        plain = bool(_PLAIN.fullmatch(text)) and bool(self.columns_in(_UNIT.sub("", following.text)))
        return plain or (bool(_TOTAL.fullmatch(text)) and bool(self._of_fund(following.text, whole=True)))

    def _row(self, label: LooseCell | None, slots: Sequence[LooseCell]) -> None:
        heading = label is not None and not slots and not self.begun and _TOTAL.fullmatch(label.text)
        if label is None or heading:
            # 小计 among the headings of a line of its own: 科目名称、小计、增减额、增减%.
            return
        named = self.label(label)
        if named is None:
            return
        self.columns = without_groups(self.columns)
        columns = self._of_one_block()
        if not columns and sum(slot.is_value for slot in slots) <= 1:
            columns = [MeasureColumn(self.grammar.measure)]
        if self.single and len(columns) > 1:
            columns = [next((c for c in columns if c.year == self.grammar.year and c.year), columns[-1])]
        filled = [slot for slot in slots if not slot.is_blank] if len(slots) > len(columns) else list(slots)
        if len(slots) < len(columns) and not any(slot.is_blank for slot in slots):
            filled = list(slots)
        self.begun = self.begun or any(slot.is_value for slot in slots)
        within = self.last if label.text.startswith("其中") else -1
        mention = self.grammar.label_mention(named.subject, label.passage, within)
        self.last = mention
        for column, slot in itertools.zip_longest(columns, filled):
            if slot is None and column is None:
                break
            place = slot or label
            if not named.known and (slot is None or slot.is_blank):
                continue
            of = self.grammar.label_mention(named.subject, label.passage, within) if column and column.fund else mention
            self._add(named, column or MeasureColumn(""), place, of, missing=slot is None)

    def _of_one_block(self) -> list[MeasureColumn]:
        """The columns beside a label: of blocks side by side that have the same columns those of one."""
        width, rest = divmod(len(self.columns), self.beside)
        first = self.columns[:width]
        return first if not rest and first * self.beside == self.columns else self.columns

    # A line for each year

    def _by_years(self, heads: Sequence[LooseCell], lines: Sequence[YearLine]) -> None:
        """Amounts of several years and their changes: those under one heading are of one thing."""
        parts = [label.subject for head in heads if (label := self.label(head)) and label.known]
        wholes = [self.lexicon.wholes_of(part) for part in parts]
        common = [whole for each in wholes for whole in each if all(whole in other for other in wholes)]
        self.whole = self.whole or next(iter(common), "")
        for place, head in enumerate(heads):
            named = self.label(head)
            if named is None:
                continue
            mention = self.grammar.label_mention(named.subject, head.passage)
            for line in lines:
                column = self.column(line.label.text) if line.is_year else None
                if column is None:
                    column = MeasureColumn("变动率" if line.is_rate else "变动额", "上年")
                self._add(named, column, line.values[place], mention)

    # Numbers under their labels

    def _under(self, labels: Sequence[LooseCell], values: Sequence[LooseCell]) -> None:
        """A header of labels and then a line of numbers, one under each label or one for each of the same columns."""
        named = [label for cell in labels if (label := self.label(cell)) is not None and self.column(cell.text) is None]
        columns = [column for cell in labels if (column := self.column(cell.text)) is not None]
        stated = {(d.subject, d.value * d.scale) for d in self.grammar.drafts if d.value is not None}
        headed = HeadedNumbers(self.lexicon, stated, self.lexicon.money.get(self.money, Decimal(1)))
        step = period(columns)
        if step == 1:
            columns = [columns[-1] if columns else MeasureColumn(self.grammar.measure)]
        found = headed.several(named, step, values) if step > 1 else [
            (label, [value]) for label, value in headed.single(named, values)
        ]  # fmt: skip
        for label, own in found:
            mention = self.grammar.label_mention(label.subject, own[0].passage)
            for column, value in zip(columns, own, strict=False):
                self._add(label, column, value, mention)

    # What cells say

    def _of_fund(self, text: str, whole: bool = False) -> list[MeasureColumn]:
        """A heading that names only the funds of its amounts, beside that of all of them, before the first line.

        With `whole` that of all of them is not among the columns yet.
        """
        first = self.columns[0] if self.columns else MeasureColumn(self.grammar.measure) if whole else None
        if first is None or self.begun or _LINE.search(text) or first.measure not in ("决算", *BUDGETS):
            return []
        named = _ORDER.sub("", text).removeprefix("其中:")
        fund, title = load_document_words().fund_at_start(named)
        fund = fund if _ONLY_FUNDS.fullmatch(named.removeprefix(title)) else ""
        return [msgspec.structs.replace(first, fund=fund)] if fund else []

    def columns_in(self, text: str) -> list[MeasureColumn]:
        """The headings in a cell: one, or several that a lost table has run together (2016年执行数 2017年预算数)."""
        if _TABLE_NAME.search(text):
            return []
        # 增、减额 is one word, whatever stands between its signs.
        text = text.replace("增、减", "增减")
        found = pieces(text, self.lexicon)
        compared = any(piece.tag == "compare" for piece in found)
        ends = [] if compared else [piece.end for piece in found if piece.tag == "measure"]
        parts = [text[start:end] for start, end in itertools.pairwise([0, *ends])] if len(ends) > 1 else [text]
        parts = headings_run_together(text, self.lexicon) or parts
        columns = [self.column(part.strip()) for part in parts]
        return [column for column in columns if column is not None] if all(columns) else []

    def column(self, text: str) -> MeasureColumn | None:
        """What the heading `text` says its numbers measure; None where it is no heading of a measure."""
        text = text.removeprefix("项目")
        if len(text) > 24:
            return None
        line = pieces(re.sub(r"\((?:%|[一-鿿]{1,3})\)$", "", text), self.lexicon)
        tags = {piece.tag for piece in line}
        if "subject" in tags or "item" in tags or "economic" in tags:
            return None
        measures = [piece.key for piece in line if piece.tag == "measure"]
        years = [piece.year for piece in line if piece.tag == "year"]
        last = any(piece.tag == "period" and piece.key == "上年" for piece in line)
        last = last or bool(self.grammar.year and years and years[-1] == self.grammar.year - 1)
        base = compared_with(line, self.grammar.year)
        if "compare" in tags and len(measures) > 1:
            # 2026年预算数比2025年执行数 above 增减额 and 增减%.
            return MeasureColumn("变动额", base, group=True)
        if tags & {"change", "difference"} or ("direction" in tags and not measures):
            rate = re.search(r"[率幅%]|比例?$", text)
            return MeasureColumn("变动率" if rate else "变动额", base, group=text.endswith("情况"))
        if "completion" in tags:
            return MeasureColumn("完成率", "预算")
        if "share" in tags:
            return MeasureColumn("占比")
        words = "".join(piece.key for piece in line if piece.tag in ("text", "number"))
        if not (measures or last or years) or len(words) > 2:
            return None
        measure: StatedMeasure = MEASURES[measures[-1]] if measures else self.grammar.measure
        if last and measure in ("决算", *BUDGETS):
            measure = "上年决算" if measure == "决算" else "上年预算"
        return MeasureColumn(measure, year=years[-1] if years else 0)

    def label(self, cell: LooseCell) -> Label | None:
        """What a label names."""
        own = _OWN_UNIT.search(cell.text)
        unit = own[1] if own and self.lexicon.is_unit(own[1]) else ""
        text = _ORDER.sub("", cell.text[: own.start()] if own and unit else cell.text).strip(":")
        if not text or _UNIT.fullmatch(text):
            return None
        if _TOTAL.fullmatch(text) and self.whole:
            return Label(self.whole, unit or self.money, True)
        named = [p for p in pieces(text, self.lexicon) if p.tag in ("subject", "item", "economic")]
        if not named:
            return None if ":" in cell.text else Label(text, unit or self.money, False)
        subject = named[-1].key
        known = self.lexicon.subjects.get(subject)
        if unit and unit not in self.lexicon.money:
            subject = self.lexicon.counted(subject, unit)
        return Label(subject, unit or (known.unit if known and known.unit else self.money), True)

    def _add(self, label: Label, column: MeasureColumn, cell: LooseCell, mention: int, missing: bool = False) -> None:
        measure = column.measure
        if measure == "变动额" and cell.text.endswith("%"):
            measure = "变动率"
        unit = label.unit
        if unit in self.lexicon.counts and measure in ("决算", *BUDGETS):
            measure = "数量"
        if measure in ("变动率", "占比", "完成率"):
            unit = "%"
        scale = self.lexicon.scale(unit)
        value = None if missing or cell.is_blank or not re.search(r"\d", cell.text) else number(cell.text)
        printed = "" if missing else cell.printed.strip()
        start = cell.start + len(cell.printed) - len(cell.printed.lstrip())
        draft = Draft(
            printed, start, start + len(printed), cell.passage, self.grammar.sentence, value,
            decimals_of(cell.text.rstrip("%")), unit, scale, measure, label.subject, column.base,
            column.year or self.grammar.year, mention=mention,
            within=self.grammar.mentions[mention].within, fund=column.fund, section=self.grammar.section,
            source=cell.source, status="仅正文", why="" if value is not None else "格子是空的",
        )  # fmt: skip
        if measure in ("变动额", "变动率") and value is not None:
            draft.direction = (value > 0) - (value < 0)
        if not measure:
            draft.status, draft.why = "没有认出", "没有认出这一栏是什么数"
        self.grammar.drafts.append(draft)
