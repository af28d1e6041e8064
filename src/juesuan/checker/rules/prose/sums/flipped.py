"""Changes that make up the change told before them as soon as one of them goes the other way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import BUDGETS, Issue, total_range
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute.language import load_prose_rules

_LEAST, _MOST = 2, 8
"""So many changes are listed."""
_SURE = 3
"""A change with so many digits is not made up by chance."""


def check_flipped(prose: Prose) -> Iterator[Issue]:
    """Z121: 收入减少74.16万元，主要是拨款减少46.66万元，上年结转增加27.50万元: the last went down as well."""
    words = load_prose_rules().listed_changes
    for numbers in prose.passages.values():
        changes = [n for n in numbers if n.measure == "变动额" and n.is_money and n.value and not n.stated.unchosen]
        for at, whole in enumerate(changes[:-1]):
            parts = [n for n in changes[at + 1 :] if n.stated.sentence == changes[at + 1].stated.sentence]
            between = prose.text_of(whole.stated)[whole.stated.end : parts[0].stated.start]
            alike = all(n.stated.base == whole.stated.base for n in parts)
            if _LEAST <= len(parts) <= _MOST and alike and any(word in between for word in words):
                yield from _flipped(prose, whole, parts)
        yield from _of_all(prose, numbers)


def _of_all(prose: Prose, numbers: Sequence[Number]) -> Iterator[Issue]:
    """Z121: 支出3540.25万元，减少182.79万元，其中：基本支出3540.25万元，增加182.79万元: one part is all of it."""
    changes = [n for n in numbers if n.measure == "变动额" and n.is_money and n.value and not n.stated.unchosen]
    for whole in changes:
        for part in changes:
            own, of = part.stated, whole.stated
            turned = part.value == -whole.value and own.base == of.base and own.direction and of.direction
            if not turned or own.within != of.mention or own.mention == of.mention:
                continue
            levels = [
                {n.value for n in numbers if n.stated.mention == each.mention and n.measure in (*BUDGETS, "决算")}
                for each in (own, of)
            ]
            if levels[0] & levels[1]:
                words = f"“{own.wording}{part.text}”"
                message = f"{name_of(part)}写作{words}，它就是全部，{name_of(whole)}写的是“{of.wording}”同样的数。"
                yield issue(
                    prose, "Z121", message, (part, whole), stated=own.wording, expected=of.wording, severity="warning"
                )


def _flipped(prose: Prose, whole: Number, parts: Sequence[Number]) -> Iterator[Issue]:
    added = total_range([part.range for part in parts])
    if (whole.range - added).holds_zero():
        return
    found = [part for part in parts if (whole.range - added + part.range + part.range).holds_zero()]
    if len(found) != 1:
        return
    part = found[0]
    right = f"{'减少' if part.value > 0 else '增加'}{amount(abs(part.value), part)}"
    message = f"{name_of(part)}写作“{part.stated.wording}”，按所列各项合计为{whole.text}，应为{right}。"
    digits = len("".join(sign for sign in whole.text if sign.isdigit()).strip("0"))
    yield issue(
        prose, "Z121", message, (part, whole, *(n for n in parts if n is not part)), stated=part.stated.wording,
        expected=right, severity=None if digits >= _SURE else "warning",
    )  # fmt: skip
