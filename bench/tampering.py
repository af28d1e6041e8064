"""What can be changed in a document, one thing at a time: numbers, directions, years, names, labels of lines.

Changes are made to the raw paragraphs and cells that the reader gives, so that every format is tampered with alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import msgspec

from juesuan.checker import check
from juesuan.reader.account import to_account
from juesuan.reader.raw import RawCell, RawDocument, RawTable, RawText

NUMBER = re.compile(
    r"(?<![\d.,A-Za-z])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?"
    r"(?=\s*(?:万元(?!（)|元|%|个项目|个，|辆|台|人次|批次|人[，。；]|分[，。）]))"
)
AMOUNT = re.compile(r"^\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%?)\s*$")
OPPOSITES = {
    "增加": "减少", "增长": "下降", "上升": "下降", "提高": "降低", "大于": "小于", "高于": "低于", "多于": "少于",
}  # fmt: skip
OPPOSITE = {**OPPOSITES, **{down: up for up, down in reversed(OPPOSITES.items())}}
DIRECTION = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|降低)(?=了?\s*\d)|(?<=决算数)(?:大于|小于|高于|低于|多于|少于)(?=[^，。；]{0,4}预算)"
)
YEAR = re.compile(r"(?<!\d)20\d{2}(?=\s*年(?!\s*度?以))")
NAME = re.compile(r"[一-鿿、]{3,30}(?=[（(][类款项][）)])")
LABEL = re.compile(r"^[一-鿿（）、]{4,}$")
PART = re.compile(r"^第[一二三四五六]部分")
SECTION = re.compile(r"^[一二三四五六七八九十]+、")

KINDS = ("表中数字", "行名", "正文数字", "方向", "年度", "名称")


class Change(NamedTuple):
    """Block, cell (-1 for a paragraph), start and end of what is changed, and what is put in its place."""

    block: int
    cell: int
    start: int
    end: int
    put: str


class Attempt(NamedTuple):
    """A change with its kind, the part of the document that it is made in, and what stands there."""

    kind: str
    where: str
    what: str
    change: Change


def attempts(raw: RawDocument, everywhere: bool = False) -> Iterator[Attempt]:
    """Every number, direction, year and name of the explanation, and every figure and label of the tables.

    The explanation is the third part of the national form; `everywhere` takes all paragraphs, for documents that have
    other parts.
    """
    part = section = title = ""
    for index, block in enumerate(raw.blocks):
        if isinstance(block, RawTable):
            yield from _of_table(index, block, title)
            continue
        if not isinstance(block, RawText):
            continue
        text = "".join(block.text.split())
        if PART.match(text) and len(text) < 60:
            # The table of contents names the parts too, with the numbers of their pages.
            part, section = "" if text[-1].isdigit() else text, ""
        elif SECTION.match(text) and len(text) < 40:
            section = text
        title = text if 4 < len(text) < 60 and "单位：" not in text else title
        if everywhere or (part.startswith("第三部分") and section):
            yield from _of_text(index, block.text, section)


def _of_text(index: int, text: str, section: str) -> Iterator[Attempt]:
    where = f"说明 {section}"

    def made(kind: str, start: int, end: int, put: str) -> Attempt:
        return Attempt(kind, where, text[max(0, start - 12) : end + 8], Change(index, -1, start, end, put))

    for match in NUMBER.finditer(text):
        yield made("正文数字", *match.span(), changed_number(text, *match.span()))
    for match in DIRECTION.finditer(text):
        yield made("方向", *match.span(), OPPOSITE[match[0]])
    for match in YEAR.finditer(text):
        yield made("年度", *match.span(), str(int(match[0]) - 1))
    for match in NAME.finditer(text):
        yield made("名称", *match.span(), _other_name(match[0]))


def _of_table(index: int, table: RawTable, title: str) -> Iterator[Attempt]:
    for number, cell in enumerate(table.cells):
        match = AMOUNT.match(cell.text)
        row = next((c.text for c in table.cells if c.row == cell.row and c is not cell and c.text), "")
        where = f"表 {title[-24:]}"
        # Codes, line and column numbers are no amounts: those have decimals, or a sign of per cent.
        if match and (match[2] or match[3]):
            start, end = match.start(1), match.end(2) if match[2] else match.end(1)
            put = changed_number(cell.text, start, end)
            yield Attempt("表中数字", where, f"{row[:16]} {cell.text}", Change(index, number, start, end, put))
        elif cell.column == 1 and LABEL.match(cell.text) and re.fullmatch(r"\d{3,7}", row):
            put = _other_name(cell.text)
            yield Attempt("行名", where, cell.text, Change(index, number, 0, len(cell.text), put))


def _other_name(name: str) -> str:
    """A name with its second and third sign exchanged, or without its last where they are the same."""
    swapped = name[0] + name[2] + name[1] + name[3:]
    return swapped if swapped != name else name[:-1]


def changed_number(text: str, start: int, end: int) -> str:
    """A number made another of the same form: an amount by a hundredth, a percentage by 3 points, a count by one."""
    number = text[start:end]
    plain = Decimal(number.replace(",", ""))
    after = text[end:].lstrip()
    if after.startswith("%"):
        step = Decimal(3)
    elif "." in number or after.startswith("万元"):
        step = max(Decimal("0.37"), (plain / 100).quantize(Decimal("0.01")))
    elif after.startswith("元"):
        step = max(Decimal(37), (plain / 100).quantize(Decimal(1)))
    else:
        step = Decimal(1)
    return f"{plain + step}"


def tampered(raw: RawDocument, change: Change) -> RawDocument:
    """The document with one thing changed."""
    index, place, start, end, put = change
    blocks = list(raw.blocks)
    block = blocks[index]
    if isinstance(block, RawText):
        blocks[index] = msgspec.structs.replace(block, text=block.text[:start] + put + block.text[end:])
    else:
        cells: list[RawCell] = list(block.cells)
        cell = cells[place]
        cells[place] = msgspec.structs.replace(cell, text=cell.text[:start] + put + cell.text[end:])
        blocks[index] = msgspec.structs.replace(block, cells=tuple(cells))
    return msgspec.structs.replace(raw, blocks=tuple(blocks))


def found(raw: RawDocument) -> Counter[tuple[str, str, str]]:
    """The errors and warnings on a document, by code, severity and what is stated."""
    reading = to_account(raw)
    report = check(reading.account, statute=reading.statute)
    return Counter((f.code, f.severity, f.stated) for f in report.findings if f.severity != "notice")
