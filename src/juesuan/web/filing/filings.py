"""Filings (申报): begun, edited by several people without loss, sent in, passed on, returned, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import Account, JuesuanError, from_json
from juesuan.compiler.editor import (
    Examination,
    FilingContent,
    Page,
    examine,
    of_last_year,
    with_held,
    with_ledger,
)
from juesuan.compiler.workbook import PlannedSheet, sheets
from juesuan.inspection import of_accounts
from juesuan.statute import Statute, load_statute
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.filing.attachments import attachments_of, data_files, too_much
from juesuan.web.filing.changes import ChangeResult, Conflict, SheetChanges
from juesuan.web.filing.held_against import account_at, keep_accounts, known_here, named_here
from juesuan.web.filing.processing import ProcessedFiling, ProcessingError, Source, TakenOver, process_filing
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing, Organisation, Season, moment
from juesuan.web.review.related import other_kind, related_path
from juesuan.web.review.uploads import store_upload, stored_path
from juesuan.web.site.site import Site

MOST_LINES = 3000
"""Lines of one sheet."""

LONGEST_TEXT = 20_000
"""Signs of one cell."""

LONGEST_CONTENT = 8 * 1024 * 1024


class FilingError(JuesuanError, ValueError):
    """Something cannot be done as asked; the message says why and what to do."""


@cache
def statute_for(profile: str, year: int) -> Statute:
    """The statute of a season. Raises StatuteError."""
    return load_statute(profile, year)


def statute_of(filing: Filing) -> Statute:
    """The statute that a filing stands under."""
    return statute_for(filing.season.profile, filing.season.year)


def content_of(filing: Filing) -> FilingContent:
    """What is filled in."""
    return msgspec.json.decode(filing.content, type=FilingContent)


def due(filing: Filing) -> str:
    """The last day for publication; empty where the day of approval is not known."""
    return load_way().due(filing.organisation.kind, filing.season.approved, filing.season.kind)


def begin(session: Session, site: Site, me: SignedInUser, home: Organisation, season: Season) -> Filing:
    """This year's forms of a unit: begun from what is known of it (last year's, the budget, last year's outcome).

    Raises FilingError.
    """
    known = select(Filing.id).where(Filing.organisation_id == home.id, Filing.season_id == season.id)
    if session.scalar(known) is not None:
        raise FilingError(f"{home.name} {season.named}的填报已经开始。")
    statute = statute_for(season.profile, season.year)
    last = account_at(related_path(session, site, home.id, season.year, season.kind, season.kind))
    filled = of_last_year(last, statute) if last else FilingContent()
    other = related_path(session, site, home.id, season.year, season.kind, other_kind(season.kind))
    if other:
        _fill_from(filled, account_at(other), statute)
    _fill_in(filled, statute, _known_of(session, home, season))
    now = moment(site.settings.clock())
    filing = Filing(
        organisation_id=home.id, season_id=season.id, state="drafting", revision=1, content=_written(filled),
        attachments="{}", account="", findings="[]", settled=0, explanations="{}", errors=0,
        missing=0, warnings=0, notices=0, unexplained=0, counted=0, reason="", correction="", updated=now,
        updated_by=me.name,
    )
    session.add(filing)
    session.flush()
    after = {"organisation": home.code, "year": season.year, "kind": season.kind, "from": "last year" if last else ""}
    site.trail.append(session, me.actor, "filing.begin", subject(filing), after=after)
    return filing


def subject(filing: Filing) -> str:
    """What the audit trail calls a filing."""
    return f"filing:{filing.id}"


def _known_of(session: Session, home: Organisation, season: Season) -> dict[str, str]:
    """What the server knows of a unit's account, by the target of its cell in the workbook."""
    above = session.get(Organisation, home.parent_id) if home.parent_id else None
    return {
        "unit.name": home.name, "unit.code": home.code, "year": str(season.year), "dates.approved": season.approved,
        "unit.supervisor": home.name if home.kind == "department" else above.name if above else "",
    }


def _fill_from(filled: FilingContent, other: Account | None, statute: Statute) -> None:
    """Fills in what the other disclosure says: the approved budget and its goals, or what was spent last year.

    Where it has lines for a sheet it is nearer than last year's, which fill what is still blank.
    """
    told = of_accounts([other], statute) if other else FilingContent()
    for sheet in sheets(statute):
        new, old = told.page(sheet.key), filled.page(sheet.key)
        if new.cells or new.lines:
            made = with_held(sheet, new, old)
            made.last = max([made.last, *(line.id for line in made.lines)])
            filled.pages[sheet.key] = made


def _fill_in(filled: FilingContent, statute: Statute, known: Mapping[str, str]) -> None:
    for sheet in sheets(statute):
        for slot in sheet.inputs:
            value = known.get(slot.plan.target)
            if value and sheet.plan.layout == "fields":
                filled.page(sheet.key).cells[slot.plan.key] = value


