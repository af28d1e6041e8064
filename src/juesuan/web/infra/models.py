"""The tables of the database. Moments are UTC in ISO 8601 to the microsecond, so that they sort as text."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from juesuan.statute import Kind

MOMENT = String(27)


def moment(value: datetime) -> str:
    """A moment as the tables hold it: 2026-11-23T08:00:00.000000Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Base(DeclarativeBase):
    """What all tables share."""


class Organisation(Base):
    """A bureau, a department (主管部门) or a unit (预算单位). `path` names all above it: /1/7/31/."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(String(400), unique=True)


class User(Base):
    """A person who signs in."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    full_name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(30))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[str] = mapped_column(MOMENT, default="")
    totp_secret: Mapped[str] = mapped_column(String(160), default="")
    """Sealed, see juesuan.web.infra.sealing; empty for none."""
    totp_last: Mapped[int] = mapped_column(default=0)
    """The time step of the last one-time code taken: no code is taken twice."""
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class SignedIn(Base):
    """A session. `key` is the digest of what the browser holds: who reads this table cannot sign in with it."""

    __tablename__ = "signed_in"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    csrf: Mapped[str] = mapped_column(String(64))
    started: Mapped[str] = mapped_column(MOMENT)
    seen: Mapped[str] = mapped_column(MOMENT)
    pending_totp: Mapped[str] = mapped_column(String(160), default="")
    """A secret that is shown but not yet confirmed, sealed."""
    user: Mapped[User] = relationship(lazy="joined")


class Invitation(Base):
    """A one-time link with which a user sets the password. `key` is the digest of what the link holds."""

    __tablename__ = "invitation"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created: Mapped[str] = mapped_column(MOMENT)
    expires: Mapped[str] = mapped_column(MOMENT)
    user: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (Index("invitation_of_user", "user_id"),)


class AuditEntry(Base):
    """One line of the audit trail (审计日志): never changed, chained to the one before by its digest."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[str] = mapped_column(MOMENT)
    actor: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(30))
    client: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class Job(Base):
    """A piece of long work in the queue: waiting, running, done or failed."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str] = mapped_column(MOMENT, default="")
    """Until when its worker has it; another may take it afterwards."""
    created: Mapped[str] = mapped_column(MOMENT)
    finished: Mapped[str] = mapped_column(MOMENT, default="")
    trouble: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("job_by_state", "state", "id"),)


class ReviewFile(Base):
    """A published file under review. `state`: waiting, read, unreadable, accepted or returned."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    uploader: Mapped[str] = mapped_column(String(60))
    created: Mapped[str] = mapped_column(MOMENT)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    trouble: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    year: Mapped[int] = mapped_column(default=0)
    disclosure: Mapped[str] = mapped_column(String(10), default="", server_default="")
    """What is disclosed in it: 决算, 预算 or 其他; empty before it is read."""
    errors: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)
    notices: Mapped[int] = mapped_column(default=0)
    due: Mapped[str] = mapped_column(String(10), default="")
    """The last day for publication (公开期限), ISO; empty where the day of approval is not known."""
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(default=1)
    """Counts the decisions: one made on a page that is out of date is refused."""
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (Index("document_by_organisation", "organisation_id", "year"),)


class Waiver(Base):
    """A finding that a reviewer accepts with a reason (豁免), in every document of the unit, year and kind."""

    __tablename__ = "waiver"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    kind: Mapped[Kind] = mapped_column(String(10), default="决算", server_default="决算")
    """What the documents disclose that it holds in: 决算 or 预算."""
    fingerprint: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(60))
    created: Mapped[str] = mapped_column(MOMENT)

    __table_args__ = (Index("waiver_of_finding", "organisation_id", "year", "kind", "fingerprint", unique=True),)


class Publication(Base):
    """A version of what a unit discloses of a year. `state`: making, published or failed; never changed later."""

    __tablename__ = "publication"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="making")
    current: Mapped[bool] = mapped_column(default=False)
    """Whether it is the latest published version of its unit, year and kind."""
    kind: Mapped[Kind] = mapped_column(String(20), default="决算")
    """What is disclosed: 决算 or 预算; each has versions of its own."""
    profile: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(200))
    nature: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the account as JSON (指纹): that of the file account.json."""
    original: Mapped[str] = mapped_column(String(80), default="")
    """Digest and kind of the file that the account was read from; empty where it was compiled here."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What was corrected and why (更正说明); empty for the first version."""
    files: Mapped[str] = mapped_column(Text, default="[]")
    """The files that can be downloaded, as JSON."""
    asked: Mapped[str] = mapped_column(MOMENT)
    published: Mapped[str] = mapped_column(MOMENT, default="")
    publisher: Mapped[str] = mapped_column(String(60))
    trouble: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def digest_of_original(self) -> str:
        """Digest of the file that the account was read from; empty where it was compiled here."""
        return self.original.partition(".")[0]

    @property
    def named(self) -> str:
        """What it is, in words: 2022年度决算."""
        return f"{self.year}年度{self.kind}"

    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "kind", "version", name="publication_version"),
        Index("publication_by_time", "published"),
        Index("publication_by_year", "current", "year"),
    )


