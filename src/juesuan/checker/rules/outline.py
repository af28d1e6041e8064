"""Findings on the outline: the table of contents against the headings, parts that every disclosure has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

from juesuan.account import Account, Issue, Passage, Source, bare_text, ordinal_of, without_ordinal
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording import is_blank
from juesuan.statute import load_rules
from juesuan.statute.language import ResidueWords, compact, load_document_words, load_residue

_BRACKETED = re.compile("[（(][^（）()]*[）)]?$")

LONGEST = 60
"""A heading has no more signs than this."""

ALIKE = 0.75
"""From this likeness on two titles are one title written in two ways."""

FEWEST = 5
"""A table of contents with fewer entries was not read well enough to be held against the headings."""

MANY = 5
"""A document with so many tables or sections is a whole disclosure."""

LINES = 3
"""A heading stands in no more lines than this."""

_TEXTS = ("说明", "情况")
"""What the heading of a section ends in, where the title of a table has the same words before it."""

_NUMBERED_PART = re.compile(r"(第[一二三四五六七八]部分)(.*)")
_LEADER = re.compile(r"[.．·…。\s]{2,}\d*$|[.．·…]+\d*$|(?<=[\u4e00-\u9fff）)])\d{1,3}$")
_TABLE = re.compile(r"[（(](?:公开)?(?:表\d+|\d+表|附?表[一二三四五六七八九十]+)[）)]")


class OutlineLine(msgspec.Struct, frozen=True):
    """A line of the contents or a heading: as written, and as titles are compared."""

    text: str
    plain: str
    order: int
    source: Source | None


def plain_title(text: str) -> str:
    """A title as it is compared: without its ordinal, the year, the table's number and marks."""
    without = _TABLE.sub("", without_ordinal(compact(text)))
    return bare_text(re.sub(r"20\d{2}年度?", "", without))


def contents_of(passages: Sequence[Passage]) -> tuple[list[OutlineLine], int]:
    """The entries of the table of contents, and the index of the first paragraph behind it; none: empty and 0."""
    start = next((n for n, passage in enumerate(passages) if compact(passage.text).strip("#*") == "目录"), None)
    if start is None:
        return [], 0
    entries: list[OutlineLine] = []
    open_ended = False
    for index in range(start + 1, len(passages)):
        whole = compact(passages[index].text)
        text = _LEADER.sub("", whole).strip("-*# ")
        if len(text) > LONGEST or (entries and _begins_again(text, entries)):
            return entries, index
        if open_ended and not ordinal_of(text) and text != whole:
            # The line before went on here, where its row of dots ends.
            text = entries.pop().text + text
        if plain := plain_title(text):
            entries.append(OutlineLine(text, plain, index, passages[index].source))
        open_ended = bool(entries) and not _LEADER.search(whole)
    return [], 0


def _begins_again(text: str, entries: Sequence[OutlineLine]) -> bool:
    """Whether the body begins: with the title of the first entry, or with the first line of it."""
    plain = plain_title(text)
    if plain == entries[0].plain:
        return True
    if len(entries) < FEWEST or not ordinal_of(text):
        return False
    return entries[0].plain.startswith(plain) and entries[0].text.startswith(text[:2])


def check_outline(context: CheckContext) -> Iterator[Issue]:
    """Contents against headings, and the parts that are missing."""
    account, statute = context.account, context.statute
    if not account.facts or not account.passages or statute.profile.kind != "决算":
        return
    wording = load_residue()
    entries, begin = contents_of(account.passages)
    if len(entries) >= FEWEST:
        yield from _compared(entries, account, begin, wording)
    if account.statements and _claims_to_be_whole(account, entries):
        yield from _missing(account, begin, wording)


def _claims_to_be_whole(account: Account, entries: Sequence[OutlineLine]) -> bool:
    """Whether a document is meant as a whole disclosure: by its contents, its parts, its tables or its sections.

    A statement on one matter (三公) is not asked for what a disclosure has besides.
    """
    found = (_NUMBERED_PART.match(compact(passage.text)) for passage in account.passages)
    kinds = load_document_words().kinds
    # A part without a name in its line may be any; one on the “三公” expenses or on performance is of a statement.
    parts = {match[1] for match in found if match and not kinds.found("expenses", match[2]) and "绩效" not in match[2]}
    sections = {section.key for section in account.narrative}
    return len(entries) >= FEWEST or len(parts) > 1 or len(account.tables) >= MANY or len(sections) >= MANY


