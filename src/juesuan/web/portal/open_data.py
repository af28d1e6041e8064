"""Open data (开放数据): rows of the current publications, with their declared fields, as JSON, CSV and Parquet."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import duckdb
from pydantic import BaseModel, Field

from juesuan.account import CsvWriter

CSV, PARQUET = "text/csv; charset=utf-8", "application/vnd.apache.parquet"
Format = Literal["json", "csv", "parquet"]
Disclosed = Literal["决算", "预算", "全部"]
Row = dict[str, Any]
AMOUNTS = frozenset(["value", "resolution", "budget", "outlay", "score"])
"""The fields that are exact decimal numbers: text in JSON and CSV, typed in Parquet."""

DECIMAL, AS_TEXT = "DECIMAL(38, 10)", "_text"


class Department(BaseModel):
    """主管部门。"""

    code: str = Field(description="机构代码")
    name: str = Field(description="名称")
    units: int = Field(description="已公开决算或预算的单位数（含部门本级）")


class Unit(BaseModel):
    """已公开决算或预算的单位。"""

    code: str = Field(description="机构代码")
    name: str = Field(description="名称")
    kind: str = Field(description="类型：部门或单位")
    nature: str = Field(description="单位性质：行政单位、参公事业单位、事业单位；没有读到的为“未知”")
    department_code: str = Field(description="主管部门代码，没有则空")
    department: str = Field(description="主管部门")
    years: str = Field(description="已公开决算的年度，由早到晚，空格隔开")
    budget_years: str = Field(description="已公开预算的年度，由早到晚，空格隔开")
    url: str = Field(description="单位页面")


class Year(BaseModel):
    """有公开决算或预算的年度。"""

    year: int = Field(description="年度")
    accounts: int = Field(description="现行的决算份数")
    budgets: int = Field(description="现行的预算份数")


class Published(BaseModel):
    """公开的一版决算或预算。"""

    unit_code: str = Field(description="机构代码")
    unit: str = Field(description="公开文本上的单位名称")
    year: int = Field(description="年度")
    disclosure: str = Field(description="决算或预算；版本各自由1起")
    version: int = Field(description="版本，由1起；2及以上是更正")
    current: bool = Field(description="是否现行版")
    title: str = Field(description="标题")
    profile: str = Field(description="表式（地区和年度）")
    nature: str = Field(description="单位性质；没有读到的为“未知”")
    published: str = Field(description="公开时刻，UTC")
    fingerprint: str = Field(description="account.json 的 SHA-256")
    sm3: str = Field(description="account.json 的 SM3（GB/T 32905）；公开时没有开启国密算法的为空")
    note: str = Field(description="更正说明，首版为空")
    files: str = Field(description="可下载的文件名，空格隔开，在 url 加 /files/ 之下")
    url: str = Field(description="这一版的固定网址")


class FactRow(BaseModel):
    """现行版决算或预算中的一个数。"""

    unit_code: str = Field(description="机构代码")
    unit: str = Field(description="单位名称")
    year: int = Field(description="年度")
    disclosure: str = Field(description="决算或预算")
    version: int = Field(description="版本")
    form: str = Field(description="表，全国统一的键；决算和预算的不同")
    period: str = Field(description="决算：本年、上年、年初预算；预算：本年、上年（上年预算）、上年执行")
    row: str = Field(description="行次、科目编码或行名")
    row_name: str = Field(description="行的名称")
    column: str = Field(description="栏次或栏名")
    column_name: str = Field(description="栏的名称")
    value: str = Field(description="精确的十进制数；金额以元为单位")
    measure: str = Field(description="计量单位：元、人次、辆等")
    resolution: str = Field(description="印刷的最小单位，同一计量单位；0 表示没有舍入")


class IndicatorRow(BaseModel):
    """现行版决算的一个比较指标。"""

    unit_code: str = Field(description="机构代码")
    unit: str = Field(description="单位名称")
    year: int = Field(description="年度")
    key: str = Field(description="指标")
    name: str = Field(description="指标名称")
    value: str = Field(description="数值")
    measure: str = Field(description="计量单位")
    basis: str = Field(description="依据")


class FormLine(BaseModel):
    """自评表的一行指标。"""

    level1: str = Field(description="一级指标")
    level2: str = Field(description="二级指标")
    name: str = Field(description="三级指标")
    weight: str = Field(description="分值")
    target: str = Field(description="年初目标值")
    actual: str = Field(description="实际完成值")
    score: str = Field(description="得分，没有则空")


class FormRow(BaseModel):
    """一张绩效自评表；预算的是绩效目标表，没有执行数、实际完成值和得分。"""

    unit_code: str = Field(description="机构代码")
    unit: str = Field(description="单位名称")
    year: int = Field(description="年度")
    disclosure: str = Field(description="决算（自评表）或预算（目标表）")
    kind: str = Field(description="整体或项目")
    title: str = Field(description="标题")
    scheme: str = Field(description="评分办法")
    budget: str = Field(description="预算数，元")
    outlay: str = Field(description="执行数，元；目标表没有，为空")
    score: str = Field(description="自评得分，没有则空")
    indicators: list[FormLine] = Field(description="各行指标；CSV 和 Parquet 中是 JSON 文字")


class Departments(BaseModel):
    """一页主管部门。"""

    items: list[Department]
    next: str | None = Field(description="下一页的 cursor，没有则为空")


class Units(BaseModel):
    """一页单位。"""

    items: list[Unit]
    next: str | None = Field(description="下一页的 cursor，没有则为空")


class Years(BaseModel):
    """全部年度。"""

    items: list[Year]
    next: str | None = Field(description="总是空")


class Publications(BaseModel):
    """一页公开的决算和预算。"""

    items: list[Published]
    next: str | None = Field(description="下一页的 cursor，没有则为空")


class Facts(BaseModel):
    """一页决算数、预算数。"""

    items: list[FactRow]
    next: str | None = Field(description="下一页的 cursor，没有则为空")


class Indicators(BaseModel):
    """一页比较指标。"""

    items: list[IndicatorRow]
    next: str | None = Field(description="下一页的 cursor，没有则为空")


class Forms(BaseModel):
    """一页自评表、目标表。"""

    items: list[FormRow]
    next: str | None = Field(description="下一页的 cursor，没有则为空")


class Problem(BaseModel):
    """出错时的答复（RFC 9457）。"""

    type: str
    title: str
    status: int
    detail: str


def written(rows: Sequence[Row], model: type[BaseModel], kind: Format, onward: str | None) -> tuple[bytes, str]:
    """`rows` in a format, and the format's content type."""
    if kind == "csv":
        return as_csv(rows, list(model.model_fields)), CSV
    if kind == "parquet":
        return as_parquet(rows, model), PARQUET
    body = json.dumps({"items": list(rows), "next": onward}, ensure_ascii=False, separators=(",", ":"))
    return body.encode(), "application/json"


