"""Backup and restore of a whole server in one file, consistent while it runs."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from juesuan.account import JuesuanError, os_error_text
from juesuan.web.infra.settings import Settings

DATABASE, DUMP = "juesuan.sqlite", "juesuan.dump"
"""What the database is called in a backup: SQLite's own file, or what pg_dump made of PostgreSQL's."""

LOOSE = ("secret", "metrics-token")


class BackupError(JuesuanError):
    """A backup cannot be made or restored; the message says why and what to do."""


def backup(settings: Settings, target: Path) -> int:
    """Writes database and files into the tar file `target`, and gives how many files it holds.

    The database is copied as it is at one moment, the files afterwards. A file is written before the database names it
    and is then neither changed nor removed, so that at least those that it names are there. What is changed or removed
    meanwhile belongs to a job that the copied database holds as not yet done: it is made anew from there. Raises
    BackupError.
    """
    aside = target.absolute().with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
            copy = _dumped(settings, Path(folder)) if settings.database else _copied(settings, Path(folder))
            count = _packed(settings, copy, aside)
        aside.chmod(0o600)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return count


def _packed(settings: Settings, database: Path, target: Path) -> int:
    """Writes the copied database and the files into `target`, and gives how many files there are."""
    count = 0
    with target.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
            _add(archive, database, database.name)
            for name in LOOSE:
                _add(archive, settings.data / name, name)
            for path in _files(settings.files):
                count += _add(archive, path, str(Path("files") / path.relative_to(settings.files)))
        file.flush()
        os.fsync(file.fileno())
    return count


def restore(source: Path, data: Path, database: str = "") -> int:
    """Unpacks the backup `source` into the empty or new folder `data`, and gives how many files there were.

    A backup of PostgreSQL goes into the empty database at `database`. Raises BackupError for a folder or a database
    with something in it, and for a file that is no sound backup; then the folder is left empty.
    """
    if data.exists() and any(data.iterdir()):
        raise BackupError(f"{data} 里已有内容。恢复只写入空文件夹，请换一个，或先把原来的移走。")
    data.mkdir(parents=True, exist_ok=True)
    try:
        return _restored(source, data, database)
    except BackupError:
        _empty(data)
        raise


def _extract(archive: tarfile.TarFile, data: Path) -> None:
    """Unpacks a backup, nothing outside of `data`: by the filter of tarfile, which Python 3.11 has from 3.11.4 on."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(data, filter="data")
        return
    root = data.resolve()
    for member in archive.getmembers():
        if not (member.isfile() or member.isdir()) or not (root / member.name).resolve().is_relative_to(root):
            raise tarfile.ExtractError(member.name)
    archive.extractall(data)


def _restored(source: Path, data: Path, database: str) -> int:
    try:
        with tarfile.open(source, "r:gz") as archive:
            names = archive.getnames()
            if DATABASE not in names and DUMP not in names:
                raise BackupError(f"{source.name} 不是决算公开服务的备份：里面没有数据库。")
            if DUMP in names and not database:
                raise BackupError("这份备份的数据库是 PostgreSQL：请先建一个空的数据库，用 --database 写明它的地址。")
            if DATABASE in names and database:
                raise BackupError("这份备份的数据库是 SQLite，恢复在数据文件夹里：请去掉 --database。")
            _extract(archive, data)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BackupError(f"{source.name} 不是备份文件，或不完整（可能没有复制完），恢复不了。") from error
    except OSError as error:
        raise BackupError(f"{source.name} 恢复不了：{os_error_text(error)}。") from error
    (data / "files").mkdir(exist_ok=True)
    if database:
        _load(data / DUMP, Settings(data, database).database_url)
        (data / DUMP).unlink()
    else:
        with closing(sqlite3.connect(data / DATABASE)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise BackupError("备份中的数据库已损坏。")
    return sum(1 for name in names if name.startswith("files/"))


def _copied(settings: Settings, folder: Path) -> Path:
    source, copy = settings.data / DATABASE, folder / DATABASE
    if not source.is_file():
        raise BackupError(f"{settings.data} 里没有数据库 {DATABASE}，不是决算公开服务的数据文件夹。")
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(copy)) as there:
        if not here.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise BackupError(f"{source} 是空的，没有一张表：数据库被清空了。没有备份，以前的备份请留好。")
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")
        if there.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise BackupError(f"{source} 已经损坏。没有备份，以前的备份请留好。")
    return copy


def _dumped(settings: Settings, folder: Path) -> Path:
    if not settings.files.is_dir():
        raise BackupError(f"{settings.data} 不是决算公开服务的数据文件夹。")
    copy = folder / DUMP
    _run(settings.database_url, "pg_dump", "--format=custom", "--compress=1", f"--file={copy}")
    return copy


def _load(dump: Path, url: str) -> None:
    try:
        with closing(create_engine(url).connect()) as connection:
            known = inspect(connection).get_table_names()
    except SQLAlchemyError as error:
        raise BackupError(f"连接不上数据库（{type(error).__name__}）：请核对 --database。") from error
    if known:
        raise BackupError("这个数据库里已有内容。恢复只写入空的数据库，请另建一个。")
    _run(url, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dump))


def _run(url: str, program: str, *words: str) -> None:
    """Runs one of PostgreSQL's own programs on the database at `url`; the password is not seen among its words."""
    if shutil.which(program) is None:
        advice = "这台机器没有：请安装 postgresql-client，版本不低于服务器的。"
        raise BackupError(f"备份和恢复 PostgreSQL 要用 {program}，{advice}")
    address = make_url(url)
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    shown = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(
        [program, f"--dbname={shown}", *words], env=environment, capture_output=True, text=True, errors="replace",
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} 没有完成：{done.stderr.strip()[-500:]}")


def _files(folder: Path) -> Iterator[Path]:
    """Every file below `folder` in order; what begins with a dot is just being written, or was when a server died."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if not name.startswith("."))


def _add(archive: tarfile.TarFile, path: Path, name: str) -> int:
    """Adds a file as it is when it is opened, and gives 1; 0 for one that is not there, or not any more."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return 0
    with file:
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)
    return 1


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
