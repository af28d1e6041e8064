"""The steps of a filing: sent in, passed on by different people, returned, published; and what changed between."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from juesuan.account import Account, from_json
from juesuan.compiler.editor import FilingContent, Page
from juesuan.compiler.workbook import PlannedSheet, sheets
from juesuan.web.auth.rights import Rights
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.filing import findings as findings_room
from juesuan.web.filing.filings import FilingError, content_of, statute_of, subject
from juesuan.web.filing.processing import ProcessedFiling
from juesuan.web.filing.seasons import subject as season_subject
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing, FilingStep, Organisation, Season, User, moment
from juesuan.web.publication import publications as publication
from juesuan.web.review.uploads import store_upload, stored_path
from juesuan.web.site.site import Site

MOST_ERRORS = 5
"""How many errors are told where an account cannot be sent in; all that stand at cells are shown there."""


class ChangedCell(msgspec.Struct, frozen=True):
    """A cell that differs between two versions of what is filled in; `before` or `after` empty for none."""

    sheet: str
    title: str
    place: str
    before: str
    after: str


def step(
    session: Session, site: Site, me: SignedInUser, filing: Filing, key: str, reason: str, revision: int,
    made: ProcessedFiling | None = None,
) -> None:
    """Takes a filing on by the step `key`. Raises FilingError where it cannot be, or was changed after `revision`.

    `made` is the account of this revision, for a step that settles it.
    """
    way = load_way()
    plan = way.steps[key]
    if key not in way.open_to(filing.state, me.role, is_correcting(filing)):
        now = f"这份{filing.season.kind}现在是“{way.states[filing.state].title}”"
        raise FilingError(f"{now}，不能{plan.title}。请看过最新情况再决定。")
    if filing.revision != revision:
        raise FilingError("打开这一页之后内容或状态又有变动，请看过最新情况再决定。")
    if plan.reason and not reason:
        raise FilingError(f"{plan.title}要写明{plan.reason}。")
    bar = barred(session, filing, me, key)
    if bar:
        raise FilingError(bar)
    before = {"state": filing.state, "revision": filing.revision, "account": filing.account}
    unchanged = filing.settled == filing.revision
    sent = ""
    if plan.settles:
        sent = _settle(session, site, filing, made)
    if key == "return":
        filing.reason = reason
    elif key == "reopen":
        sent = _kept_for_withdrawal(site, filing)
        filing.correction, filing.reason = reason, ""
    elif plan.corrects:
        _restore(session, site, filing)
        unchanged = True
    filing.state = way.target(key, switched_of(filing.season))
    filing.revision += 1
    if plan.settles or unchanged:
        filing.settled = filing.counted = filing.revision
    now = moment(site.settings.clock())
    filing.updated = now
    if plan.publishes:
        _publish(session, site, me, filing)
    session.add(FilingStep(filing_id=filing.id, step=key, actor=me.name, role=me.role, reason=reason, content=sent,
                           moment=now))
    after = {"state": filing.state, "reason": reason, "account": filing.account}
    site.trail.append(session, me.actor, f"filing.{key}", subject(filing), before=before, after=after)


class PublishedFiling(msgspec.Struct, frozen=True):
    """A filing as it was when it was published: what a correction that is withdrawn goes back to."""

    content: str
    attachments: str
    account: str
    findings: str
    explanations: str
    correction: str
    counts: findings_room.FindingCounts


def is_correcting(filing: Filing) -> bool:
    """Whether a published version of it is being corrected."""
    return bool(filing.correction) and not load_way().final(filing.state)


def _kept_for_withdrawal(site: Site, filing: Filing) -> str:
    """Keeps a published filing as it is; gives the digest."""
    counts = findings_room.FindingCounts(
        filing.errors, filing.missing, filing.warnings, filing.notices, filing.unexplained
    )
    kept = PublishedFiling(
        filing.content, filing.attachments, filing.account, filing.findings, filing.explanations, filing.correction,
        counts,
    )
    return store_upload(io.BytesIO(msgspec.json.encode(kept)), contents(site), "json")


def _restore(session: Session, site: Site, filing: Filing) -> None:
    """Brings back what was there before the correction. Raises FilingError where an earlier version kept nothing."""
    query = select(FilingStep).where(FilingStep.filing_id == filing.id, FilingStep.step == "reopen")
    begun = session.scalars(query.order_by(FilingStep.id.desc())).first()
    path = stored_path(contents(site), begun.content, "json") if begun and begun.content else None
    if path is None or not path.is_file():
        raise FilingError(
            "这次更正是程序升级以前开始的，没有留存更正以前的内容，不能撤回。不需要更正的，不用送审，已公开的版本不受影响。"
        )
    kept = msgspec.json.decode(path.read_bytes(), type=PublishedFiling)
    for name in ("content", "attachments", "account", "findings", "explanations", "correction"):
        setattr(filing, name, getattr(kept, name))
    for name in kept.counts.__struct_fields__:
        setattr(filing, name, getattr(kept.counts, name))
    filing.reason = ""


def switched_of(season: Season) -> tuple[str, ...]:
    """The states that a year's filings pass through because the bureau has switched them on."""
    return tuple(season.checks.split())


