"""Which scoring scheme a published self-evaluation form is printed by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from juesuan.account import spaceless
from juesuan.statute import Scheme, Statute

_ALIKE = str.maketrans("（）％", "()%")
_OWN_POINTS = 10
"""What printed points of execution weigh against headers that agree: the points decide, headers among equals."""


def scheme_of(texts: Collection[str], points: Decimal | None, statute: Statute) -> Scheme:
    """The scheme whose own headers, labels and points the form prints; among equals the one of the place."""
    printed = {_plain(text) for text in texts}

    def likeness(scheme: Scheme) -> tuple[int, bool, bool]:
        found = sum(1 for text in _own(scheme) if _plain(text) in printed)
        same = _OWN_POINTS if points == scheme.execution.points else 0
        return found + same, scheme.key == statute.profile.scheme, scheme.key == "national"

    return max(statute.schemes.values(), key=likeness)


def _own(scheme: Scheme) -> Sequence[str]:
    """What the form of a scheme prints besides what is filled in."""
    form = scheme.form
    labels = [getattr(form.labels, name) for name in form.labels.__struct_fields__]
    headers = [column.header for column in form.execution] + [column.header for column in form.indicators]
    return [text for text in {*labels, *headers, *form.total_funds.values(), *form.funds} if text]


def _plain(text: str) -> str:
    return spaceless(text).translate(_ALIKE).replace("*", "×")
