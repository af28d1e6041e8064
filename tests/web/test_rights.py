"""The matrix of roles and routes, made from the declared rights and tried cell by cell."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from juesuan.web.application import all_routes
from juesuan.web.models import Organisation, User
from juesuan.web.rights import load_rights

from .conftest import USERS, City

ROLES = {role: name for name, (role, _) in reversed(USERS.items())}


def _example(city: City, parameter: str, code: str) -> int:
    """A thing of the organisation with `code`, for a parameter of a route."""
    with city.site.database.reading() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == code)).one()
        if parameter == "organisation_id":
            return home.id
        assert parameter == "user_id", f"no example for {parameter}: the matrix must cover it"
        return session.scalars(select(User.id).where(User.name == {"201": "colleague", "301": "stranger"}[code])).one()


def test_every_route_stands_in_exactly_one_right_and_every_right_has_routes_that_exist(city: City):
    declared = [route for right in load_rights().rights.values() for route in right.routes]
    assert sorted(declared) == sorted(route.name for route in all_routes())


def test_each_role_opens_what_it_has_a_right_to_and_nothing_else(city: City):
    rights = load_rights()
    wrong = []
    for role in ("public", *ROLES, "monitor"):
        for route in all_routes():
            if route.name in ("sign_out", "sign_in"):
                continue
            browser = city.browser(ROLES.get(role, ""))
            headers = {"authorization": f"Bearer {city.site.monitor}"} if role == "monitor" else {}
            address = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "201")), route.path)
            method = next(iter(route.methods - {"HEAD"}))
            csrf = {"x-csrf-token": browser.csrf} if browser.csrf else {}
            answer = browser.client.request(method, address, headers=headers | csrf)
            # Home sends those who are signed in on to their desk; that is no refusal.
            refused = answer.status_code in (401, 403) or (
                answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
            )
            if refused == rights.may(role, route.name):
                wrong.append((role, route.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("parameter", ["organisation_id", "user_id"])
def test_things_of_another_unit_are_as_if_they_were_not_there(city: City, parameter: str):
    rights = load_rights()
    tried = 0
    for role, name in ROLES.items():
        for route in all_routes():
            if f"{{{parameter}}}" not in getattr(route, "path", ""):
                continue
            scope = rights.scope(role, rights.right_of(route.name))
            if scope in (None, "all"):
                continue
            browser = city.browser(name)
            there = re.sub(r"{(\w+)}", lambda match: str(_example(city, match[1], "301")), route.path)
            nowhere = re.sub(r"{(\w+)}", "987654", route.path)
            method = next(iter(route.methods - {"HEAD"}))
            headers = {"x-csrf-token": browser.csrf}
            answers = [browser.client.request(method, address, headers=headers) for address in (there, nowhere)]
            tried += 1
            assert [answer.status_code for answer in answers] == [404, 404], (role, route.name)
            assert answers[0].text == answers[1].text
    assert tried or parameter == "user_id"


def test_a_department_sees_its_units_and_no_others(city: City):
    page = city.browser("department").get("/organisations").text
    assert "测试市第一中学" in page and "测试市第二中学" in page
    assert "测试市第一医院" not in page and "测试市财政局" not in page.split("<main", 1)[1]
