"""What a unit filled in or uploaded, worked on in a process with limits: compiled, checked, laid out, or read in."""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from juesuan.account import (
    Account,
    Issue,
    JuesuanError,
    NotAnAccountError,
    PublishError,
    UnreadableFileError,
    UnreadableSourceError,
    from_json,
    spaceless,
    to_json,
)
from juesuan.checker import check
from juesuan.compiler import Sources, gather
from juesuan.compiler.editor import (
    FilingContent,
    GivenFigures,
    PlacedIssue,
    contents_of,
    examine,
    of_gathered,
    of_last_year,
    of_workbook,
)
from juesuan.compiler.workbook import write_contents
from juesuan.inspection import begin_from, with_contradictions
from juesuan.intake import identify, stating_sums
from juesuan.publisher import lay_out, publish
from juesuan.reader import read_document
from juesuan.revision import NotRollableError, NotTakenError, is_ours, roll_docx, take_into, write_list
from juesuan.statute import Statute, load_statute
from juesuan.statute.register import advice_on, basis_of
from juesuan.web.infra.limited_process import LimitedOrder, TooLongError, WorkError, at_work, carry_out, main_of
from juesuan.web.infra.process_slots import SLOTS, BusyError
from juesuan.web.infra.settings import Settings
from juesuan.web.publication.pages import write_page
from juesuan.web.review.uploads import DATA

ACCOUNT, PAGE, RESULT, FILLED = "account.json", "page.html", "result.json", "filled.json"
ROLLED = "rolled.zip"
EXPORTS = ("导出的报表", "预算公开")
"""What a workbook is of which figures are held beside what is typed."""


class ProcessingError(JuesuanError):
    """It cannot be done; the message is for people."""


class ProcessedFiling(msgspec.Struct, frozen=True):
    """An account compiled from what is filled in.

    `notes` are the findings on the cells, `findings` those of the checker on the whole; `page` is the account as a page
    and `files` what was asked for besides.
    """

    account: bytes
    page: str
    notes: tuple[PlacedIssue, ...]
    findings: tuple[Issue, ...]
    files: dict[str, tuple[str, bytes]] = {}

    @property
    def errors(self) -> int:
        """How many cells and equations are wrong."""
        return sum(note.level == "error" for note in self.notes)

    @property
    def missing(self) -> int:
        """How many texts are missing that the law wants."""
        return sum(note.level == "missing" for note in self.notes)


Source = Literal["workbook", "ledger", "last", "held", "edited"]


class TakenOver(msgspec.Struct, frozen=True):
    """What an uploaded file says: a workbook, a ledger, last year's account, our own Word file with what was edited in
    it, or a document or export that is held beside what is typed; `messages` what was not taken of it, `accounts` those
    that came with it (last, budget).
    """

    filled: FilingContent
    pages: tuple[str, ...]
    messages: tuple[str, ...]
    source: Source
    accounts: dict[str, bytes] = {}


class BegunFiling(msgspec.Struct, frozen=True):
    """What a unit's own files give to begin with, and whose they are."""

    unit: str
    year: int
    profile: str
    taken: TakenOver


class _Order(LimitedOrder, frozen=True):
    """What the process is to do in `folder`: settle what is filled in, take an upload over, write a workbook."""

    work: str
    folder: str
    profile: str
    year: int
    evidence: str = ""
    against: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    file: str = ""
    unit: str = ""
    draft: bool = False


class _Result(msgspec.Struct, frozen=True):
    notes: tuple[PlacedIssue, ...] = ()
    findings: tuple[Issue, ...] = ()
    files: dict[str, str] = {}
    pages: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    source: Source = "workbook"
    unit: str = ""
    year: int = 0
    profile: str = ""
    accounts: tuple[str, ...] = ()


