"""Complaints beside the cells of a copy of the workbook: coloured until changed, with a comment, and in a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from juesuan.account import Source
from juesuan.compiler.explaining import Offer
from juesuan.compiler.marking.saving import kept_drop_downs, save_with_values
from juesuan.compiler.workbook import COMPLAINTS, FRONT

AUTHOR = "juesuan"
_MARK = 'N("juesuan")=0'
"""Always true; by it our rules are known again."""
_BEGIN = "【juesuan】"
_LONGEST = 200
"""Of a text so much is compared to tell whether it was changed; Excel lets formulas hold 255 signs."""
_MOST = 6
"""A complaint about more cells of a sheet stands at the head of the sheet."""
_PHRASES = 6
"""So many common phrases are listed for a reason."""
_WIDTH, _LINE, _TALLEST = 430, 17, 420
"""The size of a comment in points: wide, high for each line, and at most."""

Level = Literal["错误", "待填", "须说明"]
COLOURS: dict[Level, tuple[str, str]] = {
    "错误": ("FFFFC7CE", "FF9C0006"), "待填": ("FFFFC7CE", "FF9C0006"), "须说明": ("FFFFEB9C", "FF7F6000"),
}  # fmt: skip
"""Fill and font of a marked cell."""

HEADS = (("序号", 6), ("程度", 8), ("位置", 18), ("问题", 62), ("差额来自", 40), ("上年写的", 40), ("可参考的说法", 60))
GUIDE = (
    "红色、黄色的单元格是要改、要填或要核实的，批注里写明原因；改过以后颜色自动消失。改完直接用这个文件编制。"
    "本表只供查看，编制时不读，可以删除；“上年写的”“可参考的说法”供参考，请改成本单位的实际情况。"
)


class Complaint(msgspec.Struct, frozen=True):
    """Something to be corrected, filled in or explained: what, where, and what a text can be written from."""

    level: Level
    text: str
    places: tuple[Source, ...] = ()
    offer: Offer | None = None

    def remark(self) -> str:
        """What the comment says."""
        return "\n".join([f"{self.level}：{self.text}", *(self.offer.lines(full=True) if self.offer else ())])


def mark_copy(source: Path, target: Path, complaints: Sequence[Complaint]) -> int:
    """Writes a copy of the workbook at `source` to `target` with `complaints` beside their cells; gives how many cells.

    What an earlier run marked in it is taken away first; nothing else of it changes. Raises OSError.
    """
    from openpyxl import load_workbook

    book = load_workbook(source)
    values = load_workbook(source, data_only=True)
    for name, rules in kept_drop_downs(source).items():
        for rule in rules:
            book[name].add_data_validation(rule)
    _unmark(book)
    remarks: dict[tuple[str, str], list[Complaint]] = {}
    for complaint in complaints:
        for sheet, cell in _cells(complaint, source.name, book):
            remarks.setdefault((sheet, cell), []).append(complaint)
    for (sheet, cell), about in remarks.items():
        _mark(book[sheet], cell, about)
    if complaints:
        _list(book, complaints, source.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    save_with_values(book, values, target)
    return len(remarks)


def _unmark(book: Any) -> None:
    """Take away what an earlier run marked: its rules, its comments and its list."""
    from openpyxl.comments import Comment
    from openpyxl.formatting.formatting import ConditionalFormattingList

    if COMPLAINTS in book.sheetnames:
        del book[COMPLAINTS]
    for sheet in book.worksheets:
        kept = ConditionalFormattingList()
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if not any(_MARK in str(formula) for formula in rule.formula or ()):
                    kept.add(str(area.sqref), rule)
        sheet.conditional_formatting = kept
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment and _BEGIN in cell.comment.text:
                    own = cell.comment.text.partition(_BEGIN)[0].strip()
                    cell.comment = Comment(own, cell.comment.author) if own else None


def _cells(complaint: Complaint, file: str, book: Any) -> list[tuple[str, str]]:
    """The cells that a complaint is about; the head of a sheet on which they are many."""
    by_sheet: dict[str, list[str]] = {}
    for place in complaint.places:
        if place.file == file and place.cell and place.sheet in book.sheetnames:
            by_sheet.setdefault(place.sheet, []).append(place.cell)
    return [
        (sheet, cell)
        for sheet, found in by_sheet.items()
        for cell in (dict.fromkeys(found) if len(set(found)) <= _MOST else ["A1"])
    ]


def _mark(sheet: Any, name: str, about: Sequence[Complaint]) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    cell = sheet[name]
    if isinstance(cell, MergedCell):
        around = next(span for span in sheet.merged_cells.ranges if name in span)
        cell = sheet.cell(around.min_row, around.min_col)
    worst = min((complaint.level for complaint in about), key=list(COLOURS).index)
    fill, font = COLOURS[worst]
    style = DifferentialStyle(fill=PatternFill(bgColor=fill), font=Font(color=font))
    unchanged = f"AND({_MARK},{_unchanged(cell)})"
    sheet.conditional_formatting.add(cell.coordinate, Rule("expression", dxf=style, formula=[unchanged], priority=1))
    text = "\n\n".join(complaint.remark() for complaint in about)
    own = f"{cell.comment.text}\n" if cell.comment else ""
    lines = sum(1 + len(line) // 30 for line in f"{own}{text}".splitlines()) + 1
    cell.comment = Comment(f"{own}{_BEGIN}\n{text}", AUTHOR, width=_WIDTH, height=min(_TALLEST, _LINE * lines + 12))


def _unchanged(cell: Any) -> str:
    """A condition in Excel's notation that holds as long as the cell says what it says now."""
    name, value = cell.coordinate, cell.value
    if value is None or value == "":
        return f"LEN(TRIM({name}))=0"
    if cell.data_type == "n":
        return f"{name}={value}"
    if cell.data_type in ("s", "inlineStr", "str"):
        plain = str(value)[:_LONGEST].replace('"', '""')
        whole = name if len(str(value)) <= _LONGEST else f"LEFT({name},{_LONGEST})"
        # A line break in a literal is not understood everywhere: only what stands before the first is compared.
        head = re.split(r"[\r\n]", plain)[0]
        return f'EXACT({whole},"{head}")' if head == plain else f'LEFT({name},{len(head)})="{head}"'
    return "TRUE"


