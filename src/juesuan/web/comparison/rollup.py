"""A department's account against those of its units (部门决算与所属单位合计对照, relation 50)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from juesuan.account import ZERO, Account, Issue, from_json, total
from juesuan.corpus.jurisdiction import DEPARTMENT_LEVELS, HEAD_LEVELS, Member, OrganisationList, check_department
from juesuan.statute import Kind, Statute
from juesuan.statute.comparison import KeyFigure, load_key_figures
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing, Organisation, Publication, ReviewFile, Season
from juesuan.web.publication import publications as publication
from juesuan.web.review.reading import ACCOUNT
from juesuan.web.review.related import discloses, results_of
from juesuan.web.review.uploads import stored_path
from juesuan.web.site.site import Site


class UnitFigures(msgspec.Struct, frozen=True):
    """A unit, where its account was taken from (empty: there is none), and its key figures in yuan."""

    code: str
    name: str
    origin: str
    amounts: tuple[Decimal | None, ...] = ()


class RolledUp(msgspec.Struct, frozen=True):
    """The units of a department, the names of the key figures, their sums before anything cancels out, the department's
    own, and what was found."""

    names: tuple[str, ...]
    lines: tuple[UnitFigures, ...]
    sums: tuple[Decimal, ...]
    own: tuple[Decimal | None, ...]
    findings: tuple[Issue, ...]


def roll_up(
    session: Session, site: Site, account: Account, home: Organisation, visible: ColumnElement[bool], statute: Statute
) -> RolledUp:
    """`account` of `home` against the accounts of the units below it that are `visible`, of the same year.

    Of a unit the account that it last sent in is taken, else the one it published, else the latest that was read at the
    review desk.
    """
    below = Organisation.path.startswith(home.path, autoescape=True)
    query = select(Organisation).where(below, Organisation.id != home.id, visible)
    units = list(session.scalars(query.order_by(Organisation.code)))
    kind = statute.profile.kind
    places = dict(_places(session, site, [unit.id for unit in units], account.year, kind))
    found = {unit.code: from_json(places[unit.id][1].read_bytes()) for unit in units if unit.id in places}
    lines = tuple(
        UnitFigures(
            unit.code, unit.name, places[unit.id][0] if unit.id in places else "", _amounts(found.get(unit.code), kind)
        )
        for unit in units
    )
    own = _amounts(account, kind)
    sums = tuple(total(line.amounts[place] or ZERO for line in lines) for place in range(len(own)))
    organisation = _organisation(home, units)
    # How budgets add up to that of a department no act says line by line: they stand beside each other.
    final = bool(units) and kind == "决算"
    findings = check_department(account, found, organisation, statute, home.code) if final else []
    return RolledUp(tuple(figure.name for figure in _figures(kind)), lines, sums, own, tuple(findings))


def _figures(kind: Kind) -> list[KeyFigure]:
    plan = load_key_figures(kind)
    return [figure for figure in plan.figures if figure.key in plan.drawn]


def _amounts(account: Account | None, kind: Kind) -> tuple[Decimal | None, ...]:
    facts = [account.get(figure.address) if account else None for figure in _figures(kind)]
    return tuple(fact.figure.value if fact else None for fact in facts)


def _organisation(home: Organisation, units: Sequence[Organisation]) -> OrganisationList:
    """The department as the roll-up knows it; who stands above whom only within it."""
    codes = {one.id: one.code for one in (home, *units)}
    members = [Member(home.code, home.name, level=DEPARTMENT_LEVELS[0])]
    for unit in units:
        # The server's list of organisations has no level; the department's own office (本级) is called so.
        level = HEAD_LEVELS[0] if HEAD_LEVELS[0] in unit.name else ""
        members.append(Member(unit.code, unit.name, codes.get(unit.parent_id or 0, home.code), level))
    return OrganisationList(tuple(members))


def _places(
    session: Session, site: Site, units: Sequence[int], year: int, kind: Kind
) -> Iterator[tuple[int, tuple[str, Path]]]:
    """For each unit with a disclosure of the year and kind what it is and where it lies; what comes later counts."""
    read = select(ReviewFile.organisation_id, ReviewFile.id, ReviewFile.name).where(
        ReviewFile.organisation_id.in_(units), ReviewFile.year == year, discloses(kind)
    )
    for unit, number, name in session.execute(read.order_by(ReviewFile.id)):
        if (path := results_of(site, number) / ACCOUNT).is_file():
            yield unit, (f"审核文件 {name}", path)
    published = select(Publication.organisation_id, Publication.version, Publication.digest).where(
        Publication.organisation_id.in_(units), Publication.year == year, Publication.kind == kind, Publication.current
    )
    for unit, version, digest in session.execute(published):
        yield unit, (f"已公开第{version}版", stored_path(publication.accounts(site), digest, "json"))
    sent = select(Filing.organisation_id, Filing.state, Filing.account).join(Season).where(
        Filing.organisation_id.in_(units), Season.year == year, Season.kind == kind, Filing.account != ""
    )
    for unit, state, digest in session.execute(sent):
        origin = f"最近一次送审稿（{load_way().states[state].title}）"
        yield unit, (origin, stored_path(publication.accounts(site), digest, "json"))