def locked(session: Session, identity: int) -> Filing:
    """The filing, held until the transaction ends: who changes it at the same time waits."""
    return session.scalars(select(Filing).where(Filing.id == identity).with_for_update(of=Filing)).one()


def demand_editable(filing: Filing) -> None:
    """Raises FilingError for a filing that is not with its unit."""
    state = load_way().states[filing.state]
    if not state.editable:
        raise FilingError(f"这份{filing.season.kind}{state.title}，不能修改；要改请先由审核人退回。")


def demand_seen(filing: Filing, revision: int) -> None:
    """Raises FilingError for a filing that was changed after `revision`."""
    if filing.revision != revision:
        raise FilingError("打开这一页之后有人改了内容，没有导入。请看过最新情况再导入。")


def change(
    session: Session, site: Site, me: SignedInUser, filing: Filing, sheet: PlannedSheet, changes: SheetChanges
) -> ChangeResult:
    """Takes over what an editor changed, cell by cell; tells the cells that somebody else has changed meanwhile.

    A cell is taken over where it still holds what its editor saw, so that no change is lost unseen. A new line that
    came before, but whose answer was lost on its way back, is not added twice. Raises FilingError for a filing that is
    not to be edited, and for more than fits.
    """
    demand_editable(filing)
    filled = content_of(filing)
    page = filled.page(sheet.key)
    known = {slot.plan.key for slot in sheet.inputs}
    conflicts: list[Conflict] = []
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for edit in changes.edits:
        if edit.key not in known:
            raise FilingError("没有这一栏。")
        if len(edit.value) > LONGEST_TEXT:
            raise FilingError(f"“{edit.value[:20]}…”太长，最多 {LONGEST_TEXT} 字。")
        cells = _cells(page, edit.line)
        now = None if cells is None else cells.get(edit.key, "")
        if cells is None or now not in (edit.was, edit.value):
            conflicts.append(Conflict(edit.field, now, filing.updated_by))
        elif now != edit.value:
            before[edit.field], after[edit.field] = now, edit.value
            _put(cells, edit.key, edit.value)
    for number in changes.removed:
        line = page.line(number)
        if line:
            page.lines.remove(line)
            before[f"{number}"] = dict(line.cells)
    there = [line for line in page.lines if line.id > changes.last >= 0]
    numbers: list[int] = []
    for given in changes.added:
        cells = {key: value[:LONGEST_TEXT] for key, value in given.items() if key in known and value}
        line = next((line for line in there if line.cells == cells), None)
        if line is None:
            line = page.add(cells)
            if changes.place >= 0:
                page.lines.insert(changes.place + len(numbers), page.lines.pop())
            after[f"{line.id}"] = dict(line.cells)
        else:
            there.remove(line)
        numbers.append(line.id)
    if len(page.lines) > MOST_LINES:
        raise FilingError(f"一张表最多 {MOST_LINES} 行。")
    if before or after:
        details = {"sheet": sheet.key}
        earlier, later = details | {"cells": before}, details | {"cells": after}
        _store(session, site, me, filing, filled, "filing.edit", earlier, later)
    return ChangeResult(tuple(conflicts), tuple(numbers))


def _cells(page: Page, line: int) -> dict[str, str] | None:
    if not line:
        return page.cells
    found = page.line(line)
    return found.cells if found else None


def _put(cells: dict[str, str], key: str, value: str) -> None:
    if value:
        cells[key] = value
    else:
        cells.pop(key, None)


def _store(
    session: Session, site: Site, me: SignedInUser, filing: Filing, filled: FilingContent, action: str, before: object,
    after: object,
) -> None:
    content = _written(filled)
    if len(content.encode()) > LONGEST_CONTENT:
        raise FilingError(f"填报的内容太多，超出一份{filing.season.kind}的限度。")
    filing.content, filing.revision = content, filing.revision + 1
    filing.updated, filing.updated_by = moment(site.settings.clock()), me.name
    session.flush()
    site.trail.append(session, me.actor, action, subject(filing), before=before, after=after)


def _written(filled: FilingContent) -> str:
    return msgspec.json.encode(filled).decode()


def take_over(session: Session, site: Site, me: SignedInUser, filing: Filing, taken: TakenOver, what: str) -> int:
    """Takes over an uploaded workbook, whose sheets replace those that are filled in, or a ledger, whose amounts do, or
    what documents and exports say, which fills what is blank and stands beside it, or the texts of our Word file.

    Gives the number of values. Raises FilingError.
    """
    demand_editable(filing)
    filled = content_of(filing)
    plan = {sheet.key: sheet for sheet in sheets(statute_of(filing))}
    before: dict[str, object] = {}
    count = 0
    if taken.filled.given:
        before["files"] = filled.figures.files
        filled.given = filled.figures.with_others(keep_accounts(site, taken.filled.given, taken.accounts))
    for key in taken.pages:
        old, new = filled.page(key), taken.filled.page(key)
        count += len(new.cells) + sum(len(line.cells) for line in new.lines)
        new = _MERGES[taken.source](plan[key], old, new)
        if old != new:
            before[key] = msgspec.to_builtins(old)
            new.last = max(new.last, old.last)
            filled.pages[key] = new
    _store(session, site, me, filing, filled, "filing.import", before, {"from": what, "values": count})
    return count


