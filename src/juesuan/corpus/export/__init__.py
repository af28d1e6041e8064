"""A store or an account in the formats of others: Frictionless data package, XBRL taxonomy, xBRL-JSON."""

from juesuan.corpus.export.frictionless import write_package
from juesuan.corpus.export.xbrl import export_xbrl

__all__ = ["export_xbrl", "write_package"]
