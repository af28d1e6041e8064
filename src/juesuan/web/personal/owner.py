"""Whose desk it is: the one user and the one unit, there from the first start, and what a unit begins from."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from juesuan.account import JuesuanError
from juesuan.compiler.editor import FilingContent
from juesuan.statute import load_statute
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.filing import filings as filings_room
from juesuan.web.filing.processing import BegunFiling, TakenOver
from juesuan.web.filing.seasons import season_of
from juesuan.web.infra.audit import Actor
from juesuan.web.infra.models import Filing, Organisation, Season, User, moment
from juesuan.web.site.site import Site

NAME, ROLE = "owner", "personal"
UNNAMED = "本单位"
"""What the unit is called until a file or its owner names it."""


class PersonalError(JuesuanError, ValueError):
    """Something cannot be begun as asked; the message says why and what to do."""


def settle(session: Session, site: Site) -> User:
    """The owner of the desk with their unit; made at the first start."""
    user = session.scalars(select(User).where(User.name == NAME)).first()
    if user is not None:
        return user
    home = Organisation(code="1", name=UNNAMED, kind="unit", parent_id=None, path="?")
    session.add(home)
    session.flush()
    home.path = f"/{home.id}/"
    # No password: nobody can sign in, there are only one-time links.
    user = User(name=NAME, full_name="本人", role=ROLE, organisation_id=home.id, password_hash="", must_change=False,
                active=True, failures=0, locked_until="", totp_secret="", totp_last=0)
    session.add(user)
    session.flush()
    return user


def enter(session: Session, site: Site, client: str) -> str:
    """The key of a new session of the desk's owner."""
    return site.signing.begin(session, settle(session, site), Actor(NAME, ROLE, client))


def begin(session: Session, site: Site, me: SignedInUser, begun: BegunFiling) -> Filing:
    """A year's forms begun from files. Raises PersonalError and FilingError."""
    home = _home(session, me, begun.unit)
    season = _season(session, site, me, begun)
    row = filings_room.begin(session, site, me, home, season)
    row.content = "{}"
    filings_room.take_over(session, site, me, row, begun.taken, "、".join(begun.taken.filled.figures.files))
    return row


def begin_blank(session: Session, site: Site, me: SignedInUser, unit: str, year: int, profile: str) -> Filing:
    """A year's forms begun with nothing, or from last year's account where it is known. Raises as begin() does."""
    blank = BegunFiling(unit, year, profile, TakenOver(FilingContent(), (), (), "held"))
    return filings_room.begin(session, site, me, _home(session, me, unit), _season(session, site, me, blank))


def _home(session: Session, me: SignedInUser, unit: str) -> Organisation:
    home = session.get_one(Organisation, me.organisation_id)
    if home.name == unit:
        return home
    if session.scalar(select(func.count(Filing.id))):
        raise PersonalError(
            f"这里做的是“{home.name}”的，这些文件是“{unit}”的。"
            "别的单位请另用一个文件夹：juesuan desk --data 文件夹。"
        )
    home.name = unit[:200]
    session.flush()
    return home


def _season(session: Session, site: Site, me: SignedInUser, begun: BegunFiling) -> Season:
    kind = load_statute(begun.profile).profile.kind
    season = season_of(session, begun.year, kind)
    if season is None:
        season = Season(year=begun.year, kind=kind, profile=begun.profile, approved="", creator=me.name,
                        created=moment(site.settings.clock()))
        session.add(season)
        session.flush()
    return season
