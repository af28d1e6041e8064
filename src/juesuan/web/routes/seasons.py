"""The years whose accounts and budgets are compiled here: opened, corrected, closed, with day of approval and steps."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from juesuan.statute import Kind, StatuteError
from juesuan.web.filing import filings as filings_room
from juesuan.web.filing import seasons as seasons_room
from juesuan.web.filing import stepping
from juesuan.web.filing.filings import FilingError
from juesuan.web.filing.seasons import SeasonError
from juesuan.web.filing.steps import load_way
from juesuan.web.review.reviews import ReviewError, due_day
from juesuan.web.site.setting_up import without_people
from juesuan.web.site.site import identity_of, number_of, site_of, text_of, to

router = APIRouter()


@router.get("/seasons", name="seasons")
def seasons(request: Request) -> Response:
    """The years whose accounts and budgets are compiled here."""
    return _seasons(request)


def _seasons(request: Request, trouble: str = "") -> Response:
    site = site_of(request)
    with site.database.reading() as session:
        rows = seasons_room.all_seasons(session)
        used = {row.id: seasons_room.use_of(session, row) for row in rows}
        lacking = {row.id: without_people(session, seasons_room.roles_switched([row])) for row in rows if row.checks}
    way = load_way()
    return site.page(
        request, "seasons.html.jinja", 400 if trouble else 200, rows=rows, used=used, lacking=lacking, trouble=trouble,
        profiles=seasons_room.profile_titles(), last=site.settings.clock().year - 1, switches=way.switches,
        days={kind: way.days(kind) for kind in way.publication},
    )


def _chosen(request: Request) -> tuple[int, Kind]:
    """The year and kind of the season that a form is about."""
    return number_of(text_of(request, "year", 4)), seasons_room.kind_named(text_of(request, "kind", 10))


@router.post("/seasons", name="open_season")
def open_season(request: Request) -> Response:
    """Opens a year's accounts or budgets for filling in, whichever the profile is of."""
    site, me = site_of(request), identity_of(request)
    year, profile = number_of(text_of(request, "year", 4)), text_of(request, "profile", 60)
    if not 2000 <= year <= 2100 or not seasons_room.is_profile(profile):
        return _seasons(request, "年度应为四位年份，口径应从列表中选择。")
    try:
        filings_room.statute_for(profile, year)
    except StatuteError as error:
        return _seasons(request, f"{year} 年不能用这个口径：{error}")
    try:
        with site.database.writing() as session:
            seasons_room.open_year(session, site, me, year, profile)
    except SeasonError as error:
        return _seasons(request, str(error))
    return to(request, "seasons")


@router.post("/seasons/profile", name="change_season")
def change_season(request: Request) -> Response:
    """Corrects the profile (口径) of a year, until something was sent in."""
    site, me = site_of(request), identity_of(request)
    (year, kind), profile = _chosen(request), text_of(request, "profile", 60)
    if not seasons_room.is_profile(profile):
        return _seasons(request, "口径应从列表中选择。")
    try:
        filings_room.statute_for(profile, year)
        with site.database.writing() as session:
            seasons_room.change_profile(session, site, me, year, kind, profile)
    except StatuteError as error:
        return _seasons(request, f"{year} 年不能用这个口径：{error}")
    except SeasonError as error:
        return _seasons(request, str(error))
    return to(request, "seasons")


@router.post("/seasons/end", name="close_season")
def close_season(request: Request) -> Response:
    """Takes back the opening of a year in which nobody has begun."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            seasons_room.close(session, site, me, *_chosen(request))
    except SeasonError as error:
        return _seasons(request, str(error))
    return to(request, "seasons")


@router.post("/seasons/approval", name="approve_season")
def approve_season(request: Request) -> Response:
    """Notes the day of approval (批复日期), from which the days for publication run."""
    site, me = site_of(request), identity_of(request)
    day = text_of(request, "approved", 10)
    try:
        due_day(day)
    except ReviewError as error:
        return _seasons(request, str(error))
    with site.database.writing() as session:
        row = seasons_room.season_of(session, *_chosen(request))
        if row is None:
            return _seasons(request, "没有这个年度。")
        before, row.approved = row.approved, day
        subject = seasons_room.subject(row)
        site.trail.append(session, me.actor, "season.approval", subject, before=before, after=day)
    return to(request, "seasons")


@router.post("/seasons/checks", name="switch_season")
def switch_season(request: Request) -> Response:
    """Switches steps on or off for a year: secrecy review, the head's signature."""
    site, me = site_of(request), identity_of(request)
    wanted = [str(each) for each in request.state.form.getlist("check")]
    try:
        with site.database.writing() as session:
            row = seasons_room.season_of(session, *_chosen(request))
            if row is None:
                return _seasons(request, "没有这个年度。")
            stepping.switch_checks(session, site, me, row, wanted)
    except FilingError as error:
        return _seasons(request, str(error))
    return to(request, "seasons")
