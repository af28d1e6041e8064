"""One document read and checked into rows, or its failure: what the process does that reads for a worker."""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan.account import Account, Issue
from juesuan.corpus.ingest.sources import SourceFile, display_name
from juesuan.corpus.store.rows import ReadDocument, document_id, rows_of
from juesuan.corpus.store.shards import Rows

TOO_LARGE = (
    "读这个文件需要的内存超过了限制（{memory} MB），已停止。"
    "请单独核对这个文件；确属正常的，用 --memory 放宽后加 --retry。"
)


class DocumentWork(msgspec.Struct, frozen=True):
    """A document to be read: what is known of it, where its bytes are on this machine, and by which rules."""

    entry: SourceFile
    path: str
    profile: str | None
    engine: str


def read_document_work(work: DocumentWork) -> Rows:
    """The rows of one document, or its failure. Raises MemoryError."""
    from juesuan.account import UnreadableFileError
    from juesuan.reader import read_document
    from juesuan.statute import load_statute

    path = Path(work.path)
    try:
        reading = read_document(path, work.profile)
        account, notes = reading.account, reading.notes
        load_statute(account.profile, account.year)
    except UnreadableFileError as error:
        if _out_of_memory(error):
            raise MemoryError from error
        return failed(work.entry, work.engine, "读取", str(error))
    except MemoryError:
        raise
    except Exception as error:
        return failed(work.entry, work.engine, "读取", _internal_error(error))
    if not (account.facts or account.tables or account.sheets):
        reason = "没有认出任何公开表，不像是决算或预算公开文件；请确认是否给错了文件。"
        return failed(work.entry, work.engine, "读取", reason)
    try:
        return _checked(work, path, account, (*notes, *differing(work.entry, account)))
    except MemoryError:
        raise
    except Exception as error:
        return failed(work.entry, work.engine, "核对", _internal_error(error))


def _out_of_memory(error: BaseException) -> bool:
    """Whether a file is unreadable only because memory ran out on the way."""
    cause = error.__cause__ or error.__context__
    return cause is not None and (isinstance(cause, MemoryError) or _out_of_memory(cause))


def differing(entry: SourceFile, account: Account) -> list[Issue]:
    """What the manifest says otherwise than the document."""
    notes = []
    if entry.year and entry.year != account.year:
        notes.append(_listed(f"清单写的是{entry.year}年度，文件认出的是{account.year}年度。"))
    code = account.unit.code
    if entry.unit_code and code and entry.unit_code != code:
        notes.append(_listed(f"清单写的单位代码是{entry.unit_code}，文件写的是{code}，以清单为准。"))
    return notes


def _listed(text: str) -> Issue:
    return Issue("Q204", "warning", text)


def _checked(work: DocumentWork, path: Path, account: Account, notes: tuple[Issue, ...]) -> Rows:
    from juesuan.inspection import inspect_account
    from juesuan.statute import load_statute

    statute = load_statute(account.profile, account.year)
    name = display_name(work.entry.file)
    _, checked = inspect_account(account, statute, path, name=name, notes=notes)
    return rows_of(
        ReadDocument(
            document_id(work.entry.fingerprint, work.engine),
            work.entry.fingerprint,
            work.engine,
            work.entry.file,
            path.suffix.lower().lstrip("."),
            path.stat().st_size,
            work.entry.unit_code or account.unit.code,
            account,
            statute,
            checked,
            notes,
        )
    )


def _internal_error(error: Exception) -> str:
    return f"本程序的问题：读取时出错（{type(error).__name__}：{error}），请把文件提供给开发者。"


def failed(entry: SourceFile, engine: str, stage: str, reason: str) -> Rows:
    """The row of a document that could not be had, read or checked."""
    row = {"file": entry.file, "fingerprint": entry.fingerprint, "engine": engine, "stage": stage, "reason": reason}
    return {"failures": [row]}
