"""Findings on what should be said besides the figures: counts, explanations of items, reasons that fit the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from juesuan.account import (
    ZERO,
    Account,
    Address,
    Issue,
    Paragraph,
    Passage,
    bare_item,
    bare_text,
    with_unit,
)
from juesuan.checker.engine.context import CheckContext
from juesuan.statute import CODE_LENGTHS, Explanation, Measurer, Statute, level_of, lines, load_rules, parse_place
from juesuan.statute.language import (
    NAME_SIGN,
    compact,
    entries_of,
    expression,
    known_definition,
    load_residue,
    repeats_name,
)

GLOSSARY = "名词解释"
LISTED = 4
"""So many definitions are quoted."""

_GLOSSARY = re.compile(r"^第[一二三四五六七八]部分(?:专业)?名词解释|^[一二三四五六七八九十]+、(?:专业)?名词解释$")
_PART = re.compile(r"^第[一二三四五六七八]部分")
_ITEM = re.compile(rf"([^（）。；：，、\d]+)（类）({NAME_SIGN}+?)（款）({NAME_SIGN}+?)（项）")

Path = tuple[str, str, str]
"""The names of class (类), 款 and item (项) as a sentence writes them."""


def check_completeness(context: CheckContext) -> Iterator[Issue]:
    """Counts of journeys, cars and guests; one explanation for each item; money said to be carried over."""
    account, statute = context.account, context.statute
    if not account.facts or not account.narrative or statute.profile.kind != "决算":
        return
    yield from _counts(context)
    yield from _glossary(account, statute)
    yield from _carried(context)
    yield from _reasons(context)


def _reasons(context: CheckContext) -> Iterator[Issue]:
    """Items whose outlay differs from the approved budget, explained without a reason (规则 59)."""
    account, statute = context.account, context.statute
    itemised = statute.profile.itemised
    rows = list(lines(account, statute, itemised.form))
    without = []
    places = []
    for path, text, passage in _items(context, itemised.section):
        row = _row_of(path, rows, statute)
        if not row or any(word in text for word in load_residue().because):
            continue
        name = statute.functional.name(row, statute.year)
        budget = account.get(itemised.at(row, "年初预算"))
        outlay = account.get(itemised.at(row))
        if budget and outlay and not budget.figure.meets(outlay.figure):
            without.append(
                f"{row}{name}（{with_unit(budget.figure.value, '万元')}、{with_unit(outlay.figure.value, '万元')}）"
            )
            places.append(passage.source)
    if without:
        message = f"有 {len(without)} 个科目的决算数与年初预算数不同，没有说明原因：{'、'.join(without)}。"
        yield Issue("N61", load_rules()["N61"].severity, message, tuple(p for p in places if p))


def _row_of(path: Path, rows: Sequence[str], statute: Statute) -> str:
    """The line of an item by its names; of several with one name (一般行政管理事务), the one below the same 类 and 款.

    Empty where the names leave it open.
    """
    def named(row: str) -> list[str]:
        above = (row[:length] for length in CODE_LENGTHS.values())
        return [bare_item(compact(statute.functional.name(code, statute.year))) for code in above]

    wanted = [bare_item(name) for name in path]
    same = {row: named(row) for row in rows if level_of(row) == "项" and named(row)[-1] == wanted[-1]}
    below = [row for row, names in same.items() if names == wanted] if len(same) > 1 else list(same)
    return below[0] if len(below) == 1 else ""


def _items(context: CheckContext, section: str) -> Iterator[tuple[Path, str, Paragraph]]:
    """The items that the section on the general budget is about: names, what is said until the next, where."""
    current: tuple[Path, str, Paragraph] | None = None
    for _, paragraph in context.paragraphs(section):
        match = _ITEM.search(paragraph.text)
        if match:
            if current:
                yield current
            current = ((match[1], match[2], match[3]), paragraph.text, paragraph)
        elif current:
            current = (current[0], current[1] + paragraph.text, current[2])
    if current:
        yield current


def _counts(context: CheckContext) -> Iterator[Issue]:
    account, statute = context.account, context.statute
    measurer = Measurer(account, statute)
    texts = [paragraph.text for _, paragraph in context.paragraphs("三公")]
    if not texts:
        return
    section_text = compact("".join(texts))
    for count in load_residue().counts:
        place = parse_place(count.place)
        if place.form not in statute.forms:
            continue
        amount = sum((account.amount(o.address) for o in measurer.addresses(place)), ZERO)
        missing = [word for word in count.mentions if word not in section_text]
        if amount > 0 and (len(missing) == len(count.mentions) if count.any else missing):
            words = "、".join(missing)
            message = f"{count.title}支出{with_unit(amount, '万元')}，说明里没有写明数量（{words}）。"
            yield Issue("N62", load_rules()["N62"].severity, message, expected=words)


def _glossary(account: Account, statute: Statute) -> Iterator[Issue]:
    entries = _explained(account.passages)
    if not entries:
        return
    yield from _repeated_names(entries, statute)
    year = statute.year
    forms = [form for form in statute.profile.itemised.used if form in statute.forms]
    used = {row for form in forms for row in lines(account, statute, form)}
    items = {row: compact(statute.functional.name(row, year)) for row in used if level_of(row) == "项"}
    names = {bare_item(name) for name, _ in entries}
    missing = [f"{row}{name}" for row, name in sorted(items.items()) if name and bare_item(name) not in names]
    severity = load_rules()["N67"].severity
    if missing:
        places = tuple(p.source for _, p in entries[:1] if p.source)
        listed = "、".join(missing)
        yield Issue("N67", severity, f"名词解释没有解释这些科目：{listed}。", places, "", listed)
    wanted = {bare_item(name) for name in items.values()}
    extra = [(name, passage) for name, passage in entries if bare_item(name) not in wanted]
    if extra and wanted:
        listed = "、".join(name for name, _ in extra)
        places = tuple(passage.source for _, passage in extra if passage.source)
        yield Issue("N67", severity, f"名词解释解释了本单位没有使用的科目：{listed}。", places, listed)


def _repeated_names(entries: Sequence[tuple[str, Passage]], statute: Statute) -> Iterator[Issue]:
    """Definitions that say the name of their item again and nothing else, unless the classification words them so."""
    found: list[tuple[str, Passage]] = []
    for name, passage in entries:
        text = next((definition for *_, item, definition in entries_of([passage.text]) if item == name), "")
        official = {bare_text(known.text) for known in _known(name, statute)}
        if text and repeats_name(name, text) and bare_text(text) not in official:
            found.append((f"{name}“{text.rstrip('。')}”", passage))
    if found:
        listed = "、".join(quoted for quoted, _ in found[:LISTED])
        more = f"等 {len(found)} 个科目" if len(found) > LISTED else ""
        places = tuple(passage.source for _, passage in found if passage.source)
        message = f"名词解释只重复了科目名称，没有说明反映什么支出：{listed}{more}。"
        yield Issue("N70", load_rules()["N70"].severity, message, places, listed)


def _known(name: str, statute: Statute) -> Iterator[Explanation]:
    """What is known of the items that are called `name`."""
    for code in statute.explanations:
        if statute.functional.name(code, statute.year) == name and (known := known_definition(code, statute)):
            yield known


def _explained(passages: Sequence[Passage]) -> list[tuple[str, Passage]]:
    """The items that the glossary explains by their full names."""
    found: list[tuple[str, Passage]] = []
    inside = False
    for passage in passages:
        text = compact(passage.text).strip("#* ")
        if _GLOSSARY.match(text) and len(text) < 30:
            inside, found = True, []
        elif inside and _PART.match(text) and len(text) < 60:
            inside = False
        elif inside and (match := _ITEM.search(text[:120])):
            found.append((match.group(3), passage))
    return found




def _carried(context: CheckContext) -> Iterator[Issue]:
    account, statute = context.account, context.statute
    carried = load_residue().carried
    place = parse_place(carried.place)
    if place.form not in {table.form for table in account.tables}:
        return
    addresses: list[Address] = [operand.address for operand in Measurer(account, statute).addresses(place)]
    if any(account.amount(address) for address in addresses):
        return
    pattern = expression((carried.says,))
    for _, paragraph in context.paragraphs():
        match = pattern.search(paragraph.text)
        if match:
            start = max(0, match.start() - 24)
            message = f"“…{paragraph.text[start : match.end()]}”：年末结转和结余为空，没有结转下年的资金。"
            places = (paragraph.source,) if paragraph.source else ()
            yield Issue("N69", load_rules()["N69"].severity, message, places)
