"""Files that others made are read in a process of their own, with limits on memory, time and what it may write."""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import JuesuanError, UnreadableFileError, from_json, to_json
from juesuan.checker.reports import Chapter, Checked, PagesError, View, chapter_of, write_marked
from juesuan.inspection import inspect
from juesuan.web.infra.limited_process import LimitedOrder, TooLongError, WorkError, carry_out, main_of

RESULT, ACCOUNT, MARKED = "result.json", "account.json", "marked.pdf"


class ReadingError(JuesuanError):
    """A file could not be read; the message is for people."""


class ReadingOrder(LimitedOrder, frozen=True):
    """What the process is to do: check `source` (called `name`) into `folder`, or mark what was checked."""

    work: str
    source: str
    name: str
    folder: str
    against: tuple[str, ...] = ()
    result: str = ""


def run(order: ReadingOrder, cache: Path) -> None:
    """Has `order` carried out within its limits. Raises ReadingError."""
    try:
        carry_out("juesuan.web.review.reading", order, Path(order.folder), cache, order.seconds)
    except TooLongError:
        raise ReadingError("读这个文件用的时间太长，已停止。请检查文件，或拆分后再上传。") from None
    except WorkError as error:
        raise ReadingError(str(error)) from None


def load_result(path: Path, source: Path) -> Chapter:
    """What checking wrote at `path`; `source` is the file that was checked."""

    def hook(kind: type, value: Any) -> Any:
        return source if kind is Path else value

    return msgspec.json.decode(path.read_bytes(), type=Chapter, dec_hook=hook)


def _work(order: ReadingOrder) -> None:
    if order.work == "mark":
        _mark(order)
    else:
        _check(order)


def _check(order: ReadingOrder) -> None:
    with tempfile.TemporaryDirectory(dir=order.folder) as folder:
        # Findings name the file: it is read under the name that people know.
        path = Path(folder) / order.name
        shutil.copyfile(order.source, path)
        others = [from_json(Path(other).read_bytes()) for other in order.against]
        inspection = inspect(path, name=order.name, against=others)
        account = inspection.reading.account
        chapter = chapter_of(1, inspection.checked)
    target = Path(order.folder)
    (target / ACCOUNT).write_bytes(to_json(account))
    for view in chapter.pages:
        (target / f"page-{view.picture.number}").write_bytes(base64.b64decode(view.picture.data.partition(",")[2]))
    lean = msgspec.structs.replace(
        chapter,
        pages=tuple(map(_without_picture, chapter.pages)),
        entries=tuple(
            msgspec.structs.replace(entry, views=tuple(map(_without_picture, entry.views))) for entry in chapter.entries
        ),
    )
    (target / RESULT).write_bytes(msgspec.json.encode(lean, enc_hook=str))


def _without_picture(view: View) -> View:
    return msgspec.structs.replace(view, picture=msgspec.structs.replace(view.picture, data=""))


def _mark(order: ReadingOrder) -> None:
    checked: Checked = load_result(Path(order.result), Path(order.source)).checked
    write_marked(Path(order.folder) / MARKED, checked)


if __name__ == "__main__":
    sys.exit(main_of(ReadingOrder, _work, (UnreadableFileError, PagesError), task="读这个文件"))
