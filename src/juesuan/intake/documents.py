"""What the published budget and last year's account give: the approved budget by item, last year's figures, texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from juesuan.account import Account, Address, Fact, Issue, Passage, Period, Source, spaceless, with_unit
from juesuan.compiler import Entry, Gathered, collectors, issue, say
from juesuan.compiler.workbook import address_of, addresses, sheets
from juesuan.statute import Statute, level_of, load_statute
from juesuan.statute.checking import ExplainedFigures, load_across

BUDGET: Period = "年初预算"
LAST: Period = "上年"
OUTCOME: Period = "上年执行"
_ORDINAL = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]+[）)]?[、.．]?\s*|第[一二三四五六七八九十]+部分\s*)+")
_HEADING = re.compile(r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])")
_PART = re.compile(r"^第[一二三四五六七八九十]+部分")
_LONGEST = 30
"""A heading has no more signs than this."""


def budget_entries(
    facts: Iterable[Fact], own: Sequence[Entry], statute: Statute
) -> tuple[list[Entry], list[Issue]]:
    """The approved budget by item as entries of the period that the disclosure files it under (年初预算 of an account,
    本年 of a budget), from its figures; `own` are the entries filled in.

    Where the unit has filled in an amount itself that amount stays, and a difference is noted.
    """
    found: list[Entry] = []
    notes: list[Issue] = []
    for fact in facts:
        if level_of(fact.address.row) != "项":
            continue
        for takes, line, column in collectors(statute.forms[fact.address.form]):
            if line or column != fact.address.column or len(takes.sources) != 1 or len(takes.natures) != 1:
                continue
            entry = Entry(
                takes.record, takes.sources[0], fact.figure.value, nature=takes.natures[0],
                function=fact.address.row, period=statute.profile.approved, place=fact.source,
                resolution=fact.figure.resolution,
            )  # fmt: skip
            filled = next((mine for mine in own if _key(mine) == _key(entry)), None)
            if filled is None:
                found.append(entry)
            elif abs(filled.amount - entry.amount) > fact.figure.resolution / 2:
                message = say(
                    "budget.differs",
                    what=statute.describe(fact.address),
                    one=with_unit(filled.amount),
                    other=with_unit(entry.amount),
                    place=fact.source or "预算",
                )
                notes.append(issue(message, filled.place or fact.source or Source()))
    return found, notes


def as_published(facts: Sequence[Fact], entries: Sequence[Entry], statute: Statute) -> tuple[list[Entry], list[Fact]]:
    """The approved amounts by item with the step that the published budget has them in, and the sums that it prints:
    a sum of amounts that were rounded is not the sum that was published.

    Only of a table whose items in `entries` all are those of the budget; where the unit has filled in others, or exact
    ones, its own add up.
    """
    steps = {_key(entry): entry for entry in budget_entries(facts, (), statute)[0]}
    own = {_key(entry) for entry in entries if entry.period == statute.profile.approved and entry.amount}
    same = {
        _key(entry) for entry in entries
        if (printed := steps.get(_key(entry))) is not None and printed.amount == entry.amount
    }  # fmt: skip
    others = {key[1] for key in own - same}
    read = [
        msgspec.structs.replace(entry, resolution=steps[_key(entry)].resolution)
        if _key(entry) in same and entry.source not in others else entry
        for entry in entries
    ]  # fmt: skip
    return read, [fact for fact in facts if fact.figure.resolution and _is_sum(fact, others, statute)]


def stating_sums(others: Sequence[Account]) -> Callable[[Gathered, Statute], None]:
    """What has a final account state the sums that its budget, where it is among `others`, publishes (as_published)."""

    def settle(gathered: Gathered, statute: Statute) -> None:
        for other in others:
            if statute.profile.kind == "决算" and load_statute(other.profile, other.year).profile.kind == "预算":
                facts = list(budget_facts(other))
                gathered.entries[:], sums = as_published(facts, gathered.entries, statute)
                gathered.facts.extend(sums)

    return settle


def _key(entry: Entry) -> tuple[str, ...]:
    return entry.record, entry.source, entry.nature, entry.function, entry.period


def _is_sum(fact: Fact, others: set[str], statute: Statute) -> bool:
    """Whether a figure is a sum over items, of a table of none of the sources `others`."""
    collecting = [(takes, column) for takes, line, column in collectors(statute.forms[fact.address.form]) if not line]
    if level_of(fact.address.row) == "项" and fact.address.column in {column for _, column in collecting}:
        return False
    return others.isdisjoint(source for takes, _ in collecting for source in takes.sources)


def approved_facts(
    budget: Account, own: Iterable[Fact], statute: Statute
) -> Iterator[tuple[ExplainedFigures, list[Fact]]]:
    """The budgeted amounts that a final account states besides items (“三公”经费, reserved procurement; yuan), from the
    published budget of its year: for each correspondence of which `own` has nothing yet, where this place asks for it.

    A unit leaves blank what there was none of: where it has filled in one amount, the others are blank on purpose.
    """
    stated = {fact.address for fact in own}
    asked = {(address.form, address.row) for address in addresses(statute) if address.period == "本年"}
    for each in load_across().explained:
        places = {
            Address(each.budget, row, theirs): Address(each.account, row, mine)
            for row in each.rows if (each.account, row) in asked
            for theirs, mine in each.columns.items()
        }  # fmt: skip
        if not each.taken or stated & set(places.values()):
            continue
        published = ((budget.get(there), here) for there, here in places.items())
        facts = [msgspec.structs.replace(f, address=here) for f, here in published if f and f.figure.value]
        if facts:
            yield each, facts


def outcome_entries(account: Account, own: Sequence[Entry], statute: Statute) -> list[Entry]:
    """Last year's outlay (上年执行数) by item as entries of a budget, from last year's final account (yuan).

    Items that the unit has filled in itself are left as they are.
    """
    filled = {(entry.source, entry.function) for entry in own if entry.period == OUTCOME}
    found: list[Entry] = []
    for same in load_across().budget:
        collecting = {column: takes for takes, line, column in collectors(statute.forms[same.budget]) if not line}
        columns = {theirs: collecting[ours] for ours, theirs in same.columns.items() if ours in collecting}
        for fact in account.of_form(same.account):
            takes = columns.get(fact.address.column)
            if takes is None or level_of(fact.address.row) != "项":
                continue
            source, function = takes.sources[0], fact.address.row
            if (source, function) not in filled:
                entry = Entry(
                    takes.record, source, fact.figure.value, nature=takes.natures[0], function=function,
                    period=OUTCOME, place=fact.source,
                )  # fmt: skip
                found.append(entry)
    return found


def budget_facts(account: Account) -> Iterator[Fact]:
    """The budget's figures at the addresses that they have in a final account."""
    for same in load_across().budget:
        for fact in account.of_form(same.budget):
            if column := same.columns.get(fact.address.column):
                row = same.rows.get(fact.address.row, fact.address.row)
                yield msgspec.structs.replace(fact, address=Address(same.account, row, column, BUDGET))


