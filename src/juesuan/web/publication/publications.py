"""Publication: an approved account or budget becomes a version at a stable address, made whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from juesuan.account import Account, JuesuanError, NotAnAccountError, from_json, spaceless, to_json
from juesuan.publisher import file_stem
from juesuan.statute import Kind, StatuteError, load_statute
from juesuan.web.infra.audit import SYSTEM, Actor
from juesuan.web.infra.models import (
    Job,
    Organisation,
    Publication,
    PublishedFact,
    PublishedForm,
    PublishedIndicator,
    ReviewFile,
    SearchPassage,
    moment,
)
from juesuan.web.publication import search
from juesuan.web.publication.build import CONTENTS, GLANCE, PAGE, BuildError, BuildOrder, BuiltContents, File, run
from juesuan.web.review.reading import ACCOUNT
from juesuan.web.review.related import results_of
from juesuan.web.review.reviews import source_of
from juesuan.web.review.uploads import store_upload, stored_path
from juesuan.web.site.jobs import Failure, JobError, TakenJob, Work, put
from juesuan.web.site.site import Site

BUDGETS = "budgets"
"""The folder of the versions of a year's budget, beside those of its final account."""

STATES = {"making": "正在生成", "published": "已公开", "failed": "没有生成"}


class PublicationError(JuesuanError, ValueError):
    """An account cannot be published as asked; the message says why and what to do."""


def ask(
    session: Session, site: Site, actor: Actor, organisation: Organisation, year: int, account: bytes, *,
    note: str = "", original: Path | None = None,
) -> Publication:
    """Asks for `account` (JSON) to be published for `organisation`, within the caller's transaction.

    `note` is what was corrected and why (更正说明), which every version but the first needs; `original` the file that
    the account was read from. The public sees the version when the job that this puts into the queue is done. Raises
    PublicationError.
    """
    try:
        read = from_json(account)
    except NotAnAccountError as error:
        raise PublicationError(str(error)) from None
    kind = kind_of(read)
    named = f"{year}年度{kind}"
    if read.year != year:
        raise PublicationError(f"这是 {read.year} 年度的{kind}，不能作为 {year} 年度公开。")
    # Two who ask at once come one after the other.
    session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    latest = next(iter(of_year(session, organisation.id, year, kind)), None)
    if latest and latest.state == "making":
        raise PublicationError(f"{named}第{latest.version}版正在生成，请稍候再试。")
    row = latest if latest and latest.state == "failed" else None
    version = row.version if row else latest.version + 1 if latest else 1
    if version > 1 and not note.strip():
        raise PublicationError(f"{named}已经公开，更正须写明更正说明。")
    data = to_json(read)
    digest = store_upload(io.BytesIO(data), accounts(site), "json")
    kept = _store_original(site, original) if original else ""
    if latest and latest.state == "published" and (latest.digest, latest.original) == (digest, kept):
        raise PublicationError(f"与已公开的第{latest.version}版完全相同，没有更正，不另公开。")
    if row is None:
        row = Publication(organisation_id=organisation.id, year=year, version=version, current=False, kind=kind)
        session.add(row)
    row.state, row.trouble, row.files, row.published = "making", "", "[]", ""
    row.profile, row.title, row.unit = read.profile[:60], file_stem(read)[:300], read.unit.name[:200]
    row.nature, row.digest, row.note = read.unit.nature[:40], digest, note.strip()
    row.original = kept
    row.asked, row.publisher = moment(site.settings.clock()), actor.name
    session.flush()
    put(session, site, "publish", {"publication": row.id})
    after = {"year": year, "kind": kind, "version": version, "sha256": digest, "note": row.note,
             "original": row.original}
    site.trail.append(session, actor, "publication.ask", f"publication:{row.id}", after=after)
    return row


def ask_document(session: Session, site: Site, actor: Actor, document: ReviewFile, note: str = "") -> Publication:
    """Asks for the account read from a document under review to be published, with the document as its original.

    Raises PublicationError for one that is not accepted, or that is of no organisation here.
    """
    if document.state != "accepted":
        raise PublicationError("只有已接受的文件可以公开。")
    home = document.organisation
    if spaceless(document.unit) != home.name:
        raise PublicationError(
            f"文件里的单位是“{document.unit}”，归在“{home.name}”，名称不同，不能公开。"
            f"机构清单里有“{document.unit}”的，改归它；没有的，请系统管理员先登记这个机构；名称登记错了的，请系统管理员改。"
        )
    data = (results_of(site, document.id) / ACCOUNT).read_bytes()
    original = source_of(site, document)
    return ask(session, site, actor, home, document.year, data, note=note, original=original)


