"""What a unit filled in or uploaded, worked on in a process with limits: compiled, checked, laid out, or read in."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from juesuan.account import (
    Issue,
    JuesuanError,
    NotAnAccountError,
    PublishError,
    UnreadableFileError,
    UnreadableSourceError,
    from_json,
    to_json,
)
from juesuan.checker import check
from juesuan.compiler import Sources, gather
from juesuan.compiler.editor import (
    FilingContent,
    PlacedIssue,
    contents_of,
    examine,
    of_gathered,
    of_last_year,
    of_workbook,
)
from juesuan.compiler.workbook import write_contents
from juesuan.inspection import with_contradictions
from juesuan.publisher import lay_out, publish
from juesuan.reader import read_document
from juesuan.statute import Statute, load_statute
from juesuan.statute.register import advice_on, basis_of
from juesuan.web.infra.limited_process import LimitedOrder, TooLongError, WorkError, at_work, carry_out, main_of
from juesuan.web.infra.process_slots import SLOTS, BusyError
from juesuan.web.infra.settings import Settings
from juesuan.web.publication.pages import write_page
from juesuan.web.review.uploads import DATA

ACCOUNT, PAGE, RESULT, FILLED = "account.json", "page.html", "result.json", "filled.json"


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


Source = Literal["workbook", "ledger", "last"]


class TakenOver(msgspec.Struct, frozen=True):
    """What an uploaded file says: a workbook, a ledger, or last year's account; `told` what was not taken of it."""

    filled: FilingContent
    pages: tuple[str, ...]
    messages: tuple[str, ...]
    source: Source


class _Order(LimitedOrder, frozen=True):
    """What the process is to do in `folder`: settle what is filled in, take an upload over, write a workbook."""

    work: str
    folder: str
    profile: str
    year: int
    evidence: str = ""
    last: str = ""
    formats: tuple[str, ...] = ()
    file: str = ""
    draft: bool = False


class _Result(msgspec.Struct, frozen=True):
    notes: tuple[PlacedIssue, ...] = ()
    findings: tuple[Issue, ...] = ()
    files: dict[str, str] = {}
    pages: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    source: Source = "workbook"


def process_filing(
    settings: Settings, content: str, profile: str, year: int, evidence: Mapping[str, Path], last: Path | None, *,
    draft: bool, formats: tuple[str, ...] = (),
) -> ProcessedFiling:
    """The account of `content` (Filled as JSON), with evidence from the files `evidence`, held against `last` year's.

    A `draft` marks the texts that are missing. Raises SettlingError.
    """
    with at_work(settings) as name:
        folder = Path(name)
        (folder / FILLED).write_text(content, encoding="utf-8")
        data = folder / "evidence"
        data.mkdir()
        for shown, path in evidence.items():
            shutil.copyfile(path, data / shown)
        if last:
            shutil.copyfile(last, folder / "last.json")
        order = _Order("settle", name, profile, year, evidence=str(data),
                       last=str(folder / "last.json") if last else "", formats=formats, draft=draft)
        result = _run(order, settings)
        files = {kind: (shown, (folder / "made" / shown).read_bytes()) for kind, shown in result.files.items()}
        page = (folder / PAGE).read_text(encoding="utf-8")
        return ProcessedFiling((folder / ACCOUNT).read_bytes(), page, result.notes, result.findings, files)


def take_over_file(settings: Settings, file: BinaryIO, name: str, profile: str, year: int) -> TakenOver:
    """What an uploaded workbook, ledger or account of the year before says. Raises SettlingError."""
    with at_work(settings) as folder:
        path = Path(folder) / "given" / name
        path.parent.mkdir()
        file.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        file.seek(0)
        order = _Order("take", folder, profile, year, file=str(path))
        result = _run(order, settings)
        filled = msgspec.json.decode((Path(folder) / FILLED).read_bytes(), type=FilingContent)
        return TakenOver(filled, result.pages, result.messages, result.source)


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


_EXPLAINED = (UnreadableSourceError, UnreadableFileError, NotAnAccountError, PublishError)


def _work(order: _Order) -> None:
    result = {"settle": _process, "take": _take, "write": _write}[order.work](order, Path(order.folder))
    (Path(order.folder) / RESULT).write_bytes(msgspec.json.encode(result))


def _statute(order: _Order) -> Statute:
    return load_statute(order.profile, order.year)


def _process(order: _Order, folder: Path) -> _Result:
    filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
    examination = examine(filled, _statute(order), Path(order.evidence))
    compilation = with_contradictions(examination.compilation)
    account, statute = compilation.account, compilation.statute
    others = [from_json(Path(order.last).read_bytes())] if order.last else []
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
    if path.suffix.lower().removeprefix(".") not in DATA:
        return _take_last(path, statute, folder)
    if path.suffix == ".xlsx":
        filled, strange = of_workbook(path, statute)
        if filled.pages:
            (folder / FILLED).write_bytes(msgspec.json.encode(filled))
            messages = tuple(f"不认识的工作表“{name}”，没有读取。" for name in strange)
            return _Result(pages=tuple(filled.pages), messages=messages)
    # Not a workbook to fill in: then a ledger, whose amounts fill the sheets that a ledger knows.
    gathered = gather(Sources(None, (path,), statute.profile.key), statute)
    if gathered.problems:
        raise UnreadableSourceError("台账没有读入：\n" + "\n".join(map(str, gathered.problems[:20])))
    filled = of_gathered(gathered, statute)
    pages = tuple(key for key, page in filled.pages.items() if page.cells or page.lines)
    (folder / FILLED).write_bytes(msgspec.json.encode(filled))
    return _Result(pages=pages, source="ledger")


def _take_last(path: Path, statute: Statute, folder: Path) -> _Result:
    """Last year's account, from whatever it was published as."""
    try:
        account = from_json(path.read_bytes()) if path.suffix.lower() == ".json" else read_document(path).account
    except NotAnAccountError:
        raise UnreadableSourceError(
            f"{path.name}：不是决算数据文件，或不完整。请用公开页面上下载的 account.json，或上年公开的 PDF、Word 文件。"
        ) from None
    if account.year != statute.year - 1:
        messages = f"这是 {account.year} 年度的文件，" if account.year else "看不出这份文件的年度，"
        raise UnreadableSourceError(f"{messages}应为 {statute.year - 1} 年度的决算。")
    filled = of_last_year(account, statute)
    (folder / FILLED).write_bytes(msgspec.json.encode(filled))
    pages = tuple(key for key, page in filled.pages.items() if page.cells or page.lines)
    return _Result(pages=pages, source="last")


def _write(order: _Order, folder: Path) -> _Result:
    filled = msgspec.json.decode((folder / FILLED).read_bytes(), type=FilingContent)
    statute = _statute(order)
    write_contents(folder / "workbook.xlsx", statute, contents_of(filled, statute))
    return _Result()


if __name__ == "__main__":
    sys.exit(main_of(_Order, _work, _EXPLAINED, reserving=True))
