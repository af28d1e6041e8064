"""Files under review handled apart from judging them: taken away with a reason, read again, moved to another unit."""

from __future__ import annotations

import shutil

from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.infra.models import Organisation, Publication, ReviewFile
from juesuan.web.review.related import results_of
from juesuan.web.review.reviews import ReviewError, recount, source_of
from juesuan.web.site.jobs import put
from juesuan.web.site.site import Site


def delete_document(session: Session, site: Site, me: SignedInUser, document: ReviewFile, reason: str) -> None:
    """Takes a file away with all that was made of it. The trail keeps its name, digest and the reason.

    Raises ReviewError without a reason, for one that is being read, and for one that was published from.
    """
    if not reason:
        raise ReviewError(f"{document.name}：删除要写明理由。")
    _demand_at_rest(document)
    published = select(Publication.id).where(Publication.original.startswith(f"{document.digest}."))
    if session.scalar(published.limit(1)) is not None:
        raise ReviewError(f"{document.name}：已经由这份文件公开，不能删除。")
    before = {"name": document.name, "sha256": document.digest, "unit": document.unit, "year": document.year,
              "state": document.state}
    others = select(ReviewFile.id).where(ReviewFile.digest == document.digest, ReviewFile.id != document.id)
    if session.scalar(others.limit(1)) is None:
        source_of(site, document).unlink(missing_ok=True)
    shutil.rmtree(results_of(site, document.id), ignore_errors=True)
    subject = f"document:{document.id}"
    session.delete(document)
    session.flush()
    site.trail.append(session, me.actor, "document.delete", subject, before=before, after={"reason": reason})


def read_again(session: Session, site: Site, me: SignedInUser, document: ReviewFile) -> None:
    """Puts the reading of a file into the queue once more; what was decided on it is open again. Raises ReviewError."""
    _demand_at_rest(document)
    before = {"state": document.state, "reason": document.reason}
    document.state, document.trouble, document.reason, document.decided_by = "waiting", "", "", ""
    document.version += 1
    session.flush()
    put(session, site, "check", {"document": document.id, "below": me.path})
    site.trail.append(session, me.actor, "document.reread", f"document:{document.id}", before=before)


def move_document(session: Session, site: Site, me: SignedInUser, document: ReviewFile, home: Organisation) -> None:
    """Counts a file for another organisation than the one that was told by its name. Raises ReviewError."""
    _demand_at_rest(document)
    if home.id == document.organisation_id:
        raise ReviewError(f"{document.name}：已经归在 {home.name}。")
    before = {"organisation": document.organisation.code}
    document.organisation = home
    document.version += 1
    session.flush()
    recount(session, site, document)
    after = {"organisation": home.code}
    site.trail.append(session, me.actor, "document.move", f"document:{document.id}", before=before, after=after)


def _demand_at_rest(document: ReviewFile) -> None:
    if document.state == "waiting":
        raise ReviewError(f"{document.name}：正在读取和核对，请稍候再办。")
