"""Filling in in tests: a season, a unit's filing with the example's workbook in it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sqlalchemy import select

from juesuan.compiler.editor.content import FilingContent, of_workbook
from juesuan.statute import load_statute
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.filing.filings import take_over
from juesuan.web.filing.processing import TakenOver
from juesuan.web.infra.models import Filing, User

from .conftest import Browser, City

WORKBOOK = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"


def open_season(city: City, year: int = 2022, profile: str = "wuhan-2022", approved: str = "") -> None:
    """The bureau opens a year."""
    browser = city.browser("reviewer")
    browser.get("/seasons")
    answer = browser.post("/seasons", {"year": str(year), "profile": profile})
    assert answer.status_code == 303, answer.text
    if approved:
        assert browser.post("/seasons/approval", {"year": str(year), "approved": approved}).status_code == 303


def begin(city: City, name: str = "editor", year: int = 2022) -> tuple[Browser, str]:
    """A unit begins; its editor's browser and the filing's address."""
    browser = city.browser(name)
    browser.get("/filings")
    answer = browser.post("/filings", {"year": str(year)})
    assert answer.status_code == 303, answer.text
    return browser, answer.headers["location"]


def revision(browser: Browser, address: str) -> str:
    """The revision that a filing's page shows."""
    page = browser.get(address).text
    found = re.search(r'name="revision" value="(\d+)"', page)
    if not found and f"{address}/approval" in page:
        found = re.search(r'name="revision" value="(\d+)"', browser.get(f"{address}/approval").text)
    return found[1] if found else ""


def upload(browser: Browser, address: str, path: Path = WORKBOOK) -> str:
    """Takes in a file; gives the page that comes."""
    seen = revision(browser, address)
    files = {"file": (path.name, path.read_bytes())}
    return browser.post(f"{address}/import", {"revision": seen}, files=files).text


@cache
def in_the_workbook() -> FilingContent:
    """What the example's workbook has in it."""
    return of_workbook(WORKBOOK, load_statute("wuhan-2022", 2022))[0]


def fill_in(city: City, address: str) -> None:
    """Takes the workbook over as upload() does, but without the page and the process, which take seconds."""
    filled = in_the_workbook()
    with city.site.database.writing() as session:
        row = session.get_one(Filing, int(address.rpartition("/")[2]))
        user = session.scalars(select(User).where(User.name == row.updated_by)).one()
        me = SignedInUser(user.name, role=user.role)
        take_over(session, city.site, me, row, TakenOver(filled, tuple(filled.pages), (), "workbook"), WORKBOOK.name)


def save(browser: Browser, address: str, sheet: str, **fields: tuple[str, str]):
    """Sends cells as the desk's script does: for each field what its editor saw, and what they want."""
    sent: dict[str, object] = {}
    for field, (was, value) in fields.items():
        sent |= {f"w.{field}": was, f"c.{field}": value}
    headers = {"accept": "application/json"}
    return browser.post(f"{address}/sheets/{sheet}", sent, headers=headers)


def take(city: City, name: str, address: str, key: str, **more: object):
    """Somebody takes a step with a filing as they see it."""
    browser = city.browser(name)
    seen: dict[str, object] = {"revision": revision(browser, address)}
    if key == "approve":
        # What is to be public is looked at first; the page asks once more.
        found = re.search(r'name="account" value="(\w+)"', browser.get(f"{address}/approval").text)
        seen["account"] = found[1] if found else "0"
    return browser.post(f"{address}/{key}", seen | more)
