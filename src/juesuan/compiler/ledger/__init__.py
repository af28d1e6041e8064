"""The ledger (预算执行台账): files opened, lines added up by DuckDB, meanings, entries of the account."""

from juesuan.compiler.ledger.entries import amount_fault, countable
from juesuan.compiler.ledger.files import KEYS, LedgerSource, has_ledger, open_ledger
from juesuan.compiler.ledger.meaning import PROJECT, EntryHeading, Judged, Meanings
from juesuan.compiler.ledger.sql import LedgerGroup, aggregation, faulty_lines, lines_of

__all__ = [
    "KEYS",
    "PROJECT",
    "EntryHeading",
    "Judged",
    "LedgerGroup",
    "LedgerSource",
    "Meanings",
    "aggregation",
    "amount_fault",
    "countable",
    "faulty_lines",
    "has_ledger",
    "lines_of",
    "open_ledger",
]
