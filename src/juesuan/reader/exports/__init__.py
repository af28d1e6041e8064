"""Files of tables that official software exports: opened, and read under the forms of exports (statute/exports)."""

from juesuan.reader.exports.sheets import (
    TABLES_ALONE,
    OpenedFile,
    ReadSheets,
    SheetTable,
    StrangeTable,
    open_file,
    read_sheets,
)

__all__ = ["TABLES_ALONE", "OpenedFile", "ReadSheets", "SheetTable", "StrangeTable", "open_file", "read_sheets"]
