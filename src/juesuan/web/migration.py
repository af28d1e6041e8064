"""The database brought to this program's version."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from juesuan.account import JuesuanError
from juesuan.web.infra.database import Database
from juesuan.web.infra.sealing import Sealer

_log = logging.getLogger("juesuan.upgrade")


class UpgradeError(JuesuanError):
    """The database could not be brought to this program's version, and is as it was; the message is for people."""

    def __init__(self, current: str | None, newest: str | None, cause: Exception) -> None:
        reason = str(cause).strip().partition("\n")[0][:300]
        super().__init__(
            f"数据库从版本 {current or '空'} 升级到 {newest} 没有成功，原来的数据没有改动。"
            f"可先换回原来版本的程序继续使用；请核对磁盘空间和数据文件夹的权限，确认没有别的服务在用这个数据库，"
            f"再启动一次；仍不行，请把下面的原因告诉开发者。\n原因：{type(cause).__name__}：{reason}"
        )


class NewerDatabaseError(JuesuanError):
    """The database was written by a newer version of the program."""


class EmptiedDatabaseError(JuesuanError):
    """The database is empty while the data folder holds files: it was emptied, or it is not that of the folder."""

    def __init__(self, files: Path) -> None:
        super().__init__(
            f"{files.parent} 里有收下的、公开的文件，数据库却是空的：数据库被清空了，或者 --database 不是原来的。"
            f"没有改动任何内容。请核对 --database；数据库确实丢了的，移走这个文件夹，用 juesuan restore 从备份恢复。"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("recursive_version_locations", "true")
    return config


def migrate(database: Database, sealer: Sealer, files: Path | None = None) -> None:
    """Applies every change the database does not have yet, all or none; `sealer` seals secrets that stood in the clear.

    `files` is where the files stand that the database tells of: a new database is not begun beside some.
    Raises NewerDatabaseError, EmptiedDatabaseError and UpgradeError."""
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    with database.engine.connect() as connection:
        current = version(connection)
    if current == newest:
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerDatabaseError(f"数据库由更新的版本（{current}）写成，请升级程序后再启动。")
    if current is None and files is not None and any(path.is_file() for path in files.rglob("*")):
        raise EmptiedDatabaseError(files)
    try:
        with database.restructuring() as connection:
            config.attributes["connection"] = connection
            config.attributes["sealer"] = sealer
            command.upgrade(config, "head")
    except Exception as error:
        _log.exception("upgrade failed", extra={"fields": {"from": current, "to": newest}})
        raise UpgradeError(current, newest, error) from error


def version(connection: Connection) -> str | None:
    """The version that the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()
