"""Tables that the official software exports (财决报表导出), and where in the disclosure their figures stand."""

from juesuan.statute.exports.tables import Exports, ExportTable, Question, load_exports, load_packages, with_exports

__all__ = ["ExportTable", "Exports", "Question", "load_exports", "load_packages", "with_exports"]
