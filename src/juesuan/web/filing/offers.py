"""What missing reasons can be written from, for who writes them at the desk: nothing of it is filled in unasked."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from juesuan.compiler.editor import PlacedIssue
from juesuan.compiler.explaining import Offer, contradicts, offer_for
from juesuan.web.filing.filings import examined, statute_of
from juesuan.web.filing.held_against import account_at, last_path_of
from juesuan.web.infra.models import Filing
from juesuan.web.site.site import Site


def offers_for(session: Session, site: Site, row: Filing, notes: Iterable[PlacedIssue]) -> dict[str, Offer]:
    """What the reasons that `notes` are about can be written from, by key."""
    compilation = examined(row).compilation
    keys = {note.issue.address for note in notes if note.issue.address in compilation.asked}
    if not keys:
        return {}
    last = account_at(last_path_of(session, site, row))
    statute = statute_of(row)
    return {key: offer_for(compilation.asked[key], compilation.account, statute, last) for key in keys}


def against(row: Filing, key: str, answer: str) -> str:
    """What the answer to the reason called `key` contradicts, in words; empty where it does not."""
    compilation = examined(row).compilation
    asked = compilation.asked.get(key)
    if asked is None or not contradicts(asked, answer):
        return ""
    return f"{asked.described(statute_of(row))}，而写的原因方向相反。请改写；确实如此的，再保存一次。"
