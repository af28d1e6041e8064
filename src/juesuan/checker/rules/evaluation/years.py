"""Self-evaluation forms against those of last year: targets below what was reached, and last year's values restated."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Account, Indicator, Issue, PerformanceSheet
from juesuan.checker.rules.evaluation.notes import about, finding, named
from juesuan.checker.rules.evaluation.repeated import core, differ
from juesuan.checker.rules.evaluation.texts import bare_title
from juesuan.scoring import asks_less
from juesuan.statute import Statute


def check_years(account: Account, statute: Statute, last: Account) -> Iterator[Issue]:
    """Each indicator that last year's form of the same unit or project has too, under the same name (E165, E166)."""
    for sheet in account.sheets:
        other = _same_form(sheet, account, last)
        if other is not None:
            yield from about(sheet, _against(sheet, other, statute))


def _same_form(sheet: PerformanceSheet, account: Account, last: Account) -> PerformanceSheet | None:
    """Last year's form of the same kind and title, where there is one and no more."""
    found = [s for s in last.sheets if s.kind == sheet.kind]
    if sheet.kind == "项目":
        found = [s for s in found if bare_title(s.title) == bare_title(sheet.title)]
    elif sum(1 for s in account.sheets if s.kind == sheet.kind) > 1:
        return None
    return found[0] if len(found) == 1 else None


def _against(sheet: PerformanceSheet, other: PerformanceSheet, statute: Statute) -> Iterator[Issue]:
    scheme = statute.schemes.get(sheet.scheme, statute.schemes[statute.profile.scheme])
    less: list[tuple[Indicator, Indicator]] = []
    for indicator in sheet.indicators:
        before = _same_indicator(indicator, other)
        if before is None or not before.actual.strip():
            continue
        if indicator.last_year.strip() and differ(indicator.last_year, before.actual):
            text = (f"{named(sheet)}“{indicator.name}”的上年实际完成值填为{indicator.last_year}，上年公开的自评表是"
                    f"{before.actual}。")
            places = [indicator.source, before.source]
            yield finding("E165", text, places, indicator.last_year, before.actual)
        # A value stated for last year is judged with the form itself.
        elif not indicator.last_year.strip() and asks_less(indicator, before.actual, scheme, yearly=True):
            less.append((indicator, before))
    if less:
        listing = "；".join(f"“{i.name}”目标{i.target}，上年完成{before.actual}" for i, before in less)
        text = f"{named(sheet)}有{len(less)}个指标的目标值没有达到上年自评表的完成值：{listing}。"
        places = [place for i, before in less for place in (i.source or sheet.source, before.source or other.source)]
        yield finding("E166", text, places, less[0][0].target, less[0][1].actual)


def _same_indicator(indicator: Indicator, other: PerformanceSheet) -> Indicator | None:
    found = [i for i in other.indicators if core(i.name) == core(indicator.name)]
    return found[0] if len(found) == 1 else None
