"""Seasons (年度) of accounts or budgets: a wrong opening is corrected or taken back until units' work hangs on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from juesuan.account import JuesuanError
from juesuan.statute import Kind, load_statute
from juesuan.statute.loader import heads
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing, FilingStep, Season, moment
from juesuan.web.site.site import Site


class SeasonError(JuesuanError, ValueError):
    """A season cannot be changed as asked; the message says why."""


class SeasonUse(msgspec.Struct, frozen=True):
    """How many units have begun, and how many of them have sent something in."""

    begun: int
    sent: int


def use_of(session: Session, season: Season) -> SeasonUse:
    """What hangs on a season."""
    begun = session.scalar(select(func.count(Filing.id)).where(Filing.season_id == season.id)) or 0
    sent = select(func.count(FilingStep.filing_id.distinct())).join(Filing, Filing.id == FilingStep.filing_id)
    return SeasonUse(begun, session.scalar(sent.where(Filing.season_id == season.id)) or 0)


@cache
def profile_titles() -> dict[Kind, dict[str, str]]:
    """The profiles that a season may stand under, with their Chinese titles, by what is disclosed."""
    kinds: tuple[Kind, ...] = ("决算", "预算")
    return {kind: {head.key: head.title for head in heads(kind)} for kind in kinds}


def is_profile(key: str) -> bool:
    """Whether a season may stand under the profile `key`."""
    return any(key in titles for titles in profile_titles().values())


def kind_named(text: str) -> Kind:
    """The kind that a form or an address names; where it names none, final accounts."""
    return "预算" if text == "预算" else "决算"


def season_of(session: Session, year: int, kind: Kind) -> Season | None:
    """The season of a year and kind; None where it was not opened."""
    return session.scalars(select(Season).where(Season.year == year, Season.kind == kind)).first()


def all_seasons(session: Session) -> list[Season]:
    """All seasons, the latest year first, of one year final accounts first."""
    return list(session.scalars(select(Season).order_by(Season.year.desc(), Season.kind)))


def subject(season: Season) -> str:
    """What the audit trail calls a season."""
    return f"season:{season.year}" + (f" {season.kind}" if season.kind == "预算" else "")


def roles_switched(seasons: Iterable[Season]) -> dict[str, tuple[str, ...]]:
    """The roles that steps switched on for one of the years want in each kind of organisation that files."""
    switched = {key for season in seasons for key in season.checks.split()}
    states = load_way().states
    roles = tuple(dict.fromkeys(role for key in states if key in switched for role in states[key].holders))
    return {"department": roles, "unit": roles}


def open_year(session: Session, site: Site, me: SignedInUser, year: int, profile: str) -> Season:
    """Opens a year for filling in under a profile, which says of what. Raises SeasonError for one that is open."""
    kind = load_statute(profile).profile.kind
    if season_of(session, year, kind):
        raise SeasonError(f"{year} 年度{kind}已经开放。")
    row = Season(
        year=year, kind=kind, profile=profile, approved="", creator=me.name, created=moment(site.settings.clock())
    )
    session.add(row)
    session.flush()
    site.trail.append(session, me.actor, "season.open", subject(row), after={"profile": profile})
    return row


def change_profile(session: Session, site: Site, me: SignedInUser, year: int, kind: Kind, profile: str) -> None:
    """Lets a year stand under another profile. What units have filled in stays where the sheets are the same.

    Raises SeasonError for one in which something was sent in: its account was compiled under the old profile; and for
    a profile of the other kind.
    """
    season = _season(session, year, kind)
    use = use_of(session, season)
    if use.sent:
        raise SeasonError(f"{season.named}已有 {use.sent} 个单位送审，口径不能再改。")
    if load_statute(profile).profile.kind != kind:
        raise SeasonError(f"这是{season.named}，口径应从{kind}的口径里选择。")
    before, season.profile = season.profile, profile
    # What was counted of their findings was counted under the other profile.
    for filing in session.scalars(select(Filing).where(Filing.season_id == season.id)):
        filing.revision += 1
    session.flush()
    site.trail.append(session, me.actor, "season.change", subject(season), before={"profile": before},
                      after={"profile": profile})


def close(session: Session, site: Site, me: SignedInUser, year: int, kind: Kind) -> None:
    """Takes a year back. Raises SeasonError for one in which a unit has begun."""
    season = _season(session, year, kind)
    use = use_of(session, season)
    if use.begun:
        raise SeasonError(f"{season.named}已有 {use.begun} 个单位开始填报，不能撤销。")
    before = {"profile": season.profile, "approved": season.approved}
    session.delete(season)
    session.flush()
    site.trail.append(session, me.actor, "season.close", subject(season), before=before)


def _season(session: Session, year: int, kind: Kind) -> Season:
    season = season_of(session, year, kind)
    if season is None:
        raise SeasonError("没有这个年度。")
    return season
