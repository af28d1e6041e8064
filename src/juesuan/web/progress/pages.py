"""The progress board of a department or of the bureau, the reminder to copy, and the list to export."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from juesuan.account import spaceless
from juesuan.web.infra.models import Organisation
from juesuan.web.progress import board as progress
from juesuan.web.progress.board import KINDS, SITUATIONS, ProgressLine
from juesuan.web.progress.posted import posted_of
from juesuan.web.progress.reminders import reminder, write_board
from juesuan.web.site.guard import within
from juesuan.web.site.site import number_of, site_of, today
from juesuan.web.watching import room as watching

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _View(msgspec.Struct, frozen=True):
    """The lines asked for, and the choices that there are."""

    lines: list[ProgressLine]
    shown: list[ProgressLine]
    heads: dict[int, str]
    departments: list[Organisation]
    years: list[int]
    year: int
    kind: str
    """The kind asked for; empty for all."""
    situation: str
    department: str


@router.get("/progress", name="progress")
def progress_board(request: Request) -> Response:
    """The board."""
    view = _view(request)
    chosen = {"year": view.year, "kind": view.kind, "situation": view.situation, "department": view.department}
    chosen = {key: value for key, value in chosen.items() if value}
    return site_of(request).page(
        request, "progress.html.jinja", view=view, counts=progress.counted(view.lines), situations=SITUATIONS,
        kinds=KINDS, reminder=reminder(view.lines, view.heads),
        to=lambda **other: f"?{urlencode({k: v for k, v in (chosen | other).items() if v})}",
    )


@router.get("/progress.xlsx", name="progress_list")
def progress_list(request: Request) -> Response:
    """The lines asked for as a workbook."""
    view, site = _view(request), site_of(request)
    base = (site.settings.address or str(request.base_url)).rstrip("/")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "progress.xlsx"
        write_board(path, view.shown, base)
        name = f"{view.year}年度{view.kind or '预决算'}公开进度.xlsx"
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(path.read_bytes(), media_type=XLSX, headers=headers)


def _view(request: Request) -> _View:
    site = site_of(request)
    asked = request.query_params
    situation = asked.get("situation", "") if asked.get("situation", "") in SITUATIONS else ""
    every = posted_of(watching.state_of(site).values())
    with site.database.reading() as session:
        names = {spaceless(name) for name in session.scalars(select(Organisation.name).where(within(request)))}
        posted = {key: posting for key, posting in every.items() if key[0] in names}
        years = progress.years(session, within(request), posted)
        wanted = number_of(asked.get("year", ""))
        year = wanted if wanted in years else (years or [0])[0]
        there = progress.followed(session, within(request), year, posted)
        chosen = next((each for each in KINDS if each == asked.get("kind", "")), None)
        kinds = [chosen] if chosen else there
        lines = progress.board(session, within(request), year, kinds, today(request), posted)
        query = select(Organisation).where(within(request), Organisation.kind == "department")
        departments = list(session.scalars(query.order_by(Organisation.code)))
    department = next((each for each in departments if each.code == asked.get("department", "")), None)
    if department:
        lines = [line for line in lines if line.organisation.path.startswith(department.path)]
    return _View(
        lines, [line for line in lines if situation in ("", line.situation)], _heads(lines, departments), departments,
        years, year, chosen or "", situation, department.code if department else "",
    )


def _heads(lines: list[ProgressLine], departments: list[Organisation]) -> dict[int, str]:
    """The name of the department that each organisation belongs to."""
    return {
        line.organisation.id: next(
            (each.name for each in departments if line.organisation.path.startswith(each.path)), line.organisation.name
        )
        for line in lines
    }
