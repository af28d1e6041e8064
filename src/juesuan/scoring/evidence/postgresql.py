"""Tables of PostgreSQL, copied within one read-only transaction (optional extra `juesuan[postgres]`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from juesuan.scoring.evidence.declare import DataSet
from juesuan.scoring.evidence.errors import EvidenceError

BATCH = 20_000
CONNECT_SECONDS = 10


def copy_table(data: DataSet, write: Callable[[Iterator[Sequence[object]]], None]) -> None:
    """Gives the declared columns of all rows of the table to `write`. Raises EvidenceError where it cannot be read."""
    try:
        import psycopg
        from psycopg import sql
    except ImportError as error:
        raise EvidenceError("读取 PostgreSQL 需要安装 psycopg：pip install 'juesuan[postgres]'") from error
    from juesuan.scoring.evidence.declare import in_data

    try:
        with psycopg.connect(data.place, connect_timeout=CONNECT_SECONDS, autocommit=False) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            names = sql.SQL(", ").join(map(sql.Identifier, in_data(data)))
            table = sql.Identifier(*data.table.split("."))
            with connection.cursor(name="juesuan") as cursor:
                cursor.itersize = BATCH
                cursor.execute(sql.SQL("SELECT {} FROM {}").format(names, table))
                write(iter(cursor))
    except psycopg.errors.UndefinedTable as error:
        raise EvidenceError(f"数据集“{data.name}”：PostgreSQL 里没有表“{data.table}”") from error
    except psycopg.errors.UndefinedColumn as error:
        raise EvidenceError(f"数据集“{data.name}”的表“{data.table}”里没有声明的某一列（{_reply(error)}）") from error
    except psycopg.OperationalError as error:
        raise EvidenceError(f"数据集“{data.name}”：连接不上 PostgreSQL（{_reply(error)}）") from error
    except psycopg.Error as error:
        text = f"数据集“{data.name}”：读取 PostgreSQL 的表“{data.table}”出错（{_reply(error)}）"
        raise EvidenceError(text) from error


def _reply(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