def process_filing(
    settings: Settings, content: str, profile: str, year: int, evidence: Mapping[str, Path],
    against: Sequence[Path] = (), *, draft: bool, formats: tuple[str, ...] = (),
) -> ProcessedFiling:
    """The account of `content` (Filled as JSON), with evidence from the files `evidence`, held against other accounts.

    A `draft` marks the texts that are missing. Raises SettlingError.
    """
    with at_work(settings) as name:
        folder = Path(name)
        (folder / FILLED).write_text(content, encoding="utf-8")
        data = folder / "evidence"
        data.mkdir()
        for shown, path in evidence.items():
            shutil.copyfile(path, data / shown)
        others = [folder / f"against-{number}.json" for number, _ in enumerate(against)]
        for path, other in zip(others, against, strict=True):
            shutil.copyfile(other, path)
        order = _Order("settle", name, profile, year, evidence=str(data),
                       against=tuple(map(str, others)), formats=formats, draft=draft)
        result = _run(order, settings)
        files = {kind: (shown, (folder / "made" / shown).read_bytes()) for kind, shown in result.files.items()}
        page = (folder / PAGE).read_text(encoding="utf-8")
        return ProcessedFiling((folder / ACCOUNT).read_bytes(), page, result.notes, result.findings, files)


def take_over_file(
    settings: Settings, file: BinaryIO, name: str, profile: str, year: int, unit: str = "", content: str = "{}",
    known: Sequence[Path] = (),
) -> TakenOver:
    """What an uploaded workbook, ledger, export (beside the accounts `known`), budget or account of the year before
    says, or what was edited in the Word file made of `content`. Raises ProcessingError, as for another unit's file."""
    with at_work(settings) as folder:
        (Path(folder) / FILLED).write_text(content, encoding="utf-8")
        given = _given(Path(folder), {name: file})
        against = tuple(str(shutil.copyfile(path, Path(folder) / f"known-{n}.json")) for n, path in enumerate(known))
        order = _Order("take", folder, profile, year, file=str(given / name), unit=unit, against=against)
        result = _run(order, settings)
        return _taken(Path(folder), result)


def begin_filing(settings: Settings, files: Mapping[str, BinaryIO], profile: str = "") -> BegunFiling:
    """What the files of one unit give to begin with; whose they are is told by them. Raises ProcessingError."""
    with at_work(settings) as folder:
        given = _given(Path(folder), files)
        result = _run(_Order("begin", folder, profile, 0, file=str(given)), settings)
        return BegunFiling(result.unit, result.year, result.profile, _taken(Path(folder), result))


def roll_filing(settings: Settings, content: str, profile: str, year: int, file: BinaryIO, name: str) -> bytes:
    """Last year's document, a file named `name`, with the figures of `content`: an archive of the Word file and of the
    list of what is to be seen to. Raises ProcessingError.
    """
    with at_work(settings) as folder:
        (Path(folder) / FILLED).write_text(content, encoding="utf-8")
        given = _given(Path(folder), {name: file})
        _run(_Order("roll", folder, profile, year, file=str(given / name)), settings)
        return (Path(folder) / ROLLED).read_bytes()


def _given(folder: Path, files: Mapping[str, BinaryIO]) -> Path:
    """The folder in which copies of the files lie under their names."""
    given = folder / "given"
    given.mkdir()
    for name, file in files.items():
        file.seek(0)
        with (given / name).open("wb") as copy:
            shutil.copyfileobj(file, copy)
        file.seek(0)
    return given


def _taken(folder: Path, result: _Result) -> TakenOver:
    filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
    accounts = {name: (folder / f"{name}.json").read_bytes() for name in result.accounts}
    return TakenOver(filled, result.pages, result.messages, result.source, accounts)


def write_filled_workbook(settings: Settings, content: str, profile: str, year: int) -> bytes:
    """The workbook with everything that is filled in. Raises SettlingError."""
    with at_work(settings) as folder:
        (Path(folder) / FILLED).write_text(content, encoding="utf-8")
        _run(_Order("write", folder, profile, year), settings)
        return (Path(folder) / "workbook.xlsx").read_bytes()


def _run(order: _Order, settings: Settings) -> _Result:
    order = msgspec.structs.replace(order, memory=settings.reading_memory, seconds=settings.reading_time)
    try:
        with SLOTS.slot():
            carry_out(
                "juesuan.web.filing.processing", order, Path(order.folder), settings.data / "cache", order.seconds
            )
    except (BusyError, WorkError) as error:
        raise ProcessingError(str(error)) from None
    except TooLongError:
        raise ProcessingError("用的时间太长，已停止。请检查佐证查询和上传的文件。") from None
    return msgspec.json.decode((Path(order.folder) / RESULT).read_bytes(), type=_Result)


