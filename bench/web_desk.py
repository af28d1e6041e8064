"""The unit desk under load: `make bench`.

Fifty editors work on as many filings at once: each saves a cell, and asks for the live check of what is saved, which
compiles the account anew. Then twenty who type as people do, a cell a second; and a sheet of 3,000 lines that is opened
and of which a cell is saved. Baselines in the same run: the bare examine() of the same contents in this process, one
insert into SQLite that waits for the disk, a bare Starlette route that takes the same form and one that gives the same
bytes. Prints requests per second, the 95th percentile and the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import msgspec
from sqlalchemy import select

from juesuan.compiler.editor.content import ContentLine, FilingContent, of_workbook
from juesuan.compiler.editor.examination import examine
from juesuan.statute import load_statute
from juesuan.web import Settings
from juesuan.web.auth.organisations import import_organisations
from juesuan.web.auth.users import add_user
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Filing, Organisation, Season
from juesuan.web.migration import migrate
from juesuan.web.site.site import Site
from web import EXAMPLE, OURS, report, started

EDITORS, SECONDS = 50, 10.0
PASSWORD, SHEET, CELL, KEY = "Lotus-pond-42!", "三公经费", "0.b6", "b6"
PROFILE, YEAR = "wuhan-2022", 2022
TYPING, PAUSE = 20, 1.0
"""People who type at once, and the seconds that each takes for a cell."""

LONG_SHEET, LINES, PART = "支出", 3000, 8
BARE = """
import sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
body = Path(sys.argv[1]).read_bytes()
async def save(request):
    form = await request.form()
    return JSONResponse({"saved": [name[2:] for name in form if name.startswith("c.")]})
async def give(request):
    return Response(body, media_type="text/html")
routes = [Route("/save", save, methods=["POST"]), Route("/page", give)]
uvicorn.run(Starlette(routes=routes), port=int(sys.argv[2]), log_config=None, access_log=False)
"""


def fill(data: Path, filled: FilingContent) -> None:
    """A city whose units have all filled in the example's workbook."""
    site = Site(replace(Settings(data), password_memory=64, password_rounds=1))
    migrate(site.database, site.sealer)
    lines = ["代码,名称,类型,上级代码", "100,某市财政局,财政部门,"]
    lines += [f"{200 + n},某市第{n + 1}信息中心,预算单位,100" for n in range(EDITORS)]
    content = msgspec.json.encode(filled).decode()
    with site.database.writing() as session:
        import_organisations(session, site.trail, SYSTEM, "\n".join(lines).encode())
        season = Season(year=YEAR, profile=PROFILE, approved="", creator="", created="")
        session.add(season)
        session.flush()
        for number, home in enumerate(session.scalars(select(Organisation).where(Organisation.kind == "unit"))):
            add_user(session, site.trail, site.passwords, SYSTEM, name=f"editor{number}", full_name="",
                     password=PASSWORD, role="unit_editor", organisation=home.code)
            session.add(Filing(organisation_id=home.id, season_id=season.id, content=content, updated="",
                               updated_by=""))
    site.database.close()