def switch_checks(session: Session, site: Site, me: SignedInUser, season: Season, wanted: Sequence[str]) -> None:
    """Switches steps on and off for a year. Raises FilingError where a filing waits at one that is to go."""
    way = load_way()
    before = switched_of(season)
    chosen = tuple(key for key in way.switches if key in wanted)
    for gone in (key for key in before if key not in chosen):
        waiting = session.scalar(select(func.count(Filing.id)).where(
            Filing.season_id == season.id, Filing.state == gone
        ))
        if waiting:
            left = f"还有 {waiting} 份{season.kind}{way.states[gone].title}"
            raise FilingError(f"{left}，不能关闭“{way.switches[gone]}”。请先办完或退回。")
    season.checks = " ".join(chosen)
    if before != chosen:
        site.trail.append(
            session, me.actor, "season.checks", season_subject(season),
            before=[way.switches[key] for key in before], after=[way.switches[key] for key in chosen],
        )


def nobody_to_act(session: Session, rights: Rights, filing: Filing) -> tuple[str, ...]:
    """The roles that hold a filing in its state (待……) where nobody active has one and reaches it: it stays there."""
    holders = load_way().states[filing.state].holders
    path = filing.organisation.path
    query = select(User.role, Organisation.path).join(Organisation, Organisation.id == User.organisation_id)
    for role, place in session.execute(query.where(User.active, User.role.in_(holders)).distinct()):
        scope = rights.scope(role, rights.right_of("filing"))
        if scope == "all" or place == path or (scope == "below" and path.startswith(place)):
            return ()
    return holders


def barred(session: Session, filing: Filing, me: SignedInUser, key: str) -> str:
    """Why `me` may not take the step: because of one already taken on what was sent in; empty where nothing bars it."""
    way = load_way()
    plan = way.steps[key]
    taken = next((each.step for each in _round(session, filing) if each.actor == me.name and each.step in plan.apart),
                 None)
    if taken is None:
        return ""
    return f"这一稿的“{way.steps[taken].title}”是您办理的，“{plan.title}”须由另一个人办理。"


def _round(session: Session, filing: Filing) -> Iterator[FilingStep]:
    """The steps since the filing was last sent in, that one among them, the latest first."""
    query = select(FilingStep).where(FilingStep.filing_id == filing.id).order_by(FilingStep.id.desc())
    steps = load_way().steps
    for each in session.scalars(query):
        yield each
        if steps[each.step].settles:
            return


def _settle(session: Session, site: Site, filing: Filing, made: ProcessedFiling | None) -> str:
    """Fixes the account that is sent in, with what was found on it; gives the digest of what is filled in."""
    if made is None or made.errors or made.missing:
        wrong = [findings_room.with_place(note) for note in made.notes if note.level == "error"] if made else []
        raise FilingError("\n".join(["还有错误或缺少的文字，改好后才能送审。", *wrong[:MOST_ERRORS]]))
    _demand_own(filing, from_json(made.account))
    filing.account = store_upload(io.BytesIO(made.account), publication.accounts(site), "json")
    current = publication.current_of(
        session, filing.organisation_id, filing.season.year, filing.season.kind
    )
    if current and current.digest == filing.account:
        raise FilingError(
            f"填写的内容与已公开的第{current.version}版完全相同，没有要更正的。请改正后再送审；不需要更正的，不用送审，已公开的不受影响。"
        )
    found = findings_room.together(made.notes, made.findings)
    filing.findings = msgspec.json.encode(found).decode()
    said = findings_room.carried(findings_room.explanations_of(filing), made.notes, found)
    filing.explanations = msgspec.json.encode(said).decode()
    findings_room.note_counts(filing, findings_room.settled_findings(filing))
    return store_upload(io.BytesIO(filing.content.encode()), contents(site), "json")