def _headings(account: Account, begin: int) -> list[OutlineLine]:
    """What may be a heading of the body: short paragraphs, two in a row together, titles of tables."""
    found = []
    passages = account.passages
    for index in range(begin, len(passages)):
        text = compact(passages[index].text).strip("*# ").rstrip("。")
        if len(text) > LONGEST or "。" in text:
            continue
        found.append(OutlineLine(text, plain_title(text), index, passages[index].source))
        for following in passages[index + 1 : index + LINES]:
            text += compact(following.text).strip("*# ")
            if len(text) < LONGEST:
                found.append(OutlineLine(text, plain_title(text), index, passages[index].source))
    tables = [(table.title, table.source) for table in account.tables]
    found.extend(OutlineLine(title, plain_title(title), -1, source) for title, source in tables)
    return found


def _compared(entries: Sequence[OutlineLine], account: Account, begin: int, wording: ResidueWords) -> Iterator[Issue]:
    headings = _headings(account, begin)
    by_title: dict[str, list[OutlineLine]] = {}
    for heading in headings:
        by_title.setdefault(heading.plain, []).append(heading)
    unit = plain_title(account.unit.name)
    placed: list[tuple[OutlineLine, OutlineLine]] = []
    for entry in entries:
        same = by_title.get(entry.plain)
        if same:
            placed.append((entry, same[0]))
            continue
        near = _nearest(entry, headings)
        if near is None:
            if entry.plain not in unit and not _is_table(entry, account):
                message = f"目录中的“{entry.text}”在正文里没有找到。"
                yield _finding("F107", message, entry.source, entry.text)
            continue
        placed.append((entry, near))
        section = _is_table(entry, account) and near.plain.endswith(_TEXTS)
        if near.plain == entry.plain or is_blank(near.text) or section:
            # The contents list tables and sections under the same numbers: a section is not the table renamed.
            continue
        severity = "notice" if _slack(entry.plain, near.plain, wording) else ""
        message = f"目录写“{entry.text}”，正文标题为“{near.text}”。"
        yield _finding("F106", message, near.source, near.text, entry.text, severity)
    yield from _order(placed)


def _is_table(entry: OutlineLine, account: Account) -> bool:
    """Whether an entry is the title of a table: whether tables are there is another rule's matter."""
    return bool(re.search(r"表$|情况表|决算表", entry.plain))


def _nearest(entry: OutlineLine, headings: Sequence[OutlineLine]) -> OutlineLine | None:
    ordinal = ordinal_of(entry.text)
    near = [heading for heading in headings if ordinal and heading.text.startswith(ordinal)]
    whole = next((heading for heading in near if _BRACKETED.sub("", heading.text) == entry.text), None)
    if whole is not None:
        # What stands in brackets behind the title is the rest of a template; another rule says so.
        return msgspec.structs.replace(whole, text=entry.text, plain=entry.plain)
    scored = [(SequenceMatcher(None, entry.plain, heading.plain).ratio(), n) for n, heading in enumerate(near)]
    best = max(scored, default=(0.0, 0))
    return near[best[1]] if best[0] >= ALIKE else None


def _slack(first: str, second: str, wording: ResidueWords) -> bool:
    for word in wording.slack:
        first, second = first.replace(word, ""), second.replace(word, "")
    return first == second


def _order(placed: Sequence[tuple[OutlineLine, OutlineLine]]) -> Iterator[Issue]:
    """Parts that stand before what the contents put before them; where a title stands often, nothing is said."""
    # The tables may stand behind the text, wherever the contents put them (二、公开表：详见附表).
    body = [(entry, heading) for entry, heading in placed if heading.order >= 0 and not entry.plain.endswith("表")]
    titles = [heading.plain for _, heading in body]
    latest = -1
    for entry, heading in body:
        if titles.count(heading.plain) > 1:
            continue
        if heading.order < latest:
            message = f"“{entry.text}”在正文中的位置早于目录里排在它前面的部分。"
            yield _finding("F109", message, heading.source, entry.text)
            return
        latest = heading.order


def _missing(account: Account, begin: int, wording: ResidueWords) -> Iterator[Issue]:
    body = [compact(passage.text) for passage in account.passages[begin:]]
    titles = [compact(table.title) for table in account.tables]
    words = [text for text in body if text not in titles]
    for part in wording.parts:
        if not any(mention in text for text in words for mention in part.mentions):
            yield _finding("F108", f"没有找到“{part.title}”。没有发生的也应写明没有。", None, "", part.title)


def _finding(
    code: str, message: str, source: Source | None, stated: str = "", expected: str = "", severity: str = ""
) -> Issue:
    rule = load_rules()[code]
    level = "notice" if severity == "notice" else rule.severity
    return Issue(code, level, message, (source,) if source else (), stated, expected)
