"""The database brought to this program's version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from juesuan.account import JuesuanError
from juesuan.web.infra.database import Database
from juesuan.web.infra.sealing import Sealer


class NewerDatabaseError(JuesuanError):
    """The database was written by a newer version of the program."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(database: Database, sealer: Sealer) -> None:
    """Applies every change the database does not have yet, all or none; `sealer` seals secrets that stood in the clear.

    Raises NewerDatabaseError."""
    with database.engine.begin() as connection:
        current = version(connection)
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if current is not None and current not in known:
            raise NewerDatabaseError(f"数据库由更新的版本（{current}）写成，请升级程序后再启动。")
        config = _config()
        config.attributes["connection"] = connection
        config.attributes["sealer"] = sealer
        command.upgrade(config, "head")


def version(connection: Connection) -> str | None:
    """The version that the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()
