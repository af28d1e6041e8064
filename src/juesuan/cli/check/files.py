"""The files that `juesuan check -o` writes: the suffix says what, a folder takes one for each document."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import JuesuanError, os_error_text

if TYPE_CHECKING:
    from juesuan.checker.reports import Checked, Unreadable

SUFFIXES = {".xlsx": "xlsx", ".html": "html", ".htm": "html", ".sarif": "sarif", ".json": "json", ".pdf": "pdf"}

NAMES = {
    "xlsx": "问题清单",
    "html": "核对报告",
    "sarif": "SARIF 报告",
    "json": "JSON 报告",
    "pdf": "标注的 PDF",
}

OUTPUTS_HELP = (
    "另存为文件，看后缀：.xlsx 问题清单，.html 核对报告，.pdf 在原 PDF 上标注，.sarif、.json；"
    "以 / 结尾的是文件夹，每份文件各存一份（PDF 存标注的 PDF，其他存 HTML；--format 另选）。可写多次"
)


class OutputError(JuesuanError):
    """An output that makes no sense; the message says why and what to do."""


class Output(msgspec.Struct, frozen=True):
    """Where to write, and what: a key of NAMES; an empty kind is a folder."""

    path: Path
    kind: str


class Written(msgspec.Struct, frozen=True):
    """What was written, and what could not be, with the reason."""

    paths: tuple[tuple[str, Path], ...]
    failures: tuple[str, ...]


def planned(outputs: Sequence[str], files: Sequence[Path]) -> list[Output]:
    """The outputs as asked for. Raises OutputError before any file is checked where one cannot be made."""
    found = []
    for text in outputs:
        path = Path(text)
        if text.endswith(("/", os.sep)) or path.is_dir():
            found.append(Output(path, ""))
            continue
        kind = SUFFIXES.get(path.suffix.lower())
        if kind is None:
            raise OutputError(f"{text}：不知道存成什么。后缀可用 {'、'.join(SUFFIXES)}；文件夹请以 / 结尾。")
        if any(_same(path, file) for file in files):
            raise OutputError(f"{text} 就是被核对的文件，没有覆盖。请换一个文件名。")
        if kind == "pdf" and len(files) != 1:
            raise OutputError(f"{text}：共 {len(files)} 份文件，标注的 PDF 一份文件一个；请用 -o 文件夹/。")
        if kind == "pdf" and files[0].suffix.lower() != ".pdf":
            raise OutputError(f"{text}：{files[0].name} 不是 PDF，不能在上面标注；请用 -o 报告.html。")
        found.append(Output(path, kind))
    return found


def write_all(
    outputs: Sequence[Output], form: str, checked: Sequence[Checked], unreadable: Sequence[Unreadable]
) -> Written:
    """Writes every output; one that cannot be written does not stop the others."""
    paths: list[tuple[str, Path]] = []
    failures: list[str] = []
    for output in outputs:
        if output.kind:
            _attempt(output.kind, output.path, checked, unreadable, paths, failures)
            continue
        for kind, path, item in _in_folder(output.path, form, checked):
            _attempt(kind, path, [item], (), paths, failures)
    return Written(tuple(paths), tuple(failures))


def _in_folder(folder: Path, form: str, checked: Sequence[Checked]) -> list[tuple[str, Path, Checked]]:
    """Kind and path for each file; files of the same name are told apart by a number."""
    found: list[tuple[str, Path, Checked]] = []
    taken: set[str] = set()
    inputs = [item.path for item in checked]
    for item in checked:
        kind = form if form != "text" else ("pdf" if item.path.suffix.lower() == ".pdf" else "html")
        for name in _names(item.path):
            path = folder / f"{name}.{kind}"
            if path.name.lower() not in taken and not any(_same(path, other) for other in inputs):
                break
        taken.add(path.name.lower())
        found.append((kind, path, item))
    return found


def _names(path: Path) -> Iterator[str]:
    """Names for the report on a file, the plainest first."""
    yield f"{path.stem}-核对"
    yield f"{path.name}-核对"
    yield from (f"{path.stem}-核对-{number}" for number in itertools.count(2))


def _attempt(
    kind: str,
    path: Path,
    checked: Sequence[Checked],
    unreadable: Sequence[Unreadable],
    paths: list[tuple[str, Path]],
    failures: list[str],
) -> None:
    from juesuan.checker.reports import PagesError

    if kind == "pdf" and not checked:
        failures.append(f"没有写 {path}：文件读不出来，无从标注。")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _writer(kind)(path, checked, unreadable)
    except PermissionError:
        failures.append(f"写不进去：{path}。文件可能正在 Excel 或阅读器中打开，请关闭后重试。")
    except OSError as error:
        failures.append(f"没有写 {path}：{os_error_text(error)}。")
    except PagesError as error:
        failures.append(f"没有写 {path}：{error}")
    else:
        paths.append((NAMES[kind], path))


def _writer(kind: str) -> Callable[[Path, Sequence[Checked], Sequence[Unreadable]], None]:
    from juesuan.checker.reports import write_marked, write_problem_list

    if kind == "xlsx":
        return write_problem_list
    if kind == "pdf":
        return lambda path, checked, _: write_marked(path, checked[0])
    return lambda path, checked, unreadable: _write_text(path, report_text(kind, checked, unreadable))


def report_text(
    form: str, checked: Sequence[Checked], unreadable: Sequence[Unreadable], *, unchecked: bool = False
) -> str:
    """The report in a format of `--format`; with `unchecked` the text lists every number that was not checked."""
    from juesuan.checker.reports import json_text, page_text, sarif_text
    from juesuan.cli.check.text import text_of

    if form == "text":
        return text_of(checked, unreadable, unchecked=unchecked)
    makers = {"json": json_text, "sarif": sarif_text, "html": page_text}
    return makers[form](checked, unreadable)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
