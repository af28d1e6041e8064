"""Declared columns of data sets: the types there are, in DuckDB's words or in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable

from juesuan.account import spaceless
from juesuan.scoring.evidence.errors import EvidenceError

CHINESE = {
    "文本": "VARCHAR", "整数": "BIGINT", "日期": "DATE", "时间": "TIMESTAMP", "是否": "BOOLEAN",
    "小数": "DECIMAL(18,4)",
}
"""The Chinese names of types; 小数(18,2) gives the digits itself."""

_NAMES = frozenset(
    ["VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "DATE", "TIME", "TIMESTAMP"]
)
_OTHER = {"TEXT": "VARCHAR", "STRING": "VARCHAR", "INT": "INTEGER", "NUMERIC": "DECIMAL", "DATETIME": "TIMESTAMP"}
_DECIMAL = re.compile(r"(?:DECIMAL|NUMERIC|小数)\((\d{1,2}),(\d{1,2})\)")
_IDENTIFIER = re.compile(r"[^\W\d]\w{0,62}")
DIGITS = 38
"""The most digits that a decimal can have."""


def column_type(written: str) -> str:
    """The DuckDB type that a declaration means: `文本` and `text` are VARCHAR. Raises EvidenceError for any other."""
    plain = spaceless(written.replace("（", "(").replace("）", ")").replace("，", ",")).upper()
    decimal = _DECIMAL.fullmatch(plain)
    if decimal and 1 <= int(decimal[1]) <= DIGITS and int(decimal[2]) <= int(decimal[1]):
        return f"DECIMAL({int(decimal[1])},{int(decimal[2])})"
    name = CHINESE.get(plain) or _OTHER.get(plain, plain)
    if name in _NAMES or name == CHINESE["小数"]:
        return name
    known = "、".join([*CHINESE, "小数(18,2)"])
    raise EvidenceError(f"不认识的列类型“{written}”；应为：{known}（或 VARCHAR、BIGINT、DATE 等）")


def column_types(declared: Iterable[tuple[str, str]], name: str) -> tuple[tuple[str, str], ...]:
    """The columns of the data set `name` with their types. Raises EvidenceError for a wrong name or type."""
    columns = []
    for column, written in declared:
        if not is_identifier(column):
            raise EvidenceError(f"数据集“{name}”的列名“{column}”不能用；列名只能用文字、数字和下划线，不以数字开头"
                                "（数据里的列名不同时用 rename 对应）")
        try:
            columns.append((column, column_type(written)))
        except EvidenceError as error:
            raise EvidenceError(f"数据集“{name}”的列“{column}”：{error}") from error
    if not columns:
        raise EvidenceError(f"数据集“{name}”没有声明列；请在 columns 里写明每列的名称和类型")
    return tuple(columns)


def is_identifier(name: str) -> bool:
    """Whether a name can be that of a data set or column: letters, digits and underscores, ideographs included."""
    return _IDENTIFIER.fullmatch(name) is not None
