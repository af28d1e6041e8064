"""Single sign-on against a real provider on a loopback port, and the attacks on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select
from starlette.responses import JSONResponse, RedirectResponse

from juesuan.web import Settings
from juesuan.web.auth.oidc import OidcError, Provider
from juesuan.web.auth.sessions import COOKIE
from juesuan.web.infra.models import AuditEntry, SignedIn, User

from .conftest import PASSWORD, Browser, City, Clock
from .provider import CLIENT, SECRET, OpenProvider, open_provider

Both = tuple[City, OpenProvider]


@pytest.fixture
def both(settings: Settings, clock: Clock) -> Iterator[Both]:
    """A city whose users sign in at a provider, and the provider."""
    with open_provider(clock) as provider:
        city = City(replace(
            settings, oidc=provider.issuer, oidc_client=CLIENT, oidc_secret=SECRET, address="http://testserver",
            local_users=("manager",),
        ), clock)
        yield city, provider
        city.site.database.close()


def _there(browser: Browser, onward: str = "/filings") -> str:
    """Goes to the provider; gives the address that it sends the browser back to."""
    away = browser.get("/sign-in/oidc", params={"next": onward})
    assert away.status_code == 303, away.text
    return httpx.get(away.headers["location"], follow_redirects=False, verify=False).headers["location"]


def _refused(city: City, browser: Browser, address: str, told: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 401 and told in answer.text, answer.text
    assert browser.get("/desk").status_code == 303, "nobody is signed in"
    with city.site.database.reading() as session:
        assert session.scalars(select(SignedIn)).first() is None
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert last.action == "sign_in.refused" and "oidc" in last.after


def test_who_is_known_here_comes_in_and_out_again(both: Both):
    city, provider = both
    browser = city.browser()
    assert 'href="/sign-in/oidc?next=' in browser.get("/sign-in").text
    browser.client.cookies.set(COOKIE, "planted")
    answer = browser.get(_there(browser))
    assert answer.status_code == 303 and answer.headers["location"] == "/filings"
    assert "planted" not in answer.headers["set-cookie"] and "HttpOnly" in answer.headers["set-cookie"]
    del browser.client.cookies[COOKIE]
    browser.client.cookies.set(COOKIE, answer.cookies[COOKIE])
    assert "editor甲" in browser.get("/desk").text
    browser.get("/account")
    out = browser.post("/sign-out")
    assert out.headers["location"] == "/sign-in?out=1"
    page = city.browser().get("/sign-in?out=1").text
    assert f'href="{provider.issuer}/leave?' in page and "同时退出统一身份认证" in page
    with city.site.database.reading() as session:
        actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.actor == "editor")))
    assert actions[-2:] == ["sign_in", "sign_out"]


def test_what_is_asked_of_the_provider_is_bound_and_tells_no_secret(both: Both):
    city, provider = both
    one, other = (city.browser().get("/sign-in/oidc").headers["location"] for _ in range(2))
    asked, again = (parse_qs(urlsplit(address).query) for address in (one, other))
    assert one.startswith(f"{provider.issuer}/authorize?") and SECRET not in one
    assert asked["redirect_uri"] == ["http://testserver/sign-in/oidc/back"]
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    for key in ("state", "nonce", "code_challenge"):
        assert len(asked[key][0]) >= 43 and asked[key] != again[key]
    assert SECRET not in repr(city.settings)


def test_passwords_of_this_server_still_do(both: Both):
    assert both[0].browser("manager").get("/users").status_code == 200
    assert both[0].browser().sign_in("editor", PASSWORD).status_code == 303


@pytest.mark.parametrize("user", ["nobody", "manager", "'; DROP TABLE user_account; --", "<script>alert(1)</script>"])
def test_who_is_not_known_here_stays_outside(both: Both, user: str):
    city, provider = both
    provider.user = user
    browser = city.browser()
    _refused(city, browser, _there(browser), "请联系系统管理员")


def test_who_is_switched_off_stays_outside(both: Both):
    city, _ = both
    with city.site.database.writing() as session:
        session.scalars(select(User).where(User.name == "editor")).one().active = False
    browser = city.browser()
    _refused(city, browser, _there(browser), "已停用")


TWISTS = {
    "another's nonce": {"nonce": "x"}, "no nonce": {"nonce": None}, "another audience": {"aud": "another"},
    "several audiences": {"aud": [CLIENT, "another"]}, "no audience": {"aud": None}, "expired": {"exp": 1},
    "never expires": {"exp": None}, "another issuer": {"iss": "https://evil.example"}, "no subject": {"sub": None},
    "for another client": {"azp": "another"}, "a name that is none": {"preferred_username": ["editor"]},
    "no name": {"preferred_username": None}, "from tomorrow": {"nbf": 99_999_999_999},
}


@pytest.mark.parametrize("twist", TWISTS)
def test_a_token_that_is_not_for_this_sign_in_is_refused(both: Both, twist: str):
    city, provider = both
    provider.twist = lambda claims: {key: value for key, value in (claims | TWISTS[twist]).items() if value is not None}
    browser = city.browser()
    _refused(city, browser, _there(browser), "没有通过核对")


@pytest.mark.parametrize("way", ["unsigned", "by_another", "by_the_shared_secret", "by_the_public_key"])
def test_a_token_that_the_provider_did_not_sign_is_refused(both: Both, way: str):
    city, provider = both
    provider.sign = getattr(provider, way)
    browser = city.browser()
    _refused(city, browser, _there(browser), "没有通过核对")


def test_an_answer_is_taken_once_from_the_browser_that_asked_and_in_time(both: Both, clock: Clock):
    city, _ = both
    victim, thief = city.browser(), city.browser()
    address = _there(thief)
    _refused(city, victim, address, "重新开始")  # Signing somebody in as somebody else: no cookie of this sign-in.
    thief.get("/sign-in/oidc")
    _refused(city, thief, address, "重新开始")  # The state of another attempt of the same browser.
    late = city.browser()
    address = _there(late)
    clock.advance(minutes=11)
    _refused(city, late, address, "重新开始")
    again = city.browser()
    address = _there(again)
    cookie = again.client.cookies["juesuan_oidc"]
    again.client.cookies.set("juesuan_oidc", cookie, path="/sign-in/oidc")
    assert again.get(address).status_code == 303
    replayed = city.browser()
    replayed.client.cookies.set("juesuan_oidc", cookie)
    answer = replayed.get(address)
    assert answer.status_code == 401 and "用过了" in answer.text
    for forged in ("/sign-in/oidc/back", "/sign-in/oidc/back?code=x&state=", "/sign-in/oidc/back?error=access_denied"):
        assert city.browser().get(forged).status_code == 401


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:a"])
def test_it_leads_to_no_other_server(both: Both, onward: str):
    browser = both[0].browser()
    assert browser.get(_there(browser, onward)).headers["location"] == "/desk"


def test_a_provider_that_fails_or_leads_elsewhere_is_told_in_chinese(both: Both):
    city, provider = both
    elsewhere = RedirectResponse("http://127.0.0.1:9/", 307)
    for place, answer in (("token", JSONResponse({"error": "x"}, 400)), ("token", JSONResponse({"access_token": "x"})),
                          ("token", elsewhere), ("keys", elsewhere), ("keys", JSONResponse({"keys": "x"})),
                          ("keys", JSONResponse({"keys": []}))):
        browser = city.browser()
        address = _there(browser)
        provider.away = {place: answer}
        _refused(city, browser, address, "没有通过核对")
        provider.away = {}
    for issuer, told in ((provider.issuer + "/", "核对"), ("http://127.0.0.1:9", "连不上")):
        city.site.oidc = Provider(issuer, CLIENT, SECRET, "http://testserver", "preferred_username", city.clock)
        answer = city.browser().get("/sign-in/oidc")
        assert answer.status_code == 503 and told in answer.text
    provider.metadata = {"token_endpoint": "http://evil.example/token"}
    city.site.oidc = Provider(provider.issuer, CLIENT, SECRET, "http://testserver", "sub", city.clock)
    assert city.browser().get("/sign-in/oidc").status_code == 503


def test_settings_that_are_not_safe_are_refused(clock: Clock):
    for issuer, client, address in (("http://sso.example.cn", CLIENT, "https://a"), ("sso", CLIENT, "https://a"),
                                    ("https://sso.cn", "", "https://a"), ("https://sso.cn", CLIENT, "")):
        with pytest.raises(OidcError):
            Provider(issuer, client, "", address, "sub", clock)


def test_without_a_provider_there_is_no_such_page(city: City):
    assert city.browser().get("/sign-in/oidc").status_code == 404
    assert city.browser().get("/sign-in/oidc/back?code=x&state=y").status_code == 404
    assert "统一身份认证" not in city.browser().get("/sign-in").text
