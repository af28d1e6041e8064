"""The disclosures of a unit that one of it is held against: last year's, the budget, last year's final account."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from juesuan.intake import OFFSETS
from juesuan.statute import Kind
from juesuan.web.infra.models import Publication, ReviewFile
from juesuan.web.review.reading import ACCOUNT
from juesuan.web.review.uploads import stored_path
from juesuan.web.site.site import Site


def results_of(site: Site, document: int) -> Path:
    """The folder of what was made of a document."""
    return site.settings.files / "results" / str(document)


def disclosed(document: ReviewFile) -> Kind:
    """What a document that was read discloses; one that does not say it counts as a final account."""
    return "预算" if document.disclosure == "预算" else "决算"


def discloses(kind: Kind) -> ColumnElement[bool]:
    """The condition that a document discloses `kind`, as disclosed() has it."""
    return ReviewFile.disclosure == kind if kind == "预算" else ReviewFile.disclosure != "预算"


def related_accounts(session: Session, site: Site, organisation: int, year: int, kind: Kind) -> list[Path]:
    """The accounts that a unit's disclosure of a year is held against, as far as they are here."""
    others: tuple[Kind, Kind] = (kind, other_kind(kind))
    paths = [related_path(session, site, organisation, year, kind, other) for other in others]
    return [path for path in paths if path]


def other_kind(kind: Kind) -> Kind:
    """The kind of the other disclosure that one is held against: of a final account the budget, of a budget last
    year's final account.
    """
    return "预算" if kind == "决算" else "决算"


def related_path(
    session: Session, site: Site, organisation: int, year: int, kind: Kind, other: Kind, given: str = ""
) -> Path | None:
    """Where the unit's disclosure of the kind `other` lies that its `kind` of `year` is held against; None for none.

    The one published here counts, else the one that the unit `given` (its digest), else the latest read here.
    """
    wanted = year - OFFSETS[kind, other]
    query = select(Publication.digest).where(
        Publication.organisation_id == organisation, Publication.year == wanted, Publication.kind == other,
        Publication.current,
    )
    digest = session.scalar(query) or given
    if digest:
        return stored_path(site.settings.accounts, digest, "json")
    read = select(ReviewFile.id).where(
        ReviewFile.organisation_id == organisation, ReviewFile.year == wanted, discloses(other)
    )
    number = session.scalar(read.order_by(ReviewFile.id.desc()).limit(1))
    path = results_of(site, number) / ACCOUNT if number else None
    return path if path and path.is_file() else None
