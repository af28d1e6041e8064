"""The accounts that a filing begins from and is held against: last year's, the budget, last year's outcome."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from juesuan.account import Account, from_json
from juesuan.compiler.editor import FilingContent, GivenFigures
from juesuan.intake import OFFSETS
from juesuan.statute import Kind
from juesuan.web.infra.models import Filing
from juesuan.web.publication import publications as publication
from juesuan.web.review.related import other_kind, related_path
from juesuan.web.review.uploads import store_upload
from juesuan.web.site.site import Site


def account_at(path: Path | None) -> Account | None:
    """The account that lies at `path`."""
    return from_json(path.read_bytes()) if path else None


def last_path_of(session: Session, site: Site, filing: Filing) -> Path | None:
    """Where last year's disclosure of the same kind of a filing's unit lies; None for none."""
    season = filing.season
    return related_path(
        session, site, filing.organisation_id, season.year, season.kind, season.kind, _figures(filing).last
    )


def others_of(session: Session, site: Site, filing: Filing) -> list[Path]:
    """The accounts that a filing is held against: last year's, and of a final account its year's budget, of a budget
    last year's final account; as far as they are known here or the unit gave them.
    """
    season, given = filing.season, _figures(filing)
    other = related_path(
        session, site, filing.organisation_id, season.year, season.kind, other_kind(season.kind),
        given.budget if season.kind == "决算" else given.outcome,
    )
    return [path for path in (last_path_of(session, site, filing), other) if path]


def known_here(session: Session, site: Site, filing: Filing) -> dict[Kind, Path]:
    """Where what a filing can begin from lies, as far as it was published or read here, by kind."""
    season = filing.season
    paths = {
        kind: related_path(session, site, filing.organisation_id, season.year, season.kind, kind)
        for kind in (season.kind, other_kind(season.kind))
    }
    return {kind: path for kind, path in paths.items() if path}


def named_here(filing: Filing, known: Mapping[Kind, Path]) -> list[str]:
    """What they are, in words: 2022年度预算."""
    season = filing.season
    return [f"{season.year - OFFSETS[season.kind, kind]}年度{kind}" for kind in known]


def _figures(filing: Filing) -> GivenFigures:
    return msgspec.json.decode(filing.content, type=FilingContent).figures


def keep_accounts(site: Site, given: GivenFigures, accounts: Mapping[str, bytes]) -> GivenFigures:
    """What files say, with the digests of the accounts (`last`, `budget`, `outcome`) that came with them, which are
    kept.
    """
    digests = {
        name: store_upload(io.BytesIO(data), publication.accounts(site), "json") for name, data in accounts.items()
    }
    return msgspec.structs.replace(given, **digests)
