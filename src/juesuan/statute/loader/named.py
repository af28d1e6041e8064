"""Profiles by the names that people use: a key, a title, the place or a place within it, in Chinese."""

from __future__ import annotations

import re

from juesuan.account import Issue, spaceless
from juesuan.statute.loader.load import NO_PROFILE, ProfileHead, heads, profiles
from juesuan.statute.profile import Kind
from juesuan.statute.source import StatuteError

_ENDING = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|省|市|区|县|州|盟)$")
_KINDS: tuple[Kind, ...] = ("决算", "预算")


def profile_key(name: str, year: int | None = None, kind: Kind | None = None) -> str:
    """The key of the profile that `name` means: 四川, 四川省, 成都市, 上海市 2024 年度, 全国; a key is itself.

    With `kind` only profiles of that kind of disclosure. Among several of one place the one nearest to `year` is taken,
    the latest without a year. A name without a Chinese sign is left to who reads the files. Raises StatuteError (H104)
    for a place of which no profile is declared, naming those that are and the guide for places without one.
    """
    plain = spaceless(name)
    if not re.search("[\u4e00-\u9fff]", plain):
        return name
    kinds = (kind,) if kind else _KINDS
    for each in kinds:
        fitting = [head for head in heads(each) if _means(plain, head)]
        if fitting:
            wanted = year or max(head.year or 0 for head in fitting)
            return min(fitting, key=lambda head: head.distance(wanted)).key
    known = "、".join(dict.fromkeys(head.place or head.title for each in kinds for head in heads(each)))
    raise StatuteError([Issue("H104", "error", f"没有“{name}”的口径；现有：{known}。{NO_PROFILE}")])


def demand_profile(key: str) -> None:
    """Raises StatuteError (H104) where no profile of any kind is called `key`, with those that there are."""
    known = [each for kind in _KINDS for each in profiles(kind=kind)]
    if key not in known:
        message = f"没有“{key}”这个口径；现有：{'、'.join(known)}。{NO_PROFILE}"
        raise StatuteError([Issue("H104", "error", message)])


def demand_kind(key: str, kind: Kind) -> None:
    """Raises StatuteError where the profile `key` is of another kind of disclosure."""
    if key in profiles(kind=kind):
        return
    other = next((each for each in _KINDS if key in profiles(kind=each)), None)
    if other is not None:
        known = "、".join(profiles(kind=kind))
        raise StatuteError([Issue("H104", "error", f"口径“{key}”是{other}的，不是{kind}的；{kind}的口径：{known}")])


def _means(name: str, head: ProfileHead) -> bool:
    title = spaceless(head.title)
    if not head.place:
        return title.startswith(name)
    return name == title or _stem(name) in {_stem(place) for place in (head.place, *head.places)}


def _stem(name: str) -> str:
    return _ENDING.sub("", name)
