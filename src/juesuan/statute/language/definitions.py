"""What an item of the classification is said to mean, and whether a text says it at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import bare_text, item_name, spaceless
from juesuan.statute.language.matching import NAME_SIGN
from juesuan.statute.profile import Explanation, Statute
from juesuan.statute.source import demand_declared

FILE = "glossary/definitions.yaml"
OWN = "名词:"
"""How the texts of a workbook mark a definition that the unit gives itself."""

Origin = Literal["单位", "文件", "知识", "无"]
"""Where a definition comes from: the unit itself, a document, knowledge of the classification, or nowhere."""

ENTRY = re.compile(rf"([^（）。；：，、\d.]+)（类）({NAME_SIGN}+?)（款）({NAME_SIGN}+?)（项）[：:，]?(.*)", re.S)
"""An entry of a glossary on an item: its three names and what is said of it."""


class Others(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The definition of an item that takes what the others leave (其他…支出), by how its name begins and ends."""

    begins: str
    ends: str
    text: str


class Definitions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Definitions that follow from names, and the words of texts that define nothing."""

    by_name: dict[str, str]
    others: Others
    reference: str
    empty: tuple[str, ...]


@cache
def load_definitions(root: Path = Path(__file__).parents[1]) -> Definitions:
    """What is declared of definitions. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, FILE, Definitions)


class Definition(msgspec.Struct, frozen=True):
    """What an item means, and where that comes from; for 无 the text says where to look it up."""

    text: str
    origin: Origin


def definition_of(code: str, statute: Statute, own: Mapping[str, str] = {}) -> Definition:
    """The definition of an item: the unit's own (`own`, its texts by key), else the known one, else what follows from
    its name.
    """
    name = statute.functional.name(code, statute.year)
    if text := own.get(f"{OWN}{code}", "").strip():
        return Definition(text, "单位")
    if known := known_definition(code, statute):
        return Definition(known.text, known.known)
    return Definition(load_definitions().reference.format(年度=statute.year, 名称=name), "无")


def known_definition(code: str, statute: Statute) -> Explanation | None:
    """The definition that is declared for an item, or follows from its name."""
    declared, name = load_definitions(), statute.functional.name(code, statute.year)
    if found := statute.explanations.get(code):
        return found
    if text := declared.by_name.get(name):
        return Explanation(text, "知识")
    others = declared.others
    core = name.removeprefix(others.begins).removesuffix(others.ends)
    if name.startswith(others.begins) and core:
        return Explanation(others.text.format(名称=core), "知识")
    return None


def repeats_name(name: str, text: str) -> bool:
    """Whether a text says of an item only its name again (防汛：反映用于防汛方面的支出)."""
    left = bare_text(text)
    plain = bare_text(name)
    for word in (plain, item_name(plain)):
        left = left.replace(word, "")
    for word in sorted(load_definitions().empty, key=len, reverse=True):
        left = left.replace(word, "")
    return not re.sub(r"\W", "", left)


def refers_elsewhere(text: str) -> bool:
    """Whether a text only says where to look an item up, as the glossary does for an item without a definition."""
    begins = load_definitions().reference.partition("{")[0]
    return text.strip().startswith(begins)


def entries_of(texts: Iterator[str] | list[str]) -> Iterator[tuple[str, str, str, str]]:
    """The entries on items among the paragraphs of a glossary: the names of 类, 款, 项, and the definition."""
    for text in texts:
        found = ENTRY.search(spaceless(text).translate(str.maketrans("()", "（）")))
        if found:
            yield found[1], found[2], found[3], found[4]
