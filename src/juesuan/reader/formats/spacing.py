"""The white space of layout taken out of a text, and the bytes of a text file decoded.

Beside a Chinese sign a blank is letter-spacing; only between two Latin words or figures does it mean something:
"1,597.5 1" may be one number that a line break has split, which is found out later. PDF texts keep the same rule.
"""

from __future__ import annotations

import codecs
import re

from juesuan.account import UnreadableFileError

_NOTHING = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff\x00-\x08\x0e-\x1b\x7f]")
_BLANKS = re.compile(r"\s+")
_LOOSE = re.compile("(?<=[^\x00-\x7e]) | (?=[^\x00-\x7e]|%)")

_LEAST_CELLS = 30
_LEAST_AMOUNTS = 6
_LONGEST_CELL = 12
"""The mean length of the cells of a line."""
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%％]?")

MOST_TEXT = 20 * 2**20
"""Bytes of a text file: more is no disclosure."""


def tidy(text: str) -> str:
    """The text on one line, blanks only between Latin words and figures."""
    if text.isprintable() and " " not in text:
        return text
    text = _BLANKS.sub(" ", _NOTHING.sub("", text)).strip()
    return text if _is_of_cells(text) else _LOOSE.sub("", text)


def _is_of_cells(text: str) -> bool:
    """Whether a line is a whole table, as a copy from a PDF prints it: a blank behind each cell, amounts among them."""
    if text.count(" ") < _LEAST_CELLS:
        return False
    cells = text.split(" ")
    amounts = sum(_AMOUNT.fullmatch(cell) is not None for cell in cells)
    # 预 算 收 入: letters set apart are no cells.
    words = sum(len(cell) > 1 for cell in cells) - amounts
    return amounts >= _LEAST_AMOUNTS and words >= _LEAST_CELLS // 2 and len(text) <= _LONGEST_CELL * len(cells)


def tidy_tabs(text: str) -> str:
    """As `tidy`, but what tabs hold apart stays so: a title and its page number, the two ends of a caption line."""
    return "\t".join(part for part in map(tidy, text.split("\t")) if part)


UNKNOWN = "不是能识别的文件格式；能读 PDF、DOCX、XLSX、HTML、Markdown 和纯文本。"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text of the bytes and, where some could not be read, a note of it in Chinese.

    What the bytes are decides before what they say they are: pages declared gb2312 are saved as UTF-8, and the other
    way round. Raises UnreadableFileError for bytes that are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"), encoding)
    if b"\0" in data[:4096]:
        half = data[:4096]
        if len(half) >= 8 and max(half[0::2].count(0), half[1::2].count(0)) > len(half) // 8:
            encoding = "utf-16-be" if half[0::2].count(0) > half[1::2].count(0) else "utf-16-le"
            return _checked(data.decode(encoding, "replace"), encoding)
        raise UnreadableFileError(UNKNOWN)
    for encoding in ("utf-8", "gb18030", declared):
        try:
            return _checked(data.decode(encoding), encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    # A few damaged bytes leave nearly all of the text whole in its own encoding.
    guesses = [(data.decode(encoding, "replace"), encoding) for encoding in ("utf-8", "gb18030")]
    return _checked(*min(guesses, key=lambda guess: guess[0].count("\ufffd")))


def _checked(text: str, encoding: str) -> tuple[str, str]:
    lost = text.count("\ufffd")
    controls = len(_CONTROLS.findall(text[:20_000]))
    if lost > 20 + len(text) // 20 or controls > 10 + len(text[:20_000]) // 50:
        raise UnreadableFileError(UNKNOWN)
    return text, f"有 {lost} 处字符无法按 {encoding} 编码读出，已用“\ufffd”代替。" if lost else ""


_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