def accounts(site: Site) -> Path:
    """The folder of accounts that were asked to be published."""
    return site.settings.accounts


def folder_of(site: Site, row: Publication) -> Path:
    """The folder of a version: its files, its page, its contents."""
    year = site.settings.files / "publications" / str(row.organisation_id) / str(row.year)
    return year / BUDGETS / str(row.version) if row.kind == "预算" else year / str(row.version)


def kind_of(account: Account) -> Kind:
    """What an account discloses: a final account (决算) or a budget (预算); one of an unknown profile is not made."""
    try:
        return load_statute(account.profile).profile.kind
    except StatuteError:
        return "决算"


def files_of(row: Publication) -> tuple[File, ...]:
    """The files of a version that can be downloaded."""
    return msgspec.json.decode(row.files, type=tuple[File, ...])


def of_year(session: Session, organisation: int, year: int, kind: str) -> list[Publication]:
    """All versions of a unit's year and kind, the latest first, those in the making and those that failed among them.
    """
    query = select(Publication).where(
        Publication.organisation_id == organisation, Publication.year == year, Publication.kind == kind
    )
    return list(session.scalars(query.order_by(Publication.version.desc())))


def current_of(session: Session, organisation: int, year: int, kind: str) -> Publication | None:
    """The version of a unit's year and kind that the public reads; None before the first."""
    query = select(Publication).where(
        Publication.organisation_id == organisation, Publication.year == year, Publication.kind == kind,
        Publication.current,
    )
    return session.scalars(query).first()


def _store_original(site: Site, path: Path) -> str:
    kind = path.suffix.lower().lstrip(".")
    with path.open("rb") as file:
        return f"{store_upload(file, _originals(site), kind)}.{kind}"


def _originals(site: Site) -> Path:
    return site.settings.files / "published-originals"


def _publish(site: Site, task: TakenJob) -> None:
    """The job of making a version; done twice it comes to the same."""
    with site.database.reading() as session:
        row = session.get_one(Publication, int(task.payload["publication"]))
        code = row.organisation.code
    if row.state != "making":
        return
    contents = _made(site, row, code)
    with site.database.writing() as session:
        row = session.get_one(Publication, row.id)
        if row.state != "making":
            return
        before = session.scalars(select(Publication).where(
            Publication.organisation_id == row.organisation_id, Publication.year == row.year,
            Publication.kind == row.kind, Publication.current,
        ))
        for old in before:
            old.current = False
            _forget(session, old)
        row.state, row.current, row.published = "published", True, moment(site.settings.clock())
        row.files = msgspec.json.encode(contents.files).decode()
        session.flush()
        index(session, row, contents)
        files = {file.name: file.sha256 for file in contents.files}
        after = {"year": row.year, "kind": row.kind, "version": row.version, "files": files}
        site.trail.append(session, SYSTEM, "publication.publish", f"publication:{row.id}", after=after)
    site.cache.forget()


def _made(site: Site, row: Publication, code: str) -> BuiltContents:
    """What was made of the version; its folder is there as a whole, or not at all. Raises JobError."""
    target = folder_of(site, row)
    # The server was killed between the making and the entry; or another account failed under this number; or all this
    # comes from a backup that was taken while one folder took the place of the other.
    contents = _whole(target)
    if contents and contents.digest == row.digest:
        return contents
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in (target, *target.parent.glob(".*")):
        shutil.rmtree(left, ignore_errors=True)
    account = stored_path(accounts(site), row.digest, "json")
    if hashlib.sha256(account.read_bytes()).hexdigest() != row.digest:
        raise JobError("保存的决算数据与其指纹不符，没有公开。请从备份恢复后再试。")
    original = _original(site, row)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as folder:
        made = Path(folder) / "made"
        made.mkdir()
        settings = site.settings
        order = BuildOrder(str(account), str(made), code, str(original) if original else "",
                           national=settings.national, memory=settings.reading_memory, seconds=settings.reading_time)
        try:
            run(order, settings.data / "cache")
        except BuildError as error:
            raise JobError(str(error)) from None
        made.rename(target)
    return msgspec.json.decode((target / CONTENTS).read_bytes(), type=BuiltContents)


