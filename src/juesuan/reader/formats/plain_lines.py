"""Lines of tables whose cells single blanks hold apart: a label and then the numbers of its columns.

Beside Chinese signs the blanks may be lost: 合计440 428 -12 -2.73, 因公出国（境）费0 0—.
"""

from __future__ import annotations

import re

_NUMBER = r"[-+－]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?[%％]?"
_NONE = r"[-—－/]{1,3}(?![\d.])"
_LINE = re.compile(rf"\s*(?P<label>\S.*?[一-鿿）)])\s*(?P<values>{_NUMBER}(?:\s+{_NUMBER}|\s*{_NONE})+)\s*")
_CELL = re.compile(rf"{_NUMBER}|{_NONE}")
_STUB = re.compile(r"\s*(?:项\s*目|科\s*目|年\s*度)(?:名\s*称)?\s*")
"""The heading of the labels: what stands behind it are headings too, be they years."""


def cells_of_line(text: str) -> list[tuple[int, int]]:
    """Where the label and the numbers of a line begin and end, two numbers at least; nothing for any other line."""
    line = _LINE.fullmatch(text)
    if line is None or _STUB.fullmatch(line["label"]):
        return []
    at = line.start("values")
    return [line.span("label"), *((at + cell.start(), at + cell.end()) for cell in _CELL.finditer(line["values"]))]
