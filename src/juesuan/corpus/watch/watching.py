"""What became of each address: seen, changed, vanished, late; its file checked and held against the approved one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from juesuan.account import ZERO, Account, Address, UnreadableFileError, from_json, spaceless, with_unit
from juesuan.corpus.watch.addresses import LIST, PostedAddress
from juesuan.corpus.watch.fetching import Fetched, Fetcher
from juesuan.corpus.watch.listing import MOST_LISTED, MOST_PAGES, attached, read_listing
from juesuan.inspection import inspect
from juesuan.statute import MONEY_UNITS, load_statute

STATE, KEPT = "状态.json", "文件"
"""Within the folder of a watch: what is known of each address, and the files by digest."""

EVENTS = {
    "first": "第一次看到", "same": "没有变化", "changed": "文件变了", "back": "又出现了", "gone": "不见了",
    "absent": "还没有", "listed": "列出", "forbidden": "不许取", "failed": "没有取到",
}


class Sighting(msgspec.Struct, frozen=True):
    """What was seen of an address at a moment; `digest` of the file that was there."""

    moment: str
    event: str
    digest: str = ""
    name: str = ""
    reason: str = ""


class PostedDifference(msgspec.Struct, frozen=True):
    """A figure that is posted otherwise than it was approved; `posted` empty where it is not there."""

    what: str
    approved: str
    posted: str


class CheckedPosting(msgspec.Struct, frozen=True):
    """What checking a posted file came to."""

    unit: str = ""
    year: int = 0
    errors: int = 0
    warnings: int = 0
    conclusion: str = ""
    trouble: str = ""
    differences: tuple[PostedDifference, ...] = ()
    compared: int = 0
    notices: int = 0


class Posting(msgspec.Struct):
    """What is known of an address. `seen` are only those sightings at which something became different."""

    unit: str
    kind: str
    year: int
    url: str
    due: str = ""
    seen: list[Sighting] = []
    looked: str = ""
    digest: str = ""
    name: str = ""
    etag: str = ""
    modified: str = ""
    first: str = ""
    checked: CheckedPosting | None = None
    via: str = ""
    """The list page that led to it; empty for an address that was given."""
    unlisted: str = ""
    """When its link was first missing there; empty while it is there."""
    against: str = ""
    """The digest of the approved account that the file was held against."""

    @property
    def is_its_own(self) -> bool:
        """Whether what is posted is of the unit and year that it should be of, as far as it says so."""
        found = self.checked or CheckedPosting()
        theirs, ours = spaceless(found.unit), spaceless(self.unit)
        # The words of a link may leave out whose bureau it is: 市教育局.
        named = theirs in ("", ours) or bool(self.via and ours and theirs.endswith(ours.removeprefix("市")))
        return named and found.year in (0, self.year)

    def late(self, today: date) -> int:
        """By how many days it came late, or is late by now; 0 where it is not, or no last day is known."""
        if not self.due:
            return 0
        day = date.fromisoformat(self.first[:10]) if self.first else today
        return max(0, (day - date.fromisoformat(self.due)).days)


State = dict[str, Posting]
"""By address."""

Check = Callable[[Path, Account | None], CheckedPosting]


def read_state(folder: Path) -> State:
    """What is known of a watch that is kept in `folder`."""
    path = folder / STATE
    return msgspec.json.decode(path.read_bytes(), type=State) if path.is_file() else {}


def write_state(folder: Path, state: State) -> None:
    """Keeps it, whole or not at all."""
    aside = folder / f".{STATE}"
    aside.write_bytes(msgspec.json.format(msgspec.json.encode(state), indent=1))
    aside.replace(folder / STATE)


def places_of(given: Sequence[PostedAddress], state: State) -> list[PostedAddress]:
    """The addresses given, and behind them those that their list pages led to."""
    lists = {place.url for place in given if place.kind == LIST}
    known = {place.url for place in given}
    return [*given, *(
        PostedAddress(posting.unit, posting.kind, posting.year, posting.url, posting.due)
        for posting in state.values() if posting.via in lists and posting.url not in known
    )]


def look_at_list(place: PostedAddress, state: State, fetcher: Fetcher, now: datetime) -> Posting:
    """Reads a list page: what it newly leads to enters `state`, what it no longer does is noted there."""
    posting = state.get(place.url) or Posting(place.unit, place.kind, place.year, place.url)
    posting.unit, posting.year, posting.due = place.unit, place.year, place.due
    moment = posting.looked = now.strftime("%Y-%m-%d %H:%M")
    listing = read_listing(place, fetcher)
    for found in listing.found:
        one = state.setdefault(found.url, Posting(found.unit, found.kind, found.year, found.url, via=place.url))
        if one.via == place.url:
            own = one.checked.unit if one.checked and one.is_its_own else ""
            one.unit, one.kind, one.due, one.unlisted = own or found.unit, found.kind, found.due, ""
    if listing.trouble:
        _note(posting, Sighting(moment, "failed", reason=listing.trouble))
        return posting
    urls = {found.url for found in listing.found}
    for one in state.values():
        if one.via == place.url and one.url not in urls:
            one.unlisted = one.unlisted or moment
    more = f"，还有更多，没有都看（一个列表页最多 {MOST_LISTED} 份、{MOST_PAGES} 页）" if listing.more else ""
    # A list that a script fills in the reader's browser looks the same from here as one without any document.
    none = "" if urls else (
        f"，没有看到 {place.year} 年度决算、预算的链接；列表由脚本现取的看不到，请在清单里逐个写各单位的网址"
    )
    _note(posting, Sighting(moment, "listed", reason=f"{len(urls)} 份{more}{none}"))
    return posting


def look(
    place: PostedAddress, known: Posting | None, folder: Path, fetcher: Fetcher, now: datetime,
    approved: Account | None = None, check: Check | None = None,
) -> Posting:
    """Asks for one address and gives what is then known of it; a file that is new or changed is kept and checked.

    A file is also checked again where another version was approved meanwhile.
    """
    posting = known or Posting(place.unit, place.kind, place.year, place.url)
    posting.unit, posting.kind, posting.year, posting.due = place.unit, place.kind, place.year, place.due
    moment = now.strftime("%Y-%m-%d %H:%M")
    there = bool(posting.digest) and not (posting.seen and posting.seen[-1].event == "gone")
    fetched = _fetched(place, fetcher, posting.etag if there else "", posting.modified if there else "")
    posting.looked = moment
    before = posting.digest
    if fetched.outcome == "ok":
        digest = hashlib.sha256(fetched.content).hexdigest()
        name = _name(fetched.url or place.url, fetched.content)
        _keep(folder, digest, name, fetched.content)
        event = "first" if not before else "changed" if digest != before else "same" if there else "back"
        posting.digest, posting.name, posting.etag, posting.modified = digest, name, fetched.etag, fetched.modified
        posting.first = posting.first or moment
        _note(posting, Sighting(moment, event, digest, name))
    elif fetched.outcome == "gone":
        _note(posting, Sighting(moment, "gone" if before else "absent", reason=fetched.reason))
    elif fetched.outcome != "same":
        _note(posting, Sighting(moment, fetched.outcome, reason=fetched.reason))
    held = hashlib.sha256(repr(sorted(_figures(approved).items())).encode()).hexdigest() if approved else ""
    if posting.digest and (posting.digest != before or posting.checked is None or posting.against != held):
        posting.checked = (check or check_posted)(seen_file(folder, posting), approved)
        posting.against = held
    return posting


def _fetched(place: PostedAddress, fetcher: Fetcher, etag: str, modified: str) -> Fetched:
    """What is at an address; of a page that is there for a document, that document."""
    fetched = fetcher.fetch(place.url, etag, modified)
    url = attached(fetched.content, fetched.url, place.kind) if fetched.outcome == "ok" else ""
    if not url:
        return fetched
    document = fetcher.fetch(url)
    # The page is asked for anew each time: a document put in place of another has an address of its own.
    return msgspec.structs.replace(document, etag="", modified="")


def _note(posting: Posting, sighting: Sighting) -> None:
    """Adds what is new; the same as last time is not told again."""
    last = posting.seen[-1] if posting.seen else None
    if sighting.event == "same" or (last and (last.event, last.reason) == (sighting.event, sighting.reason)
                                    and sighting.event not in ("changed",)):
        return
    posting.seen.append(sighting)


def seen_file(folder: Path, posting: Posting) -> Path:
    """Where the file last seen at an address is kept."""
    return folder / KEPT / posting.digest / posting.name


def _keep(folder: Path, digest: str, name: str, content: bytes) -> None:
    path = folder / KEPT / digest / name
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{name}")
        aside.write_bytes(content)
        aside.replace(path)


def _name(url: str, content: bytes) -> str:
    """What a file is called that came from `url`: by its address, with the ending that its content has."""
    last = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    stem = "".join(sign for sign in last.rpartition(".")[0] or last if sign.isalnum() or sign in "-_（）()《》 ")[:60]
    return f"{stem.strip() or 'posted'}.{_ending(content)}"


def _ending(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return "docx" if b"word/" in content[:4096] or b"word/document.xml" in content else "xlsx"
    return "doc" if content.startswith(b"\xd0\xcf\x11\xe0") else "html"


def check_posted(path: Path, approved: Account | None) -> CheckedPosting:
    """The file at `path` checked, and held against the `approved` account where there is one."""
    try:
        inspection = inspect(path)
    except UnreadableFileError as error:
        return CheckedPosting(trouble=str(error))
    report, account = inspection.report, inspection.reading.account
    found, compared = differences(approved, account) if approved else ((), 0)
    return CheckedPosting(
        report.unit, report.year, report.count("error"), report.count("warning"), report.conclusion, "", found,
        compared, report.count("notice"),
    )


def differences(approved: Account, posted: Account) -> tuple[tuple[PostedDifference, ...], int]:
    """The figures that `posted` has otherwise than `approved`, or not at all, and how many were compared.

    A posted figure is as precise as it was printed: what lies within its rounding is the same. Tables that the posted
    document does not have are not told figure by figure, but for those it has every figure counts.
    """
    statute = load_statute(approved.profile, approved.year)
    ours, theirs = _figures(approved), _figures(posted)
    tables = {address.form for address in theirs}
    found: list[PostedDifference] = []
    compared = 0
    for address in sorted(ours.keys() | theirs.keys()):
        if address.form not in tables or address.form not in statute.forms:
            continue
        if not statute.forms[address.form].published or address.period != "本年":
            continue
        one, other = ours.get(address), theirs.get(address)
        compared += 1
        value, step = one or (ZERO, ZERO)
        posted_value, posted_step = other or (ZERO, ZERO)
        if abs(value - posted_value) <= (step + posted_step) / 2:
            continue
        unit = statute.forms[address.form].unit_of(address.row)
        unit = "万元" if unit in MONEY_UNITS else unit
        found.append(PostedDifference(
            statute.describe(address), with_unit(value, unit) if one else "",
            with_unit(posted_value, unit) if other else "",
        ))
    return tuple(found), compared


def _figures(account: Account | None) -> dict[Address, tuple[Decimal, Decimal]]:
    facts = account.facts.values() if account else ()
    return {fact.address: (fact.figure.value, fact.figure.resolution) for fact in facts}


def approved_account(path: Path) -> Account:
    """The approved account in a file: our JSON, or any document. Raises UnreadableFileError and NotAnAccountError."""
    if path.suffix.lower() == ".json":
        return from_json(path.read_bytes())
    from juesuan.reader import read_document

    return read_document(path).account
