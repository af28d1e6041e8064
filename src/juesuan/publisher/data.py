"""The figures as data: the account as JSON and its facts as a flat CSV."""

from __future__ import annotations

from pathlib import Path

from juesuan.account import Account, CsvWriter, plain, to_json
from juesuan.statute import Statute

COLUMNS = (
    "年度", "单位", "期间", "表", "表名", "行", "行名称", "栏", "栏名称", "数值", "计量单位", "印刷值",
)
"""The columns of the flat file: 数值 is exact, in yuan for money; 印刷值 what the table prints, in its own unit."""


def write_json(account: Account, path: Path) -> None:
    """The whole account as JSON (see account.schema.json)."""
    path.write_bytes(to_json(account))


def write_csv(account: Account, statute: Statute, path: Path) -> None:
    """Every fact on a line of its own, with a byte order mark so that Excel reads the Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = CsvWriter(file, "\r\n")
        writer.line(COLUMNS)
        for fact in account.facts.values():
            address, value = fact.address, fact.figure.value
            form = statute.forms[address.form]
            unit = form.unit_of(address.row)
            column = form.columns.get(address.column)
            writer.line(
                [
                    account.year, account.unit.name, address.period, form.key, form.title,
                    address.row, statute.name_of(form, address.row), address.column, column.label if column else "",
                    plain(value), "元" if unit == "万元" else unit, statute.amount_text(value, unit, table=True),
                ]
            )
