"""What was left out: numbers, units, words; and years that are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from juesuan.account import Issue, Passage
from juesuan.checker.rules.wording.found import around, wording_issue
from juesuan.statute.language import expression, load_residue, number_of

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""A number before 年 that is not between these is no year of a comparison; two digits are a year cut short."""

SHORT_YEAR = 2

_STOPS = str.maketrans(",;:", "，；：")
_CUT_NUMBER = re.compile(r"(?<![\d.,\-—/A-Za-z])0\d+(?:,\d{3})*(?:\.\d+)?(?=[万亿]?元)")
"""What is left of 2,030.76 without its first digits."""
_TWO_POINTS = re.compile(r"(?<![\d.])\d[\d,]*\.\d+\.\d+(?=[万亿]?元|%)")
_UNIT = re.compile("(?<![我本])单位")
"""单位：万元 names a unit, 我单位 does not."""
_CLAUSE = re.compile("[，。；：]")


def check_missing(text: str, passage: Passage) -> Iterator[Issue]:
    """Blank numbers (W107) and names (W120), lost units (W108), shares in yuan (W104), no years (W109), words (W110).

    `text` is the compact form of the paragraph.
    """
    text = punctuated(text)
    wording = load_residue()
    for match in expression(wording.blank_numbers).finditer(text):
        blank = expression(wording.blanks).search(match[0])
        bracketed = "（" in _without(match[0], wording.bracketed_units)
        if not blank and not bracketed and not _UNIT.search(text[max(0, match.start() - 5) : match.start()]):
            message = f"“{around(passage, *match.span())}”里“{match[0].rstrip('，。；、')}”没有写数字。"
            yield wording_issue("W107", message, passage.source, match[0])
    for match in _CUT_NUMBER.finditer(text):
        message = f"“{around(passage, *match.span())}”里的{match[0]}前面少了数字。"
        yield wording_issue("W107", message, passage.source, match[0])
    for match in _TWO_POINTS.finditer(text):
        message = f"“{around(passage, *match.span())}”里的{match[0]}有两个小数点。"
        yield wording_issue("W107", message, passage.source, match[0])
    for match in re.finditer(wording.blank_names, text):
        message = f"“{around(passage, *match.span())}”里“{match[0]}”的前面没有写科目的名称。"
        yield wording_issue("W120", message, passage.source, match[0])
    for match in expression(wording.bare_numbers).finditer(text):
        number = number_of(match)
        if number and number[0].strip("0."):
            message = f"“{around(passage, *match.span())}”里的{number[0]}没有写单位（%、万元还是别的）。"
            yield wording_issue("W108", message, passage.source, number[0])
    for match in expression(wording.share_units).finditer(f"{text}。"):
        stated = match[0].strip("，（；。）、").lstrip("占比重例为达是")
        message = f"“{around(passage, *match.span())}”是占比，单位应为%，写作{stated}。"
        yield wording_issue("W104", message, passage.source, stated)
    for match in expression(wording.cut_units).finditer(f"{text}。"):
        clause = _CLAUSE.split(text[: match.start()])[-1]
        if any(word in clause for word in wording.money):
            message = f"“{around(passage, *match.span())}”里的单位“万”缺“元”字。"
            yield wording_issue("W108", message, passage.source, match[0].rstrip("，。；、"))
    for match in expression(wording.compared_years).finditer(text):
        number = number_of(match)
        if number and not _is_year(number[0]):
            message = f"“{around(passage, *match.span())}”里的{number[0]}不是年份，单位“年”写错了。"
            yield wording_issue("W109", message, passage.source, f"{number[0]}年")
    for match in re.finditer(wording.cut_years, text):
        message = f"“{around(passage, *match.span())}”里的“{match[0]}”不是年份，少写或多写了数字。"
        yield wording_issue("W109", message, passage.source, match[0])
    for match in expression(wording.lost_words).finditer(text):
        message = f"“{around(passage, *match.span())}”里“{match[0]}”不通，少了“相比”，或“与”应为“比”。"
        yield wording_issue("W110", message, passage.source, match[0])


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text


def _is_year(number: str) -> bool:
    whole = number.replace(",", "").lstrip("-−").partition(".")[0]
    return len(whole) <= SHORT_YEAR or FIRST_YEAR <= int(whole) <= LAST_YEAR


def punctuated(text: str) -> str:
    """The text with one kind of comma, semicolon and colon, each where it stood; commas within numbers stay."""
    return re.sub(r"(?<!\d)[,;:]|[,;:](?!\d)|(?<=\d)[;:]", lambda match: match[0].translate(_STOPS), text)