_EXPLAINED = (
    UnreadableSourceError, UnreadableFileError, NotAnAccountError, PublishError, NotTakenError, NotRollableError,
)  # fmt: skip


def _work(order: _Order) -> None:
    works = {"settle": _process, "take": _take, "begin": _begin, "write": _write, "roll": _roll}
    result = works[order.work](order, Path(order.folder))
    (Path(order.folder) / RESULT).write_bytes(msgspec.json.encode(result))


def _statute(order: _Order) -> Statute:
    return load_statute(order.profile, order.year)


def _process(order: _Order, folder: Path) -> _Result:
    filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
    others = [from_json(Path(path).read_bytes()) for path in order.against]
    examination = examine(filled, _statute(order), Path(order.evidence), stating_sums(others))
    compilation = with_contradictions(examination.compilation)
    account, statute = compilation.account, compilation.statute
    report = check(account, statute=statute, against=others)
    found = tuple(_explained(issue, statute) for issue in report.findings)
    (folder / ACCOUNT).write_bytes(to_json(account))
    (folder / PAGE).write_text(write_page(lay_out(account, statute, draft=order.draft)), encoding="utf-8")
    files = {}
    if order.formats:
        for path in publish(account, folder / "made", order.formats, statute=statute, draft=order.draft):
            files[path.suffix.removeprefix(".")] = path.name
    contradictions = tuple(PlacedIssue(issue) for issue in compilation.contradictions)
    return _Result((*examination.placed, *contradictions), found, files)


def _explained(issue: Issue, statute: Statute) -> Issue:
    """The issue with its basis and what to do, as who reads it far from the register wants it."""
    return msgspec.structs.replace(issue, basis=basis_of(issue, statute), advice=advice_on(issue, statute))


def _take(order: _Order, folder: Path) -> _Result:
    statute, path = _statute(order), Path(order.file)
    suffix = path.suffix.lower().removeprefix(".")
    if suffix == "xlsx":
        filled, strange = of_workbook(path, statute)
        if filled.pages:
            (folder / FILLED).write_bytes(msgspec.json.encode(filled))
            messages = tuple(f"不认识的工作表“{name}”，没有读取。" for name in strange)
            return _Result(pages=tuple(filled.pages), messages=messages)
    if suffix == "xls" or (suffix == "xlsx" and identify(path).kind in EXPORTS):
        return _take_held(order, folder, [Path(other) for other in order.against])
    # Our own Word file may just as well be last year's, as it was published, or the year's budget.
    if suffix == "docx" and is_ours(path) and _is_this_years(path, statute):
        filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
        taken = take_into(filled, statute, path)
        (folder / FILLED).write_bytes(msgspec.json.encode(taken.filled))
        told = taken.told if taken.told or taken.taken else ("没有改动，与填报的一致。",)
        return _Result(pages=taken.sheets, source="edited", messages=told)
    if suffix not in DATA:
        return _take_document(path, statute, order, folder)
    # Not a workbook to fill in: then a ledger, whose amounts fill the sheets that a ledger knows.
    gathered = gather(Sources(None, (path,), statute.profile.key), statute)
    if gathered.problems:
        raise UnreadableSourceError("台账没有读入：\n" + "\n".join(map(str, gathered.problems[:20])))
    return _result(folder, of_gathered(gathered, statute), "ledger")


def _is_this_years(path: Path, statute: Statute) -> bool:
    account = read_document(path).account
    return account.year == statute.year and load_statute(account.profile).profile.kind == statute.profile.kind


def _result(folder: Path, filled: FilingContent, source: Source, messages: tuple[str, ...] = ()) -> _Result:
    pages = tuple(key for key, page in filled.pages.items() if page.cells or page.lines)
    (folder / FILLED).write_bytes(msgspec.json.encode(filled))
    return _Result(pages=pages, source=source, messages=messages)


