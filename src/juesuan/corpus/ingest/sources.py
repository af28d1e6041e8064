"""What is to be ingested: files, folders, patterns, members of archives, lines of manifests, each fetched when due."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
import msgspec

from juesuan.account import JuesuanError, bare, member_name, os_error_text
from juesuan.corpus.store.folders import StoreError, is_remote, local_path

MEMBER = "!/"
"""Between the archive and its member."""

LARGEST = 500 * 2**20
"""Bytes of a file; a larger one is no account, or a bomb."""

_CODE, _YEAR, _FILE = ("单位代码", "单位编码"), "年度", "文件"
_OTHERS = {("部门代码", "部门编码"): "department_code", ("区划",): "region", ("级次",): "level"}
"""The columns of a manifest by the names that they may bear: ledgers and organisations call codes 编码."""

_PATTERN = set("*?[")


class FetchError(JuesuanError):
    """A file cannot be had; the message says in Chinese why."""


class SourceFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that was given: its path or address, and what a manifest says of it (line `position`, from one)."""

    file: str
    unit_code: str = ""
    year: int | None = None
    position: int | None = None
    department_code: str = ""
    region: str = ""
    level: str = ""
    fingerprint: str = ""

    def key(self) -> tuple[Any, ...]:
        """What tells it from other entries."""
        return (
            self.file, self.fingerprint, self.unit_code, self.year, self.position,
            self.department_code, self.region, self.level,
        )  # fmt: skip


def entries_of(paths: Sequence[str]) -> list[SourceFile]:
    """Every file that `paths` name, each once, in order of name.

    Raises StoreError for a manifest that is none, and for a folder or pattern without files.
    """
    found: dict[tuple[Any, ...], SourceFile] = {}
    for path in paths:
        for entry in _expanded(path):
            found.setdefault(entry.key(), entry)
    listed = {entry.file for entry in found.values() if entry.position is not None}
    # A file that a manifest names and a folder holds is the manifest's.
    remaining = [entry for entry in found.values() if entry.position is not None or entry.file not in listed]
    return sorted(remaining, key=lambda entry: (entry.file, entry.position or 0))


def _expanded(path: str) -> Iterator[SourceFile]:
    if path.lower().endswith(".csv") and _is_manifest(path):
        yield from _manifest(path)
        return
    files = _files(path)
    if not files:
        raise StoreError(f"{path}：没有找到文件。请核对路径和文件名的写法。")
    for file in files:
        if file.lower().endswith(".zip"):
            yield from (SourceFile(f"{file}{MEMBER}{member}") for member in _members(file))
        else:
            yield SourceFile(file)


def _files(path: str) -> list[str]:
    if MEMBER in path:
        return [path]
    if is_remote(path):
        system, inner = fsspec.core.url_to_fs(path)
        if _PATTERN & set(inner):
            found = system.glob(inner)
        elif system.isdir(inner):
            found = system.find(inner)
        else:
            return [path]
        return sorted(system.unstrip_protocol(name) for name in found if _wanted(name))
    place = local_path(path)
    if place.is_dir():
        return sorted(file.as_posix() for file in place.rglob("*") if file.is_file() and _wanted(file.as_posix()))
    if not place.exists() and _PATTERN & set(path):
        pattern = place.relative_to(place.anchor) if place.anchor else place
        matched = Path(place.anchor or ".").glob(pattern.as_posix())
        return sorted(file.as_posix() for file in matched if file.is_file() and _wanted(file.as_posix()))
    return [place.as_posix()]


def _wanted(name: str) -> bool:
    return not PurePosixPath(name).name.startswith((".", "~$"))


def _is_manifest(path: str) -> bool:
    try:
        head = _text(path).partition("\n")[0]
    except (OSError, StoreError, ValueError):
        return False
    names = {name.strip().strip('"') for name in head.split(",")}
    return _FILE in names and bool({*_CODE, _YEAR} & names)


