"""Texts as they are compared: what layout, punctuation and numbering add to a name is taken off, in one way."""

from __future__ import annotations

import re

NUMERALS = "一二三四五六七八九十"
"""The Chinese numerals from one to ten, in order."""

ORDINAL = (
    rf"(?:第[{NUMERALS}]+部分|[{NUMERALS}]+[、.．]|[（(][{NUMERALS}\d]+[）)][、.．]?"
    r"|\d{1,2}[、.．](?!\d))"
)
"""The number that a heading or a line of a list begins with (一、 （一） 1.), as a regular expression."""

_BEGINS = re.compile(f"^{ORDINAL}")
_MARKS = re.compile(r"[\s\"'“”‘’（）()【】《》、，,．.：:；;。*#－—-]+")
_EXCERPT = 40


def spaceless(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def ordinal_of(text: str) -> str:
    """The number that a heading begins with; empty where it has none."""
    match = _BEGINS.match(text)
    return match[0] if match else ""


def without_ordinal(text: str) -> str:
    """The text without the number that it begins with."""
    return _BEGINS.sub("", text)


def bare_text(text: str) -> str:
    """A name or title without white space, brackets, quotation marks and punctuation: these are set freely."""
    return _MARKS.sub("", text)


def item_name(name: str) -> str:
    """The name of an item without the word 支出 at its end, which one table prints and the next leaves out."""
    return name.removesuffix("支出")


def bare_item(name: str) -> str:
    """The name of an item as names are compared: bare, and without 支出 at its end."""
    return item_name(bare_text(name))


def quoted(name: str, mark: str = '"') -> str:
    """`name` as an SQL identifier, or with `mark` ' as a string."""
    return mark + name.replace(mark, mark * 2) + mark


def excerpt(text: str) -> str:
    """The beginning of a sentence, enough to know it again."""
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 2] + "…"
