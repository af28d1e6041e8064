"""The matrix of roles and routes, made from the declared rights and tried cell by cell."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from juesuan.web.application import all_routes
from juesuan.web.auth.rights import load_rights
from juesuan.web.infra.models import Filing, Organisation, ReviewFile, Season, User, Waiver
from juesuan.web.site.guard import ENTERING, OWNERS

from .conftest import ONE_ENGINE, USERS, City

ROOT = Path(__file__).parents[2]
ROLES = {role: name for name, (role, _) in reversed(USERS.items())}


FIXED = {"number": 1, "sheet": "支出", "kind": "pdf", "year": 2022, "version": 1, "name": "account.json",
         "page": "desk", "picture": "web-review.png"}
"""Parameters that name no thing of an organisation."""


def _example(city: City, parameter: str, code: str) -> int | str:
    """A thing of the organisation with `code`, for a parameter of a route."""
    if parameter == "code":
        return code
    if parameter in FIXED:
        return FIXED[parameter]
    with city.site.database.reading() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == code)).one()
        if parameter == "organisation_id":
            return home.id
        if parameter == "filing_id":
            return session.scalars(select(Filing.id).where(Filing.organisation_id == home.id)).first() or 987654
        if parameter == "document_id":
            return session.scalars(select(ReviewFile.id).where(ReviewFile.organisation_id == home.id)).first() or 987654
        if parameter == "waiver_id":
            return session.scalars(select(Waiver.id).where(Waiver.organisation_id == home.id)).first() or 987654
        assert parameter == "user_id", f"no example for {parameter}: the matrix must cover it"
        return session.scalars(select(User.id).where(User.name == {"201": "colleague", "301": "stranger"}[code])).one()


def test_every_route_stands_in_exactly_one_right_and_every_right_has_routes_that_exist(city: City):
    declared = [route for right in load_rights().rights.values() for route in right.routes]
    assert sorted(declared) == sorted(route.name for route in all_routes())


def _upload_for_each(city: City) -> None:
    """A document, not yet read, a waiver and a filing for each unit."""
    with city.site.database.writing() as session:
        season = Season(year=2022, profile="national", approved="", creator="", created="")
        session.add(season)
    for code in ("201", "202", "301"):
        with city.site.database.writing() as session:
            home = session.scalars(select(Organisation.id).where(Organisation.code == code)).one()
            session.add(ReviewFile(
                organisation_id=home, name="甲.pdf", digest="0" * 64, kind="pdf", uploader="", created="", unit="",
                year=0,
            ))
            session.add(Waiver(organisation_id=home, year=0, fingerprint="", reason="", author="", created=""))
            session.add(Filing(
                organisation_id=home, season_id=season.id, content='{"pages":{}}', updated="", updated_by="",
            ))


def test_the_guide_tells_the_roles_as_they_are_declared():
    spec = importlib.util.spec_from_file_location("role_table", ROOT / "scripts" / "role_table.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    guide = (ROOT / "docs" / "desk.zh-CN.md").read_text(encoding="utf-8")
    assert script.BEGIN + script.table() + script.END in guide, "make rules writes it anew"
    assert "| 财政批复并公开 |  |  |  |  |  | 全市 |  |  |" in guide, "the bureau's reviewer alone"


@ONE_ENGINE
def test_each_role_opens_what_it_has_a_right_to_and_nothing_else(city: City):
    rights = load_rights()
    wrong = []
    for role in ("public", *ROLES, "monitor"):
        browser = city.browser(ROLES.get(role, ""))
        for route in all_routes():
            if route.name in ("sign_out", *ENTERING):
                continue
            if route.name in ("unwaive", "original"):
                continue  # The first ends what it is tried on; the second needs a file: both in test_review.
            headers = {"authorization": f"Bearer {city.site.monitor}"} if role == "monitor" else {}
            address = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "201")), route.path)
            method = next(iter(route.methods - {"HEAD"}))
            csrf = {"x-csrf-token": browser.csrf} if browser.csrf else {}
            answer = browser.client.request(method, address, headers=headers | csrf)
            refused = answer.status_code in (401, 403) or (
                answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
            )
            if refused == rights.may(role, route.name):
                wrong.append((role, route.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("parameter", sorted(OWNERS))
def test_things_of_another_unit_are_as_if_they_were_not_there(city: City, parameter: str):
    _upload_for_each(city)
    rights = load_rights()
    tried = 0
    for role, name in ROLES.items():
        browser = city.browser(name)
        for route in all_routes():
            if f"{{{parameter}}}" not in getattr(route, "path", ""):
                continue
            scope = rights.scope(role, rights.right_of(route.name))
            if scope in (None, "all"):
                continue
            there = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "301")), route.path)
            nowhere = re.sub(r"{(\w+)}", lambda match: str(FIXED.get(match[1], "987654")), route.path)
            method = next(iter(route.methods - {"HEAD"}))
            headers = {"x-csrf-token": browser.csrf}
            answers = [browser.client.request(method, address, headers=headers) for address in (there, nowhere)]
            tried += 1
            assert [answer.status_code for answer in answers] == [404, 404], (role, route.name)
            assert answers[0].text == answers[1].text
    assert tried or parameter == "user_id", "users are managed for the whole city or not at all"


def test_files_and_waivers_follow_the_same_table(city: City):
    """The two routes that the matrix leaves out: refused for whoever has no right, before anything is looked at."""
    rights = load_rights()
    for role, name in ROLES.items():
        browser = city.browser(name)
        cells = (("original", "GET", "/documents/9/original"), ("unwaive", "POST", "/waivers/9/end"))
        for route, method, address in cells:
            answer = browser.client.request(method, address, headers={"x-csrf-token": browser.csrf})
            assert (answer.status_code == 403) != rights.may(role, route), (role, route)


def test_a_department_sees_its_units_and_no_others(city: City):
    page = city.browser("department").get("/organisations").text
    assert "测试市第一中学" in page and "测试市第二中学" in page
    assert "测试市第一医院" not in page and "测试市财政局" not in page.split("<main", 1)[1]


def test_a_form_that_names_ones_own_thing_does_not_open_anothers(city: City):
    """The address counts as well as the form: whatever a hidden field says, each thing named must be in reach."""
    _upload_for_each(city)
    rights = load_rights()
    tried = 0
    for role, name in ROLES.items():
        browser = city.browser(name)
        for route in all_routes():
            owned = [parameter for parameter in OWNERS if f"{{{parameter}}}" in route.path]
            if "POST" not in route.methods or not owned or rights.scope(role, rights.right_of(route.name)) in (
                None, "all"
            ):
                continue
            other = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "301")), route.path)
            own = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "201")), route.path)
            mine, theirs = ({key: _example(city, key, code) for key in owned} for code in ("201", "301"))
            both = {key: [mine[key], theirs[key]] for key in owned}
            for address, fields in ((other, mine), (own, theirs), (own, both)):
                answer = browser.client.post(address, data={"csrf": browser.csrf, "revision": "1", **fields})
                assert answer.status_code == 404, (role, route.name, fields)
                tried += 1
    assert tried >= 30
