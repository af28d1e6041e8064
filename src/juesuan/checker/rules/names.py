"""Findings on the names of items in sentences: an item that is plainly meant, but not called by its official name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan.account import Issue, Severity, Source, bare_item
from juesuan.checker.engine.context import CheckContext
from juesuan.statute import CODE_LENGTHS, level_of, load_rules
from juesuan.statute.language import NAME_SIGN

_ITEM = re.compile(rf"([^（）。；：，、“”\d.]+)（类）({NAME_SIGN}+?)（款）({NAME_SIGN}+?)（项）")


def stem(name: str) -> str:
    """A name without signs and without the word 支出 at its end, which texts add and leave out."""
    return bare_item(name)


def called_otherwise(written: str, official: str, why: str, places: tuple[Source, ...], severity: Severity) -> Issue:
    """An item that is plainly meant, and not called as it should be; `why` says what kind of name stands there."""
    message = f"正文的“{written}”{why}，应写作“{official}”。"
    return Issue("N64", severity, message, places, written, official)


def check_names(context: CheckContext) -> Iterator[Issue]:
    """Each item whose name in a sentence is not that of its code in the year of the account."""
    account, statute = context.account, context.statute
    reported: set[tuple[str, str]] = set()
    printed = {(label.row, bare_item(label.text)) for label in account.labels}
    for statement in account.statements:
        match = _ITEM.search(statement.text) if level_of(statement.row) == "项" else None
        if match is None:
            continue
        for written, length in zip(match.groups(), CODE_LENGTHS.values(), strict=True):
            code = statement.row[:length]
            official = statute.functional.name(code, statute.year)
            if not official or bare_item(written) == bare_item(official) or (code, written) in reported:
                continue
            if (code, bare_item(written)) in printed:
                # The tables call the line so as well: what is wrong with it is said of them.
                continue
            reported.add((code, written))
            message = f"正文的科目“{written}”应是 {code}“{official}”，名称与科目不符。"
            places = (statement.source,) if statement.source else ()
            yield Issue("N64", load_rules()["N64"].severity, message, places, written, official)


