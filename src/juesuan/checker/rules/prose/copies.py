"""Reasons and purposes copied from another item: what stands under one item names another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from juesuan.account import Account, Issue, Passage, item_name
from juesuan.checker.rules.prose.model.numbers import Prose
from juesuan.statute import load_lexicon, load_rules
from juesuan.statute.language import compact, expression, load_prose_rules

_ITEM = re.compile(r"([^（）“”。；：、，]+)（项）")
_PATH = re.compile(r"([^（）“”。；：、，]+)（[类款项]）")
_END = re.compile(r"[，。；]")


def check_copies(prose: Prose, account: Account) -> Iterator[Issue]:
    """Z162: the paragraph of an item whose purpose or reason is nothing but the name of another item."""
    for passage in account.passages:
        text = compact(passage.text)
        item = _ITEM.search(text)
        if item is None or len(_ITEM.findall(text)) != 1:
            continue
        path = [_plain(name) for name in _PATH.findall(text)]
        for phrase, what in _phrases(text, item.end()):
            other = _other_item(phrase, path)
            if other:
                yield _issue(passage, item[1], phrase, what, other)
                break


def _phrases(text: str, start: int) -> Iterator[tuple[str, str]]:
    """The purposes and reasons that stand behind `start`, each with what it is."""
    reasons = load_prose_rules().reasons
    for phrases, what in ((reasons.use, "用途"), (reasons.given, "原因")):
        for match in expression(phrases).finditer(text, start):
            end = _END.search(text, match.end())
            if end:
                yield text[match.end() : end.start()].lstrip("：是为"), what


def _other_item(phrase: str, path: list[str]) -> str:
    """The item that `said` names and that is not of `path`; empty where it says anything besides the name.

    What is written freely, or shares most of its signs with the own name, is left in peace.
    """
    bare = _bare(phrase)
    found = [(start, end, word.key) for start, end, word in load_lexicon().find(bare) if word.category == "item"]
    if not found or found[0][0] != 0 or "".join(bare[a:b] for a, b, _ in found) != bare:
        return ""
    name = found[-1][2]
    own = path[-1] if path else ""
    if any(_plain(key) in path[-1:] for _, _, key in found) or _alike(_plain(name), own):
        return ""
    return bare


@cache
def _tail() -> re.Pattern[str]:
    reasons = load_prose_rules().reasons
    moved = "|".join((*reasons.up, *reasons.down, "保持不变", "不变", "持平", "变化", "调整", "变动"))
    after = "|".join(sorted(reasons.after, key=len, reverse=True))
    return re.compile(rf"(?:{after})?(?:{moved})?$")


def _bare(phrase: str) -> str:
    return _tail().sub("", phrase)


def _plain(name: str) -> str:
    return item_name(name).removesuffix("缴费")


def _alike(name: str, own: str) -> bool:
    """Whether one name holds the other, or most signs of the shorter."""
    short, long = sorted((name, own), key=len)
    return bool(short) and (short in long or sum(sign in long for sign in short) * 4 >= len(short) * 3)


def _issue(passage: Passage, item: str, phrase: str, what: str, other: str) -> Issue:
    message = f"“{item}（项）”的{what}写的是“{phrase}”，“{other}”是别的科目，似从别处抄来。"
    places = (passage.source,) if passage.source else ()
    return Issue("Z162", load_rules()["Z162"].severity, message, places, phrase, item)
