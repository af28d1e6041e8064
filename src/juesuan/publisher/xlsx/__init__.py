"""The published tables and forms as an Excel workbook with live formulas."""

from juesuan.publisher.xlsx.writer import write_xlsx

__all__ = ["write_xlsx"]
