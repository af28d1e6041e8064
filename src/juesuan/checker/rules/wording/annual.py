"""Headings of a budget that ask for its own year, and a text below that tells of another one only."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from juesuan.account import Issue, ordinal_of, without_ordinal
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording.found import wording_issue
from juesuan.statute.language import ResidueWords

_YEAR = re.compile(r"(20\d{2})年")
_AMOUNT = re.compile(r"\d[\d,.]*[万亿]?元")
_LONGEST_HEADING = 25


def check_annual(context: CheckContext, wording: ResidueWords) -> Iterator[Issue]:
    """W103: 年度预算安排 of a project that tells last year's plan (2025年安排5,000万元) and not that of its year."""
    year = context.account.year
    if not year or context.statute.profile.kind != "预算":
        return
    texts = list(context.texts)
    for number, (_, text) in enumerate(texts):
        if without_ordinal(text) not in wording.annual_headings:
            continue
        below = []
        for passage, following in texts[number + 1 :]:
            if len(following) < _LONGEST_HEADING and ordinal_of(following):
                break
            below.append((passage, following))
        told = [
            (passage, match)
            for passage, following in below
            for match in _YEAR.finditer(following)
            if _AMOUNT.search(following, match.end())
        ]
        years = {int(match[1]) for _, match in told}
        if year not in years and year - 1 in years:
            passage, match = next((passage, match) for passage, match in told if int(match[1]) == year - 1)
            message = f"“{text}”下只写了{match[1]}年的安排，没有写{year}年的，年度可能没有更新。"
            issue = wording_issue("W103", message, passage.source, match[1], str(year))
            # What was planned before may be told as well: the year's own plan is what is asked for.
            yield msgspec.structs.replace(issue, severity="warning")
