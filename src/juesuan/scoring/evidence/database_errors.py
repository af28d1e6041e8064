"""What the database reports, said for people."""

from __future__ import annotations

import re

import duckdb

from juesuan.scoring.evidence.guard import first_line

_LINE = re.compile(r"CSV Error on Line: (\d+)")
_COLUMN = re.compile(r'Error when converting column "(.*?)"\. Could not convert string "(.*?)" to \'(.*?)\'', re.DOTALL)
_VALUE = re.compile(r"Could not convert string '(.*?)' to (\w+)", re.DOTALL)
_NAMES = {"BIGINT": "整数", "INTEGER": "整数", "DATE": "日期", "TIMESTAMP": "时间", "BOOLEAN": "是否", "DOUBLE": "小数"}


def conversion_failure(error: Exception) -> str:
    """A value that does not have its declared type, with its line; empty for any other error."""
    text = str(error)
    line = _LINE.search(text)
    where = f"第 {line[1]} 行" if line else ""
    if column := _COLUMN.search(text):
        return f"{where}“{column[1]}”列的“{column[2]}”不是{_name(column[3])}；请更正数据，或改声明的类型"
    if value := _VALUE.search(text):
        return f"{where}“{value[1]}”不是{_name(value[2])}；请更正数据，或改声明的类型"
    if line and ("Expected Number of Columns" in text or "missing error" in text.lower()):
        return f"{where}的列数与表头不同；请更正数据"
    return f"{where}读不出来；请检查这一行的引号和列数" if line else ""


def _name(kind: str) -> str:
    return _NAMES.get(kind, "小数" if kind.startswith("DECIMAL") else kind)


def query_failure(error: duckdb.Error, seconds: int, memory_mb: int) -> str:
    """Why a query gave no result, and what can be done about it."""
    if isinstance(error, duckdb.InterruptException):
        return f"查询超过 {seconds} 秒没有完成，已停止；请改写查询，或在 limits 里放宽 seconds"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"查询超过 {memory_mb} MB 内存，已停止；请改写查询，或在 limits 里放宽 memory_mb"
    if found := conversion_failure(error):
        return f"数据有误：{found}"
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException | duckdb.ParserException):
        return f"查询有误：{first_line(error)}"
    return f"查询没有成功：{first_line(error)}"
