"""Publishing in tests: accounts asked for by an organisation and made by the queue."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from juesuan.account import Account, to_json
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Organisation, Publication
from juesuan.web.publication import publications as publication
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers

from .conftest import City
from .samples import account, wrong_account


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


SCRIPT = "<script>alert('甲')</script>\"'><img src=x onerror=alert(1)>"
NOTE = "表1收入合计多列100万元，更正。"


def hostile(sound: Account | None = None) -> Account:
    """An account (or budget) whose every text tries to be a script."""
    made = renamed(sound or account(), f"测试市第一医院{SCRIPT}")
    narrative = tuple(
        msgspec.structs.replace(section, title=section.title + SCRIPT, paragraphs=tuple(
            msgspec.structs.replace(paragraph, text=paragraph.text + SCRIPT, claims=(), gaps=())
            for paragraph in section.paragraphs
        ))
        for section in made.narrative
    )
    sheets = tuple(
        msgspec.structs.replace(sheet, title=sheet.title + SCRIPT, goals=(SCRIPT,), indicators=tuple(
            msgspec.structs.replace(line, name=line.name + SCRIPT, actual=SCRIPT) for line in sheet.indicators
        ))
        for sheet in made.sheets
    )
    texts = {key: text + SCRIPT for key, text in made.texts.items()}
    glossary = tuple(msgspec.structs.replace(entry, text=entry.text + SCRIPT) for entry in made.glossary)
    goals = tuple(
        msgspec.structs.replace(form, title=form.title + SCRIPT, goals=(SCRIPT,), indicators=tuple(
            msgspec.structs.replace(line, name=line.name + SCRIPT, target=SCRIPT) for line in form.indicators
        ))
        for form in made.goals
    )
    return msgspec.structs.replace(
        made, narrative=narrative, sheets=sheets, texts=texts, glossary=glossary, goals=goals
    )


def fill(city: City) -> None:
    """Publishes a wrong account and its correction, last year's, another unit's, and a hostile one."""
    publish(city, wrong_account())
    city.clock.advance(days=1)
    publish(city, account(), note=NOTE + SCRIPT)
    city.clock.advance(days=1)
    publish(city, renamed(account(), year=2021))
    publish(city, renamed(account(), "测试市第二中学"), "202")
    publish(city, hostile(), "301")
