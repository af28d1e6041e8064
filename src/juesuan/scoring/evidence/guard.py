"""What a query may say: one SELECT over the named data sets, of functions that always give the same.

The database itself is closed besides (see sandbox): neither this check nor that lock alone has to hold.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

import duckdb
import msgspec

from juesuan.scoring.evidence.errors import EvidenceError

NODES = frozenset(
    [
        "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "BASE_TABLE", "TABLE_FUNCTION", "JOIN",
        "SUBQUERY", "EMPTY", "EXPRESSION_LIST", "COLUMN_DATA", "ORDER_MODIFIER", "LIMIT_MODIFIER", "DISTINCT_MODIFIER",
        "ORDER_DEFAULT", "ASCENDING", "DESCENDING",
    ]
)
"""The nodes of a parsed statement that read or shape, and none that writes."""

TABLE_FUNCTIONS = frozenset(["range", "generate_series", "unnest"])
MACROS = frozenset(
    ["nullif", "split_part", "date_add", "fdiv", "fmod", "if", "geomean", "geometric_mean", "wavg", "weighted_avg",
     "list_sum", "list_avg", "list_min", "list_max", "list_count", "list_median", "array_to_string", "days_in_month"]
)
"""Functions that are written in SQL themselves and do no harm."""

WINDOWS = frozenset(
    ["row_number", "rank", "dense_rank", "rank_dense", "percent_rank", "cume_dist", "ntile", "lag", "lead",
     "first_value", "last_value", "nth_value", "count_star"]
)
UNSTEADY = frozenset(
    ["first", "last", "arbitrary", "any_value", "version", "reservoir_quantile", "finalize", "create_sort_key",
     "getenv", "read_text", "read_blob", "stats", "hash", "current_localtime", "current_localtimestamp",
     "age"]
)
"""Functions whose result depends on the order of rows, the machine or the version, whatever the database says."""

CLOCKS = frozenset(
    ["current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user", "current_role",
     "session_user", "user", "current_catalog", "current_schema"]
)
"""What SQL writes like a column and is a function."""


class Allowed(msgspec.Struct, frozen=True):
    """A query that passed: its text, the data sets it names and the parameters it wants.

    `text` is written anew from what was parsed and checked, so that nothing else can be run; it has no comments.
    """

    text: str
    data: tuple[str, ...]
    parameters: frozenset[str]


def allow(text: str, data: Collection[str], columns: Collection[str] = ()) -> Allowed:
    """What the query reads, if it may be run over the data sets `data` with the declared `columns`.

    Raises EvidenceError, in Chinese, for anything but one SELECT over them.
    """
    statement = one_select(text)
    _check(_parsed(text), {name.casefold() for name in data}, {name.casefold() for name in columns})
    return Allowed(_written(text), tuple(_named(text, data)), frozenset(statement.named_parameters))


def one_select(text: str) -> duckdb.Statement:
    """The one statement of `text`, a SELECT. Raises EvidenceError, in Chinese, for anything else."""
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error as error:
        raise EvidenceError(f"查询的语法不对：{first_line(error)}") from error
    if len(statements) != 1:
        raise EvidenceError(f"应只有一条查询，这里有 {len(statements)} 条")
    try:
        kind = statements[0].type
    except ValueError:
        # A kind of statement that the library has no name for (UPDATE EXTENSIONS).
        kind = duckdb.StatementType.INVALID
    if kind != duckdb.StatementType.SELECT:
        raise EvidenceError("只许可查询（SELECT）；不能写入、导出、连接、安装、设置")
    return statements[0]


def _parsed(text: str) -> Any:
    row = _parser().execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()
    parsed = json.loads(row[0]) if row else {"error": True}
    if parsed["error"]:
        raise EvidenceError("只许可查询（SELECT），也不能用 PIVOT、DESCRIBE、SHOW 一类的写法")
    return parsed


def _written(text: str) -> str:
    row = _parser().execute("SELECT json_deserialize_sql(json_serialize_sql(?::VARCHAR))", [text]).fetchone()
    return str(row[0]) if row else ""


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": "false"})


@cache
def _functions() -> frozenset[str]:
    """The functions that always give the same for the same arguments."""
    rows = _parser().execute(
        "SELECT function_name FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate') "
        "GROUP BY function_name HAVING bool_and(stability = 'CONSISTENT')"
    ).fetchall()
    steady = frozenset(str(row[0]) for row in rows if not str(row[0]).startswith("__internal"))
    return steady - UNSTEADY | MACROS | WINDOWS


def _check(parsed: Any, data: set[str], columns: set[str]) -> None:
    temporary = {str(entry["key"]).casefold() for node in _dicts(parsed) for entry in _temporary(node)}
    shadowing = sorted(temporary & data)
    if shadowing:
        raise EvidenceError(f"WITH 里的名称“{'、'.join(shadowing)}”与数据集同名；请换一个名称")
    for node in _dicts(parsed):
        kind = node.get("type")
        if isinstance(kind, str) and "class" not in node and kind not in NODES:
            raise EvidenceError(f"不许可的写法（{kind}）；只能查询，不能写入或查看系统")
        if kind == "BASE_TABLE":
            _check_table(node, data, temporary)
        if kind == "TABLE_FUNCTION":
            _check_table_function(node)
        elif "function_name" in node:
            _check_function(node)
        if kind == "COLUMN_REF":
            _check_column(node, columns)
        if node.get("sample"):
            raise EvidenceError("不许可抽样（SAMPLE）：每次结果会不同")


def _temporary(node: dict[str, Any]) -> list[dict[str, Any]]:
    found = node.get("cte_map")
    named = [{"key": node["cte_name"]}] if node.get("cte_name") else []
    return [*(found["map"] if isinstance(found, dict) else []), *named]


def _check_table(node: dict[str, Any], data: set[str], temporary: set[str]) -> None:
    name = str(node["table_name"])
    if node.get("schema_name") or node.get("catalog_name"):
        raise EvidenceError(f"不能读取“{'.'.join(node['qualified_name']['path'])}”；只能读取声明的数据集")
    if name.casefold() not in data | temporary:
        known = "、".join(sorted(data)) or "（没有）"
        raise EvidenceError(f"查询用到的“{name}”没有声明为数据集；已声明的有：{known}")


def _check_table_function(node: dict[str, Any]) -> None:
    name = str(node["function"].get("function_name", ""))
    if name.casefold() not in TABLE_FUNCTIONS:
        raise EvidenceError(f"不能用 {name}() 读取数据；文件要在 data 里声明为数据集")


def _check_function(node: dict[str, Any]) -> None:
    name = str(node["function_name"]).casefold()
    if node.get("schema") or node.get("catalog"):
        raise EvidenceError(f"函数 {name} 不要带前缀")
    if name not in _functions() and name not in TABLE_FUNCTIONS:
        raise EvidenceError(f"不能用函数 {name}()：不存在，或每次结果可能不同，或会读取数据以外的东西；"
                            "日期请用参数 $first、$last、$next")


def _check_column(node: dict[str, Any], columns: set[str]) -> None:
    names = node.get("column_names", [])
    if len(names) == 1 and str(names[0]).casefold() in CLOCKS - columns:
        raise EvidenceError(f"不能用 {names[0]}：每次结果会不同；日期请用参数 $first、$last、$next")


def _named(text: str, data: Collection[str]) -> Iterator[str]:
    used = {str(node["table_name"]).casefold() for node in _dicts(_parsed(text)) if node.get("type") == "BASE_TABLE"}
    return (name for name in data if name.casefold() in used)


def _dicts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _dicts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _dicts(value)


def first_line(error: Exception) -> str:
    """What the database says, without its hints."""
    return str(error).strip().splitlines()[0].removeprefix("Parser Error: ").removeprefix("Binder Error: ")