def _text(path: str) -> str:
    with fsspec.open(path, "rb") as file:
        data: bytes = file.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StoreError(f"{path}：清单的文字编码认不出来，请另存为 UTF-8。")


def _manifest(path: str) -> Iterator[SourceFile]:
    reader = csv.DictReader(io.StringIO(_text(path)))
    base = path.rpartition("/")[0] if is_remote(path) else local_path(path).parent.as_posix()
    for position, line in enumerate(reader, start=1):
        values = {(name or "").strip(): bare(value or "").strip() for name, value in line.items() if name}
        file = values.get(_FILE, "")
        if not file:
            raise StoreError(f"{path}：第 {position + 1} 行没有写文件。请补上，或删去这一行。")
        year = values.get(_YEAR, "")
        if year and not (year.isascii() and year.isdigit()):
            raise StoreError(f"{path}：第 {position + 1} 行的年度“{year}”不是四位数字的年份。")
        if not is_remote(file) and not Path(file).is_absolute():
            file = f"{base}/{file}" if base not in ("", ".") else file
        others = {ours: _first(values, theirs) for theirs, ours in _OTHERS.items()}
        yield SourceFile(file, _first(values, _CODE), int(year) if year else None, position, **others)


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[name] for name in names if values.get(name)), "")


def _members(archive: str) -> list[str]:
    """The files of an archive by name; of one that is empty or cannot be opened a member without a name, to fail with
    a reason.
    """
    try:
        with fsspec.open(archive, "rb") as file, zipfile.ZipFile(file) as opened:
            names = [member_name(info) for info in opened.infolist() if not info.is_dir()]
            return sorted(name for name in names if _wanted(name)) or [""]
    except (OSError, zipfile.BadZipFile):
        return [""]


def display_name(file: str) -> str:
    """The name of a file without its folders."""
    return PurePosixPath(file.rpartition(MEMBER)[2] or file.partition(MEMBER)[0]).name


@contextmanager
def fetched(file: str) -> Iterator[Path]:
    """The file on this machine, while it is needed. Raises FetchError."""
    try:
        if not is_remote(file) and MEMBER not in file:
            path = local_path(file)
            if not path.is_file():
                raise FetchError(f"{file}：没有这个文件。")
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
            target = Path(folder, display_name(file) or "file")
            _fetch(file, target)
            yield target
    except zipfile.BadZipFile:
        raise FetchError(f"{file}：压缩包损坏，打不开，请重新获取。") from None
    except FileNotFoundError:
        raise FetchError(f"{file}：没有这个文件。") from None
    except (RuntimeError, NotImplementedError) as error:
        raise FetchError(f"{file}：压缩包里的这个文件取不出来（{error}）。有密码的请先解压。") from None
    except OSError as error:
        raise FetchError(f"{file}：取不到（{os_error_text(error)}）。") from None


def _fetch(file: str, target: Path) -> None:
    if MEMBER not in file:
        with fsspec.open(file, "rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, 2**20)
        return
    archive, _, member = file.partition(MEMBER)
    with fsspec.open(archive, "rb") as source, zipfile.ZipFile(source) as opened:
        if not member:
            raise FetchError(f"{archive}：压缩包里没有文件。请核对压缩是否完整，重新获取。")
        info = next((info for info in opened.infolist() if member_name(info) == member), None)
        if info is None:
            raise FetchError(f"{file}：压缩包里没有这个文件。")
        if info.file_size > LARGEST:
            raise FetchError(f"{file}：解压后超过 {LARGEST // 2**20} MB，不像是决算公开文件，不予读取。")
        with opened.open(info) as inner, target.open("wb") as copy:
            shutil.copyfileobj(inner, copy, 2**20)


def fingerprint(file: str) -> tuple[str, str]:
    """The SHA-256 of a file, or nothing and the reason."""
    try:
        with fetched(file) as path, path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest(), ""
    except FetchError as error:
        return "", str(error)
    except OSError as error:
        return "", f"{file}：读不出来（{os_error_text(error)}）。"
