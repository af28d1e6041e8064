"""The appendix that lists the evidence (佐证) behind the actual values of the self-evaluation forms."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Account, DataUsed, Evidence
from juesuan.publisher.document import Cell, Table

KEY = "佐证清单"
TITLE = "绩效指标佐证清单"
SHORT = 12
"""How many signs of a fingerprint are printed; the whole of it is in the data."""

HEADS = ("自评表", "指标", "取得的数值", "查询", "数据集（行数）", "数据时间", "数据指纹")
WIDTHS = (14.0, 18.0, 11.0, 16.0, 18.0, 14.0, 11.0)
NOTES = (
    "注：1. 数值由查询从业务数据中得出，查询只读取所列数据集；查询全文和完整指纹见本决算的数据文件（JSON）。",
    f"2. 数据指纹为文件（或数据库表所用各列）内容的 SHA-256 前 {SHORT} 位；数据改动后指纹随之改变。",
    "3. 用 juesuan evidence verify 可以对照原数据重新计算。",
)


def evidence_table(account: Account) -> Table | None:
    """One line for each actual value that comes from evidence; None where there is none."""
    body = tuple(_lines(account))
    if not body:
        return None
    header = (tuple(Cell(head, "center", header=True) for head in HEADS),)
    return Table(KEY, TITLE, WIDTHS, header, body, notes=NOTES, wide=True, small=True, heading=2)


def _lines(account: Account) -> Iterator[tuple[Cell, ...]]:
    for sheet in account.sheets:
        name = sheet.title if sheet.kind == "项目" else "整体支出"
        for indicator in sheet.indicators:
            if indicator.proof is not None:
                yield _line(name, indicator.name, indicator.proof)


def _line(form: str, name: str, proof: Evidence) -> tuple[Cell, ...]:
    return (
        Cell(form),
        Cell(name),
        Cell(proof.value, "center"),
        Cell(proof.query),
        Cell("\n".join(f"{data.name}（{data.rows:,}行）" for data in proof.data)),
        Cell("\n".join(_period(data) for data in proof.data), "center"),
        Cell("\n".join(data.fingerprint[:SHORT] for data in proof.data), "center"),
    )


def _period(data: DataUsed) -> str:
    begins, ends = data.begins[:10], data.ends[:10]
    return f"{begins}至{ends}" if begins else "—"
