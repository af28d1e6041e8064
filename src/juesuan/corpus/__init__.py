"""Many accounts: published files ingested into one store of Parquet, held against each other, queried by SQL."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from juesuan.corpus.ingestion import Ingested, check_store, compact_store, ingest
    from juesuan.corpus.minded import Limits
    from juesuan.corpus.place import StoreError
    from juesuan.corpus.schema import TABLES
    from juesuan.corpus.store import QueryError, Store

__all__ = [
    "TABLES", "Ingested", "Limits", "QueryError", "Store", "StoreError", "check_store", "compact_store", "ingest",
]  # fmt: skip

_PLACES = {
    "TABLES": "schema", "Ingested": "ingestion", "Limits": "minded", "QueryError": "store", "Store": "store",
    "StoreError": "place", "check_store": "ingestion", "compact_store": "ingestion", "ingest": "ingestion",
}


def __getattr__(name: str) -> Any:
    # A process that reads one file after another, or makes a publication, needs no store, whose libraries load slowly.
    if name not in _PLACES:
        raise AttributeError(f"module 'juesuan.corpus' has no attribute {name!r}")
    return getattr(import_module(f"juesuan.corpus.{_PLACES[name]}"), name)