class Editor:
    """Somebody signed in, on a connection that stays open."""

    def __init__(self, port: int, number: int) -> None:
        self._port, self._path = port, ""
        # Each from an address of their own: only so many may sign in from one in a minute.
        headers = {"x-forwarded-for": f"10.0.0.{number + 1}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            page = client.get("/sign-in").text
            client.post("/sign-in", data={"csrf": _token(page), "name": f"editor{number}", "password": PASSWORD})
            page = client.get("/filings").text
            self._csrf = _token(client.get("/account").text)
            found = re.search(r'href="(/filings/\d+)"', page)
            assert found, page
            self._path = found[1]
            self._cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self._was = ""

    async def open(self) -> None:
        """Connects."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def save(self, value: str) -> None:
        """Saves the cell. Raises RuntimeError where it is not saved."""
        fields = {"csrf": self._csrf, f"w.{CELL}": self._was, f"c.{CELL}": value}
        told = msgspec.json.decode(await self._send("POST", f"/sheets/{quote(SHEET)}", urlencode(fields)))
        if told["saved"] != [CELL]:
            raise RuntimeError(str(told))
        self._was = value

    async def check(self) -> None:
        """Asks for the live check. Raises RuntimeError."""
        await self._send("GET", f"/check?sheet={quote(SHEET)}")

    async def _send(self, method: str, path: str, body: str = "") -> bytes:
        head = (
            f"{method} {self._path}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nCookie: {self._cookie}\r\n"
            f"Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self._writer.write(head.encode())
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = int(next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))[15:])
        content = await self._reader.readexactly(length)
        if b" 200 " not in answer[:20]:
            raise RuntimeError((answer + content).decode()[:500])
        return content

    async def page(self, sheet: str, part: int) -> bytes:
        """The page of a part of a sheet."""
        return await self._send("GET", f"/sheets/{quote(sheet)}?part={part}")

    async def save_cell(self, sheet: str, field: str, was: str, value: str) -> None:
        """Saves a cell of a sheet. Raises RuntimeError where it is not saved."""
        fields = {"csrf": self._csrf, f"w.{field}": was, f"c.{field}": value}
        told = msgspec.json.decode(await self._send("POST", f"/sheets/{quote(sheet)}", urlencode(fields)))
        if told["saved"] != [field]:
            raise RuntimeError(str(told))

    async def check_sheet(self, sheet: str) -> None:
        """Asks for the live check of a sheet."""
        await self._send("GET", f"/check?sheet={quote(sheet)}&part={PART}")

    def seen(self, value: str) -> None:
        """What the editor saw in the cell first."""
        self._was = value


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found[1]


async def load(
    editors: list[Editor], seconds: float, first: int, *, checking: bool, pause: float = 0,
) -> tuple[list[float], list[float]]:
    """How long each save took and, if `checking`, each check after it; `first` is the first amount saved.

    With a `pause` each editor saves a cell in so many seconds, not all at the same moment.
    """
    saves: list[float] = []
    checks: list[float] = []
    until = time.perf_counter() + seconds

    async def one(editor: Editor, number: int) -> None:
        amount = first + 1000 * number
        await editor.open()
        await asyncio.sleep(pause * number / len(editors))
        while (start := time.perf_counter()) < until:
            amount += 1
            await editor.save(str(amount))
            saved = time.perf_counter()
            saves.append(saved - start)
            if checking:
                await editor.check()
                checks.append(time.perf_counter() - saved)
            await asyncio.sleep(max(0, start + pause - time.perf_counter()))

    await asyncio.gather(*(one(editor, number) for number, editor in enumerate(editors)))
    return saves, checks


def again_and_again(work: Callable[[int], object], seconds: float) -> Iterator[float]:
    """How long `work` takes, one time after another."""
    until, number = time.perf_counter() + seconds, 0
    while (start := time.perf_counter()) < until:
        number += 1
        work(number)
        yield time.perf_counter() - start


def lengthen(data: Path) -> None:
    """Gives the first filing a sheet of LINES lines."""
    site = Site(Settings(data))
    with site.database.writing() as session:
        row = session.scalars(select(Filing).order_by(Filing.id)).first()
        assert row
        content = msgspec.json.decode(row.content, type=FilingContent)
        page = content.page(LONG_SHEET)
        kinds = [line.cells for line in page.lines]
        page.lines = [ContentLine(number + 1, dict(kinds[number % len(kinds)])) for number in range(LINES)]
        page.last = LINES
        row.content = msgspec.json.encode(content).decode()
    site.database.close()


async def long_sheet(editor: Editor) -> tuple[bytes, dict[str, list[float]]]:
    """The page of the long sheet, and how long opening it, saving a cell of it and checking it took, each time."""
    taken: dict[str, list[float]] = {"open": [], "save a cell": [], "check": []}
    await editor.open()
    body, was = b"", ""
    for number in range(8):
        start = time.perf_counter()
        body = await editor.page(LONG_SHEET, PART)
        taken["open"].append(time.perf_counter() - start)
        if not number:
            found = re.search(r'name="w\.1500\.basic" value="([^"]*)"', body.decode())
            assert found
            was = found[1]
        start = time.perf_counter()
        await editor.save_cell(LONG_SHEET, "1500.basic", was, was := str(1000 + number))
        taken["save a cell"].append(time.perf_counter() - start)
        start = time.perf_counter()
        await editor.check_sheet(LONG_SHEET)
        taken["check"].append(time.perf_counter() - start)
    return body, taken


async def bare_route(port: int, path: str, body: str, readers: int, seconds: float) -> list[float]:
    """How long each request to the bare server took, of `readers` who ask one after another."""
    taken: list[float] = []
    until = time.perf_counter() + seconds
    head = (f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            f"application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (start := time.perf_counter()) < until:
            writer.write(head)
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(next(line for line in answer.split(b"\r\n") if line.startswith(b"content-length"))[15:])
            await reader.readexactly(length)
            taken.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(one() for _ in range(readers)))
    return taken


def main() -> None:
    """Fills a city, serves it, lets the editors work, and measures the baselines."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=SECONDS)
    seconds = options.parse_args().seconds
    statute = load_statute(PROFILE, YEAR)
    filled = of_workbook(EXAMPLE / "whole" / "workbook.xlsx", statute)[0]

    def bare(number: int) -> None:
        filled.page(SHEET).cells[KEY] = str(7000 + number)
        examine(filled, statute)

    with tempfile.TemporaryDirectory() as folder:
        first = filled.page(SHEET).cells[KEY]
        fill(Path(folder) / "data", filled)
        server, port = started(OURS, Path(folder) / "data")
        try:
            editors = [Editor(port, number) for number in range(EDITORS)]
            for editor in editors:
                editor.seen(first)
            only, _ = asyncio.run(load(editors, seconds, 500_000, checking=False))
            saves, checks = asyncio.run(load(editors, seconds, 100_000, checking=True))
            _, typed = asyncio.run(load(editors[:TYPING], seconds, 900_000, checking=True, pause=PAUSE))
        finally:
            server.terminate()
            server.wait()
        lengthen(Path(folder) / "data")
        server, port = started(OURS, Path(folder) / "data")
        try:
            body, long = asyncio.run(long_sheet(Editor(port, 0)))
        finally:
            server.terminate()
        (Path(folder) / "page").write_bytes(body)
        bare_server, other = started(BARE, Path(folder) / "page")
        try:
            form = urlencode({"csrf": "0" * 64, f"w.{CELL}": first, f"c.{CELL}": "7001"})
            plain = asyncio.run(bare_route(other, "/save", form, EDITORS, seconds / 2))
            given = asyncio.run(bare_route(other, "/page", "", 1, 1.0))
        finally:
            bare_server.terminate()
        alone = report(f"save, {EDITORS} editors", only, seconds)
        route = report("  baseline: bare route, same form", plain, seconds / 2)
        print(f"  ratio {alone / route:.3f}")
        with closing(sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)) as database:
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE one (text TEXT)"):
                database.execute(statement)
            content = msgspec.json.encode(filled).decode()
            insert = report("  baseline: one insert on the disk", list(again_and_again(
                lambda _: database.execute("INSERT INTO one VALUES (?)", (content,)), seconds / 2)), seconds / 2)
        print(f"  ratio {alone / insert:.2f}")
        report("save, each with a live check after it", saves, seconds)
        checked = report("live check after a save", checks, seconds)
        examined = report("  baseline: bare examine()", list(again_and_again(bare, seconds / 2)), seconds / 2)
        print(f"  ratio {checked / examined:.2f}")
        report(f"live check, {TYPING} who type", typed, seconds)
        quick = sorted(given)[len(given) // 2]
        for name, times in long.items():
            middle, worst = sorted(times)[len(times) // 2], max(times)
            beside = f", {middle / quick:.0f} times the bare route with the same {len(body):,} bytes"
            print(f"{LINES} lines, {name:<12} {middle * 1000:8.0f} ms, at worst {worst * 1000:.0f}"
                  f"{beside if name == 'open' else ''}")


if __name__ == "__main__":
    sys.exit(main())
