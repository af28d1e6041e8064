"""What units have posted on their own sites (张贴), as the watch has seen it, for the progress board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from juesuan.account import spaceless
from juesuan.corpus.watch import Posting

Disclosed = tuple[str, int, str]
"""Whose it is (name without spaces), of which year and kind."""


def posted_of(postings: Iterable[Posting]) -> Mapping[Disclosed, Posting]:
    """The file that each has posted of a year and kind: one that is there rather than one that is gone, then the first.

    A file of another unit or year at the address is none.
    """
    found: dict[Disclosed, Posting] = {}
    for posting in postings:
        if not posting.digest or not posting.is_its_own:
            continue
        names = {spaceless(posting.unit), spaceless(posting.checked.unit if posting.checked else "")}
        for name in names - {""}:
            key = (name, posting.year, posting.kind)
            there = found.get(key)
            if there is None or (is_gone(posting), posting.first) < (is_gone(there), there.first):
                found[key] = posting
    return found


def is_gone(posting: Posting) -> bool:
    """Whether what had been posted was not there when it was looked for last."""
    return bool(posting.seen) and posting.seen[-1].event == "gone"


def told(posting: Posting) -> str:
    """What is to be said of it in a word or two."""
    if is_gone(posting):
        return "单位网站上不见了"
    differing = len(posting.checked.differences) if posting.checked else 0
    return f"单位网站已张贴，与批复稿不同 {differing} 个数" if differing else "单位网站已张贴"
