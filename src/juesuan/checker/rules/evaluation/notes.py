"""Findings on self-evaluation forms put into words: one rule, one place or several, severity as the rule has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from juesuan.account import Issue, PerformanceSheet, Severity, Source, StatedOperand, plain, with_unit
from juesuan.statute import load_rules


def finding(
    code: str,
    message: str,
    places: Iterable[Source | None] = (),
    stated: str = "",
    expected: str = "",
    equation: str = "",
    operands: tuple[StatedOperand, ...] = (),
    severity: Severity | None = None,
) -> Issue:
    """A finding under the rule `code`, with the rule's severity unless another is given."""
    known = tuple(dict.fromkeys(place for place in places if place))
    return Issue(
        code,
        severity or load_rules()[code].severity,
        message,
        known,
        stated,
        expected,
        equation=equation,
        operands=operands,
    )


def about(sheet: PerformanceSheet, findings: Iterable[Issue]) -> Iterator[Issue]:
    """The findings, marked as being about a form."""
    return (msgspec.structs.replace(found, about=sheet.title) for found in findings)


def named(sheet: PerformanceSheet) -> str:
    """How a message calls a form: 《…》自评表, by its project or unit."""
    return f"《{sheet.title}》自评表" if sheet.kind == "项目" else f"《{sheet.title}》整体自评表"


def points(value: Decimal) -> str:
    """Points in a message."""
    return f"{plain(value)}分"


def money(value: Decimal) -> str:
    """Yuan in a message, in 万元."""
    return with_unit(value, "万元")


def first(names: Iterable[str], most: int = 3) -> str:
    """The first names of a list, and how many there are."""
    listed = list(dict.fromkeys(names))
    shown_names = "、".join(f"“{name}”" for name in listed[:most])
    return shown_names if len(listed) <= most else f"{shown_names}等{len(listed)}项"
