"""Profiles by the names that people use: a key, a title, the place or a place within it, in Chinese."""

from __future__ import annotations

import re

from juesuan.account import Issue
from juesuan.statute.loader.load import NO_PROFILE, Head, heads
from juesuan.statute.profile import Kind
from juesuan.statute.source import StatuteError

_ENDING = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|省|市|区|县|州|盟)$")
_KINDS: tuple[Kind, ...] = ("决算", "预算")


def profile_key(name: str, year: int | None = None) -> str:
    """The key of the profile that `name` means: 四川, 四川省, 成都市, 上海市 2024 年度, 全国; a key is itself.

    Among several of one place the one nearest to `year` is taken, the latest without a year. A name without a Chinese
    sign is left to who reads the files. Raises StatuteError (H104) for a place of which no profile is declared, naming
    those that are and the guide for places without one.
    """
    plain = re.sub(r"\s+", "", name)
    if not re.search("[\u4e00-\u9fff]", plain):
        return name
    for kind in _KINDS:
        fitting = [head for head in heads(kind) if _means(plain, head)]
        if fitting:
            wanted = year or max(head.year or 0 for head in fitting)
            return min(fitting, key=lambda head: head.distance(wanted)).key
    known = "、".join(dict.fromkeys(head.place or head.title for kind in _KINDS for head in heads(kind)))
    raise StatuteError([Issue("H104", "error", f"没有“{name}”的口径；现有：{known}。{NO_PROFILE}")])


def _means(name: str, head: Head) -> bool:
    title = re.sub(r"\s+", "", head.title)
    if not head.place:
        return title.startswith(name)
    return name == title or _stem(name) in {_stem(place) for place in (head.place, *head.places)}


def _stem(name: str) -> str:
    return _ENDING.sub("", name)