def take_known(session: Session, site: Site, me: SignedInUser, filing: Filing) -> int:
    """Fills what is blank from the unit's other disclosures that are known here: some came only after it was begun.

    Gives the number of values that came. Raises FilingError.
    """
    demand_editable(filing)
    statute, filled, known = statute_of(filing), content_of(filing), known_here(session, site, filing)
    before: dict[str, object] = {}
    count = 0
    for kind in sorted(known, key=lambda kind: kind == filing.season.kind):
        account = from_json(known[kind].read_bytes())
        own = kind == filing.season.kind
        told = of_last_year(account, statute) if own else of_accounts([account], statute)
        for sheet in sheets(statute):
            old, new = filled.page(sheet.key), told.page(sheet.key)
            made = _MERGES["last" if own else "held"](sheet, old, new)
            if (added := _values(made) - _values(old)) > 0:
                before.setdefault(sheet.key, msgspec.to_builtins(old))
                made.last = max([made.last, *(line.id for line in made.lines)])
                filled.pages[sheet.key] = made
                count += added
    if count:
        after = {"from": "、".join(named_here(filing, known)), "values": count}
        _store(session, site, me, filing, filled, "filing.import", before, after)
    return count


def _values(page: Page) -> int:
    return len(page.cells) + sum(len(line.cells) for line in page.lines)


def forget_files(session: Session, site: Site, me: SignedInUser, filing: Filing) -> None:
    """Takes away what exports and documents said besides; what they filled into cells stays. Raises FilingError."""
    demand_editable(filing)
    filled = content_of(filing)
    files, filled.given = filled.figures.files, None
    _store(session, site, me, filing, filled, "filing.forget", {"files": files}, None)


_MERGES: Mapping[Source, Callable[[PlannedSheet, Page, Page], Page]] = {
    "workbook": lambda sheet, old, new: new,
    "edited": lambda sheet, old, new: new,
    "ledger": with_ledger,
    "last": lambda sheet, old, new: Page(new.cells | old.cells, old.lines or new.lines, max(old.last, new.last)),
    "held": with_held,
}


def attach(
    session: Session, site: Site, me: SignedInUser, filing: Filing, name: str, file: BinaryIO, kind: str
) -> None:
    """Keeps a data file that evidence may be taken from; one of the same name is replaced. Raises FilingError."""
    demand_editable(filing)
    known = attachments_of(filing)
    before = known.get(name)
    excess = too_much(site, filing, name, file)
    if excess:
        raise FilingError(excess)
    digest = store_upload(file, data_files(site), kind)
    filing.attachments = msgspec.json.encode(known | {name: (digest, kind)}).decode()
    filing.revision += 1
    site.trail.append(session, me.actor, "filing.attach", subject(filing), before=before, after={name: digest})


def detach(session: Session, site: Site, me: SignedInUser, filing: Filing, name: str) -> None:
    """Takes a data file away."""
    demand_editable(filing)
    known = attachments_of(filing)
    if name in known:
        before = known.pop(name)
        filing.attachments = msgspec.json.encode(known).decode()
        filing.revision += 1
        site.trail.append(session, me.actor, "filing.detach", subject(filing), before={name: before[0]})


def examined(filing: Filing) -> Examination:
    """The findings on what is filled in now, without evidence; the same content is compiled once."""
    with _EXAMINING:
        return _examined(filing.content, filing.season.profile, filing.season.year)


_EXAMINING = Lock()
"""One is examined at a time: side by side they would take as long together, and whoever saves would wait for all."""


@lru_cache(maxsize=64)
def _examined(content: str, profile: str, year: int) -> Examination:
    return examine(msgspec.json.decode(content, type=FilingContent), statute_for(profile, year))


def processed(
    site: Site, filing: Filing, against: Sequence[Path] = (), *, draft: bool, formats: tuple[str, ...] = ()
) -> ProcessedFiling:
    """The account of what is filled in now, evidence taken, checked and laid out. Raises FilingError."""
    files = {
        name: stored_path(data_files(site), digest, kind) for name, (digest, kind) in attachments_of(filing).items()
    }
    try:
        return process_filing(
            site.settings, filing.content, filing.season.profile, filing.season.year, files, against,
            draft=draft, formats=formats,
        )
    except ProcessingError as error:
        raise FilingError(str(error)) from None
