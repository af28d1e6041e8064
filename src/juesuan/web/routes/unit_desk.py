"""The unit desk: sheets filled in, checked as one types, reasons asked for one after another, files taken in."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO
from urllib.parse import quote

import msgspec
from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from juesuan.compiler.editor import ContentPlace, PlacedIssue
from juesuan.compiler.explaining import Offer
from juesuan.compiler.workbook import PlannedSheet
from juesuan.web.auth.users import full_names
from juesuan.web.filing import filings as filings_room
from juesuan.web.filing.attachments import data_files
from juesuan.web.filing.changes import CellEdit, ChangeResult, Conflict, SheetChanges
from juesuan.web.filing.filings import FilingError
from juesuan.web.filing.held_against import others_of
from juesuan.web.filing.offers import against, offers_for
from juesuan.web.filing.processing import ProcessingError, roll_filing, take_over_file
from juesuan.web.filing.sheets import (
    BLANK_LINES,
    codes_for,
    computed,
    grouped,
    notes_by_field,
    overview_of,
    sheet_of,
    unit_of,
    view_of,
)
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing
from juesuan.web.review.uploads import RefusedUploadError, clean_name, kind_of_account, kind_of_data, store_upload
from juesuan.web.routes.filings import show
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.site import identity_of, number_of, site_of, text_of, to

router = APIRouter()

LONGEST_ANSWER = filings_room.LONGEST_TEXT


@router.get("/filings/{filing_id}/sheets/{sheet}", name="filing_sheet")
def filing_sheet(request: Request, filing_id: int, sheet: str) -> Response:
    """A sheet to fill in."""
    return _sheet(request, filing_id, sheet)


def _sheet(
    request: Request, filing_id: int, key: str, trouble: str = "", conflicts: tuple[Conflict, ...] = (),
    gone: tuple[int, dict[str, str]] | None = None,
) -> Response:
    """The page of a sheet; `gone` is a line that was just deleted: where it stood, and what it held."""
    site, me = site_of(request), identity_of(request)
    row = _filing(request, filing_id)
    sheet = _known(row, key)
    overview = overview_of(row)
    keys = [head.key for head in overview.sheets]
    place = keys.index(key)
    editable = load_way().states[row.state].editable and site.rights.may(me.role, "save_sheet")
    offers = _offers(request, row, _on_sheet(row, key)) if editable else {}
    view = view_of(row, sheet, _part(request))
    return site.page(
        request, "filing_sheet.html.jinja", 409 if conflicts else 400 if trouble else 200, row=row,
        view=view, sheet=sheet, codes=codes_for(sheet, filings_room.statute_of(row)),
        overview=overview, before=keys[place - 1] if place else "", after=(keys[place + 1:] or [""])[0],
        editable=editable, trouble=trouble, unit_of=unit_of, offers=offers,
        blank=range(BLANK_LINES if view.part == view.parts[-1] else 0),
        last=filings_room.content_of(row).page(key).last, shown=grouped,
        conflicts={conflict.field: conflict for conflict in conflicts}, gone=gone,
    )


def _part(request: Request) -> int:
    """The part of a long list that is asked for."""
    return max(1, number_of(request.query_params.get("part", "")))


def _on_sheet(row: Filing, sheet: str) -> list[PlacedIssue]:
    """The findings beside the cells of a sheet."""
    placed = filings_room.examined(row).placed
    return [note for note in placed if any(spot.sheet == sheet and spot.key for spot in note.spots)]


def _offers(request: Request, row: Filing, notes: list[PlacedIssue]) -> dict[str, Offer]:
    site = site_of(request)
    with site.database.reading() as session:
        return offers_for(session, site, row, notes)


def _filing(request: Request, filing_id: int) -> Filing:
    with site_of(request).database.reading() as session:
        return session.get_one(Filing, filing_id)


def _known(row: Filing, key: str) -> PlannedSheet:
    sheet = sheet_of(row, key)
    if sheet is None:
        raise RefusedError(404, "没有这张表。")
    return sheet


@router.post("/filings/{filing_id}/sheets/{sheet}", name="save_sheet")
def save_sheet(request: Request, filing_id: int, sheet: str) -> Response:
    """Saves what was changed: fields c.LINE.KEY with what its editor saw in w.LINE.KEY, n.N.KEY for new lines.

    Told in JSON where that is asked for, which field by field says what is saved; else the sheet comes again.
    """
    site, me = site_of(request), identity_of(request)
    as_data = request.headers.get("accept", "").startswith("application/json")
    made = ChangeResult()
    try:
        changes = _changes(request)
        with site.database.writing() as session:
            row = filings_room.locked(session, filing_id)
            lines = filings_room.content_of(row).page(sheet).lines if changes.removed else []
            gone = [(place, dict(line.cells)) for place, line in enumerate(lines) if line.id in changes.removed]
            made = filings_room.change(session, site, me, row, _known(row, sheet), changes)
            by = full_names(session, (conflict.by for conflict in made.conflicts))
    except FilingError as error:
        return JSONResponse({"trouble": str(error)}, 400) if as_data else _sheet(request, filing_id, sheet, str(error))
    if as_data:
        refused = {conflict.field for conflict in made.conflicts}
        return JSONResponse({
            "revision": row.revision,
            "saved": [edit.field for edit in changes.edits if edit.field not in refused],
            "conflicts": [{"field": c.field, "value": c.value, "by": by[c.by]} for c in made.conflicts],
            "added": made.added,
        })
    if made.conflicts:
        message = "有人同时改了下面标出的格子，您的内容没有覆盖对方的。请看过后再改。"
        return _sheet(request, filing_id, sheet, message, tuple(
            msgspec.structs.replace(conflict, by=by[conflict.by]) for conflict in made.conflicts
        ))
    if len(gone) == 1:
        return _sheet(request, filing_id, sheet, gone=gone[0])
    onward = text_of(request, "onward", 40)
    if onward and sheet_of(row, onward):
        return to(request, "filing_sheet", filing_id=filing_id, sheet=onward)
    address = request.app.url_path_for("filing_sheet", filing_id=filing_id, sheet=sheet)
    return RedirectResponse(f"{address}?part={_part(request)}" if _part(request) > 1 else address, 303)


def _changes(request: Request) -> SheetChanges:
    form = request.state.form
    edits, added, removed, last, at = [], dict[str, dict[str, str]](), [], -1, -1
    for name, value in form.multi_items():
        kind, _, place = name.partition(".")
        line, _, key = place.partition(".")
        if not isinstance(value, str):
            continue
        text = value.replace("\r\n", "\n").strip()
        if kind == "c" and line.isascii() and line.isdigit():
            was = form.get(f"w.{place}", "")
            was = was.replace("\r\n", "\n").strip() if isinstance(was, str) else ""
            if text != was:
                edits.append(CellEdit(int(line), key, was, text))
        elif kind == "n" and text:
            added.setdefault(line, {})[key] = text
        elif name == "remove":
            removed.append(number_of(value))
        elif name == "seen":
            last = number_of(value)
        elif name == "place":
            at = number_of(value)
    return SheetChanges(tuple(edits), tuple(added.values()), tuple(removed), last, at)


@router.get("/filings/{filing_id}/check", name="check_filing")
def check_filing(request: Request, filing_id: int, sheet: str = "") -> Response:
    """The findings on what is saved, as data: those of one sheet by field, sums and names, and the counts of all."""
    row = _filing(request, filing_id)
    plan = _known(row, sheet)
    examination = filings_room.examined(row)
    page = filings_room.content_of(row).page(sheet)
    statute = filings_room.statute_of(row)
    view = view_of(row, plan, _part(request))
    shown = {
        f"{line.id}.{slot.plan.key}": computed(slot, plan, line.cells, statute)
        for line in page.lines[view.part.first - 1 : view.part.last] for slot in plan.slots if slot.computed
    }
    offers = _offers(request, row, _on_sheet(row, sheet))
    return JSONResponse({
        "revision": row.revision,
        "notes": {field: [_note(note, offers.get(note.issue.address)) for note in notes] for field, notes in
                  notes_by_field(examination, sheet).items()},
        "loose": [_note(note) for note in examination.placed if ContentPlace(sheet) in note.spots],
        "computed": shown,
        "sums": view.sums,
        "groups": {group.title: group.sum for group in view.groups if group.sum},
        "sheets": {head.key: [head.errors, head.missing, head.warnings] for head in overview_of(row).sheets},
    })


def _note(note: PlacedIssue, offer: Offer | None = None) -> dict[str, object]:
    return {
        "level": note.level, "message": note.message, "code": note.issue.code, "why": note.why, "basis": note.basis,
        "offer": offer.lines(full=True) if offer else [],
    }


@router.get("/filings/{filing_id}/reasons", name="ask_reasons")
def ask_reasons(request: Request, filing_id: int) -> Response:
    """The next text that is missing, with the figures it is to explain."""
    return _ask(request, filing_id)


def _ask(request: Request, filing_id: int, trouble: str = "", answered: str = "", key: str = "") -> Response:
    """The page that asks; with what was `answered` to the text called `key`, where that is not kept yet."""
    site = site_of(request)
    row = _filing(request, filing_id)
    missing = [note for note in filings_room.examined(row).placed if note.level == "missing"]
    skipped = number_of(request.query_params.get("skip", ""))
    note = missing[skipped % len(missing)] if missing else None
    note = next((each for each in missing if key and each.issue.address == key), note)
    offer = next(iter(_offers(request, row, [note]).values()), None) if note else None
    paragraph = ""
    if note:
        account = filings_room.examined(row).compilation.account
        found = (p for s in account.narrative for p in s.paragraphs for gap in p.gaps if gap.key == note.issue.address)
        paragraph = next((p.text for p in found), "")
    return site.page(
        request, "filing_reasons.html.jinja", 400 if trouble else 200, row=row, note=note, left=len(missing),
        skipped=skipped, paragraph=paragraph, trouble=trouble, editable=load_way().states[row.state].editable,
        offer=offer, answered=answered,
    )


@router.post("/filings/{filing_id}/reasons", name="answer_reason")
def answer_reason(request: Request, filing_id: int) -> Response:
    """Keeps the answer where it belongs, and asks for the next."""
    site, me = site_of(request), identity_of(request)
    row = _filing(request, filing_id)
    key, answer = text_of(request, "key", 200), text_of(request, "answer", LONGEST_ANSWER)
    missing = (note for note in filings_room.examined(row).placed if note.level == "missing")
    note = next((note for note in missing if note.issue.address == key), None)
    if note is None or not note.spots:
        return _ask(request, filing_id, "这一处已经有人写了，或者数字变了不再需要。")
    if not answer:
        return _ask(request, filing_id, "请写明原因，或者先跳过。")
    if (trouble := against(row, key, answer)) and text_of(request, "sure", LONGEST_ANSWER) != answer:
        return _ask(request, filing_id, trouble, answer, key)
    spot = note.spots[0]
    try:
        with site.database.writing() as session:
            row = filings_room.locked(session, filing_id)
            changes = SheetChanges((CellEdit(spot.line, spot.key, "", answer),))
            conflicts = filings_room.change(session, site, me, row, _known(row, spot.sheet), changes).conflicts
            by = full_names(session, (conflict.by for conflict in conflicts))
    except FilingError as error:
        return _ask(request, filing_id, str(error))
    if conflicts:
        return _ask(request, filing_id, f"{by[conflicts[0].by]} 刚写了这一处：“{conflicts[0].value}”。没有覆盖。")
    return to(request, "ask_reasons", filing_id=filing_id)


@router.post("/filings/{filing_id}/import", name="import_filing")
def import_filing(request: Request, filing_id: int) -> Response:
    """Takes in a workbook or a ledger, whose sheets or amounts replace what is filled in, last year's account, or the
    Word file of this one with what was edited in it.
    """
    site, me = site_of(request), identity_of(request)
    row = _filing(request, filing_id)
    try:
        filings_room.demand_editable(row)
        seen = number_of(text_of(request, "revision", 9))
        filings_room.demand_seen(row, seen)
        file, name, kind = _uploaded(request, kind_of_account)
        season, home = row.season, row.organisation
        with site.database.reading() as session:
            known = others_of(session, site, row)
        taken = take_over_file(site.settings, file, name, season.profile, season.year, home.name, row.content, known)
        with site.database.writing() as session:
            row = filings_room.locked(session, filing_id)
            filings_room.demand_seen(row, seen)
            # Only what is taken over is kept.
            filings_room.demand_editable(row)
            digest = store_upload(file, data_files(site), kind)
            count = filings_room.take_over(session, site, me, row, taken, f"{name} {digest}")
    except (FilingError, RefusedUploadError, ProcessingError) as error:
        return show(request, filing_id, str(error))
    message = "\n".join((*taken.messages, *_of_another(row)))
    if taken.source == "edited":
        return show(request, filing_id, message, f"已从 {name} 取回改过的文字，写在 {len(taken.pages)} 张表里。")
    beside = len(taken.filled.figures.facts)
    also = f"，另有 {beside} 个数与填写的对照" if beside else ""
    return show(request, filing_id, message, f"已从 {name} 读入 {len(taken.pages)} 张表的 {count} 个数和文字{also}。")


def _of_another(row: Filing) -> tuple[str, ...]:
    name, own = filings_room.content_of(row).page("单位信息").cells.get("name", ""), row.organisation.name
    return (f"注意：读入后单位名称是“{name}”，本单位是“{own}”。",) if name != own else ()


@router.post("/filings/{filing_id}/rolled", name="roll_filing")
def roll_last_year(request: Request, filing_id: int) -> Response:
    """Last year's document with this year's figures: the Word file, and the list of what is to be seen to."""
    site = site_of(request)
    row = _filing(request, filing_id)
    try:
        file, name, _ = _uploaded(request, kind_of_account)
        season = row.season
        packed = roll_filing(site.settings, row.content, season.profile, season.year, file, name)
    except (FilingError, RefusedUploadError, ProcessingError) as error:
        return show(request, filing_id, str(error))
    shown = f"{row.organisation.name}{season.year}年度决算公开（照上年版面）.zip"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(shown)}"}
    return Response(packed, media_type="application/zip", headers=headers)


@router.post("/filings/{filing_id}/known", name="take_known")
def take_known(request: Request, filing_id: int) -> Response:
    """Fills what is blank from the unit's budget or last year's disclosures, which were published meanwhile."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            count = filings_room.take_known(session, site, me, filings_room.locked(session, filing_id))
    except FilingError as error:
        return show(request, filing_id, str(error))
    told = f"已带入 {count} 个数和文字，只填了空着的地方。" if count else "没有可以再带入的：空着的地方，那里也没有。"
    return show(request, filing_id, done=told)