def last_year(account: Account, statute: Statute) -> Iterator[Fact]:
    """Last year's figures that this year's account states beside its own, each with its place in last year's."""
    for address in addresses(statute):
        if address.period == LAST:
            fact = account.get(Address(address.form, address.row, address.column))
            if fact is not None:
                yield msgspec.structs.replace(fact, address=address)


def still_asked(problems: Iterable[Issue], facts: Iterable[Fact], statute: Statute) -> list[Issue]:
    """The problems of a workbook without those on empty cells that must be filled in and that a document answers."""
    known = {fact.address for fact in facts}
    answered = {
        (sheet.key, str(say("required.field", label=slot.plan.label)))
        for sheet in sheets(statute)
        for slot in sheet.inputs
        if slot.insisted and slot.plan.address and address_of(slot.plan.address) in known
    }
    return [found for found in problems if (found.place.sheet, found.message) not in answered]


def standing_texts(account: Account, statute: Statute) -> dict[str, str]:
    """The texts that hold from year to year (职能、机构), from a published account."""
    found: dict[str, str] = {}
    for field in statute.profile.overview:
        if field.lasting:
            text = account.texts.get(field.key) or _under(account.passages, (field.title, field.key))
            if text:
                found[field.key] = text
    return found


def _under(passages: Sequence[Passage], titles: Sequence[str]) -> str:
    """The paragraphs under the first heading that has the words of one of `titles`, with text below it."""
    for number, passage in enumerate(passages):
        if not _names(passage.text, titles):
            continue
        below: list[str] = []
        for after in passages[number + 1 :]:
            if _is_heading(after):
                break
            below.append(after.text.strip())
        # A contents page has titles below its titles; a text has sentences.
        if any("。" in text for text in below):
            return "\n".join(below)
    return ""


def _is_heading(passage: Passage) -> bool:
    text = passage.text.strip()
    if _PART.match(text) and len(text) <= 2 * _LONGEST and not text.endswith(("。", "；")):
        # A part bears the name of the unit and the year: 第二部分 …2021年度单位决算表.
        return True
    return len(text) <= _LONGEST and bool(passage.heading or _HEADING.match(text)) and not text.endswith(("。", "；"))


def _names(text: str, titles: Sequence[str]) -> bool:
    plain = _ORDINAL.sub("", spaceless(text))
    if not plain or len(plain) > _LONGEST or plain.endswith(("。", "；")):
        return False
    return any(title in plain or plain in title for title in titles if len(plain) > 3)
