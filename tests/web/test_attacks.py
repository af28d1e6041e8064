"""What attackers try, refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from juesuan.web import Settings, create_application
from juesuan.web.auth.sessions import COOKIE
from juesuan.web.infra.models import User

from .client import Client
from .conftest import PASSWORD, USERS, City, Clock

SCRIPT = "<script>alert('甲')</script>\"'><img src=x onerror=alert(1)>"


def test_a_form_without_the_browsers_own_token_changes_nothing(city: City):
    browser, other = city.browser("manager"), city.browser("inspector")
    data = {"name": "intruder", "full_name": "甲", "role": "bureau_admin", "organisation": "100"}
    for token in ("", "wrong", other.csrf):
        assert browser.client.post("/users", data=data | {"csrf": token}).status_code == 403
    across = browser.client.post(
        "/users", data=data | {"csrf": browser.csrf}, headers={"sec-fetch-site": "cross-site"}
    )
    assert across.status_code == 403
    with city.site.database.reading() as session:
        assert session.scalars(select(User).where(User.name == "intruder")).first() is None


def test_nobody_can_be_signed_in_by_another_site(city: City):
    browser = city.browser()
    assert browser.client.post("/sign-in", data={"name": "editor", "password": PASSWORD}).status_code == 403


def test_every_page_allows_scripts_of_this_server_only(city: City):
    for address in ("/", "/sign-in", "/nowhere", "/health", "/assets/style.css"):
        headers = city.browser().get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"


def test_pages_hold_nothing_inline_that_the_policy_forbids_and_load_nothing_from_elsewhere(city: City):
    browser = city.browser("manager")
    for address in ("/desk", "/organisations", "/users", "/account"):
        page = browser.get(address).text
        assert "<style" not in page and "style=" not in page and " onclick" not in page
        assert "http://" not in page and "https://" not in page


def test_text_that_would_be_a_script_stays_text(city: City):
    manager = city.browser("manager")
    quoted = '"' + SCRIPT.replace('"', '""') + '"'
    csv = f"代码,名称,类型,上级代码\n{quoted},{quoted},不是类型,{quoted}\n"
    taken = manager.post("/organisations", files={"file": ("list.csv", csv.encode())})
    assert taken.status_code == 400 or SCRIPT not in taken.text
    csv = f"代码,名称,类型,上级代码\n900,{quoted},预算单位,100\n"
    assert manager.post("/organisations", files={"file": ("list.csv", csv.encode())}).status_code == 200
    manager.post("/users", {"name": "x-ss", "full_name": SCRIPT, "role": "unit_editor", "organisation": "900"})
    city.browser().sign_in(SCRIPT, SCRIPT)
    inspector = city.browser("inspector")
    for browser, address in ((manager, "/organisations"), (manager, "/users"), (inspector, "/audit")):
        page = browser.get(address).text
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("address", [
    "/assets/../settings.py", "/assets/%2e%2e/settings.py", "/assets/..%2fsettings.py", "/%2e%2e/%2e%2e/etc/passwd",
])
def test_no_path_leads_out_of_the_pages(city: City, address: str):
    assert city.browser().get(address).status_code == 404


def test_bodies_that_are_too_large_are_refused_before_they_are_read(settings: Settings, city: City):
    browser = city.browser("manager")
    answer = browser.post("/users", {"name": "x" * (settings.form_limit + 1)})
    assert answer.status_code == 413

    def endless():
        for _ in range(40):
            yield b"x" * 65_536

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/users", content=endless(), headers=kind).status_code == 413


def test_guessing_and_flooding_are_slowed_down(settings: Settings):
    small = replace(settings, data=settings.data / "small", requests_per_minute=30, sign_ins_per_minute=3)
    client = Client(create_application(small))
    codes = [client.post("/sign-in", data={}).status_code for _ in range(5)]
    assert codes == [403, 403, 403, 429, 429]
    assert 429 in [client.get("/health").status_code for _ in range(40)]


def test_an_office_behind_one_address_signs_in_and_works_while_one_of_it_floods(settings: Settings, clock: Clock):
    """Who signs in rightly counts for nothing; who is signed in counts for themselves."""
    few = replace(settings, requests_per_minute=200, account_requests_per_minute=20, sign_ins_per_minute=3)
    city = City(few, clock)
    office = [city.browser(name) for name in USERS]
    assert len(office) > 3, "more than could be wrong"
    assert 429 in [office[0].get("/desk").status_code for _ in range(30)]
    assert [browser.get("/desk").status_code for browser in office[1:]] == [200] * (len(office) - 1)
    made_up = Client(city.application, cookies={COOKIE: "made-up"})
    assert 429 in [made_up.get("/health").status_code for _ in range(220)], "a cookie that is nobody's does not help"
    city.site.database.close()


@pytest.mark.parametrize("address", ["/account/password", "/account/totp/remove", "/account/totp/confirm"])
def test_who_has_taken_a_session_cannot_guess_the_password_or_a_code(settings: Settings, address: str):
    small = replace(settings, data=settings.data / "small", sign_ins_per_minute=3)
    client = Client(create_application(small))
    codes = [client.post(address, data={}).status_code for _ in range(4)]
    assert codes == [401, 401, 401, 429]


def test_sql_in_names_is_only_a_name(city: City):
    assert city.browser().sign_in("' OR 1=1 --", "' OR 1=1 --").status_code == 401
    assert city.browser("inspector").get("/audit?before=1%20OR%201=1").status_code in (400, 422)


def test_metrics_are_for_those_with_the_token(city: City):
    assert city.browser().get("/metrics").status_code == 303
    wrong = {"authorization": "Bearer guessed"}
    assert city.browser().get("/metrics", headers=wrong).status_code == 303
    right = {"authorization": f"Bearer {city.site.monitor}"}
    answer = city.browser().get("/metrics", headers=right)
    assert answer.status_code == 200 and "juesuan_requests_total" in answer.text
    assert city.browser().get("/users", headers=right).status_code == 403


def test_what_goes_wrong_inside_is_not_told_outside(city: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("juesuan.web.infra.audit.verify", lambda *_: 1 / 0)
    browser = city.browser("inspector")
    browser.client = Client(city.application, raising=False, cookies=browser.client.cookies)
    answer = browser.get("/audit")
    assert answer.status_code == 500 and "ZeroDivision" not in answer.text and "Traceback" not in answer.text
