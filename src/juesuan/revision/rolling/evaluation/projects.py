"""What the prose tells of projects, with this year's figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from juesuan.account import PerformanceSheet, Source
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.evaluation.values import SCORES, is_rate, points_like, printed_value, value_of
from juesuan.revision.rolling.wording import Put
from juesuan.revision.texts import Texts
from juesuan.statute import load_lexicon
from juesuan.statute.language import compact, load_revision_words


def _likely(before: str) -> tuple[str, ...]:
    """The fields of a form that a number can be of, that of which the words before it speak first: last year's budget
    and outlay may have been the same.
    """
    words = re.split("[，。；：]", before)[-1]
    spent = any(word in words for word in load_revision_words().outlays)
    return ("outlay", "budget", "score", "stated_rate") if spent else ("budget", "outlay", "score", "stated_rate")


def project_numbers(
    source: Source, text: str, texts: Texts, pairs: Sequence[tuple[PerformanceSheet, PerformanceSheet | None]]
) -> Iterator[Put]:
    """Numbers of the prose behind the name of a project that are last year's amounts of it."""
    lexicon = load_lexicon()
    found = []
    for old, new in pairs:
        at = text.find(compact(old.title)) if old.kind == "项目" and new is not None else -1
        if at >= 0 and new is not None:
            found.append((at, old, new))
    found.sort(key=lambda each: each[0])
    for index, (start, old, new) in enumerate(found):
        stop = found[index + 1][0] if index + 1 < len(found) else len(text)
        for number in numbers_in(text):
            if not start <= number.start < stop or not number.unit:
                continue
            scale = lexicon.scale(number.unit)
            for field in _likely(text[start : number.start]):
                before, after = printed_value(old, field), value_of(new, field)
                if before is None or after is None or (number.unit in lexicon.money) != (field in ("budget", "outlay")):
                    continue
                step = scale.scaleb(-number.decimals)
                near = is_rate(old, number) if field == "stated_rate" else False
                if near or abs(number.value * scale - before) <= step / 2:
                    style = texts.style(source, number.unit)
                    value = abs(after) / scale
                    put = points_like(value, number) if field in SCORES else style.printed(value)
                    yield Put(number.start, number.end, put)
                    break