def contents(site: Site) -> Path:
    """The folder of what was filled in when filings were sent in."""
    return site.settings.files / "sent"


def _demand_own(filing: Filing, account: Account) -> None:
    """Raises FilingError for the account of another unit, year or kind than the one that the filing is of."""
    home, season = filing.organisation, filing.season
    if account.unit.name != home.name:
        raise FilingError(
            f"“单位信息”表的单位名称是“{account.unit.name}”，登记的机构名称是“{home.name}”，两者应当相同。"
            "请改正单位名称；机构名称登记错了的，请系统管理员改。"
        )
    if account.year != season.year:
        raise FilingError(
            f"“单位信息”表的{season.kind}年度是 {account.year}，这份{season.kind}是 {season.year} 年度的，请改正。"
        )


def _publish(session: Session, site: Site, me: SignedInUser, filing: Filing) -> None:
    account = stored_path(publication.accounts(site), filing.account, "json").read_bytes()
    try:
        publication.ask(
            session, site, me.actor, filing.organisation, filing.season.year, account, note=filing.correction
        )
    except publication.PublicationError as error:
        raise FilingError(str(error)) from None


def history(session: Session, filing: Filing) -> Sequence[tuple[FilingStep, str]]:
    """The steps a filing has taken, each with its actor's full name."""
    query = select(FilingStep, User.full_name).outerjoin(User, User.name == FilingStep.actor)
    rows = session.execute(query.where(FilingStep.filing_id == filing.id).order_by(FilingStep.id)).all()
    return [(row[0], row[1] or row[0].actor) for row in rows]


def changed_since(session: Session, site: Site, filing: Filing) -> tuple[str, tuple[ChangedCell, ...]] | None:
    """What is filled in otherwise than when it was last sent in before it came back, and the title of that step.

    None for one that never came back, and for one that was sent in by an earlier version, which kept nothing of it.
    """
    way = load_way()
    query = select(FilingStep).where(FilingStep.filing_id == filing.id).order_by(FilingStep.id.desc())
    back: FilingStep | None = None
    for each in session.scalars(query):
        plan = way.steps[each.step]
        if back is None and plan.corrects:
            return None
        if back is None and way.states[plan.to].editable:
            back = each
        elif back is not None and plan.settles:
            path = stored_path(contents(site), each.content, "json") if each.content else None
            if path is None or not path.is_file():
                return None
            old = msgspec.json.decode(path.read_bytes(), type=FilingContent)
            plans = sheets(statute_of(filing))
            new = content_of(filing)
            cells = (cell for sheet in plans for cell in _changed(sheet, old.page(sheet.key), new.page(sheet.key)))
            return way.steps[back.step].title, tuple(cells)
    return None


def _changed(sheet: PlannedSheet, old: Page, new: Page) -> Iterator[ChangedCell]:
    labels = {slot.plan.key: slot.plan.label for slot in sheet.inputs}

    def differing(where: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[ChangedCell]:
        for key, label in labels.items():
            if before.get(key, "") != after.get(key, ""):
                place = f"{where}{label}"
                yield ChangedCell(sheet.key, sheet.plan.title, place, before.get(key, ""), after.get(key, ""))

    yield from differing("", old.cells, new.cells)
    gone = {line.id: line.cells for line in old.lines}
    for number, line in enumerate(new.lines, 1):
        added = line.id not in gone
        where = f"第{number}行{'（新增）' if added else ''} "
        yield from differing(where, gone.pop(line.id, {}), line.cells)
    for cells in gone.values():
        yield from differing("（已删除的行） ", cells, {})
