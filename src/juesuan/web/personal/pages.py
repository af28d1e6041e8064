"""The pages of a personal desk: entered by its link, an account begun from files, the program closed."""

from __future__ import annotations

from typing import BinaryIO

from fastapi import APIRouter
from sqlalchemy import select
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from juesuan.statute import StatuteError
from juesuan.web.auth.sessions import COOKIE
from juesuan.web.filing.filings import FilingError, examined
from juesuan.web.filing.processing import ProcessingError, begin_filing
from juesuan.web.filing.seasons import is_profile, profile_titles
from juesuan.web.infra.models import Filing, Organisation, ReviewFile, Season
from juesuan.web.personal import owner
from juesuan.web.personal.owner import PersonalError
from juesuan.web.review.reviews import STATES
from juesuan.web.review.uploads import RefusedUploadError, clean_name, kind_of_account
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.site import identity_of, number_of, site_of, text_of, to

router = APIRouter()
CHECKED = 8
"""So many files that were checked are listed."""


@router.get("/desk/enter", name="enter_desk")
def enter_desk(request: Request) -> Response:
    """Lets the owner of a personal desk in by a one-time link."""
    site = site_of(request)
    if not site.settings.personal:
        raise RefusedError(404, "没有这个页面。")
    if not site.links.take(request.query_params.get("key", "")):
        raise RefusedError(401, "这个链接已经用过，或者过期了：请再双击一次“决算”图标，或运行 juesuan desk。")
    with site.database.writing() as session:
        key = owner.enter(session, site, request.client.host if request.client else "")
    answer = RedirectResponse(request.app.url_path_for("desk"), 303)
    answer.set_cookie(COOKIE, key, httponly=True, samesite="strict", path="/")
    return answer


def personal_desk(request: Request, trouble: str = "") -> Response:
    """Where the owner of a personal desk begins."""
    site, me = site_of(request), identity_of(request)
    with site.database.reading() as session:
        home = session.get_one(Organisation, me.organisation_id)
        mine = select(Filing).join(Season).where(Filing.organisation_id == home.id).order_by(Season.year.desc())
        filings = list(session.scalars(mine))
        documents = list(session.scalars(select(ReviewFile).order_by(ReviewFile.id.desc()).limit(CHECKED)))
    return site.page(
        request, "personal_desk.html.jinja", 400 if trouble else 200, home=home, unnamed=owner.UNNAMED,
        filings=[(row, examined(row)) for row in filings], documents=documents, states=STATES, trouble=trouble,
        profiles=profile_titles(), last=site.settings.clock().year - 1, folder=site.settings.data,
    )


@router.post("/desk/begin", name="begin_personal")
def begin_personal(request: Request) -> Response:
    """Begins an account from the unit's own files; with no file from a name and a year."""
    site, me = site_of(request), identity_of(request)
    profile = text_of(request, "profile", 60)
    if profile and not is_profile(profile):
        return personal_desk(request, "口径应从列表中选择。")
    try:
        files = _uploaded(request)
        if files:
            begun = begin_filing(site.settings, files, profile)
            with site.database.writing() as session:
                row = owner.begin(session, site, me, begun)
        else:
            unit, year = text_of(request, "unit", 200), number_of(text_of(request, "year", 4))
            if not unit or not 2000 <= year <= 2100:
                return personal_desk(request, "请选择文件；没有文件的，写明单位名称和四位的年度。")
            with site.database.writing() as session:
                row = owner.begin_blank(session, site, me, unit, year, profile or "national")
    except (ProcessingError, FilingError, PersonalError, RefusedUploadError, StatuteError) as error:
        return personal_desk(request, str(error))
    return to(request, "filing", filing_id=row.id)


def _uploaded(request: Request) -> dict[str, BinaryIO]:
    """The files that were sent, by name. Raises RefusedUploadError."""
    site = site_of(request)
    found: dict[str, BinaryIO] = {}
    for file in request.state.form.getlist("files"):
        if isinstance(file, UploadFile) and file.filename:
            name = clean_name(file.filename)
            kind_of_account(file.file, name, site.settings.unpacked_limit)
            found[name] = file.file
    return found


@router.post("/desk/close", name="close_personal")
def close_personal(request: Request) -> Response:
    """Ends the program."""
    site = site_of(request)
    page = site.page(request, "personal_closed.html.jinja")
    site.stop()
    return page
