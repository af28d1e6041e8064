"""Signing in: lockout, expiry, rotation, first passwords, one-time codes."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import select, update

from juesuan.web.auth.passwords import WeakPasswordError, demand_strength
from juesuan.web.auth.sessions import COOKIE
from juesuan.web.infra.models import SignedIn, User
from juesuan.web.infra.sealing import Sealer

from .conftest import PASSWORD, City, Clock


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(city: City, clock: Clock):
    for _ in range(5):
        assert city.browser().sign_in("editor", "Wrong-guess-1!").status_code == 401
    assert city.browser().sign_in("editor", PASSWORD).status_code == 401
    clock.advance(minutes=14)
    assert city.browser().sign_in("editor", PASSWORD).status_code == 401
    clock.advance(minutes=2)
    assert city.browser().sign_in("editor", PASSWORD).status_code == 303


def test_the_answer_does_not_tell_whether_the_user_exists(city: City):
    known, unknown = (city.browser().sign_in(name, "Wrong-guess-1!") for name in ("editor", "nobody"))
    assert known.status_code == unknown.status_code == 401
    assert _without_tokens(known.text) == _without_tokens(unknown.text)


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if 'name="csrf"' not in line)


def test_a_session_ends_after_half_an_hour_unused_and_after_twelve_hours_in_any_case(city: City, clock: Clock):
    browser = city.browser("editor")
    clock.advance(minutes=29)
    assert browser.get("/desk").status_code == 200
    clock.advance(minutes=29)
    assert browser.get("/desk").status_code == 200, "use keeps it"
    clock.advance(minutes=31)
    assert browser.get("/desk").headers["location"].startswith("/sign-in")
    browser = city.browser("editor")
    for _ in range(36):
        clock.advance(minutes=20)
        browser.get("/desk")
    clock.advance(minutes=1)
    assert browser.get("/desk").headers["location"].startswith("/sign-in")


def test_a_key_that_was_planted_or_used_before_is_not_taken_over(city: City):
    browser = city.browser()
    browser.client.cookies.set(COOKIE, "planted")
    assert browser.sign_in("editor", PASSWORD).status_code == 303
    with city.site.database.reading() as session:
        assert len(session.scalars(select(SignedIn)).all()) == 1
    first = browser.client.cookies.get(COOKIE, domain="testserver.local")
    assert "planted" not in first
    browser.client.cookies.delete(COOKIE, domain="", path="/")
    browser.get("/desk")
    assert browser.post("/sign-out").status_code == 303
    old = city.browser()
    old.client.cookies.set(COOKIE, first)
    assert old.get("/desk").headers["location"].startswith("/sign-in")


def test_the_database_does_not_hold_what_the_browser_holds(city: City):
    browser = city.browser("editor")
    with city.site.database.reading() as session:
        row = session.scalars(select(SignedIn)).one()
        assert browser.client.cookies[COOKIE] not in (row.key, row.csrf)
        assert session.scalars(select(User.password_hash)).first().startswith("$argon2id$")


def test_a_first_password_opens_nothing_but_its_change(city: City):
    manager = city.browser("manager")
    manager.post("/users", {"name": "fresh", "full_name": "新人", "role": "unit_editor", "organisation": "201"})
    with city.site.database.reading() as session:
        number = session.scalars(select(User.id).where(User.name == "fresh")).one()
    page = manager.post(f"/users/{number}/password")
    password = page.text.split("只显示这一次）：<code>")[1].split("<")[0]
    fresh = city.browser("fresh", password)
    assert fresh.get("/organisations").headers["location"] == "/account"
    weak = fresh.post("/account/password", {"old": password, "new": "short", "again": "short"})
    assert weak.status_code == 400
    assert fresh.post("/account/password", {"old": password, "new": PASSWORD, "again": PASSWORD}).status_code == 303
    assert fresh.get("/organisations").status_code == 200
    assert password not in city.browser("inspector").get("/audit").text


def test_changing_the_password_and_switching_off_end_other_sessions(city: City):
    one, other = city.browser("editor"), city.browser("editor")
    new = "River-stone-73!"
    assert one.post("/account/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 200
    assert other.get("/desk").status_code == 303 and one.get("/desk").status_code == 200
    with city.site.database.reading() as session:
        identity = session.scalars(select(User.id).where(User.name == "editor")).one()
    city.browser("manager").post(f"/users/{identity}/switch", {"active": "0"})
    assert one.get("/desk").status_code == 303
    assert city.browser().sign_in("editor", new).status_code == 401


def test_a_one_time_code_is_asked_for_and_taken_once(city: City, clock: Clock):
    browser = city.browser("editor")
    browser.post("/account/totp")
    page = browser.get("/account").text
    secret = page.split("输入密钥 <code>")[1].split("<")[0]

    def now() -> str:
        return pyotp.TOTP(secret).at(clock.now)

    assert browser.post("/account/totp/confirm", {"code": now()}).status_code == 200
    clock.advance(minutes=1)
    assert city.browser().sign_in("editor", PASSWORD).status_code == 401
    assert city.browser().sign_in("editor", PASSWORD, "000000").status_code == 401
    assert city.browser().sign_in("editor", PASSWORD, "甲乙").status_code == 401
    code = "".join(chr(ord(digit) + 0xFEE0) for digit in now())  # As a Chinese keyboard gives it.
    assert city.browser().sign_in("editor", PASSWORD, code).status_code == 303
    assert city.browser().sign_in("editor", PASSWORD, code).status_code == 401, "seen over a shoulder"


@pytest.mark.parametrize(
    "password", ["Short-1!", "alllowercaseletters", "Editor-2026!x", "Password-123", "aaaaaaaaA1!", "x" * 200]
)
def test_weak_passwords_are_refused(password: str):
    with pytest.raises(WeakPasswordError):
        demand_strength(password, "editor")


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_server(city: City, onward: str):
    answer = city.browser().sign_in("editor", PASSWORD, next=onward)
    assert answer.headers["location"] == "/desk"


def _with_code(city: City) -> str:
    """Gives the user editor one-time codes, and their secret."""
    browser = city.browser("editor")
    browser.post("/account/totp")
    secret = browser.get("/account").text.split("输入密钥 <code>")[1].split("<")[0]
    assert browser.post("/account/totp/confirm", {"code": pyotp.TOTP(secret).at(city.clock.now)}).status_code == 200
    city.clock.advance(minutes=2)
    return secret


def test_the_secret_of_one_time_codes_is_sealed_and_opens_for_its_user_only(city: City):
    secret = _with_code(city)
    city.browser("colleague").post("/account/totp")
    with city.site.database.writing() as session:
        kept = session.scalars(select(User.totp_secret).where(User.name == "editor")).one()
        everything = [*session.scalars(select(User.totp_secret)), *session.scalars(select(SignedIn.pending_totp))]
        assert kept and len(everything) > 8
        assert not [text for text in everything if secret in text or pyotp.TOTP(secret).secret in text]
        assert all(text == "" or text.startswith("s1.") for text in everything)
        session.scalars(select(User).where(User.name == "colleague")).one().totp_secret = kept
    code = pyotp.TOTP(secret).at(city.clock.now)
    answer = city.browser().sign_in("colleague", PASSWORD, code)
    assert answer.status_code == 401, "a secret moved to another user's row is of no use"
    assert city.browser().sign_in("editor", PASSWORD, code).status_code == 303


def test_secrets_that_stood_in_the_clear_are_sealed_by_the_migration(city: City):
    from alembic import command

    from juesuan.web.migration import _config

    secret = pyotp.random_base32()
    with city.site.database.restructuring() as connection:
        connection.execute(update(User).where(User.name == "editor").values(totp_secret=secret))
        config = _config()
        config.attributes |= {"connection": connection, "sealer": city.site.sealer}
        for work, revision in ((command.stamp, "0004"), (command.upgrade, "0005"), (command.stamp, "head")):
            work(config, revision)
    with city.site.database.reading() as session:
        kept = session.scalars(select(User.totp_secret).where(User.name == "editor")).one()
    assert secret not in kept
    assert city.browser().sign_in("editor", PASSWORD, pyotp.TOTP(secret).at(city.clock.now)).status_code == 303


def test_a_lost_secret_file_is_told_to_who_knows_the_password_and_mended_by_the_administrator(city: City):
    secret = _with_code(city)
    manager = city.browser("manager")
    city.site.signing._sealer = city.site.sealer = Sealer(b"another file")
    code = pyotp.TOTP(secret).at(city.clock.now)
    told = city.browser().sign_in("editor", PASSWORD, code)
    assert told.status_code == 401 and "管理员重置" in told.text
    assert "管理员重置" not in city.browser().sign_in("editor", "Wrong-guess-1!", code).text
    with city.site.database.reading() as session:
        identity = session.scalars(select(User.id).where(User.name == "editor")).one()
    page = manager.post(f"/users/{identity}/password").text
    first = page.split("只显示这一次）：<code>")[1].split("<")[0]
    assert city.browser().sign_in("editor", first).status_code == 303
