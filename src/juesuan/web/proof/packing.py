"""What was decided here about a document or a filing, put into a proof."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import JuesuanError
from juesuan.inspection.proof import Decision, DeskFinding, Explained, SignOff, Waived, digest_of
from juesuan.web.auth.rights import load_rights
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.auth.users import full_names
from juesuan.web.filing.findings import settled_findings
from juesuan.web.filing.held_against import others_of
from juesuan.web.filing.stepping import history
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.limited_process import TooLongError, WorkError, at_work, carry_out
from juesuan.web.infra.models import AuditEntry, Filing, Publication, ReviewFile
from juesuan.web.infra.process_slots import SLOTS, BusyError
from juesuan.web.proof.process import DIGEST, PACK, ProofOrder
from juesuan.web.publication import publications as publication
from juesuan.web.review.related import disclosed, related_accounts
from juesuan.web.review.reviews import STATES, source_of, waivers_of
from juesuan.web.review.uploads import clean_name, stored_path
from juesuan.web.site.site import Site, local

REVIEWED, APPROVED = "审核的文件", "批复的"
DECIDED = ("accepted", "returned")


class ProvingError(JuesuanError):
    """A proof cannot be given; the message is for people."""


class MadeProof(msgspec.Struct, frozen=True):
    """A proof: its archive, and the digest of its manifest (证明指纹)."""

    content: bytes
    digest: str


def prove_document(session: Session, site: Site, me: SignedInUser, document: ReviewFile) -> MadeProof:
    """The proof of a document that was accepted or returned. Raises ProvingError."""
    if document.state not in DECIDED:
        raise ProvingError("审核有了结果（接受或退回）才能出具证明。")
    if replaced(site, document):
        raise ProvingError(
            "保存的文件与审核时的指纹不符：文件被替换或损坏，审核作废，不能出具证明。请从备份恢复，或重新上传审核。"
        )
    waivers = waivers_of(session, document)
    entries = list(session.scalars(select(AuditEntry).where(
        AuditEntry.subject == f"document:{document.id}", AuditEntry.action.in_(_SIGNED)
    ).order_by(AuditEntry.id)))
    names = full_names(session, [*(each.author for each in waivers), *(each.actor for each in entries)])
    decision = Decision(
        REVIEWED, _now(site), me.full_name, STATES[document.state],
        tuple(SignOff(_SIGNED[each.action], names.get(each.actor, each.actor), _role(each.role),
                      local(each.moment)[:16], _reason(each)) for each in entries),
        tuple(Waived(each.fingerprint, each.reason, names[each.author], local(each.created)[:16]) for each in waivers),
    )
    against = related_accounts(session, site, document.organisation_id, document.year, disclosed(document))
    return _made(site, source_of(site, document), document.name, decision, against, {})


def prove_filing(session: Session, site: Site, me: SignedInUser, filing: Filing) -> MadeProof:
    """The proof of an account that was approved here. Raises ProvingError."""
    if not load_way().final(filing.state):
        raise ProvingError("批复以后才能出具证明。")
    steps = load_way().steps
    signed = tuple(
        SignOff(
            steps[step.step].brief or steps[step.step].title, name, _role(step.role), local(step.moment)[:16],
            step.reason,
        )
        for step, name in history(session, filing)
    )
    explained = tuple(Explained(each.message, each.explanation.text) for each in settled_findings(filing)
                      if each.explanation and each.explained)
    found = tuple(DeskFinding(each.note.issue.code, each.note.issue.severity, each.message)
                  for each in settled_findings(filing))
    outcome = load_way().states[filing.state].title
    what = f"{APPROVED}{filing.season.kind}"
    decision = Decision(what, _now(site), me.full_name, outcome, signed, explained=explained, found=found)
    account = stored_path(publication.accounts(site), filing.account, "json")
    row = session.scalars(select(Publication).where(
        Publication.organisation_id == filing.organisation_id, Publication.year == filing.season.year,
        Publication.kind == filing.season.kind,
        Publication.digest == filing.account, Publication.state == "published",
    ).order_by(Publication.version.desc())).first()
    files = {file.shown: publication.folder_of(site, row) / file.name for file in publication.files_of(row)} \
        if row else {}
    name = clean_name(f"{filing.organisation.name}{filing.season.named}.json")
    return _made(site, account, name, decision, others_of(session, site, filing), files)


_SIGNED = {"document.upload": "收到文件", "document.check": "读取和核对", "document.accepted": "接受",
           "document.returned": "退回"}
"""What of the audit trail stands among the steps of a document."""


def _reason(entry: AuditEntry) -> str:
    after = msgspec.json.decode(entry.after) if entry.after else {}
    return str(after.get("reason", "")) if isinstance(after, dict) else ""


def _role(role: str) -> str:
    return load_rights().roles.get(role, "本系统")


def _now(site: Site) -> str:
    return site.settings.clock().strftime("%Y-%m-%d %H:%M")


def replaced(site: Site, document: ReviewFile) -> bool:
    """Whether the file kept of a document is not the one that was read."""
    path = source_of(site, document)
    return not path.is_file() or digest_of(path.read_bytes()) != document.digest


def others_received(session: Session, document: ReviewFile) -> list[ReviewFile]:
    """The other files of the same unit, year and kind, which a review of this one says nothing about; latest first."""
    query = select(ReviewFile).where(
        ReviewFile.organisation_id == document.organisation_id, ReviewFile.year == document.year,
        ReviewFile.disclosure == document.disclosure, ReviewFile.digest != document.digest,
        ReviewFile.id != document.id,
    )
    return list(session.scalars(query.order_by(ReviewFile.id.desc()))) if document.year else []


def _made(
    site: Site, file: Path, name: str, decision: Decision, against: Sequence[Path], published: Mapping[str, Path]
) -> MadeProof:
    settings = site.settings
    with at_work(settings) as folder:
        given = Path(folder) / "given"
        given.mkdir()
        shutil.copyfile(file, given / name)
        order = ProofOrder(
            folder, str(given / name), decision, tuple(map(str, against)), {k: str(v) for k, v in published.items()},
            national=settings.national, memory=settings.reading_memory, seconds=settings.reading_time,
        )
        try:
            with SLOTS.slot():
                carry_out("juesuan.web.proof.process", order, Path(folder), settings.data / "cache", order.seconds)
        except (BusyError, WorkError) as error:
            raise ProvingError(str(error)) from None
        except TooLongError:
            raise ProvingError("出具证明用的时间太长，已停止。") from None
        return MadeProof((Path(folder) / PACK).read_bytes(), (Path(folder) / DIGEST).read_text(encoding="ascii"))
