"""Backup and restore of a whole server in one file, consistent while it runs."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from juesuan.web.settings import Settings

DATABASE = "juesuan.sqlite"
LOOSE = ("secret", "metrics-token")


class BackupError(Exception):
    """A backup cannot be made or restored; the message says why and what to do."""


def backup(settings: Settings, target: Path) -> int:
    """Writes database and files into the tar file `target`, and gives how many files it holds.

    The database is copied as it is at one moment. Files are written once before the database names them and never
    changed, so that copying them afterwards gives at least those that it names. Raises BackupError.
    """
    if settings.database:
        raise BackupError("数据库在 PostgreSQL 中，请用 pg_dump 备份数据库，并另行备份数据文件夹。")
    source = settings.data / DATABASE
    if not source.is_file():
        raise BackupError(f"{settings.data} 里没有数据库 {DATABASE}，不是决算公开服务的数据文件夹。")
    aside = target.absolute().with_name(f".{target.name}.part")
    count = 0
    with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        copy = Path(folder) / DATABASE
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")
        with tarfile.open(aside, "w:gz", compresslevel=1) as archive:
            archive.add(copy, DATABASE)
            for name in LOOSE:
                if (settings.data / name).is_file():
                    archive.add(settings.data / name, name)
            for path in sorted(settings.files.rglob("*")):
                place = path.relative_to(settings.files)
                # What begins with a dot is being written.
                if path.is_file() and not any(part.startswith(".") for part in place.parts):
                    archive.add(path, str(Path("files") / place))
                    count += 1
    aside.chmod(0o600)
    aside.replace(target)
    return count


def restore(source: Path, data: Path) -> int:
    """Unpacks the backup `source` into the empty or new folder `data`, and gives how many files there were.

    Raises BackupError for a folder with something in it, and for a file that is no sound backup.
    """
    if data.exists() and any(data.iterdir()):
        raise BackupError(f"{data} 里已有内容。恢复只写入空文件夹，请换一个，或先把原来的移走。")
    data.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(source, "r:gz") as archive:
            names = archive.getnames()
            if DATABASE not in names:
                raise BackupError(f"{source.name} 不是决算公开服务的备份：里面没有 {DATABASE}。")
            archive.extractall(data, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupError(f"{source.name} 恢复不了（{error}）。") from error
    (data / "files").mkdir(exist_ok=True)
    with closing(sqlite3.connect(data / DATABASE)) as database:
        if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise BackupError("备份中的数据库已损坏。")
    return sum(1 for name in names if name.startswith("files/"))