def _whole(folder: Path) -> BuiltContents | None:
    """What lies in the folder of a version; None where anything of it is missing or is not what it was."""
    if not (folder / CONTENTS).is_file() or not (folder / PAGE).is_file():
        return None
    contents = msgspec.json.decode((folder / CONTENTS).read_bytes(), type=BuiltContents)
    for file in contents.files:
        path = folder / file.name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            return None
    return contents


def _original(site: Site, row: Publication) -> Path | None:
    digest, _, kind = row.original.partition(".")
    return stored_path(_originals(site), digest, kind) if digest else None


def index(session: Session, row: Publication, contents: BuiltContents) -> None:
    """Enters what can be searched and compared."""
    passages = [
        SearchPassage(
            id=search.number(row.id, piece.kind, place), publication_id=row.id, **msgspec.structs.asdict(piece)
        )
        for place, piece in enumerate(contents.pieces)
    ]
    session.add_all(passages)
    session.add_all(PublishedFact(publication_id=row.id, **msgspec.structs.asdict(each)) for each in contents.amounts)
    for sheet in contents.sheets:
        lines = msgspec.json.encode(sheet.indicators).decode()
        session.add(PublishedForm(publication_id=row.id, **msgspec.structs.asdict(sheet) | {"indicators": lines}))
    session.add_all(
        PublishedIndicator(publication_id=row.id, key=key, value=value) for key, value in contents.indicators.items()
    )
    session.flush()
    search.add(session, passages)


def _forget(session: Session, row: Publication) -> None:
    """Takes out what was entered of a version that another one replaces."""
    search.remove(session, session.scalars(select(SearchPassage).where(SearchPassage.publication_id == row.id)).all())
    for table in (SearchPassage, PublishedFact, PublishedForm, PublishedIndicator):
        session.execute(delete(table).where(table.publication_id == row.id))


def _failed(session: Session, task: TakenJob, trouble: str) -> None:
    row = session.get_one(Publication, int(task.payload["publication"]))
    row.state, row.trouble = "failed", trouble


def settle_budgets(site: Site) -> None:
    """Puts the files of budgets where they belong, and enters what a version is found by that another kind superseded:
    the work of programs for which a year had versions of one kind.
    """
    with site.database.writing() as session:
        for row in session.scalars(select(Publication).where(Publication.state == "published")):
            target = folder_of(site, row)
            old = target.parents[1] / target.name
            if row.kind == "预算" and old.is_dir() and not target.exists() and _is_of(old, row):
                target.parent.mkdir(parents=True, exist_ok=True)
                old.rename(target)
            known = select(SearchPassage.id).where(SearchPassage.publication_id == row.id).limit(1)
            if row.current and session.scalar(known) is None and (contents := _whole(target)):
                index(session, row, contents)


def _is_of(folder: Path, row: Publication) -> bool:
    contents = _whole(folder)
    return contents is not None and contents.digest == row.digest


def ask_for_glances(site: Site) -> None:
    """Puts a job into the queue for each version that was made before pages began with numbers."""
    with site.database.writing() as session:
        known = {json.loads(job.payload)["publication"] for job in session.scalars(select(Job).where(
            Job.kind == "glance"
        ))}
        for row in session.scalars(select(Publication).where(Publication.state == "published")):
            if row.id not in known and not (folder_of(site, row) / GLANCE).is_file():
                put(session, site, "glance", {"publication": row.id})


def _add_glance(site: Site, task: TakenJob) -> None:
    """The job of making what the page of a version shows first; nothing else of the version changes."""
    with site.database.reading() as session:
        row = session.get_one(Publication, int(task.payload["publication"]))
    target = folder_of(site, row)
    account = stored_path(accounts(site), row.digest, "json")
    with tempfile.TemporaryDirectory(dir=target, prefix=".") as folder:
        order = BuildOrder(str(account), folder, row.organisation.code, only_glance=True,
                           memory=site.settings.reading_memory, seconds=site.settings.reading_time)
        try:
            run(order, site.settings.data / "cache")
        except BuildError as error:
            raise JobError(str(error)) from None
        (Path(folder) / GLANCE).replace(target / GLANCE)
    site.cache.forget()


WORKS: Mapping[str, Work] = {"publish": _publish, "glance": _add_glance}
FAILURES: Mapping[str, Failure] = {"publish": _failed}
