"""Charts of last year's document with this year's figures: our own drawn anew, the data of Word's own replaced.

A number of a chart is this year's where all figures of last year that it can be, by value and by the words beside it,
have one value this year. What is not sure stays and is told.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from lxml import etree

from juesuan.account import WAN, Account, Address, Source, rounded
from juesuan.publisher.charts import figure
from juesuan.publisher.docx import picture
from juesuan.reader import TextPlace
from juesuan.revision.docx import DocxFile, Edit
from juesuan.revision.docx.names import P, T, W
from juesuan.revision.rolling.figures import Sentences
from juesuan.revision.rolling.years import years_in
from juesuan.statute.language import compact

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CAPTION = re.compile(r"^图(\d+)[：:](.+)$")
_YEAR = re.compile(r"20\d{2}")
_CELL = re.compile(r"^'?(?P<sheet>[^'!]+)'?!\$?(?P<column>[A-Z]+)\$?(?P<first>\d+)(?::\$?[A-Z]+\$?(?P<last>\d+))?$")
_SHOWN = {"blip", "imagedata", "chart", "relIds", "OLEObject", "oleObj"}
"""What a drawing refers to a picture, a chart or a diagram by."""
SURE = 5
"""A number of so many digits is known by itself."""
REMARK = "图中如有数字，仍是上年的，请更换。"


def _only_text(drawing: Any) -> bool:
    """Whether a drawing is a box of text, whose words are rolled as any others, and shows no picture or chart."""
    names = {etree.QName(element).localname for element in drawing.iter(etree.Element)}
    return "txbxContent" in names and not names & _SHOWN


def drawn_charts(file: DocxFile) -> bool:
    """Whether a document shows charts of ours, which are to be drawn anew."""
    described = (element.get("descr", "") for element in file.body.iter(f"{_PLACED}docPr"))
    return any(_CAPTION.match(compact(text)) for text in described)


class Charts:
    """Brings the charts of one document to this year."""

    def __init__(self, file: DocxFile, old: Sentences, new: Sentences) -> None:
        self.file = file
        self.old = old
        self.new = new
        self.shift = new.account.year - old.account.year
        self.renewed = 0
        """How many numbers of charts are this year's now."""
        self.edits: list[Edit] = []
        self.problems: list[tuple[Source, str]] = []
        self.removed: list[Any] = []

    def roll(self) -> None:
        """Renews what it can; what stays last year's gets a comment and a line in `problems`."""
        for drawing in list(self.file.body.iter(f"{W}drawing", f"{W}pict")):
            paragraph = next(drawing.iterancestors(P), None)
            if paragraph is None or _only_text(drawing):
                continue
            following = paragraph.getnext()
            caption = "".join(text.text or "" for text in following.iter(T))[:40] if following is not None else ""
            if self._ours(drawing, paragraph, following, caption) or self._native(drawing, paragraph, caption):
                continue
            self._left(paragraph, REMARK, f"图“{caption}”里如有数字，仍是上年的，请更换")

    def _left(self, paragraph: Any, remark: str, told: str) -> None:
        self.edits.append(Edit(TextPlace(paragraph, ()), 0, 0, None, (remark,)))
        self.problems.append((Source(), told))

    # Our own

    def _ours(self, drawing: Any, paragraph: Any, following: Any, caption: str) -> bool:
        """Draws a chart of ours anew; whether it is one: it says in words what it shows, beginning with its caption."""
        match = _CAPTION.match(compact(caption))
        properties = drawing.find(f".//{_PLACED}docPr")
        fill = drawing.find(f".//{_DRAWING}blip")
        if match is None or properties is None or fill is None:
            return False
        described = compact(properties.get("descr", ""))
        plan = next((plan for plan in self.new.statute.charts.values() if compact(plan.title) == match[2]), None)
        if plan is None or not described.startswith(compact(caption)):
            return False
        chart = figure(plan, int(match[1]), self.new.account, self.new.statute)
        if chart is None:
            self.removed += [paragraph, following]
            self.problems.append((Source(), f"图“{caption}”今年没有数，已删去；后面的图如有编号，请核对"))
            return True
        drawn = picture(chart)
        fill.set(f"{_RELATION}embed", self.file.picture(drawn.png))
        for element in (*drawing.iter(f"{_PLACED}extent"), *drawing.iter(f"{_DRAWING}ext")):
            if element.get("cx"):
                element.set("cx", str(drawn.across))
                element.set("cy", str(drawn.down))
        for element in drawing.iter():
            if element.get("descr"):
                element.set("descr", chart.description)
        self.renewed += len(re.findall(r"\d[\d,.]*万元", described))
        return True

    # Word's own

    def _native(self, drawing: Any, paragraph: Any, caption: str) -> bool:
        """Replaces the data of a chart of Word; whether it is one."""
        reference = drawing.find(f".//{_CHART}chart")
        key = reference.get(f"{_RELATION}id", "") if reference is not None else ""
        name = self.file.targets(self.file.main).get(key, "")
        root = self.file.part(name) if name else None
        if root is None:
            return False
        title = "".join(text.text or "" for text in root.iter(f"{_DRAWING}t"))
        chart = _WordChart(root, f"{title} {caption}")
        puts: dict[str, str] = {}
        stale: list[str] = []
        for point in chart.points():
            made = self._value(point, chart)
            if made is None:
                stale.append(f"{point.series}{point.category} {point.text}".strip())
                continue
            self.renewed += 1
            if point.cell:
                puts[point.cell] = made
            point.element.text = made
        for element, cell in chart.names():
            text = self._years(element.text or "")
            if text != element.text:
                element.text = text
                if cell:
                    puts[cell] = text
        for element in root.iter(f"{_DRAWING}t"):
            element.text = self._years(element.text or "")
        written = self._workbook(name or "", puts)
        called = f"图“{title or caption}”"
        if stale:
            numbers = "、".join(stale)
            self._left(paragraph, f"图里这些数仍是上年的，请改：{numbers}", f"{called}里仍是上年的数：{numbers}")
        if not written:
            self._left(paragraph, "图的数据表没有换，请在 Word 里编辑数据。", f"{called}的数据表没有换，编辑前请核对")
        return True

    def _years(self, text: str) -> str:
        for start, end, put in reversed(list(years_in(text, self.old.account.year, self.shift))):
            text = text[:start] + put + text[end:]
        # A category may be the bare year.
        year = text.strip()
        own = self.old.account.year
        return str(int(year) + self.shift) if year in (str(own), str(own - 1)) else text

    def _value(self, point: _Point, chart: _WordChart) -> str | None:
        """What a number of the chart is this year, printed as it was; None where that is not sure."""
        try:
            value = Decimal(point.text)
        except InvalidOperation:
            return None
        year = next((int(found[0]) for found in (_YEAR.search(point.category), _YEAR.search(point.series)) if found), 0)
        own = self.old.account.year
        if year and year + self.shift <= own:
            # An earlier year: the number of the next one of the same series comes to stand in its place.
            later = chart.later(point, self.shift)
            if later is not None or year < own - 1:
                return later
        period = "上年" if year == own - 1 else "本年" if year == own else ""
        candidates = list(self._candidates(value, period))
        words = compact(f"{point.series}{point.category}{chart.words}")
        named = [each for each in candidates if self._named(each, words)]
        # A number that nothing names is known by itself only where it is long enough to be no chance.
        known = candidates if len(value.normalize().as_tuple().digits) >= SURE else []
        for group in (named, known):
            values = {self._now(each) for each in group}
            if len(values) == 1 and (now := values.pop()) is not None:
                step = max(0, -int(value.as_tuple().exponent))
                return f"{rounded(now, step):f}"
        return None

    def _candidates(self, value: Decimal, period: str) -> Iterator[tuple[Address, Decimal]]:
        """The figures of last year's document that a number can be, each with the unit that it is printed in."""
        for fact in self.old.account.facts.values():
            if period and fact.address.period not in (period, "年初预算" if period == "本年" else period):
                continue
            for unit in (WAN, Decimal(1)):
                step = max(Decimal(1).scaleb(int(value.as_tuple().exponent)), fact.figure.resolution / unit) / 2
                if fact.figure.value and abs(fact.figure.value / unit - value) <= step:
                    yield fact.address, unit

    def _named(self, candidate: tuple[Address, Decimal], words: str) -> bool:
        """Whether the words of the chart name the line or the column of a figure."""
        address, statute = candidate[0], self.old.statute
        form = statute.forms[address.form]
        label = form.columns[address.column].label if address.column in form.columns else ""
        names = {compact(statute.name_of(form, address.row)), compact(label)}
        names |= {re.sub(r"^[一二三四五六七八九十]+、", "", name).removesuffix("支出") for name in names}
        return any(len(name) > 1 and name in words for name in names)

    def _now(self, candidate: tuple[Address, Decimal]) -> Decimal | None:
        fact = self.new.account.get(candidate[0])
        known: Account = self.new.account
        if fact is None and not any(True for _ in known.of_form(candidate[0].form, candidate[0].period)):
            return None
        return (fact.figure.value if fact else Decimal(0)) / candidate[1]

    def _workbook(self, name: str, puts: dict[str, str]) -> bool:
        """Writes the numbers into the workbook behind a chart; whether it could be."""
        book = next((part for part in self.file.targets(name).values() if part.endswith((".xlsx", ".xlsm"))), "")
        data = self.file.content(book) if book else None
        if not puts or data is None:
            return not puts or not self.file.targets(name)
        import openpyxl

        try:
            workbook = openpyxl.load_workbook(io.BytesIO(data))
            for place, text in puts.items():
                sheet, _, cell = place.partition("!")
                number = re.fullmatch(r"-?\d+(\.\d+)?", text)
                # A spreadsheet keeps numbers as floats; the chart shows the text of its own copy.
                workbook[sheet][cell] = float(text) if number else text
            kept = io.BytesIO()
            workbook.save(kept)
        except Exception:
            return False
        self.file.added[book] = kept.getvalue()
        return True


