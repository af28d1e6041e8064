"""The published tables and forms as an Excel workbook with live formulas."""
