"""The findings on a filing: one list and one count of them wherever they are told, and what the unit says to them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import Issue, from_json
from juesuan.checker import check
from juesuan.compiler.editor import ContentPlace, PlacedIssue
from juesuan.statute import Statute
from juesuan.statute.register import advice_on, basis_of
from juesuan.statute.register import text_of as rule_text
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.filing import filings as filings_room
from juesuan.web.filing.filings import FilingError
from juesuan.web.filing.held_against import others_of
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing, moment
from juesuan.web.site.site import Site

LONGEST_EXPLANATION = 2000
"""Signs of one explanation."""

RESTED = timedelta(seconds=20)
"""A filing that somebody types in is not counted all the time."""

_LEVELS = ("error", "missing", "warning", "notice")
_NUMBER = re.compile(r"\d[\d.,]*")


class FindingExplanation(msgspec.Struct, frozen=True):
    """What the unit says to a finding that is to be explained (须说明); `message` is the finding as it then was."""

    text: str
    message: str
    author: str
    moment: str


class FiledFinding(msgspec.Struct, frozen=True):
    """A finding on a filing with the title of its rule and what the unit says to it."""

    note: PlacedIssue
    key: str
    title: str
    basis: str
    advice: str
    explanation: FindingExplanation | None = None

    @property
    def level(self) -> str:
        """error, missing, warning or notice."""
        return self.note.level

    @property
    def sheet(self) -> str:
        """The sheet that it is about; empty for none, or for several."""
        sheets = {spot.sheet for spot in self.note.spots} or {self.note.issue.place.sheet}
        return sheets.pop() if len(sheets) == 1 else ""

    @property
    def message(self) -> str:
        """What is wrong and where, in words, as who looks at the page finds it. The advice is apart."""
        return with_place(self.note)

    @property
    def explained(self) -> bool:
        """Whether what the unit says is about the finding as it is now: its figures may have changed since."""
        return self.explanation is not None and self.explanation.message == self.message


def with_place(note: PlacedIssue) -> str:
    """What is wrong, with sheet and line by the names and numbers that the page shows."""
    issue = note.issue
    if note.level == "missing":
        return note.message
    if note.level == "notice" and len(issue.places) > 1:
        # One notice of many cells: it says itself how many, and stands beside each of them.
        return issue.message
    place = f"“{issue.place.sheet}”表 {issue.place.cell}".strip() if issue.place.sheet else issue.where
    return f"{place}：{issue.message}" if place else issue.message


class FindingCounts(msgspec.Struct, frozen=True):
    """How many findings there are of each level, and how many that are to be explained are not."""

    errors: int = 0
    missing: int = 0
    warnings: int = 0
    notices: int = 0
    unexplained: int = 0


def together(notes: Iterable[PlacedIssue], found: Iterable[Issue]) -> tuple[PlacedIssue, ...]:
    """The findings beside cells and those of the checker on the whole, the most severe first, none told twice.

    A rule is decided over the whole account at once: what stands beside cells already says all that it found. Where the
    checker makes fewer findings of it (one of all cells, or one for each form), it is those that are counted here as
    everywhere else, with the cells that they stand beside.
    """
    beside, by_code = list(notes), _by_code(found)
    for code, issues in by_code.items():
        cells = [note for note in beside if note.issue.code == code and note.level != "missing"]
        if len(cells) > len(issues):
            beside = [note for note in beside if note not in cells]
            beside += [PlacedIssue(issue, _spots_of(members_of(issue, cells))) for issue in issues]
        elif not cells:
            beside += map(PlacedIssue, issues)
    return tuple(sorted(beside, key=lambda note: _LEVELS.index(note.level)))


def _by_code(found: Iterable[Issue]) -> dict[str, list[Issue]]:
    by_code: dict[str, list[Issue]] = {}
    for issue in found:
        by_code.setdefault(issue.code, []).append(issue)
    return by_code


def members_of(issue: Issue, notes: Iterable[PlacedIssue]) -> list[PlacedIssue]:
    """What of `notes` beside cells is the finding `issue`: of its rule, and of the form that it is about, if any."""
    return [note for note in notes if note.issue.code == issue.code
            and (not issue.about or not note.issue.about or note.issue.about == issue.about)]


def _spots_of(notes: Iterable[PlacedIssue]) -> tuple[ContentPlace, ...]:
    return tuple(dict.fromkeys(spot for note in notes for spot in note.spots))


def findings_on(session: Session, site: Site, filing: Filing) -> tuple[FiledFinding, ...]:
    """The findings on a filing: as it was sent in, or on what is filled in now while its unit works on it."""
    if not load_way().states[filing.state].editable:
        return settled_findings(filing)
    examination = filings_room.examined(filing)
    others = [from_json(path.read_bytes()) for path in others_of(session, site, filing)]
    found = check(examination.compilation.account, statute=filings_room.statute_of(filing), against=others).findings
    if examination.count("error") or examination.count("missing"):
        # On an account that is not whole yet the rules on the whole would find what everybody knows: they only say what
        # of the notes beside cells is one finding.
        known = {note.issue.code for note in examination.placed if note.level in ("warning", "notice")}
        found = tuple(issue for issue in found if issue.code in known and issue.severity != "error")
    live = together(examination.placed, found)
    if filing.settled == filing.revision:
        # What was found when it was tried to be sent in, on evidence that is not taken live.
        known = {note.issue.code for note in live}
        live = together(live, (note.issue for note in stored_findings(filing) if note.issue.code not in known))
    return _filed(filing, live, carried(explanations_of(filing), examination.placed, live))


def carried(
    said: Mapping[str, FindingExplanation], beside: Sequence[PlacedIssue], notes: Iterable[PlacedIssue]
) -> dict[str, FindingExplanation]:
    """What the unit says to `notes`, where it once said it to each of the cells `beside` that are now one finding."""
    result = dict(said)
    for note in notes:
        if note.level != "warning" or key_of(note) in said:
            continue
        cells = members_of(note.issue, beside)
        there = [(each, said[key]) for each in cells if (key := key_of(each)) in said]
        if there and len(there) == len(cells) and all(one.message == with_place(each) for each, one in there):
            text = "；".join(dict.fromkeys(one.text for _, one in there))
            result[key_of(note)] = FindingExplanation(text, with_place(note), there[-1][1].author, there[-1][1].moment)
    return result


def settled_findings(filing: Filing) -> tuple[FiledFinding, ...]:
    """The findings on a filing as it was last sent in."""
    return _filed(filing, stored_findings(filing))


def stored_findings(filing: Filing) -> tuple[PlacedIssue, ...]:
    """What was found on the account as it was last sent in."""
    return msgspec.json.decode(filing.findings, type=tuple[PlacedIssue, ...])


def explanations_of(filing: Filing) -> dict[str, FindingExplanation]:
    """What the unit says to findings, by their keys."""
    return msgspec.json.decode(filing.explanations, type=dict[str, FindingExplanation])


def _filed(
    filing: Filing, notes: Sequence[PlacedIssue], said: Mapping[str, FindingExplanation] | None = None
) -> tuple[FiledFinding, ...]:
    said, statute = explanations_of(filing) if said is None else said, filings_room.statute_of(filing)
    return tuple(_one(note, said, statute) for note in notes)


def _one(note: PlacedIssue, said: Mapping[str, FindingExplanation], statute: Statute) -> FiledFinding:
    key = key_of(note)
    return FiledFinding(
        note, key, rule_text(note.issue, statute).title, basis_of(note.issue, statute), advice_on(note.issue, statute),
        said.get(key),
    )


def key_of(note: PlacedIssue) -> str:
    """What stays the same of a finding while its figures change: the rule, what it is about, where it stands."""
    issue = note.issue
    parts = (
        issue.code, issue.about, issue.where, issue.address, str(issue.indicator), _NUMBER.sub("#", issue.message),
        *(f"{spot.sheet}/{spot.line}/{spot.key}" for spot in note.spots),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def counted(findings: Iterable[FiledFinding]) -> FindingCounts:
    """How many there are of each level."""
    there = list(findings)
    levels = [each.level for each in there]
    errors, missing, warnings, notices = (levels.count(level) for level in _LEVELS)
    unexplained = sum(each.level == "warning" and not each.explained for each in there)
    return FindingCounts(errors, missing, warnings, notices, unexplained)


def note_counts(filing: Filing, findings: Iterable[FiledFinding]) -> None:
    """Keeps the counts with the filing, so that lists show what its page shows."""
    counts = counted(findings)
    for name, number in msgspec.structs.asdict(counts).items():
        if getattr(filing, name) != number:
            setattr(filing, name, number)
    if filing.counted != filing.revision:
        filing.counted = filing.revision


def count_one(site: Site) -> bool:
    """Counts the findings of a filing that was changed and has been left alone for a while; whether there was one.

    Nobody waits for it: lists are to show what the filing's page shows when it is opened.
    """
    rested = moment(site.settings.clock() - RESTED)
    with site.database.reading() as session:
        stale = select(Filing).where(Filing.counted != Filing.revision, Filing.updated < rested)
        row = session.scalars(stale.order_by(Filing.id).limit(1)).first()
        if row is None:
            return False
        seen, found = row.revision, findings_on(session, site, row)
    with site.database.writing() as session:
        row = filings_room.locked(session, row.id)
        if row.revision == seen:
            note_counts(row, found)
    return True


def explain(
    session: Session, site: Site, me: SignedInUser, filing: Filing, findings: Sequence[FiledFinding],
    given: Mapping[str, tuple[str, str]],
) -> None:
    """Keeps what the unit says to `findings`: for each key the moment of what its editor saw, and the text.

    An empty text takes it back. Raises FilingError where somebody else wrote meanwhile, and for a text too long.
    """
    filings_room.demand_editable(filing)
    said = explanations_of(filing)
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    now = moment(site.settings.clock())
    for finding in findings:
        if finding.level != "warning" or finding.key not in given:
            continue
        seen, text = given[finding.key]
        there = said.get(finding.key)
        if text == (there.text if there else "") and (not there or there.message == finding.message):
            continue
        if there and there.moment != seen:
            raise FilingError(f"刚才有人写了这一条的说明：“{there.text}”。没有覆盖，请看过后再改。")
        if len(text) > LONGEST_EXPLANATION:
            raise FilingError(f"说明太长，最多 {LONGEST_EXPLANATION} 字。")
        before[finding.message], after[finding.message] = there.text if there else "", text
        said.pop(finding.key, None)
        if text:
            said[finding.key] = FindingExplanation(text, finding.message, me.name, now)
    if not after:
        return
    filing.explanations = msgspec.json.encode(said).decode()
    settled = filing.settled == filing.revision
    filing.revision += 1
    filing.settled = filing.revision if settled else filing.settled
    filing.updated, filing.updated_by = now, me.name
    note_counts(filing, _filed(filing, [finding.note for finding in findings]))
    session.flush()
    subject = filings_room.subject(filing)
    site.trail.append(session, me.actor, "filing.explain", subject, before=before, after=after)
