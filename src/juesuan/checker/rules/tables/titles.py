"""What stands over tables and beside their lines: titles of another kind, unlike the contents; numbers of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from juesuan.account import Account, Issue, SeenTable, Source, bare_text, ordinal_of
from juesuan.checker.rules.outline import contents_of
from juesuan.checker.rules.wording.found import wording_issue
from juesuan.statute import Statute
from juesuan.statute.language import compact, load_document_words, load_residue

_USUAL = 3
"""So many other titles say of which kind the tables are."""
_ALIKE = 0.85
"""How alike a title and an entry of the contents are that are one title written in two ways."""
_MOST = 2
"""Contents that more titles than this differ from put them in other words throughout."""
_NUMBER = re.compile(
    r"^(?:附?表[一二三四五六七八九十\d]+(?:[-—]\d+)?[:：、.．]?|[（(]?[一二三四五六七八九十\d]+[)）]?[、.．:：])+|20\d{2}年度?"
    r"|[（(]?(?:公开|附)?(?:表\d+|\d+表|附?表[一二三四五六七八九十\d]+)[)）]?$|\d+$|[.…·]{2,}.*$"
)
_TABLE = re.compile(r"表$")


def check_titles(account: Account, statute: Statute) -> Iterator[Issue]:
    """F113, F106 and F114: titles of the other kind, titles unlike the contents, numbers of lines out of order."""
    yield from _of_other_kind(account, statute)
    yield from _unlike_contents(account, statute)
    for table in account.tables:
        yield from _numbers(table, account, statute)


def _of_other_kind(account: Account, statute: Statute) -> Iterator[Issue]:
    """F113: 决算 in the title of a table of a budget, or 预算 in that of final accounts, unlike all others."""
    right = statute.profile.kind
    wrong = "预算" if right == "决算" else "决算"
    words = load_document_words().kinds
    titles = {id(table): re.sub(words.not_budget, "", compact(table.title)) for table in account.tables}
    usual = sum(right in title and wrong not in title for title in titles.values())
    other = [table for table in account.tables if wrong in titles[id(table)] and right not in titles[id(table)]]
    if usual < _USUAL or len(other) * _USUAL > usual:
        return
    for table in other:
        form = statute.forms[table.form]
        if plain(table.title) in {plain(title) for title in (form.title, *form.aliases)}:
            continue
        printed = without_number(table.title)
        message = f"《{form.title}》的表题写作“{printed}”，本文件是{right}公开，表题应为{right}。"
        yield wording_issue("F113", message, table.source, printed, form.title)


def _unlike_contents(account: Account, statute: Statute) -> Iterator[Issue]:
    """F106: a title that the contents print otherwise, where they print nearly all others as they are."""
    entries = {plain(entry.text): entry.text for entry in contents_of(account.passages)[0]}
    listed = {name: text for name, text in entries.items() if _TABLE.search(name)}
    printed = {plain(title): (without_number(title), source) for title, source in _titles(account, statute)}
    kept = listed.keys() & printed.keys()
    missing = [name for name in listed if name not in printed]
    if len(kept) < _USUAL or len(missing) > _MOST:
        return
    for name in missing:
        near = [title for title in printed if title not in listed and _likeness(name, title) >= _ALIKE]
        if len(near) == 1 and not _same(name, near[0]):
            title, source = printed[near[0]]
            message = f"目录写“{listed[name]}”，表题为“{title}”。"
            yield wording_issue("F106", message, source, title, without_number(listed[name]))


def _titles(account: Account, statute: Statute) -> Iterator[tuple[str, Source | None]]:
    """The titles of tables; what has an ordinal is compared with the contents of final accounts by its ordinal."""
    titles = [(table.title, table.source) for table in account.tables]
    titles.extend((table.title, table.source) for table in account.others)
    for title, source in titles:
        if statute.profile.kind != "决算" or not ordinal_of(compact(title)):
            yield title, source


def without_number(title: str) -> str:
    """A title as printed without its number and its year."""
    text = compact(title)
    while (shorter := _NUMBER.sub("", text)) != text:
        text = shorter
    return text


def plain(title: str) -> str:
    """A title as it is compared: without its number, its year and marks."""
    return bare_text(without_number(title))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _same(one: str, other: str) -> bool:
    """Whether two titles differ in words only that places put as they like."""
    for word in (*load_residue().slack, *re.split(r"[|?]", load_document_words().tables.usual)):
        if word:
            one, other = re.sub(word, "", one), re.sub(word, "", other)
    return one == other


def _numbers(table: SeenTable, account: Account, statute: Statute) -> Iterator[Issue]:
    """F114: a number of a line (行次) that breaks the order in which those before and behind it go on."""
    numbers = [(int(number), line) for number, line in table.numbers if number.isdigit()]
    places = {label.row: label.source for label in account.labels if label.form == table.form}
    for (before, _), (own, line), (behind, _) in _threes(numbers):
        if behind == before + 2 and own != before + 1:
            form = statute.forms[table.form]
            name = statute.name_of(form, line)
            message = f"《{form.title}》“{name}”的行次印作{own}，上一行是{before}、下一行是{behind}，应为{before + 1}。"
            yield wording_issue("F114", message, places.get(line) or table.source, str(own), str(before + 1))


def _threes(
    numbers: Sequence[tuple[int, str]],
) -> Iterator[tuple[tuple[int, str], tuple[int, str], tuple[int, str]]]:
    yield from zip(numbers, numbers[1:], numbers[2:], strict=False)