class _Point(msgspec.Struct):
    """A number of a chart: its element, what stands beside it, and its cell in the workbook behind."""

    element: Any
    text: str
    series: str
    category: str
    index: int
    cell: str


class _WordChart:
    """The series of a chart part."""

    def __init__(self, root: Any, words: str) -> None:
        self.root = root
        self.words = words
        self._before: dict[tuple[str, str], str] = {
            (point.series, point.category): point.text for point in self.points()
        }

    def points(self) -> Iterator[_Point]:
        """Every number of every series."""
        for series in self.root.iter(f"{_CHART}ser"):
            name = "".join(text.text or "" for text in series.findall(f"{_CHART}tx//{_CHART}v"))
            categories = dict(_indexed(series.find(f"{_CHART}cat")))
            values = series.find(f"{_CHART}val")
            cells = _cells(values)
            for index, element in _indexed_elements(values):
                cell = cells[index] if index < len(cells) else ""
                yield _Point(element, element.text or "", name, categories.get(index, ""), index, cell)

    def names(self) -> Iterator[tuple[Any, str]]:
        """The elements with the names of series and categories, each with its cell."""
        for series in self.root.iter(f"{_CHART}ser"):
            for part in (series.find(f"{_CHART}tx"), series.find(f"{_CHART}cat")):
                cells = _cells(part)
                for index, element in _indexed_elements(part):
                    yield element, cells[index] if index < len(cells) else ""

    def later(self, point: _Point, shift: int) -> str | None:
        """What the series says of the year that a category moves on to."""
        def moved(text: str) -> str:
            return _YEAR.sub(lambda match: str(int(match[0]) + shift), text)

        return self._before.get((moved(point.series), moved(point.category)))


def _indexed_elements(part: Any) -> list[tuple[int, Any]]:
    if part is None:
        return []
    found = []
    for each in part.iter(f"{_CHART}pt"):
        value = each.find(f"{_CHART}v")
        if value is not None:
            found.append((int(each.get("idx", "0")), value))
    return found


def _indexed(part: Any) -> list[tuple[int, str]]:
    return [(index, element.text or "") for index, element in _indexed_elements(part)]


def _cells(part: Any) -> Sequence[str]:
    """The cells that a part of a series refers to, one below the other; none where it is told otherwise."""
    formula = part.find(f".//{_CHART}f") if part is not None else None
    match = _CELL.match(formula.text or "") if formula is not None else None
    if match is None:
        return ()
    first, last = int(match["first"]), int(match["last"] or match["first"])
    return [f"{match['sheet']}!{match['column']}{row}" for row in range(first, last + 1)]
