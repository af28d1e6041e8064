"""Tables that the official software exports (财决报表导出), and where in the disclosure their figures stand."""

from juesuan.statute.exports.tables import Ask, Exports, ExportTable, load_exports, load_packages, with_exports

__all__ = ["Ask", "ExportTable", "Exports", "load_exports", "load_packages", "with_exports"]
