"""Filings: the seasons, the list, one filing with its findings and steps, what it will look like when published."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import msgspec
from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from juesuan.account import from_json
from juesuan.publisher import FORMATS as ALL_FORMATS
from juesuan.publisher import lay_out
from juesuan.web.auth.organisations import KINDS, in_order
from juesuan.web.auth.users import full_names
from juesuan.web.filing import filings as filings_room
from juesuan.web.filing import findings as findings_room
from juesuan.web.filing import seasons as seasons_room
from juesuan.web.filing import stepping
from juesuan.web.filing.attachments import attachments_of
from juesuan.web.filing.filings import FilingError
from juesuan.web.filing.held_against import known_here, named_here, others_of
from juesuan.web.filing.processing import ProcessedFiling, ProcessingError, write_filled_workbook
from juesuan.web.filing.sheets import overview_of
from juesuan.web.filing.steps import Step, Way, load_way
from juesuan.web.infra.models import Filing, Organisation, Publication, Season
from juesuan.web.portal.queries import unit_address
from juesuan.web.publication import publications as publication
from juesuan.web.publication.pages import write_page
from juesuan.web.review.uploads import stored_path
from juesuan.web.site.guard import RefusedError, within
from juesuan.web.site.site import identity_of, number_of, site_of, text_of, to

router = APIRouter()
FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/filings", name="filings")
def filings(request: Request) -> Response:
    """Every unit that one may see, with how far its account has come."""
    return _list(request)


def _list(request: Request, trouble: str = "") -> Response:
    site, me = site_of(request), identity_of(request)
    with site.database.reading() as session:
        years = seasons_room.all_seasons(session)
        season = _season(request, years)
        places = in_order(session.scalars(select(Organisation).where(within(request))))
        found: dict[int, Filing] = {}
        public: set[int] = set()
        if season:
            query = select(Filing).join(Organisation).where(within(request), Filing.season_id == season.id)
            found = {row.organisation_id: row for row in session.scalars(query)}
            public = set(session.scalars(select(Publication.organisation_id).where(
                Publication.current, Publication.year == season.year, Publication.kind == season.kind
            )))
        names = full_names(session, (row.updated_by for row in found.values()))
    way = load_way()
    rows = [(place, found.get(place.id)) for place in places if place.kind != "bureau" or place.id in found]
    state = request.query_params.get("state", "")
    if state in way.states:
        rows = [row for row in rows if row[1] and row[1].state == state]
    elif state == "mine":
        rows = [row for row in rows if row[1] and me.role in way.states[row[1].state].holders]
    return site.page(
        request, "filings.html.jinja", 400 if trouble else 200, rows=rows, season=season, years=years, way=way,
        state=state, trouble=trouble, today=site.settings.clock().date().isoformat(),
        dues={kind: way.due(kind, season.approved, season.kind) for kind in KINDS} if season else {},
        own=found.get(me.organisation_id), total=len(places), names=names, public=public,
    )


def _season(request: Request, there: Sequence[Season]) -> Season | None:
    """The season asked for, by year and kind; else the latest."""
    asked = request.query_params
    year, kind = number_of(asked.get("year", "")), asked.get("kind", "")
    fitting = [row for row in there if (not year or row.year == year) and (not kind or row.kind == kind)]
    return next(iter(fitting or there), None)


@router.post("/filings", name="begin_filing")
def begin_filing(request: Request) -> Response:
    """Begins this year's account or budget of one's own unit."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        kind = seasons_room.kind_named(text_of(request, "kind", 10))
        season = seasons_room.season_of(session, number_of(text_of(request, "year", 4)), kind)
        if season is None:
            return _list(request, "这个年度还没有开放填报。")
        try:
            row = filings_room.begin(session, site, me, session.get_one(Organisation, me.organisation_id), season)
        except FilingError as error:
            return _list(request, str(error))
    return to(request, "filing", filing_id=row.id)


@router.get("/filings/{filing_id}", name="filing")
def filing(request: Request, filing_id: int) -> Response:
    """One filing: its sheets, its findings, its steps.

    What the page asks for by itself while a version is made gets only how far that is: it is nobody's looking, and is
    not entered in the audit trail.
    """
    if "hx-request" not in request.headers:
        return show(request, filing_id)
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(Filing, filing_id)
        publications = _versions(session, row)
    return site.page(request, "filing_versions.html.jinja", row=row, publications=publications,
                     stages=publication.STATES, unit_address=unit_address)


