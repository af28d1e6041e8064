"""The account put together: tables, forms of performance, narrative and glossary from what was gathered."""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan.account import (
    Account,
    Address,
    Fact,
    GlossaryEntry,
    Issue,
    Unit,
    in_file_order,
)
from juesuan.compiler.entries import Gathered
from juesuan.compiler.explaining import (
    Offer,
    contradicting,
    former_texts,
    misdated,
    missing_texts,
    offer_for,
    undefined,
)
from juesuan.compiler.performance import evaluations, goal_facts, goals_of
from juesuan.compiler.place_tables import made_tables
from juesuan.compiler.projects import IN_WAN, budgeted, merge_projects, projects_in_wan
from juesuan.compiler.tables import Tables, fill_tables, spent_by_table
from juesuan.statute import TOTAL, Statute, Writer, codes_above, level_of, lines
from juesuan.statute.language import ReasonAsked, definition_of

TEXTS_WANTED = frozenset(("L202", "L203"))
"""The codes of what only the unit can write."""


class Compilation(msgspec.Struct, frozen=True):
    """An account and all that stands between it and publication.

    `problems` are cells and rows that could not be taken over, `faults` relations that the accounts break, `missing`
    texts that the law wants, `scoring` what scoring found, `contradictions` the errors that the checker finds in the
    account, where it was asked (juesuan.inspection). Only what scoring found and explained inequalities may remain.
    """

    account: Account
    statute: Statute
    tables: Tables
    problems: tuple[Issue, ...]
    faults: tuple[Issue, ...]
    missing: tuple[Issue, ...]
    scoring: tuple[Issue, ...]
    unproved: tuple[Issue, ...] = ()
    """Why there is no evidence for what should have some (没有佐证)."""
    contradictions: tuple[Issue, ...] = ()
    notes: tuple[Issue, ...] = ()
    """What was noticed in exports and other documents, and does not keep from publishing."""
    asked: dict[str, ReasonAsked] = {}
    """The reasons that the law asks for, given or not, each with the difference that it explains, by key."""
    former: Account | None = None
    """Last year's account, where it was given as a whole."""
    workbook: Path | None = None
    """The workbook that was filled in, where there is one."""
    against_figures: tuple[Issue, ...] = ()
    """Reasons that contradict the direction of what they explain; they are told and do not keep from publishing."""

    @property
    def sound(self) -> bool:
        """Whether the account can be published: nothing unreadable, no relation broken, no sentence false."""
        broken = any(fault.severity == "error" for fault in self.faults)
        return not self.problems and not broken and not self.contradictions

    def offer(self, key: str) -> Offer | None:
        """What the text called `key` can be written from; None where there is nothing."""
        asked = self.asked.get(key)
        if asked is not None:
            return offer_for(asked, self.account, self.statute, self.former)
        last = former_texts(self.former, self.statute).get(key, "") if self.former else ""
        return Offer(key, "", last=last) if last else None

    @property
    def final(self) -> bool:
        """Whether the document can be published as it is."""
        return self.sound and not self.missing

    def messages(self) -> list[str]:
        """All that stands between the account and its publication, one Chinese sentence each."""
        return [
            *map(str, self.problems),
            *(fault.message for fault in self.faults if fault.severity == "error"),
            *(issue.message for issue in self.contradictions),
            *(missing.message for missing in self.missing),
        ]


