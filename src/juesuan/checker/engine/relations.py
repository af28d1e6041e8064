"""Relations held against the figures of an account: every one decided by intervals, or said to be undecided."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import cache

import msgspec

from juesuan.account import Account, Address, Figure, Period
from juesuan.checker.engine.combined_lines import regrouped
from juesuan.checker.engine.unread import may_miss
from juesuan.checker.report import Tally
from juesuan.statute import (
    Expander,
    Instance,
    Operand,
    Relation,
    Statute,
    Verdict,
    details_missing,
    digits_of,
    judge,
    level_of,
    lines,
)
from juesuan.statute.language import bare

ALIKE = 0.6
"""From this likeness on a printed name is that of its code, differently worded."""

NOTHING = re.compile(r"无|没有|未发生|未安排")
"""How a note says that an empty table has nothing to show."""


class Decided(msgspec.Struct, frozen=True):
    """An expanded relation with its verdict."""

    relation: Relation
    instance: Instance
    verdict: Verdict


class Outcome(msgspec.Struct, frozen=True):
    """All relations of the statute on one account: those decided, and how many were not."""

    decided: tuple[Decided, ...]
    undecided: int

    def tally(self) -> Tally:
        """The counts of the outcome."""
        statuses = [decided.verdict.status for decided in self.decided]
        return Tally(
            len(statuses),
            statuses.count("成立"),
            statuses.count("尾数内成立"),
            statuses.count("不成立"),
            self.undecided,
        )


def decide(account: Account, statute: Statute) -> Outcome:
    """Every relation of `statute` on the figures of `account`.

    A relation is undecided where a form that it needs is not in the document, where supplementary figures that it
    needs were not given, or where it fails and an amount that was not read may be what it misses; a blank cell of a
    form that is there is an exact nothing.
    """
    present = _present(account, statute)
    expander = Expander(statute.forms, cache(lambda form: lines(account, statute, form)))
    decided: list[Decided] = []
    undecided = 0
    others = _misnamed(account, statute)

    def figure(address: Address) -> Figure | None:
        return figure_at(account, address)

    for relation in statute.relations.values():
        for declared in expander.instances(relation):
            if not any(account.get(address) for address in declared.addresses()) or _of_nothing(declared, account):
                continue
            instance = regrouped(declared, account, statute)
            if instance is None:
                undecided += 1
                continue
            addresses = instance.addresses()
            there = all((address.form, address.period) in present for address in addresses)
            if there and instance.guard is not None and judge(instance, figure) is None:
                # Its condition is not met: it does not apply, whatever else is printed.
                continue
            unprinted = _not_printed(instance, account) or _no_such_level(relation, instance, account, statute)
            if not there or unprinted or details_missing(instance, statute.forms, figure):
                undecided += 1
                continue
            verdict = judge(instance, figure)
            if verdict is not None and verdict.status == "不成立":
                instance, verdict = _including(relation, instance, verdict, figure)
            if verdict is not None and verdict.status == "不成立" and (
                may_miss(instance, verdict, account) or _of_others(relation, instance, others)
            ):
                undecided += 1
            elif verdict is not None:
                decided.append(Decided(relation, instance, verdict))
    return Outcome(tuple(decided), undecided)


def _including(
    relation: Relation, instance: Instance, verdict: Verdict, figure: Callable[[Address], Figure | None]
) -> tuple[Instance, Verdict]:
    """The equation with a line that the whole includes in this document (上年结转 in 财政拨款), where it holds so."""
    whole = instance.left[0].address
    for line in relation.including:
        more = Operand(1, _place(line, whole))
        wider = msgspec.structs.replace(instance, right=(*instance.right, more))
        found = judge(wider, figure)
        if found is not None and found.status != "不成立":
            return wider, found
    return instance, verdict


def _place(line: str, whole: Address) -> Address:
    """A line of the table of `whole`, in its column, or an address of another table."""
    if "!" not in line:
        return msgspec.structs.replace(whole, row=line)
    form, _, cell = line.partition("!")
    row, _, column = cell.partition("行")
    return Address(form, row, column.removesuffix("栏"))


def _misnamed(account: Account, statute: Statute) -> set[tuple[str, str]]:
    """Lines whose printed name is that of another code: what stands there is not what the code says."""
    found = set()
    for label in account.labels:
        form = statute.forms.get(label.form)
        if form is None or form.classification is None or not label.row.isdigit():
            continue
        official = statute.codes(form.classification).name(label.row, account.year or statute.year)
        if official and SequenceMatcher(None, bare(label.text), bare(official)).ratio() < ALIKE:
            found.add((label.form, label.row))
    return found


def _of_others(relation: Relation, instance: Instance, others: set[tuple[str, str]]) -> bool:
    """Whether a relation of what items mean (no sum) is about a line that bears another item's name."""
    if relation.tolerance not in "BW":
        return False
    return any((address.form, address.row) in others for address in instance.addresses())