@router.post("/filings/{filing_id}/given/end", name="forget_given")
def forget_given(request: Request, filing_id: int) -> Response:
    """Takes away the figures of exports and documents that stand beside what is typed."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            filings_room.forget_files(session, site, me, filings_room.locked(session, filing_id))
    except FilingError as error:
        return show(request, filing_id, str(error))
    return to(request, "filing", filing_id=filing_id)


@router.post("/filings/{filing_id}/data", name="attach_data")
def attach_data(request: Request, filing_id: int) -> Response:
    """Takes in a data file that evidence may be taken from."""
    site, me = site_of(request), identity_of(request)
    try:
        file, name, kind = _uploaded(request)
        with site.database.writing() as session:
            filings_room.attach(session, site, me, filings_room.locked(session, filing_id), name, file, kind)
    except (FilingError, RefusedUploadError) as error:
        return show(request, filing_id, str(error))
    return to(request, "filing", filing_id=filing_id)


@router.post("/filings/{filing_id}/data/end", name="detach_data")
def detach_data(request: Request, filing_id: int) -> Response:
    """Takes a data file away."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            row = filings_room.locked(session, filing_id)
            filings_room.detach(session, site, me, row, text_of(request, "name", 200))
    except FilingError as error:
        return show(request, filing_id, str(error))
    return to(request, "filing", filing_id=filing_id)


def _uploaded(
    request: Request, kind_by: Callable[[BinaryIO, str, int], str] = kind_of_data
) -> tuple[BinaryIO, str, str]:
    """The file that was sent, its name and kind. Raises FilingError and RefusedUploadError."""
    site = site_of(request)
    file = request.state.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise FilingError("请选择文件。")
    name = clean_name(file.filename)
    return file.file, name, kind_by(file.file, name, site.settings.unpacked_limit)
