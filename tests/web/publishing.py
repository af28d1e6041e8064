"""Publishing in tests: accounts asked for by an organisation and made by the queue."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from juesuan.account import Account, to_json
from juesuan.web import publication
from juesuan.web.audit import SYSTEM
from juesuan.web.models import Organisation, Publication
from juesuan.web.queue import Workers
from juesuan.web.serving import FAILURES, WORKS

from .conftest import City


def ask(city: City, made: Account, code: str = "201", **more: object) -> Publication:
    """Asks for an account to be published; the queue has not begun."""
    with city.site.database.writing() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == code)).one()
        return publication.ask(session, city.site, SYSTEM, home, made.year, to_json(made), **more)


def work(city: City) -> int:
    """Does what waits in the queue."""
    return Workers(city.site, WORKS, FAILURES).do_all()


def publish(city: City, made: Account, code: str = "201", **more: object) -> Publication:
    """Publishes an account and gives its version as the database has it."""
    row = ask(city, made, code, **more)
    assert work(city) == 1
    with city.site.database.reading() as session:
        return session.get_one(Publication, row.id)


def renamed(account: Account, name: str = "", **more: object) -> Account:
    """The same account under another unit's name, or of another year."""
    unit = msgspec.structs.replace(account.unit, name=name or account.unit.name)
    return msgspec.structs.replace(account, unit=unit, facts=dict(account.facts), **more)
