"""The texts that the law wants and nobody has written, each with the cell it goes into and the figures it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from juesuan.account import Account, Issue, Source
from juesuan.compiler.entries import Gathered
from juesuan.compiler.messages import issue_under
from juesuan.compiler.workbook import INDICATOR_REASON, sheets, template_of
from juesuan.statute import Statute, level_of
from juesuan.statute.language import OWN, ReasonAsked, definition_of, repeats_name

UNEXPLAINED = ("E154", "E155")
"""Issues of indicators that were missed or surpassed by so much that the scheme obliges an explanation."""

TEXT, DEVIATION, ASKED, UNDEFINED = "L202", "L203", "L205", "L206"
VALUES_SHEET = "绩效指标"
"""The sheet that the actual values of indicators are filled in on."""


def missing_texts(
    account: Account, statute: Statute, gathered: Gathered, asked: Mapping[str, ReasonAsked], scoring: Iterable[Issue]
) -> tuple[Issue, ...]:
    """An issue for each text that is missing: those of the profile, those in the narrative, reasons of deviations."""
    gaps = _gaps(account, statute, gathered, asked)
    return (*_overview(account, statute, gathered), *gaps, *_reasons(scoring, gathered), *_values(gathered))


def _missing(key: str, wanted: str, section: str, place: Source | None, code: str = TEXT) -> Issue:
    """A text that is missing: its key, what it is for, the section it would stand in, and the cell to write it in."""
    found = issue_under(code, f"{stands_at(place) or key}：{wanted}", place, section)
    return msgspec.structs.replace(found, address=key, expected=wanted)


def stands_at(place: Source | None) -> str:
    """A cell in short: 支出!L17; the sheet alone where there is no line for it yet."""
    if place is None or not place.sheet:
        return ""
    return f"{place.sheet}!{place.cell}" if place.cell else place.sheet


def place_for(key: str, gathered: Gathered) -> Source | None:
    """The cell in which the text called `key` is written; its sheet where there is no line for it; None without one."""
    for name in (key, key.rpartition(":")[2]):
        if name in gathered.text_sources or name in gathered.places:
            return gathered.text_sources.get(name) or gathered.places[name]
    for template, heading in gathered.places.items():
        if "{" in template and template_of(template).fullmatch(key):
            return msgspec.structs.replace(heading, cell="")
    return None


def _overview(account: Account, statute: Statute, gathered: Gathered) -> Iterator[Issue]:
    requested = {p.text for plan in statute.sections for p in plan.paragraphs if p.text}
    for field in statute.profile.overview:
        if field.required and not account.texts.get(field.key, "").strip() and field.key not in requested:
            yield _missing(field.key, f"{field.title}（{field.wanted}）", "文字说明", place_for(field.key, gathered))


def _gaps(
    account: Account, statute: Statute, gathered: Gathered, asked: Mapping[str, ReasonAsked]
) -> Iterator[Issue]:
    done: set[str] = set()
    slots = (slot for sheet in sheets(statute) for slot in sheet.slots)
    labels = {slot.plan.target.removeprefix("texts."): slot.plan.label for slot in slots if not slot.of_line}
    for section in account.narrative:
        for gap in (gap for paragraph in section.paragraphs for gap in paragraph.gaps):
            if gap.key in done:
                continue
            done.add(gap.key)
            reason, wanted = asked.get(gap.key), gap.wanted
            if reason is not None:
                wanted = f"{reason.described(statute)}，{gap.wanted}"
            elif gap.key in (fields := {field.key: field for field in statute.profile.overview}):
                wanted = f"{fields[gap.key].title}（{fields[gap.key].wanted}）"
            elif label := labels.get(gap.key):
                wanted = f"{label}，{gap.wanted}"
            yield _missing(gap.key, wanted, section.title, place_for(gap.key, gathered))


def _reasons(scoring: Iterable[Issue], gathered: Gathered) -> Iterator[Issue]:
    """Deviations beyond the scheme's thresholds that nobody has explained: the law wants the reason in the form."""
    for issue in scoring:
        if issue.code in UNEXPLAINED:
            place = gathered.places.get(f"{INDICATOR_REASON} {issue.place.cell}")
            wanted = f"{issue.message.rstrip('。')}；请在“绩效指标”表的“偏差原因”栏写明"
            yield _missing(f"偏差原因 {issue.where}", wanted, "附件", place, DEVIATION)


def _values(gathered: Gathered) -> Iterator[Issue]:
    """The actual values of indicators whose goals come from the published budget, asked for at once."""
    open_ones = [
        indicator
        for subject, indicator in gathered.indicators
        if subject in gathered.from_budget and not indicator.actual.strip()
    ]
    if open_ones:
        wanted = f"{len(open_ones)} 个绩效指标的实际完成值"
        yield msgspec.structs.replace(_missing(VALUES_SHEET, wanted, VALUES_SHEET, None, ASKED), message=wanted)


def undefined(account: Account, statute: Statute, gathered: Gathered) -> Iterator[Issue]:
    """The items of the glossary (名词解释) that nobody has defined, and those whose definition repeats their name."""
    without = []
    for entry in account.glossary:
        if not level_of(entry.code):
            continue
        name = statute.functional.name(entry.code, statute.year)
        definition = definition_of(entry.code, statute, account.texts)
        if definition.origin == "无":
            without.append(f"{entry.code} {name}")
        elif definition.origin == "单位" and repeats_name(name, definition.text):
            place = place_for(f"{OWN}{entry.code}", gathered)
            text = f"{entry.code} {name}的解释“{definition.text}”只重复了科目名称，没有说明反映什么支出"
            yield issue_under(UNDEFINED, text, place, stands_at(place))
    if without:
        text = f"有 {len(without)} 个科目没有解释，文本里只写了到哪里查：{'、'.join(without)}；请在“名词解释”表补写"
        yield issue_under(UNDEFINED, text, where="名词解释")
