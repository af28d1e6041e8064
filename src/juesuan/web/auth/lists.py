"""Lists that administrators bring from a spreadsheet: CSV as Excel saves it, or cells pasted from it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from juesuan.account import JuesuanError, csv_lines

LONGEST_LIST = 20_000
MOST_MISTAKES = 20
"""So many wrong lines of a list are told at once."""


class BadListError(JuesuanError, ValueError):
    """A list cannot be taken; the message names every line that is wrong."""


def list_rows(data: bytes, headings: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of the list `data` below its `headings`, each with its number and one cell for each heading.

    Empty lines are left out. Raises BadListError.
    """
    text = _text(data)
    try:
        lines = list(csv.reader(io.StringIO(text), "excel-tab") if _pasted(text) else csv_lines(io.StringIO(text)))
    except csv.Error as error:
        raise BadListError(f"不是 CSV 文件（{error}）。") from None
    if not lines or [cell.strip() for cell in lines[0][: len(headings)]] != list(headings):
        raise BadListError(f"第1行应为：{','.join(headings)}")
    if len(lines) > LONGEST_LIST:
        raise BadListError(f"一次最多导入 {LONGEST_LIST} 行。")
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            yield number, ([cell.strip() for cell in cells] + [""] * len(headings))[: len(headings)]


def demand_no_mistakes(mistakes: Sequence[str]) -> None:
    """Raises BadListError where there are `mistakes`."""
    if mistakes:
        more = f"\n另有 {len(mistakes) - MOST_MISTAKES} 行也不对。" if len(mistakes) > MOST_MISTAKES else ""
        raise BadListError("\n".join(mistakes[:MOST_MISTAKES]) + more)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadListError("文件不是 UTF-8 或 GB18030 文本，请在 Excel 中另存为 CSV。")


def _pasted(text: str) -> bool:
    """Whether the cells come from a spreadsheet by the clipboard, which puts tabs between them."""
    return "\t" in text.partition("\n")[0]