def as_csv(rows: Sequence[Row], fields: Sequence[str]) -> bytes:
    """`rows` as CSV with a byte order mark, so that Excel reads the Chinese."""
    text = io.StringIO(newline="")
    writer = CsvWriter(text, "\r\n")
    writer.line(fields)
    writer.lines([flat(row[field]) for field in fields] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_parquet(rows: Sequence[Row], model: type[BaseModel]) -> bytes:
    """`rows` as Parquet: years, versions and counts as integers, amounts as exact decimals, everything else as text."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "rows.json", Path(folder) / "rows.parquet"
        with source.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps({field: flat(value) for field, value in row.items()}, ensure_ascii=False) + "\n")
        to_parquet(source, target, model)
        return target.read_bytes()


def to_parquet(source: Path, target: Path, model: type[BaseModel]) -> None:
    """The rows of a file of JSON lines as Parquet."""
    columns = ", ".join(f"'{name}': '{_type(field.annotation)}'" for name, field in model.model_fields.items())
    chosen = ", ".join(part for name in model.model_fields for part in _chosen(name))
    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
        connection.execute(
            f"COPY (SELECT {chosen} FROM read_json('{source}', format='newline_delimited', columns={{{columns}}})) "
            f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )


def parquet_type(name: str, annotation: object) -> str:
    """The type of a column in Parquet."""
    return DECIMAL if name in AMOUNTS else _type(annotation)


def _chosen(name: str) -> list[str]:
    """How a column is taken over. An amount that is longer than the type is empty there; the text beside has it all."""
    if name not in AMOUNTS:
        return [f'"{name}"']
    typed = f'TRY_CAST(NULLIF("{name}", \'\') AS {DECIMAL}) AS "{name}"'
    return [typed, f'"{name}" AS "{name}{AS_TEXT}"'] if name == "value" else [typed]


def _type(annotation: object) -> str:
    return "BIGINT" if annotation is int else "BOOLEAN" if annotation is bool else "VARCHAR"


def flat(value: Any) -> Any:
    """A value as one cell: a list as JSON text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