class SearchPassage(Base):
    """A piece of text of a current publication, for the search. `kind`: 0 names, 1 text, 2 a line of a table.

    Its number says what it is of (juesuan.web.publication.search.number).
    """

    __tablename__ = "passage"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    kind: Mapped[int]
    heading: Mapped[str] = mapped_column(String(300))
    anchor: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("passage_of_publication", "publication_id", "kind"),)


class PublishedFact(Base):
    """A figure of a current publication: exact, as text; in yuan for money."""

    __tablename__ = "published_fact"
    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    form: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(10))
    row: Mapped[str] = mapped_column(String(60))
    row_name: Mapped[str] = mapped_column(String(200))
    column: Mapped[str] = mapped_column(String(60))
    column_name: Mapped[str] = mapped_column(String(200))
    value: Mapped[str] = mapped_column(String(40))
    measure: Mapped[str] = mapped_column(String(10))
    """What it counts: 元, 人次, 辆 …"""
    resolution: Mapped[str] = mapped_column(String(20))
    """The step it was printed with in the same measure; 0 for one that is not rounded."""

    __table_args__ = (
        Index("fact_of_publication", "publication_id", "form"), Index("fact_of_line", "form", "column", "row"),
    )


class PublishedIndicator(Base):
    """An indicator of comparison of a current publication, by its key in the statute."""

    __tablename__ = "published_indicator"
    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(40))

    __table_args__ = (Index("indicator_of_publication", "publication_id", "key", unique=True),)


class PublishedForm(Base):
    """A self-evaluation form (绩效自评表), or a budget's form of goals (绩效目标表), of a current publication.

    Amounts in yuan, as text; the outlay of goals is empty.
    """

    __tablename__ = "published_form"
    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(300))
    scheme: Mapped[str] = mapped_column(String(40))
    budget: Mapped[str] = mapped_column(String(40))
    outlay: Mapped[str] = mapped_column(String(40))
    score: Mapped[str] = mapped_column(String(20))
    """The unit's own score; empty where the form has none."""
    indicators: Mapped[str] = mapped_column(Text)
    """Its lines as JSON: levels, name, weight, target, actual, score."""

    __table_args__ = (Index("form_of_publication", "publication_id"),)


class Season(Base):
    """A year's final accounts, or its budgets, as the bureau opens them: profile, and day of approval (批复日期)."""

    __tablename__ = "season"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    kind: Mapped[Kind] = mapped_column(String(10), default="决算", server_default="决算")
    """What is disclosed: 决算 or 预算, as the profile says."""
    profile: Mapped[str] = mapped_column(String(60))
    approved: Mapped[str] = mapped_column(String(10), default="")
    checks: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """The states of steps.yaml that are switched on (保密审查 …), with spaces between."""
    creator: Mapped[str] = mapped_column(String(60))
    created: Mapped[str] = mapped_column(MOMENT)

    __table_args__ = (UniqueConstraint("year", "kind", name="season_of_year"),)

    @property
    def named(self) -> str:
        """What it is, in words: 2022年度决算."""
        return f"{self.year}年度{self.kind}"


class Filing(Base):
    """One unit's account or budget of one season on its way to publication (申报). `state` is one of steps.yaml.

    `content` is what is filled in (juesuan.compiler.Filled as JSON) at `revision`, which counts every change.
    `account` is the digest of the account compiled when it was last sent in, `findings` what was found on it, and
    `settled` the revision that was. The numbers of findings are those at the revision `counted`.
    """

    __tablename__ = "filing"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"))
    state: Mapped[str] = mapped_column(String(12), default="drafting")
    revision: Mapped[int] = mapped_column(default=1)
    content: Mapped[str] = mapped_column(Text)
    attachments: Mapped[str] = mapped_column(Text, default="{}")
    """Data that evidence is taken from: digest and kind by name."""
    account: Mapped[str] = mapped_column(String(64), default="")
    findings: Mapped[str] = mapped_column(Text, default="[]")
    settled: Mapped[int] = mapped_column(default=0)
    explanations: Mapped[str] = mapped_column(Text, default="{}")
    """What the unit says to findings that are to be explained (须说明), as JSON by their keys."""
    errors: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)
    notices: Mapped[int] = mapped_column(default=0)
    unexplained: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was returned."""
    correction: Mapped[str] = mapped_column(Text, default="")
    """What is corrected of the published version and why (更正说明)."""
    updated: Mapped[str] = mapped_column(MOMENT)
    updated_by: Mapped[str] = mapped_column(String(60))
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    season: Mapped[Season] = relationship(lazy="joined")

    @property
    def untouched(self) -> bool:
        """Whether it was opened for the unit and nobody has written anything in it yet."""
        return self.state == "drafting" and self.revision == 1

    __table_args__ = (Index("filing_of_season", "organisation_id", "season_id", unique=True),)


class FilingStep(Base):
    """A step that a filing took: which, who, why, when."""

    __tablename__ = "filing_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    step: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[str] = mapped_column(String(64), default="")
    """Digest of what was filled in, where the step sent it in."""
    moment: Mapped[str] = mapped_column(MOMENT)

    __table_args__ = (Index("step_of_filing", "filing_id", "id"),)
