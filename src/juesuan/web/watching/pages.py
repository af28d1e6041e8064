"""The page of what is posted elsewhere, its list of addresses, and the button that looks now."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from juesuan.corpus.watch import EVENTS, LIST, BadAddressesError
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.site import identity_of, number_of, site_of, to, today
from juesuan.web.watching import room

router = APIRouter()


@router.get("/watched", name="watched")
def watched(request: Request) -> Response:
    """Every address with what is known of it."""
    return _page(request)


def _page(request: Request, trouble: str = "") -> Response:
    site = site_of(request)
    places, state = room.addresses(site), room.state_of(site)
    rows = [(place, state.get(place.url)) for place in places]
    return site.page(
        request, "watched.html.jinja", 400 if trouble else 200, rows=rows, events=EVENTS, list=LIST, trouble=trouble,
        today=today(request),
    )


@router.post("/watched", name="set_watched")
def set_watched(request: Request) -> Response:
    """Takes another list of addresses."""
    site, me = site_of(request), identity_of(request)
    file, pasted = request.state.form.get("file"), request.state.form.get("pasted", "")
    data = file.file.read() if isinstance(file, UploadFile) and file.filename else str(pasted).strip().encode()
    if b"\t" in data.partition(b"\n")[0]:
        data = data.replace(b"\t", b",")
    try:
        with site.database.writing() as session:
            room.set_addresses(session, site, me, data)
    except BadAddressesError as error:
        return _page(request, f"没有导入，请改好后重新导入。\n{error}")
    return to(request, "watched")


@router.post("/watched/look", name="look_now")
def look_now(request: Request) -> Response:
    """Has every address looked at."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        room.ask(session, site)
        site.trail.append(session, me.actor, "watch.ask", "watch")
    return to(request, "watched")


@router.get("/watched/file", name="watched_file")
def watched_file(request: Request) -> Response:
    """A file that was posted, as it was fetched; always to be saved."""
    site = site_of(request)
    folder = room.folder_of(site)
    places = room.addresses(site)
    number = number_of(request.query_params.get("line", ""))
    posting = room.state_of(site).get(places[number - 1].url) if 0 < number <= len(places) else None
    path = folder / "文件" / posting.digest / posting.name if posting and posting.digest else None
    if path is None or not path.is_file():
        raise RefusedError(404, "没有取到过这个文件。")
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")
