"""What evidence is declared: data sets, and for each indicator the query that gives its actual value."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import DataKind, os_error_text
from juesuan.scoring.evidence.columns import column_types, is_identifier
from juesuan.scoring.evidence.errors import EvidenceError
from juesuan.scoring.evidence.queries import Query, find_query, written_query

FILE_NAME = "evidence.toml"
"""The name of the declaration, beside the workbook."""

KINDS: dict[str, DataKind] = {
    ".csv": "CSV", ".txt": "CSV", ".parquet": "Parquet", ".xlsx": "XLSX", ".xlsm": "XLSX",
    ".sqlite": "SQLite", ".sqlite3": "SQLite", ".db": "SQLite",
}
Parameter = str | int | float | bool


class DataSet(msgspec.Struct, frozen=True):
    """A data set as declared: where it is and what its columns are (see account.DataUsed for the fields)."""

    name: str
    kind: DataKind
    place: str
    columns: tuple[tuple[str, str], ...]
    table: str = ""
    renamed: tuple[tuple[str, str], ...] = ()
    time: str = ""
    empty_allowed: bool = False


class Binding(msgspec.Struct, frozen=True):
    """An indicator and its query. `forms` are the subjects of the forms it holds for (整体支出 or a project's name).

    `unit` is that of the query's result, `printed` the unit to print it in (万人), empty for the target's own.
    """

    forms: tuple[str, ...]
    name: str
    query: Query
    unit: str = ""
    printed: str = ""
    decimals: int | None = None
    parameters: tuple[tuple[str, Parameter], ...] = ()


class QueryLimits(msgspec.Struct, frozen=True):
    """What a single query may take."""

    seconds: int = 120
    memory_mb: int = 4096


class EvidencePlan(msgspec.Struct):
    """All evidence of one unit; `problems` are the parts of the declaration that cannot be used, in Chinese."""

    folder: Path
    file: str = FILE_NAME
    data: dict[str, DataSet] = {}
    bindings: list[Binding] = []
    limits: QueryLimits = QueryLimits()
    problems: list[str] = []

    def binding(self, form: str, name: str) -> Binding | None:
        """The binding of the indicator `name` on the form of `form`."""
        return next((b for b in self.bindings if b.name == name and form in b.forms), None)


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    columns: dict[str, str]
    file: str = ""
    postgresql: str = ""
    table: str = ""
    time: str = ""
    rename: dict[str, str] = {}
    may_be_empty: bool = False


class _Indicator(msgspec.Struct, forbid_unknown_fields=True):
    form: str | list[str]
    name: str
    query: str = ""
    sql: str = ""
    unit: str = ""
    print: str = ""
    decimals: int | None = None
    parameters: dict[str, Parameter] = {}


class _Limits(msgspec.Struct, forbid_unknown_fields=True):
    seconds: int = 120
    memory_mb: int = 4096


def read_plan(path: Path) -> EvidencePlan:
    """The plan that an evidence.toml declares; what is wrong in it is left out and named in `problems`.

    Raises EvidenceError for a file that cannot be read as TOML at all.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise EvidenceError(f"{path.name} 打不开（{os_error_text(error)}）") from error
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{path.name} 不是 UTF-8 编码；请另存为 UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise EvidenceError(f"{path.name} 不是正确的 TOML：{error}；请检查引号、括号和等号") from error
    plan = EvidencePlan(path.resolve().parent, path.name)
    strangers = [key for key in raw if key not in ("data", "indicator", "limits")]
    if strangers:
        plan.problems.append(f"{path.name}：不认识的部分“{'、'.join(strangers)}”；应为 data、indicator、limits")
    _read_limits(plan, raw.get("limits", {}))
    data, indicators = raw.get("data", {}), raw.get("indicator", [])
    if not isinstance(data, dict) or not isinstance(indicators, list):
        raise EvidenceError(f"{path.name}：数据集写作 [data.名称]，指标写作 [[indicator]]")
    for name, entry in data.items():
        _try(plan, f"数据集“{name}”", lambda name=name, entry=entry: _add_data(plan, name, entry))
    for number, entry in enumerate(indicators, 1):
        _try(plan, f"第 {number} 个指标", lambda entry=entry: _add_indicator(plan, entry))
    return plan


def data_files(path: Path) -> set[Path]:
    """The files that the declaration at `path` names as data sets; none where it cannot be read."""
    try:
        plan = read_plan(path)
    except EvidenceError:
        return set()
    return {(plan.folder / data.place).resolve() for data in plan.data.values() if data.kind != "PostgreSQL"}


def _try(plan: EvidencePlan, what: str, work: Any) -> None:
    try:
        work()
    except EvidenceError as error:
        plan.problems.append(f"{plan.file} {what}：{error}")
    except msgspec.ValidationError as error:
        plan.problems.append(f"{plan.file} {what}：写法不对（{error}）")


def _read_limits(plan: EvidencePlan, raw: object) -> None:
    def work() -> None:
        limits = msgspec.convert(raw, _Limits)
        if limits.seconds < 1 or limits.memory_mb < 64:
            raise EvidenceError("seconds 至少为 1，memory_mb 至少为 64")
        plan.limits = QueryLimits(limits.seconds, limits.memory_mb)

    _try(plan, "limits", work)


def _add_data(plan: EvidencePlan, name: str, raw: object) -> None:
    data = msgspec.convert(raw, _Data)
    add_data_set(
        plan, name, data.columns.items(), file=data.file, postgresql=data.postgresql, table=data.table,
        time=data.time, rename=data.rename, empty_allowed=data.may_be_empty,
    )


def add_data_set(
    plan: EvidencePlan,
    name: str,
    columns: Iterable[tuple[str, str]],
    *,
    file: str = "",
    postgresql: str = "",
    table: str = "",
    time: str = "",
    rename: Mapping[str, str] | None = None,
    empty_allowed: bool = False,
) -> None:
    """Adds a data set to `plan`. Raises EvidenceError, saying what would be right, where it cannot be used."""
    if not is_identifier(name):
        raise EvidenceError("名称只能用文字、数字和下划线，不以数字开头")
    if name.casefold() in {known.casefold() for known in plan.data}:
        raise EvidenceError("已有同名的数据集；每个名称只能用一次")
    if bool(file) == bool(postgresql):
        raise EvidenceError("应写明 file（文件）或 postgresql（连接）中的一个")
    kind = "PostgreSQL" if postgresql else KINDS.get(Path(file).suffix.lower())
    if kind is None:
        raise EvidenceError(f"不认识的文件类型“{file}”；应为 {'、'.join(KINDS)}")
    if kind in ("SQLite", "PostgreSQL") and not table:
        raise EvidenceError("数据库要用 table 写明表名")
    if postgresql and _has_password(postgresql):
        raise EvidenceError("连接里不要写口令；口令放在 ~/.pgpass 或环境变量 PGPASSWORD")
    types = column_types(columns, name)
    names = {column for column, _ in types}
    if time and time not in names:
        raise EvidenceError(f"时间列“{time}”不在声明的列里")
    wrong = [column for column in rename or {} if column not in names]
    if wrong:
        raise EvidenceError(f"rename 中的“{'、'.join(wrong)}”不在声明的列里；应写作 声明的列名 = 数据里的列名")
    plan.data[name] = DataSet(
        name, kind, postgresql or file, types, table, tuple((rename or {}).items()), time, empty_allowed
    )


def _has_password(connection: str) -> bool:
    head = connection.partition("://")[2].partition("@")
    return "password" in connection.lower() or bool(head[1] and ":" in head[0])


def _add_indicator(plan: EvidencePlan, raw: object) -> None:
    entry = msgspec.convert(raw, _Indicator)
    forms = [entry.form] if isinstance(entry.form, str) else entry.form
    try:
        add_binding(
            plan, forms, entry.name, query=entry.query, sql=entry.sql, unit=entry.unit, printed=entry.print,
            decimals=entry.decimals, parameters=entry.parameters,
        )
    except EvidenceError as error:
        raise EvidenceError(f"“{entry.name}”{error}") from error


def add_binding(
    plan: EvidencePlan,
    forms: Iterable[str],
    name: str,
    *,
    query: str = "",
    sql: str = "",
    unit: str = "",
    printed: str = "",
    decimals: int | None = None,
    parameters: Mapping[str, Parameter] | None = None,
) -> None:
    """Binds an indicator to a query of the library, to an .sql file beside the declaration, or to `sql` itself.

    Raises EvidenceError where there is no such query, or the indicator has one already.
    """
    subjects = tuple(forms)
    if not subjects or not name:
        raise EvidenceError("应写明 form（整体支出或项目名称）和 name（三级指标）")
    if bool(query) == bool(sql):
        raise EvidenceError("应写明 query（查询的名称或 .sql 文件）或 sql（查询本身）中的一个")
    taken = [subject for subject in subjects if plan.binding(subject, name)]
    if taken:
        raise EvidenceError(f"在“{'、'.join(taken)}”中已有佐证；一个指标只能有一个查询")
    if decimals is not None and not 0 <= decimals <= 6:
        raise EvidenceError(f"decimals 为 {decimals}；应为 0 至 6 的小数位数")
    found = written_query(sql, name) if sql else find_query(query, plan.folder)
    given = tuple((parameters or {}).items())
    plan.bindings.append(Binding(subjects, name, found, unit or found.unit, printed, decimals, given))


def in_data(data: DataSet) -> list[str]:
    """The names that the declared columns have in the data, in the order of declaration."""
    renamed = dict(data.renamed)
    return [renamed.get(column, column) for column, _ in data.columns]