def _take_document(path: Path, statute: Statute, order: _Order, folder: Path) -> _Result:
    """Last year's disclosure of the same kind, or the other kind: the year's budget, last year's outcome."""
    kind = statute.profile.kind
    try:
        account = from_json(path.read_bytes()) if path.suffix.lower() == ".json" else read_document(path).account
    except NotAnAccountError:
        raise UnreadableSourceError(
            f"{path.name}：不是公开的数据，或不完整。请用公开页面上下载的 account.json，或上年公开的 PDF、Word 文件。"
        ) from None
    if account.facts and load_statute(account.profile).profile.kind != kind:
        return _take_held(order, folder)
    if account.year != statute.year - 1:
        messages = f"这是 {account.year} 年度的文件，" if account.year else "看不出这份文件的年度，"
        raise UnreadableSourceError(f"{messages}应为 {statute.year - 1} 年度的{kind}。")
    filled = of_last_year(account, statute)
    filled.given = GivenFigures([path.name])
    (folder / "last.json").write_bytes(to_json(account))
    return msgspec.structs.replace(_result(folder, filled, "last"), accounts=("last",))


def _take_held(order: _Order, folder: Path, known: Sequence[Path] = ()) -> _Result:
    """An export, beside the accounts `known`, or the budget: figures that stand beside what is typed, blanks filled."""
    path = Path(order.file)
    filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
    beside = examine(filled, _statute(order)).compilation.account if filled.pages else None
    result = _begin_with([path], order.profile, folder, beside, known)
    if result.year != order.year:
        kind = _statute(order).profile.kind
        what = "是" if kind == "决算" else "能用于"
        raise UnreadableSourceError(
            f"{path.name} {what} {result.year} 年度的，这份{kind}是 {order.year} 年度的，没有取用。"
        )
    if order.unit and result.unit and spaceless(result.unit) != spaceless(order.unit):
        raise UnreadableSourceError(f"{path.name} 是“{result.unit}”的，这里是“{order.unit}”，没有取用。")
    return result


def _begin(order: _Order, folder: Path) -> _Result:
    result = _begin_with(sorted(Path(order.file).iterdir()), order.profile, folder)
    if not result.unit or not result.year:
        raise UnreadableSourceError("这些文件没有写明单位和年度，看不出是谁的。请一并放上今年导出的报表或上年的决算。")
    return result


def _begin_with(
    paths: Sequence[Path], profile: str, folder: Path, beside: Account | None = None, known: Sequence[Path] = ()
) -> _Result:
    begun = begin_from([*paths, *known], profile or None, beside)
    found = {"last": begun.last, "budget": begun.budget, "outcome": begun.outcome} if not known else {}
    accounts = {name: account for name, account in found.items() if account is not None}
    for name, account in accounts.items():
        (folder / f"{name}.json").write_bytes(to_json(account))
    if begun.filled.given:
        begun.filled.given.files = [path.name for path in paths]
        begun.filled.given.notes = [str(note) for note in begun.notes]
    told = tuple(f"还要填：{ask.expected}（“{ask.address.removesuffix('表')}”表）" for ask in begun.asked)
    result = _result(folder, begun.filled, "held", told)
    return msgspec.structs.replace(
        result, unit=begun.unit, year=begun.year, profile=begun.profile, accounts=tuple(accounts))


def _roll(order: _Order, folder: Path) -> _Result:
    filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
    compilation = examine(filled, _statute(order)).compilation
    if not compilation.sound:
        raise UnreadableSourceError("填报的数还有错误，请先改正，再换到上年的文件里。")
    account = compilation.account
    stem = f"{account.year}年度{account.unit.name}{compilation.statute.profile.kind}公开（照上年版面）"
    word, listed = folder / f"{stem}.docx", folder / f"{stem}-待核清单.csv"
    write_list(roll_docx(Path(order.file), word, account), listed)
    with zipfile.ZipFile(folder / ROLLED, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (word, listed):
            archive.write(path, path.name)
    return _Result()


def _write(order: _Order, folder: Path) -> _Result:
    filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
    statute = _statute(order)
    write_contents(folder / "workbook.xlsx", statute, contents_of(filled, statute))
    return _Result()


if __name__ == "__main__":
    sys.exit(main_of(_Order, _work, _EXPLAINED, reserving=True))
