"""The tamper bench: every figure of the published example changed, one at a time; is it caught? `make bench-tamper`.

The example is published and read into raw paragraphs and cells once; then one number of a paragraph or cell is changed
(an amount by a hundredth and at least 0.37, a percentage by 3 points, a count by one), read into an account again and
checked. Caught is what brings an error or warning that the untouched document does not have. Prints the rate for each
table and section, and the figures that no rule guards.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec

import juesuan
from juesuan.account import Account
from juesuan.checker import check
from juesuan.reader.account import to_account
from juesuan.reader.files import read_raw
from juesuan.reader.raw import RawCell, RawDocument, RawTable, RawText

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "wuhan-2022" / "whole"
FORMATS = ("docx", "pdf", "html", "xlsx")
NUMBER = re.compile(
    r"(?<![\d.,A-Za-z])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?"
    r"(?=\s*(?:万元(?!（)|%|个项目|个，|辆|台|人次|批次|分[，。）]))"
)
AMOUNT = re.compile(r"^\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%?)\s*$")
PART = re.compile(r"^第[一二三四五六]部分")
SECTION = re.compile(r"^[一二三四五六七八九十]+、")

Change = tuple[int, int, int, int, str]
"""Block, cell (-1 for a paragraph), start and end of the number, and what is put in its place."""


def changed(text: str, start: int, end: int) -> str:
    """A number made another of the same form."""
    number = text[start:end]
    plain = Decimal(number.replace(",", ""))
    after = text[end:].lstrip()
    if after.startswith("%"):
        step = Decimal(3)
    elif "." in number or after.startswith("万元"):
        step = max(Decimal("0.37"), (plain / 100).quantize(Decimal("0.01")))
    else:
        step = Decimal(1)
    return f"{plain + step}"


def changes(raw: RawDocument) -> Iterator[tuple[str, str, Change]]:
    """Every number of the explanation and of every table: where it stands, what it is, and its change."""
    part = section = title = ""
    for index, block in enumerate(raw.blocks):
        if isinstance(block, RawText):
            text = "".join(block.text.split())
            if PART.match(text) and len(text) < 60:
                # The table of contents names the parts too, with the numbers of their pages.
                part, section = "" if text[-1].isdigit() else text, ""
            elif SECTION.match(text) and len(text) < 40:
                section = text
            title = text if 4 < len(text) < 60 and "单位：" not in text else title
            if part.startswith("第三部分") and section:
                for match in NUMBER.finditer(block.text):
                    put = changed(block.text, match.start(), match.end())
                    yield f"说明 {section}", _around(block.text, match), (index, -1, match.start(), match.end(), put)
        elif isinstance(block, RawTable):
            yield from _of_table(index, block, title)


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 10) : match.end() + 4]


def _of_table(index: int, table: RawTable, title: str) -> Iterator[tuple[str, str, Change]]:
    for number, cell in enumerate(table.cells):
        match = AMOUNT.match(cell.text)
        # Codes, line and column numbers are no amounts: those have decimals, or a sign of per cent.
        if match and (match.group(2) or match.group(3)):
            start, end = match.start(1), match.end(2) if match.group(2) else match.end(1)
            row = next((c.text for c in table.cells if c.row == cell.row and c is not cell and c.text), "")
            change = (index, number, start, end, changed(cell.text, start, end))
            yield f"表 {title[-24:]}", f"{row[:16]} {cell.text}", change


def tampered(raw: RawDocument, change: Change) -> RawDocument:
    """The document with one number changed."""
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


def found(raw: RawDocument) -> Counter[tuple[str, str]]:
    """The errors and warnings on a document, by code and severity."""
    reading = to_account(raw)
    report = check(reading.account, statute=reading.statute)
    return Counter((f.code, f.severity) for f in report.findings if f.severity != "notice")


@cache
def _raw(path: str) -> RawDocument:
    return read_raw(Path(path))


@cache
def _before(path: str) -> Counter[tuple[str, str]]:
    return found(_raw(path))


def caught(job: tuple[str, Change]) -> bool:
    """Whether a change brings something that the untouched document does not have."""
    path, change = job
    return bool(found(tampered(_raw(path), change)) - _before(path))


def run(path: Path, every: int) -> tuple[int, int]:
    """Tries every change of one file (or each `every`-th) and prints what came of it."""
    tried: Counter[str] = Counter()
    right: Counter[str] = Counter()
    missed = []
    todo = list(changes(_raw(str(path))))[::every]
    with ProcessPoolExecutor(2) as pool:
        results = pool.map(caught, [(str(path), change) for _, _, change in todo], chunksize=8)
        for (where, what, _), good in zip(todo, results, strict=True):
            tried[where] += 1
            right[where] += good
            if not good:
                missed.append(f"{where[:12]}：{what}")
    print(f"{path.suffix[1:]}: untouched {sum(1 for key in _before(str(path)) if key[1] == 'error')} errors")
    for where, count in tried.items():
        print(f"  {where}: {right[where]} of {count}")
    whole = sum(tried.values())
    print(f"  all: {sum(right.values())} of {whole} = {100 * sum(right.values()) / whole:.1f} %")
    for line in missed:
        print(f"    not guarded: {line}")
    sys.stdout.flush()
    return sum(right.values()), whole


def main() -> None:
    """Runs the bench on the example in every format."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--every", type=int, default=1, help="try each n-th figure only")
    arguments = parser.parse_args()
    account = juesuan.compile(EXAMPLE)
    if not isinstance(account, Account):
        raise SystemExit("the example does not compile")
    sums = [0, 0]
    with tempfile.TemporaryDirectory() as name:
        for path in juesuan.publish(account, name, arguments.formats.split(",")):
            right, whole = run(path, arguments.every)
            sums[0] += right
            sums[1] += whole
    print(f"all formats: {sums[0]} of {sums[1]} = {100 * sums[0] / sums[1]:.1f} %")


if __name__ == "__main__":
    main()
