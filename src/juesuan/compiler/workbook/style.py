"""How the workbook to fill in looks: colours, number formats, drop-downs and the hints beside the cells."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from juesuan.compiler.workbook.plan import Slot

if TYPE_CHECKING:
    from xlsxwriter import Workbook as Book
    from xlsxwriter.format import Format

FONT = "宋体"
REQUIRED = "#FFF2CC"
OPTIONAL = "#FFFFFF"
COMPUTED = "#E7E6E6"
HEADING = "#D9E2F3"
GROUP = "#EEF3FA"
BORDER = "#A6A6A6"

NUMBER_FORMATS = {
    "text": "@",
    "yuan": "#,##0.00",
    "wan": "#,##0.00####",
    "sum": "#,##0.00",
    "count": "0",
    "points": "0.##",
    "share": "0.##",
    "function": "@",
    "economy": "@",
    "choice": "@",
    "date": "yyyy-mm-dd",
}
"""Excel's notation by cell type. Long texts stay General: a text format shows ##### beyond 255 characters."""

UNITS = {"yuan": "元", "wan": "万元", "sum": "元", "points": "分", "share": "%"}
RIGHT = frozenset(["yuan", "wan", "sum", "count", "points", "share"])

HINTS = {
    "yuan": "以元为单位，最多两位小数；没有发生的不填",
    "wan": "以万元为单位",
    "count": "整数，不带单位",
    "points": "0–100",
    "share": "0–100",
    "function": "7 位项级编码，可从下拉列表选择",
    "economy": "5 位款级编码，可从下拉列表选择",
    "date": "如 2023-09-15",
    "long": "可以写多行（Alt+Enter 换行）",
}

MESSAGE_LIMIT = 255
"""What Excel allows in an input message or a list of options."""


class Formats:
    """The cell formats of one book, each made once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        """The format with `properties`, on top of the book's font."""
        full = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "border_color": BORDER, **properties}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(full)
        return self._made[key]

    def title(self) -> Format:
        """Of a sheet's title."""
        return self.get(font_size=14, bold=True)

    def guide(self) -> Format:
        """Of the sentence under it."""
        return self.get(font_color="#595959", text_wrap=True, valign="top")

    def heading(self) -> Format:
        """Of the line with the column headings."""
        return self.get(bold=True, bg_color=HEADING, border=1, align="center", text_wrap=True)

    def group(self) -> Format:
        """Of the line above a group of cells."""
        return self.get(bold=True, bg_color=GROUP, border=1)

    def group_sum(self) -> Format:
        """Of the sum in that line."""
        return self.get(bold=True, bg_color=COMPUTED, border=1, align="right", num_format=NUMBER_FORMATS["sum"])

    def label(self) -> Format:
        """Of the name of a single cell."""
        return self.get(border=1, text_wrap=True)

    def hint(self) -> Format:
        """Of the explanation beside a cell."""
        return self.get(border=1, text_wrap=True, font_color="#7F7F7F")

    def input(self, slot: Slot) -> Format:
        """Of a cell to fill in, or of one that the workbook computes."""
        kind = slot.plan.type
        properties: dict[str, Any] = {"border": 1, "locked": slot.computed}
        properties["bg_color"] = COMPUTED if slot.computed else REQUIRED if slot.plan.required else OPTIONAL
        if kind in NUMBER_FORMATS:
            properties["num_format"] = NUMBER_FORMATS[kind]
        if kind == "date":
            properties["align"] = "left"
        if kind in RIGHT:
            properties["align"] = "right"
        elif kind == "long":
            properties |= {"text_wrap": True, "valign": "top"}
        elif kind in ("lookup", "choice", "text"):
            properties["text_wrap"] = True
        return self.get(**properties)


def heading_text(slot: Slot) -> str:
    """A column's heading: its label, and the unit of its amounts below."""
    unit = UNITS.get(slot.plan.type)
    return f"{slot.plan.label}\n（{unit}）" if unit else slot.plan.label


def hint_text(slot: Slot) -> str:
    """What is said beside a cell or when it is chosen."""
    return slot.plan.help or HINTS.get(slot.plan.type, "")


def validation(slot: Slot, source: str) -> dict[str, Any] | None:
    """What Excel lets into a cell of `slot`; `source` is the range of its drop-down, where it has one.

    A code or an amount is only warned of, since the year's table may have codes that ours lacks; a choice is closed.
    """
    rule: dict[str, Any]
    match slot.plan.type:
        case "yuan" | "wan":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
            rule["error_message"] = "金额应为不小于 0 的数字，以元为单位，不带文字"
        case "count":
            rule = {"validate": "integer", "criteria": ">=", "value": 0, "error_message": "应为不小于 0 的整数"}
        case "points" | "share":
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
            rule["error_message"] = "应在 0 至 100 之间"
        case "date":
            rule = {
                "validate": "date",
                "criteria": ">=",
                "value": datetime.date(2000, 1, 1),
                "error_message": "应为日期，如 2023-09-15",
            }
        case "function" | "economy":
            rule = {"validate": "list", "source": source, "error_message": "科目表中没有这个编码，请核对"}
        case "choice" if source:
            rule = {"validate": "list", "source": source, "error_message": "请从下拉列表选择"}
        case "choice":
            rule = {"validate": "list", "source": list(slot.plan.options), "error_type": "stop"}
            rule["error_message"] = "请从下拉列表选择"
        case _:
            rule = {"validate": "any"}
    hint = hint_text(slot)
    if rule["validate"] == "any" and not slot.plan.help:
        return None
    rule.setdefault("error_type", "warning")
    if hint:
        rule |= {"input_title": slot.plan.label[:32], "input_message": hint[:MESSAGE_LIMIT]}
    return rule
