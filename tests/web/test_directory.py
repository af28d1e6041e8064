"""Passwords kept in an LDAP directory, which is ldap3's own in memory: the network is the one thing not real."""

from __future__ import annotations

import pytest
from ldap3 import MOCK_SYNC, SIMPLE, Connection, Server
from ldap3.core.exceptions import LDAPSocketOpenError
from sqlalchemy import select

from juesuan.web import Settings
from juesuan.web.auth.directory import DirectoryError, directory
from juesuan.web.infra.models import User

from .conftest import PASSWORD, City, Clock

ADDRESS = "ldaps://directory.invalid/uid={name},ou=people,dc=city"
THERE = "Kept-in-the-directory-1"


def connected(server: Server, user: str, password: str) -> Connection:
    """A directory with one person in it."""
    connection = Connection(server, user=user, password=password, authentication=SIMPLE, client_strategy=MOCK_SYNC)
    connection.strategy.add_entry("uid=editor,ou=people,dc=city", {"userPassword": THERE, "objectClass": "person"})
    return connection


def away(server: Server, user: str, password: str) -> Connection:
    """A directory that cannot be reached."""
    raise LDAPSocketOpenError("no route")


def test_who_has_a_password_in_the_directory_signs_in_with_it_and_with_no_other(settings: Settings, clock: Clock):
    external = directory(ADDRESS, ["manager"], connected)
    city = City(settings, clock, external)
    with city.site.database.writing() as session:
        session.scalars(select(User).where(User.name == "editor")).one().must_change = True
    assert city.browser().sign_in("editor", THERE).status_code == 303
    for name, password in (("editor", PASSWORD), ("editor", ""), ("reviewer", PASSWORD), ("nobody", THERE)):
        assert city.browser().sign_in(name, password).status_code == 401, (name, password)
    assert city.browser().sign_in("manager", PASSWORD).status_code == 303, "kept here"
    with city.site.database.reading() as session:
        assert not session.scalars(select(User).where(User.name == "editor")).one().must_change
    city.site.database.close()


def test_a_name_cannot_become_another_entry_of_the_directory():
    asked: list[str] = []

    def noting(server: Server, user: str, password: str) -> Connection:
        asked.append(user)
        return connected(server, user, password)

    right = directory(ADDRESS, (), noting)
    assert right("editor,ou=people,dc=city+uid=x", THERE) is False
    assert asked == [r"uid=editor\,ou\=people\,dc\=city\+uid\=x,ou=people,dc=city"]


def test_a_directory_that_is_away_lets_nobody_in():
    assert directory(ADDRESS, (), away)("editor", THERE) is False


@pytest.mark.parametrize(("address", "told"), [
    ("ldap://directory.invalid/uid={name},dc=city", "明文"), ("ldaps://directory.invalid/uid=editor,dc=city", "{name}"),
    ("https://directory.invalid/uid={name}", "ldaps://"), ("", "ldaps://"),
])
def test_an_address_that_cannot_be_used_says_why(address: str, told: str):
    with pytest.raises(DirectoryError, match=told):
        directory(address)