def _list(book: Any, complaints: Sequence[Complaint], file: str) -> None:
    """The sheet with all complaints, before the sheets to fill in."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.worksheet.hyperlink import Hyperlink

    first = book.sheetnames.index(FRONT) + 1 if FRONT in book.sheetnames else 0
    sheet = book.create_sheet(COMPLAINTS, first)
    sheet.sheet_view.showGridLines = False
    sheet["A1"] = "要改、要填和要核实的"
    sheet["A1"].font = Font(name="宋体", size=14, bold=True)
    sheet["A2"] = GUIDE
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(HEADS))
    sheet["A2"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[2].height = 32
    side = Side("thin", color="FFA6A6A6")
    line = Border(left=side, right=side, top=side, bottom=side)
    for column, (head, width) in enumerate(HEADS, 1):
        sheet.column_dimensions[sheet.cell(3, column).column_letter].width = width
        cell = sheet.cell(3, column, head)
        cell.font, cell.border = Font(name="宋体", bold=True), line
        cell.fill = PatternFill("solid", fgColor="FFD9E2F3")
    for number, complaint in enumerate(complaints, 1):
        offer = complaint.offer
        place = next((p for p in complaint.places if p.file == file and p.sheet in book.sheetnames), None)
        at = f"{place.sheet}!{place.cell}" if place and place.cell else place.sheet if place else ""
        others = next((str(p) for p in complaint.places), "") if place is None else ""
        phrases = "\n".join(f"{name}：{text}" for name, text in offer.phrases[:_PHRASES]) if offer else ""
        texts = (
            str(number), complaint.level, at or others, complaint.text,
            offer.parts if offer else "", offer.last if offer else "", phrases,
        )  # fmt: skip
        for column, text in enumerate(texts, 1):
            cell = sheet.cell(3 + number, column)
            cell.value, cell.data_type = text, "s"
            cell.font, cell.border = Font(name="宋体", size=10), line
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if place is not None:
            link = sheet.cell(3 + number, 3)
            link.hyperlink = Hyperlink(link.coordinate, location=f"'{place.sheet}'!{place.cell or 'A1'}")
            link.font = Font(name="宋体", size=10, color="FF0563C1", underline="single")
        sheet.row_dimensions[3 + number].height = _height(texts)
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _height(texts: Sequence[str]) -> float:
    """A row's height in points for these texts in the columns of the list."""
    needed = [
        sum(1 + int(2 * len(line) // (1.08 * width)) for line in text.split("\n"))
        for text, (_, width) in zip(texts, HEADS, strict=True)
    ]
    return min(409.0, 12.5 * max(needed) + 4)
