"""Files checked side by side; one that breaks down does not stop the others."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures  # Loads what begins processes where it is used.
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.cli.check.archives import is_archive, is_of_the_system, unpacked

if TYPE_CHECKING:
    from juesuan.account import Account
    from juesuan.checker.reports import Accepted, Checked, Located, Unreadable


def expanded(paths: Sequence[Path]) -> list[Path]:
    """Files, and the files of folders and of archives, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(p for p in path.rglob("*") if p.is_file() and not is_of_the_system(p.name)))
        else:
            found.append(path)
    return [file for path in found for file in (unpacked(path) if is_archive(path) else [path])]


def once_each(files: Sequence[Path]) -> dict[Path, tuple[str, ...]]:
    """The files, of several with the same bytes only the first, with the names of the others."""
    first: dict[tuple[int, bytes], Path] = {}
    same: dict[Path, list[str]] = {}
    sizes = Counter(file.stat().st_size for file in files if file.is_file())
    for file in files:
        if file.is_file() and sizes[file.stat().st_size] > 1:
            with contextlib.suppress(OSError), file.open("rb") as opened:
                key = file.stat().st_size, hashlib.file_digest(opened, "sha256").digest()
                if (other := first.setdefault(key, file)) != file:
                    same[other].append(file.name)
                    continue
        same.setdefault(file, [])
    return {file: tuple(names) for file, names in same.items()}


def watched() -> Callable[[int, int], None] | None:
    """What shows how many scanned pages have been recognised, to those who watch a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        click.echo(f"\r识别扫描页 {done}/{total}", err=True, nl=done == total)

    return show


def check_all(
    files: Sequence[Path], profile: str | None, against: Sequence[Account] = ()
) -> list[Checked | Unreadable]:
    """What each file comes to, in their order, with a progress bar where there are several.

    Each is also held to those of the accounts `against` that are of its unit; a single file to all of them.
    """
    job = partial(_check_one, profile=profile, against=tuple(against), single=len(files) == 1)
    if len(files) < 2:
        return [job(file) for file in files]
    from juesuan.checker.reports import Unreadable

    results: list[Checked | Unreadable] = []
    with futures.ProcessPoolExecutor(min(len(files), os.cpu_count() or 1)) as pool:
        jobs = _until_broken(pool.map(job, files))
        with click.progressbar(jobs, length=len(files), label="核对", file=sys.stderr) as bar:
            results.extend(bar)
    results.extend(Unreadable(file.name, "") for file in files[len(results) :])
    # A malformed PDF can leave its process unable to read others: those are read once more, each by a new process.
    for index, result in enumerate(results):
        if isinstance(result, Unreadable) and files[index].is_file():
            results[index] = _check_alone(files[index], job)
    return results


def wanting(select: str, ignore: str) -> Callable[[str], bool] | None:
    """What tells whether a code is asked for; None where all are."""
    wanted = tuple(filter(None, (part.strip() for part in select.split(","))))
    unwanted = tuple(filter(None, (part.strip() for part in ignore.split(","))))
    if not (wanted or unwanted):
        return None
    return lambda code: (not wanted or code.startswith(wanted)) and not (unwanted and code.startswith(unwanted))


def filtered(item: Checked, select: str, ignore: str) -> Checked:
    """The file with only the findings whose codes begin as asked, accepted ones too."""
    is_wanted = wanting(select, ignore)
    if is_wanted is None:
        return item

    def is_selected(located: Located) -> bool:
        return is_wanted(located.finding.code)

    accepted: list[Accepted] = [entry for entry in item.accepted if is_selected(entry.located)]
    return item.with_found([located for located in item.found if is_selected(located)], accepted)


def _until_broken(jobs: Iterator[Checked | Unreadable]) -> Iterator[Checked | Unreadable]:
    """The results until a process of the pool dies; those after it are checked alone."""
    try:
        yield from jobs
    except futures.BrokenExecutor:
        return


def read_others(files: Sequence[Path], profile: str | None) -> tuple[list[Account], list[Unreadable]]:
    """The accounts that other files publish, to check against; and those that cannot be read."""
    from juesuan.account import UnreadableFileError
    from juesuan.checker.reports import Unreadable
    from juesuan.reader import read_document

    accounts: list[Account] = []
    unreadable: list[Unreadable] = []
    for file in files:
        try:
            accounts.append(read_document(file, profile).account)
        except UnreadableFileError as error:
            unreadable.append(Unreadable(file.name, str(error)))
    return accounts, unreadable


def _check_alone(file: Path, job: Callable[[Path], Checked | Unreadable]) -> Checked | Unreadable:
    from juesuan.checker.reports import Unreadable

    with futures.ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(job, file).result()
        except futures.BrokenExecutor:
            return Unreadable(file.name, "本程序的问题：读这个文件时异常退出，请把文件提供给开发者。", "Q301")


def _check_one(
    file: Path, profile: str | None, against: Sequence[Account], single: bool
) -> Checked | Unreadable:
    from juesuan.account import UnreadableFileError
    from juesuan.checker.reports import Unreadable
    from juesuan.inspection import inspect

    try:
        return inspect(
            file, profile, against=against, of_its_unit=not single, progress=watched() if single else None
        ).checked
    except UnreadableFileError as error:
        return Unreadable(file.name, str(error))
    except Exception as error:
        # Our own mistake with one file must not lose the reports on the others; it is said to be ours.
        reason = f"本程序的问题：读取时出错（{type(error).__name__}：{error}），请把文件提供给开发者。"
        return Unreadable(file.name, reason, "Q301")