def _of_nothing(instance: Instance, account: Account) -> bool:
    """Whether an equation under a condition has nothing on either side: a line that the table leaves blank."""
    if instance.guard is None or instance.comparator != "=" or instance.constant:
        return False
    return not any(account.get(operand.address) for operand in (*instance.left, *instance.right))


def _not_printed(instance: Instance, account: Account) -> bool:
    """Whether one side of a relation stands only in lines and columns that the document's tables do not have."""
    absent = {table.form: set(table.absent) for table in account.tables if table.absent}

    def nowhere(address: Address) -> bool:
        known = absent.get(address.form, set())
        return f"{address.row}行" in known or f"{address.column}栏" in known

    return any(side and all(nowhere(o.address) for o in side) for side in (instance.left, instance.right))


def _no_such_level(relation: Relation, instance: Instance, account: Account, statute: Statute) -> bool:
    """Whether a sum is over a level (Σ款行) of which the table prints no line: how far it goes down is not for sums.

    Nor is it where most lines have none below them: the table then shows the details of a few.
    """
    if instance.left and instance.right:
        return False
    sums = [place for place in relation.equation.body.places() if place.rows and place.rows.kind == "sum"]
    return any(
        place.rows is not None and _mostly_without(place.rows.level, lines(account, statute, key))
        for place in sums
        if (key := place.form or relation.form or "")
    )


def _mostly_without(level: str, rows: Sequence[str]) -> bool:
    """Whether no line, or only few of those of the level above, have lines of `level` below them."""
    start, stop = digits_of(level)
    above = {row for row in rows if level_of(row) and len(row) == start}
    parents = {row[:start] for row in rows if level_of(row) and len(row) == stop}
    without = len(above - parents)
    return not parents or (without > 1 and 2 * without >= len(above))


def figure_at(account: Account, address: Address) -> Figure | None:
    """The figure at an address, None for a blank."""
    fact = account.get(address)
    return fact.figure if fact else None


def mentioned_forms(account: Account) -> set[str]:
    """The forms whose blank cells say “nothing”: printed with figures, or empty with a sentence that says so.

    A table that is empty without a word may have lost its figures: its cells are not known, and that is one finding.
    """
    filled = {fact.address.form for fact in account.facts.values() if fact.address.period == "本年"}
    return {
        table.form
        for table in account.tables
        if table.form in filled or any(NOTHING.search(note.text) for note in table.notes)
    }


def forms_with_known_blanks(account: Account, statute: Statute) -> set[str]:
    """The forms of which a blank is an exact nothing: all published of a compiled account, of one read the printed.

    A text without tables was read too: what it does not say is not known.
    """
    compiled = not account.tables and not account.passages
    return {form.key for form in statute.published} if compiled else mentioned_forms(account)


def _present(account: Account, statute: Statute) -> set[tuple[str, Period]]:
    """The forms, with the period of their figures, that the account can speak of.

    For this year these are the forms seen in a document, all published ones of a compiled account, and any other of
    which a figure was given. What the prose says of the approved budget does not put a missing table back in its place.
    """
    seen = forms_with_known_blanks(account, statute)
    given = {(fact.address.form, fact.address.period) for fact in account.facts.values()}
    forms = seen | {form for form, _ in given}
    earlier: tuple[Period, ...] = ("上年", "年初预算", "上年执行")
    return given | {(form, "本年") for form in seen} | {(form, period) for form in forms for period in earlier}
