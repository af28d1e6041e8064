"""Seasons (年度): a wrong opening is corrected or taken back as long as nothing of the units' work hangs on it."""

from __future__ import annotations

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from juesuan.account import JuesuanError
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.infra.models import Filing, FilingStep, Season
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


def change_profile(session: Session, site: Site, me: SignedInUser, year: int, profile: str) -> None:
    """Lets a year stand under another profile. What units have filled in stays where the sheets are the same.

    Raises SeasonError for one in which something was sent in: its account was compiled under the old profile.
    """
    season = _season(session, year)
    use = use_of(session, season)
    if use.sent:
        raise SeasonError(f"{year} 年度已有 {use.sent} 个单位送审，口径不能再改。")
    before, season.profile = season.profile, profile
    # What was counted of their findings was counted under the other profile.
    for filing in session.scalars(select(Filing).where(Filing.season_id == season.id)):
        filing.revision += 1
    session.flush()
    site.trail.append(session, me.actor, "season.change", f"season:{year}", before={"profile": before},
                      after={"profile": profile})


def close(session: Session, site: Site, me: SignedInUser, year: int) -> None:
    """Takes a year back. Raises SeasonError for one in which a unit has begun."""
    season = _season(session, year)
    use = use_of(session, season)
    if use.begun:
        raise SeasonError(f"{year} 年度已有 {use.begun} 个单位开始填报，不能撤销。")
    before = {"profile": season.profile, "approved": season.approved}
    session.delete(season)
    session.flush()
    site.trail.append(session, me.actor, "season.close", f"season:{year}", before=before)


def _season(session: Session, year: int) -> Season:
    season = session.scalars(select(Season).where(Season.year == year)).first()
    if season is None:
        raise SeasonError("没有这个年度。")
    return season
