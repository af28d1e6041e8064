"""Changes that make up the change told before them as soon as one of them goes the other way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import Issue, total_range
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
