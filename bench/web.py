"""The portal under load: `make bench`.

A server process with a city of twelve published accounts answers 50 readers at once for some seconds: home, an account
page, a query of open data, a search. The baseline, in the same run, is a bare Starlette route that returns the very
same compressed bytes from memory, on the same server program. Prints requests per second, the 95th percentile, the
ratio to the baseline, and each page's weight.

`--units 3000` is a large city: all units beyond the first twelve are entered with the contents of the first under their
own names, without files. Then each page is asked for anew (not kept), which is what the first reader waits for.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

import juesuan
from juesuan.account import to_json
from juesuan.web import Settings
from juesuan.web.auth.organisations import import_organisations
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Organisation, Publication
from juesuan.web.migration import migrate
from juesuan.web.publication import build as making
from juesuan.web.publication import publications as publication
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers
from juesuan.web.site.site import Site

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "wuhan-2022"
READERS, SECONDS, WHOLE = 50, 6.0, 12
PAGES = {
    "portal home": "/",
    "account page": "/units/201/2022",
    "open data query": f"/api/v1/facts?year=2022&form={quote('表9')}&limit=100",
    "search": f"/search?q={quote('三公经费 信息')}",
}
FRESH = "search for other words each time"
ANEW = PAGES | {
    "units": "/units", "three public": "/three-public?year=2022", "performance": "/performance?year=2022",
    "peers": "/units/201/2022/peers", "open data units": "/api/v1/units?limit=100",
}

OURS = """
import sys
from dataclasses import replace
from pathlib import Path
import uvicorn
from juesuan.web import Settings, create_application
settings = replace(Settings(Path(sys.argv[1])), requests_per_minute=10**9, account_requests_per_minute=10**9)
uvicorn.run(create_application(settings), port=int(sys.argv[2]), log_config=None, access_log=False)
"""
BARE = """
import sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
HEADERS = {"content-encoding": "gzip"}
def route(path):
    body = path.read_bytes()
    async def answer(request):
        return Response(body, media_type="text/html", headers=HEADERS)
    return Route("/" + path.name, answer)
routes = [route(path) for path in Path(sys.argv[1]).iterdir()]
uvicorn.run(Starlette(routes=routes), port=int(sys.argv[2]), log_config=None, access_log=False)
"""


def fill(data: Path, units: int) -> None:
    """A city whose units have published the example's account under their own names."""
    site = Site(replace(Settings(data), workers=1))
    migrate(site.database, site.sealer)
    publication.run = lambda order, _: making.build_publication(order)
    lines = ["代码,名称,类型,上级代码", "100,某市财政局,财政部门,", "200,某市人力资源和社会保障局,主管部门,100"]
    lines += [f"{201 + n},某市第{n + 1}信息中心,预算单位,200" for n in range(units)]
    account = juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
    with site.database.writing() as session:
        import_organisations(session, site.trail, SYSTEM, "\n".join(lines).encode())
        every = select(Organisation).where(Organisation.kind == "unit").order_by(Organisation.id)
        for home in session.scalars(every.limit(WHOLE)):
            own = msgspec.structs.replace(account, unit=msgspec.structs.replace(account.unit, name=home.name))
            publication.ask(session, site, SYSTEM, home, own.year, to_json(own))
    Workers(site, WORKS, FAILURES).do_all()
    with site.database.reading() as session:
        first = session.scalars(select(Publication).order_by(Publication.id)).first()
        contents = msgspec.json.decode((publication.folder_of(site, first) / making.CONTENTS).read_bytes(),
                                       type=making.BuiltContents)
        others = list(session.scalars(every.offset(WHOLE)))
    for part in range(0, len(others), 200):
        with site.database.writing() as session:
            for home in others[part : part + 200]:
                _enter(session, home, first, contents)
    site.database.close()


def _enter(session: Session, home: Organisation, first: Publication, contents: making.BuiltContents) -> None:
    """Enters a publication of a unit like the first."""
    same = ("year", "version", "state", "current", "kind", "profile", "nature", "digest", "files", "asked", "published",
            "publisher")
    own = Publication(
        **{name: getattr(first, name) for name in same}, organisation_id=home.id, unit=home.name,
        title=first.title.replace(first.unit, home.name),
    )
    session.add(own)
    session.flush()
    pieces = tuple(
        msgspec.structs.replace(piece, text=piece.text.replace(first.unit, home.name)) for piece in contents.pieces
    )
    publication.index(session, own, msgspec.structs.replace(contents, pieces=pieces))


def started(program: str, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A server process, once it listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", program, str(folder), str(port)], stderr=subprocess.DEVNULL)
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server, port
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


async def fetch(port: int, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """One request on a connection that stays open; its body as it came."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head[:20]:
        raise RuntimeError(head.decode())
    length = int(next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))[15:])
    return await reader.readexactly(length)


async def load(port: int, path: str, readers: int, seconds: float) -> list[float]:
    """How long each request took, of `readers` who ask one after another for so many seconds."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (start := time.perf_counter()) < until:
            await fetch(port, path.format(len(taken)), reader, writer)
            taken.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(one() for _ in range(readers)))
    return taken


async def get(port: int, path: str) -> bytes:
    """The body of one answer, as it came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = await fetch(port, path, reader, writer)
    writer.close()
    return body


def report(name: str, taken: list[float], seconds: float) -> float:
    """Prints a line and gives the requests per second."""
    rate = len(taken) / seconds
    late = sorted(taken)[int(len(taken) * 0.95)] * 1000
    print(f"{name:<34}{rate:8.0f} requests/s   p95 {late:7.1f} ms")
    return rate


def main() -> None:
    """Fills a city, serves it, and asks."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--units", type=int, default=WHOLE)
    chosen = options.parse_args()
    seconds = chosen.seconds
    with tempfile.TemporaryDirectory() as folder:
        data, bodies = Path(folder) / "data", Path(folder) / "bodies"
        fill(data, chosen.units)
        bodies.mkdir()
        ours, port = started(OURS, data)
        try:
            for number, path in enumerate(PAGES.values()):
                (bodies / str(number)).write_bytes(asyncio.run(get(port, path)))
            bare, other = started(BARE, bodies)
            try:
                for number, (name, path) in enumerate(PAGES.items()):
                    own = report(name, asyncio.run(load(port, path, READERS, seconds)), seconds)
                    base = asyncio.run(load(other, f"/{number}", READERS, seconds))
                    rate = report("  baseline: bare route, same bytes", base, seconds)
                    packed = (bodies / str(number)).read_bytes()
                    whole = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
                    print(f"  ratio {own / rate:.2f}   weight {len(whole):,} bytes, sent as {len(packed):,}")
                fresh = PAGES["search"] + "+{}"
                report(FRESH, asyncio.run(load(port, fresh, READERS, seconds)), seconds)
                for name, path in ANEW.items():
                    other_each_time = "cursor={}" if path.startswith("/api/") else "anew={}"
                    asked = path + ("&" if "?" in path else "?") + other_each_time
                    report(f"{name} made anew, one reader", asyncio.run(load(port, asked, 1, seconds)), seconds)
            finally:
                bare.terminate()
        finally:
            ours.terminate()


if __name__ == "__main__":
    main()
