"""Forms that this server did not make for this browser, tried on every route that changes something."""

from __future__ import annotations

import itertools
import re
from urllib.parse import quote

import pytest
from sqlalchemy import select

from juesuan.web.application import all_routes
from juesuan.web.auth.rights import load_rights
from juesuan.web.infra.models import Base

from .conftest import ONE_ENGINE, PASSWORD, USERS, City
from .test_rights import _example, _upload_for_each

POSTS = sorted(route.name for route in all_routes() if "POST" in route.methods)
FIELDS = {
    "state": "accepted", "reason": "甲", "revision": "1", "version": "1", "name": "intruder", "full_name": "甲",
    "role": "unit_editor", "organisation": "201", "active": "0", "year": "2023", "profile": "national",
    "n.1.basic": "1", "approved": "2023-08-10", "fingerprint": "", "old": PASSWORD, "new": "River-stone-73!",
    "again": "River-stone-73!", "key": "甲", "answer": "甲", "note": "甲", "code": "000000", "password": PASSWORD,
}
"""What some route or other would take."""

LAID_OUT = ("filing_page", "filing_file", "filing_workbook")
"""They take a second each and no query."""

SQL = "甲' OR 1=1; DROP TABLE filing; -- \" ) % _ \\ \x01"


def tables(city: City) -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    with city.site.database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def _user_for(route: str) -> str:
    rights = load_rights()
    return next((name for name, (role, _) in USERS.items() if rights.may(role, route)), "")


@pytest.fixture
def filled(city: City) -> City:
    """A city with a document, a waiver and a filing of each unit."""
    _upload_for_each(city)
    return city


@ONE_ENGINE
def test_no_form_from_elsewhere_changes_anything(filled: City):
    """Every POST route: without a token, with a wrong one, another session's, one's own in another place, and one's own
    sent by another site."""
    city = filled
    browsers = {name: city.browser(name) for name in ("", *USERS)}
    other = city.browser("colleague")
    before, tried = tables(city), 0
    for route in (route for route in all_routes() if route.name in POSTS):
        name = _user_for(route.name) if route.name != "sign_in" else ""
        browser = browsers[name]
        browser.get("/account" if name else "/sign-in")
        address = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "201")), route.path)
        own = browser.csrf
        cases: list[tuple[str | None, dict[str, str], str]] = [
            (None, {}, ""), ("", {}, ""), ("wrong", {}, ""), (other.csrf, {}, ""), (own[:-1], {}, ""),
            (None, {"x-csrf-token": other.csrf}, ""), (None, {}, f"?csrf={own}"),
            *((own, {"sec-fetch-site": where}, "") for where in ("cross-site", "same-site")),
            *((own, {"origin": where}, "") for where in ("https://evil.example", "null", "http://testserver.evil.example")),
        ]
        for token, headers, query in cases:
            for files in (None, {"file": ("a.csv", b"a,b\n")}):
                sent = FIELDS | ({} if token is None else {"csrf": token})
                answer = browser.client.post(address + query, data=sent, headers=headers, files=files)
                refused = 403 if name or route.name == "sign_in" else 401
                assert answer.status_code == refused, (route.name, token, headers, query, answer.status_code)
                tried += 1
    assert tables(city) == before
    assert tried == len(POSTS) * 24


def test_a_form_sent_by_this_very_site_is_taken(city: City):
    browser = city.browser("editor")
    for headers in ({"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}, {}):
        assert browser.post("/account/totp", headers=headers).status_code == 303


@ONE_ENGINE
def test_looking_changes_nothing_but_the_trail(filled: City):
    """GET is safe: besides the entries of who has looked, the tables stay as they are."""
    city, rights = filled, load_rights()
    browsers = {name: city.browser(name) for name in USERS}
    before = tables(city)
    for route in all_routes():
        name = _user_for(route.name)
        if "GET" in route.methods and name and route.name != "original" and rights.right_of(route.name):
            address = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "201")), route.path)
            browsers[name].get(address)
    after = tables(city)
    assert {key: rows for key, rows in after.items() if key != "audit_entry"} == {
        key: rows for key, rows in before.items() if key != "audit_entry"}


def test_sql_in_any_query_path_or_field_is_only_text(filled: City):
    city = filled
    browsers = {name: city.browser(name) for name in ("", *USERS)}
    names = ("q", "state", "unit")
    count = {key: len(rows) for key, rows in tables(city).items()}
    for route in all_routes():
        if route.name in ("sign_out", "original") or route.name.startswith("api_"):
            continue  # The interface for programs is tried in test_api, from its own description.
        browser = browsers[_user_for(route.name)]
        address = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "201")), route.path)
        if "GET" in route.methods:
            asked = () if route.name in LAID_OUT else names
            for name, text in itertools.product(asked, (SQL, SQL + "\x00")):
                answer = browser.client.get(address, params={name: text})
                assert answer.status_code < 500, (route.name, name)
            for parameter in re.findall(r"{(\w+)}", route.path):
                evil = re.sub(r"{(\w+)}", lambda match, chosen=parameter: quote(SQL, safe="") if match[1] == chosen else
                              str(_example(city, match[1], "201")), route.path)
                assert browser.client.get(evil).status_code in (400, 404, 422), (route.name, parameter)
        else:
            for text in (SQL, SQL + "\x00"):
                sent = dict.fromkeys(FIELDS, text) | {"csrf": browser.csrf}
                assert browser.client.post(address, data=sent).status_code < 500, route.name
    after = {key: len(rows) for key, rows in tables(city).items()}
    assert set(after) == set(count)
    assert all(after[key] >= count[key] for key in ("filing", "user_account", "organisation"))
