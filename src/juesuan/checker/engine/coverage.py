"""How much of a document was understood: numbers of tables with a place, numbers of prose with a counterpart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from juesuan.account import Account, Coverage, Figure, Fund, PartCoverage, Source, StatedFigure, Unchecked
from juesuan.checker.engine.own_sums import not_held
from juesuan.statute import Statute

_BEFORE_HEADINGS = "标题前"
_BESIDE_TABLES = "没有归入公开表的内容"
_OTHER_TABLES = "公开表以外的表，按表内合计核对"


def coverage_of(account: Account, statute: Statute) -> Coverage:
    """The coverage of an account, tables first in the order of the profile, then the prose section by section."""
    return Coverage(
        (*_tables(account, statute), *_evaluations(account), *_prose(account.stated)),
        (*_unplaced(account, statute), *_not_held(account.stated)),
    )


def _tables(account: Account, statute: Statute) -> Iterator[PartCoverage]:
    left: dict[str, int] = {}
    for item in not_held(account):
        left[item.form] = left.get(item.form, 0) + item.amounts
    every: dict[str, int] = {}
    for item in account.unplaced:
        every[item.form] = every.get(item.form, 0) + item.amounts
    for key in statute.profile.order:
        placed = sum(1 for fact in account.of_form(key) if fact.source is not None or not account.tables)
        if placed or left.get(key):
            yield PartCoverage(statute.forms[key].title or key, "表", placed, unread=left.get(key, 0))
    held = sum(every.values()) - sum(left.values())
    if held:
        yield PartCoverage(_OTHER_TABLES, "表", held)
    if left.get(""):
        yield PartCoverage(_BESIDE_TABLES, "表", unread=left[""])


def _evaluations(account: Account) -> Iterator[PartCoverage]:
    """The amounts and points of the forms of evaluation and of goals."""
    evaluated = sum(_figures_of(sheet.source, sheet.funds, (sheet.initial, sheet.budget, sheet.outlay, sheet.score))
                    + sum(line.score is not None for line in sheet.indicators) for sheet in account.sheets)  # fmt: skip
    set_goals = sum(_figures_of(form.source, form.parts, (form.budget,)) for form in account.goals)
    for title, placed in (("绩效自评表", evaluated), ("绩效目标表", set_goals)):
        if placed:
            yield PartCoverage(title, "表", placed)


def _figures_of(source: Source | None, funds: Iterable[Fund], own: Iterable[Figure | Decimal | None]) -> int:
    """How many figures a form prints; none where it was not read from a document."""
    if source is None:
        return 0
    parts = (amount for fund in funds for amount in (fund.initial, fund.budget, fund.outlay))
    printed = (each for each in (*own, *parts) if each is not None)
    return sum(1 for each in printed if isinstance(each, Decimal) or each.resolution)


def _prose(stated: Iterable[StatedFigure]) -> Iterator[PartCoverage]:
    sections: dict[str, list[str]] = {}
    for figure in stated:
        if _is_number(figure):
            sections.setdefault(figure.section or _BEFORE_HEADINGS, []).append(figure.status)
    for section, statuses in sections.items():
        yield PartCoverage(
            section,
            "正文",
            statuses.count("可核对"),
            statuses.count("仅正文"),
            statuses.count("无从核对"),
            statuses.count("没有认出"),
        )


def _is_number(stated: StatedFigure) -> bool:
    """Whether it counts: dates and ordinals are no figures, and a blank cell of a list prints none."""
    return stated.status != "不是数据" and bool(stated.text.strip())


def _unplaced(account: Account, statute: Statute) -> Iterator[Unchecked]:
    for item in not_held(account):
        form = statute.forms.get(item.form)
        yield Unchecked(
            form.title if form else _BESIDE_TABLES,
            item.text,
            "没有归到公开表的行和栏" if form else "没有认出是哪一张表",
            item.amounts,
            item.source,
        )


def _not_held(stated: Iterable[StatedFigure]) -> Iterator[Unchecked]:
    reasons = {"仅正文": "只有正文写明，文件里没有可以对照的数"}
    for figure in stated:
        if _is_number(figure) and figure.status != "可核对":
            why = figure.why or reasons.get(figure.status, figure.status)
            words = f"{figure.subject}{figure.measure} {figure.text}".strip()
            yield Unchecked(figure.section or _BEFORE_HEADINGS, words, why, 1, figure.source)