def _versions(session: Session, row: Filing) -> list[Publication]:
    """The versions of what a filing is of."""
    return publication.of_year(session, row.organisation_id, row.season.year, row.season.kind)


def _titled(way: Way, key: str, switched: tuple[str, ...]) -> Step:
    """A step with the title that says where it leads to this year."""
    return msgspec.structs.replace(way.steps[key], title=way.title_of(key, switched))


def show(
    request: Request, filing_id: int, trouble: str = "", done: str = "", said: Mapping[str, str] | None = None
) -> Response:
    """The page of a filing, with what was just done or refused; `said` are explanations that were not kept.

    Where something was done, `trouble` is what is to be known of it.
    """
    site, me = site_of(request), identity_of(request)
    with site.database.reading() as session:
        row = session.get_one(Filing, filing_id)
        # It compiles and checks, for which nobody is to wait.
        found = findings_room.findings_on(session, site, row)
        changed = stepping.changed_since(session, site, row)
        known = named_here(row, known_here(session, site, row))
    with site.database.writing() as session:
        row = session.get_one(Filing, filing_id)
        site.trail.append(session, me.actor, "filing.view", filings_room.subject(row))
        past = stepping.history(session, row)
        nobody = stepping.nobody_to_act(session, site.rights, row)
        names = full_names(session, [row.updated_by])
        publications = _versions(session, row)
        names |= full_names(session, (each.explanation.author for each in found if each.explanation))
        way = load_way()
        switched = stepping.switched_of(row.season)
        steps = [(key, _titled(way, key, switched), stepping.barred(session, row, me, key))
                 for key in way.open_to(row.state, me.role, stepping.is_correcting(row))
                 if site.rights.may(me.role, f"{key}_filing")]
    return site.page(
        request, "filing.html.jinja", 400 if trouble and not done else 200, row=row, way=way, steps=steps, past=past,
        overview=overview_of(row), due=filings_room.due(row), findings=found,
        counts=findings_room.counted(found), changed=changed, known=known,
        attachments=attachments_of(row), given=filings_room.content_of(row).figures, trouble=trouble,
        done=done, publications=publications,
        names=names, nobody=nobody, stages=publication.STATES, unit_address=unit_address, said=said or {},
        editable=way.states[row.state].editable and site.rights.may(me.role, "save_sheet"),
        today=site.settings.clock().date().isoformat(),
    )


@router.post("/filings/{filing_id}/explanations", name="explain_findings")
def explain_findings(request: Request, filing_id: int) -> Response:
    """Keeps what the unit says to findings: fields e.KEY with the text, s.KEY with the moment of what was seen."""
    site, me = site_of(request), identity_of(request)
    given = {
        name.removeprefix("e."): (text_of(request, f"s.{name.removeprefix('e.')}", 27), text_of(request, name, 10_000))
        for name in request.state.form if name.startswith("e.")
    }
    try:
        with site.database.reading() as session:
            row = session.get_one(Filing, filing_id)
            seen, found = row.revision, findings_room.findings_on(session, site, row)
        with site.database.writing() as session:
            row = filings_room.locked(session, filing_id)
            if row.revision != seen:
                raise FilingError("刚才有人改了内容，说明没有保存。请再保存一次。")
            findings_room.explain(session, site, me, row, found, given)
    except FilingError as error:
        return show(request, filing_id, str(error), said={key: text for key, (_, text) in given.items()})
    return RedirectResponse(f"{request.app.url_path_for('filing', filing_id=filing_id)}#explain", 303)