def assemble(gathered: Gathered, statute: Statute) -> Compilation:
    """The account of what was `gathered`, under `statute`. Nothing is raised: what is wrong is in the result."""
    tables = fill_tables(gathered.entries, gathered.facts, statute)
    account = Account(
        profile=statute.profile.key,
        year=gathered.year or statute.year,
        unit=gathered.unit or Unit("（未填单位名称）", nature=""),
        texts=dict(gathered.texts),
        dates=dict(gathered.dates),
        key_work=tuple(gathered.key_work),
    )
    account.extend(_in_order(tables, statute))
    spent = [entry for entry in gathered.entries if (entry.record, entry.period) == ("支出", "本年") and entry.function]
    outlays = gathered.entries if spent else spent_by_table(tables.facts, statute)
    account.projects, unclear = merge_projects(gathered.projects, outlays, statute)
    if not any(problem.code == IN_WAN for problem in gathered.problems):
        unclear.extend(projects_in_wan(gathered.projects, outlays))
    scoring: tuple[Issue, ...] = ()
    if statute.profile.kind == "预算":
        account.projects = budgeted(account.projects)
        account.goals = goals_of(account, gathered)
        account.extend(goal_facts(account.goals))
    else:
        account.sheets, scoring = evaluations(account, gathered, statute.schemes[statute.profile.scheme])
    made = list(made_tables(account, gathered.entries, statute))
    account.texts.update({key: text for key, text, _ in made})
    writer = Writer(account, statute)
    account.narrative = tuple(writer.section(plan) for plan in statute.sections if not plan.reading)
    account.glossary = _glossary(account, statute, writer)
    missing = missing_texts(account, statute, gathered, writer.asked, scoring)
    dates = list(misdated(account, statute, gathered))
    wrong = [issue for issue in dates if issue.severity == "error"]
    problems, unproved = tuple(in_file_order([*gathered.problems, *unclear, *wrong])), tuple(gathered.unproved)
    return Compilation(
        account,
        statute,
        tables,
        problems,
        tables.faults,
        missing,
        scoring,
        unproved,
        notes=(
            *(told for _, _, told in made),
            *(issue for issue in dates if issue not in wrong),
            *undefined(account, statute, gathered),
        ),
        asked=writer.asked,
        against_figures=tuple(contradicting(writer.asked.values(), gathered, statute)),
    )


def _in_order(tables: Tables, statute: Statute) -> list[Fact]:
    """The facts form by form and line by line, so that the same account is always written in the same order."""
    order = {key: place for place, key in enumerate(sorted(statute.forms, key=lambda key: (key[:1] != "表", key)))}
    rows = {form.key: {row: n for n, row in enumerate(form.rows)} for form in statute.forms.values()}
    columns = {form.key: {column: n for n, column in enumerate(form.columns)} for form in statute.forms.values()}

    def place(address: Address) -> tuple[int, str, int, str, int]:
        fixed = rows[address.form].get(address.row, -1 if address.row == TOTAL else len(rows[address.form]))
        return order[address.form], address.period, fixed, address.row, columns[address.form].get(address.column, 0)

    return [tables.facts[address] for address in sorted(tables.facts, key=place)]


def _glossary(account: Account, statute: Statute, writer: Writer) -> tuple[GlossaryEntry, ...]:
    entries: list[GlossaryEntry] = []
    for term in statute.glossary:
        if term.codes:
            entries.extend(_items(account, statute, term.term))
        elif writer.holds(term.when, term.let):
            entries.append(GlossaryEntry(term.term, writer.sentence(term.text, term.let)))
    return tuple(entries)


def _items(account: Account, statute: Statute, heading: str) -> list[GlossaryEntry]:
    """One entry for each item (项) that the unit's tables show, none else."""
    left, right = statute.profile.style.brackets[0], statute.profile.style.brackets[-1]
    tables = [form.key for form in statute.published if form.classification == "功能分类"]
    used = sorted({row for form in tables for row in lines(account, statute, form) if level_of(row) == "项"})
    names = [statute.functional.name(above, statute.year) for code in used for above in codes_above(code)]
    found = [GlossaryEntry(heading, "", "类款项")] if used else []
    for index, code in enumerate(used):
        kind, group, item = names[3 * index : 3 * index + 3]
        term = f"{kind}{left}类{right}{group}{left}款{right}{item}{left}项{right}"
        found.append(GlossaryEntry(term, definition_of(code, statute, account.texts).text, code))
    return found
