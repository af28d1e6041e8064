"""The accounts that a filing begins from and is held against: last year's, and the year's budget."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import Account, from_json
from juesuan.compiler.editor import FilingContent, GivenFigures
from juesuan.web.infra.models import Document, Filing, Publication
from juesuan.web.publication import publications as publication
from juesuan.web.review.reading import ACCOUNT
from juesuan.web.review.reviews import results_of
from juesuan.web.review.uploads import store_upload, stored_path
from juesuan.web.site.site import Site


def last_path(session: Session, site: Site, organisation: int, year: int, given: str = "") -> Path | None:
    """Where the unit's account of the year before `year` lies; None for none.

    The one published here counts, else the one that the unit `given` (its digest), else the latest read at the review
    desk.
    """
    query = select(Publication.digest).where(
        Publication.organisation_id == organisation, Publication.year == year - 1, Publication.current
    )
    digest = session.scalar(query) or given
    if digest:
        return stored_path(publication.accounts(site), digest, "json")
    read = select(Document.id).where(Document.organisation_id == organisation, Document.year == year - 1)
    number = session.scalar(read.order_by(Document.id.desc()).limit(1))
    path = results_of(site, number) / ACCOUNT if number else None
    return path if path and path.is_file() else None


def account_at(path: Path | None) -> Account | None:
    """The account that lies at `path`."""
    return from_json(path.read_bytes()) if path else None


def last_path_of(session: Session, site: Site, filing: Filing) -> Path | None:
    """Where last year's account of a filing's unit lies; None for none."""
    given = _figures(filing).last
    return last_path(session, site, filing.organisation_id, filing.season.year, given)


def others_of(session: Session, site: Site, filing: Filing) -> list[Path]:
    """The accounts that a filing is held against: last year's, and its year's budget where the unit gave it."""
    budget = _figures(filing).budget
    there = [last_path_of(session, site, filing), stored_path(publication.accounts(site), budget, "json")]
    return [path for path in (there if budget else there[:1]) if path]


def _figures(filing: Filing) -> GivenFigures:
    return msgspec.json.decode(filing.content, type=FilingContent).figures


def keep_accounts(site: Site, given: GivenFigures, accounts: Mapping[str, bytes]) -> GivenFigures:
    """What files say, with the digests of the accounts (`last`, `budget`) that came with them, which are kept."""
    digests = {
        name: store_upload(io.BytesIO(data), publication.accounts(site), "json") for name, data in accounts.items()
    }
    return msgspec.structs.replace(given, **digests)