@router.get("/filings/{filing_id}/approval", name="filing_approval")
def filing_approval(request: Request, filing_id: int) -> Response:
    """What will be public, before it is: asked once more."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        row = session.get_one(Filing, filing_id)
        key = next((key for key in load_way().open_to(row.state, me.role) if load_way().steps[key].publishes), "")
        if not key or not row.account:
            raise RefusedError(409, f"这份{row.season.kind}现在不能批复。请看过最新情况再决定。")
        site.trail.append(session, me.actor, "filing.weigh", filings_room.subject(row))
        bar = stepping.barred(session, row, me, key)
        publications = _versions(session, row)
        found = findings_room.settled_findings(row)
        changed = stepping.changed_since(session, site, row)
    account = from_json(stored_path(publication.accounts(site), row.account, "json").read_bytes())
    body = write_page(lay_out(account, filings_room.statute_of(row)))
    return site.page(
        request, "filing_approval.html.jinja", row=row, key=key, plan=load_way().steps[key], bar=bar, found=found,
        counts=findings_room.counted(found), changed=changed, body=Markup(body), due=filings_room.due(row),
        version=publications[0].version + 1 if publications else 1, formats=[*FORMATS, "html", "json", "csv"],
        address=unit_address(row.organisation.code, row.season.year, kind=row.season.kind),
    )


@router.get("/filings/{filing_id}/page", name="filing_page")
def filing_page(request: Request, filing_id: int) -> Response:
    """What is filled in as the page that the public would see; texts that are missing are marked."""
    site = site_of(request)
    made, row = _processed(request, filing_id)
    return site.page(request, "filing_page.html.jinja", row=row, body=Markup(made.page))


@router.get("/filings/{filing_id}/files/{kind}", name="filing_file")
def filing_file(request: Request, filing_id: int, kind: str) -> Response:
    """The document of what is filled in, in one format; a draft while texts are missing."""
    if kind not in FORMATS:
        raise RefusedError(404, "没有这种格式。")
    made, _ = _processed(request, filing_id, (kind,))
    name, content = made.files[kind]
    headers = {"content-disposition": f"inline; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=FORMATS[kind], headers=headers)


@router.get("/filings/{filing_id}/files.zip", name="filing_bundle")
def filing_bundle(request: Request, filing_id: int) -> Response:
    """The documents of what is filled in, in all formats, as one archive."""
    made, row = _processed(request, filing_id, ALL_FORMATS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.files.values():
            archive.writestr(name, content)
    name = f"{row.organisation.name}{row.season.named}公开.zip"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(packed.getvalue(), media_type="application/zip", headers=headers)


def _processed(
    request: Request, filing_id: int, formats: tuple[str, ...] = ()
) -> tuple[ProcessedFiling, Filing]:
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(Filing, filing_id)
    try:
        return filings_room.processed(site, row, draft=True, formats=formats), row
    except FilingError as error:
        raise RefusedError(422, str(error)) from None


@router.get("/filings/{filing_id}/workbook.xlsx", name="filing_workbook")
def filing_workbook(request: Request, filing_id: int) -> Response:
    """The workbook with everything that is filled in, to go on in Excel."""
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(Filing, filing_id)
    try:
        content = write_filled_workbook(site.settings, row.content, row.season.profile, row.season.year)
    except ProcessingError as error:
        raise RefusedError(422, str(error)) from None
    name = f"{row.organisation.name}{row.season.named}填报工作簿.xlsx"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=FORMATS["xlsx"], headers=headers)


def _stepping(key: str) -> Callable[[Request, int], Response]:
    plan = load_way().steps[key]

    def take_step(request: Request, filing_id: int) -> Response:
        site, me = site_of(request), identity_of(request)
        revision = number_of(text_of(request, "revision", 9))
        reason = text_of(request, "reason")
        made = None
        if plan.publishes and not text_of(request, "account", 64):
            return to(request, "filing_approval", filing_id=filing_id)
        try:
            if plan.settles:
                # Compiling takes a second or two: before the transaction, which then sees that nothing has changed.
                with site.database.reading() as session:
                    row = session.get_one(Filing, filing_id)
                    others = others_of(session, site, row)
                made = filings_room.processed(site, row, others, draft=False)
            with site.database.writing() as session:
                row = filings_room.locked(session, filing_id)
                stepping.step(session, site, me, row, key, reason, revision, made)
                if plan.publishes and row.account != text_of(request, "account", 64):
                    raise FilingError("您看过的不是现在这一稿，没有批复。请重新看过再决定。")
        except FilingError as error:
            return show(request, filing_id, str(error))
        return to(request, "filing", filing_id=filing_id)

    take_step.__doc__ = f"{plan.title}."
    return take_step


for _key in load_way().steps:
    router.add_api_route(
        f"/filings/{{filing_id}}/{_key}", _stepping(_key), methods=["POST"], name=f"{_key}_filing"
    )
