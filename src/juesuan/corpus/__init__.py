"""Many accounts: published files ingested into one store of Parquet, held against each other, queried by SQL."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from juesuan.corpus.ingest.ingestion import Ingested, check_store, compact_store, ingest_files
    from juesuan.corpus.ingest.supervisor import Limits
    from juesuan.corpus.store.folders import StoreError
    from juesuan.corpus.store.query import QueryError, Store, fetched
    from juesuan.corpus.store.schema import TABLES

__all__ = [
    "TABLES",
    "Ingested",
    "Limits",
    "QueryError",
    "Store",
    "StoreError",
    "check_store",
    "compact_store",
    "fetched",
    "ingest_files",
]

_PLACES = {
    "Ingested": "ingest.ingestion",
    "Limits": "ingest.supervisor",
    "QueryError": "store.query",
    "Store": "store.query",
    "StoreError": "store.folders",
    "TABLES": "store.schema",
    "check_store": "ingest.ingestion",
    "compact_store": "ingest.ingestion",
    "fetched": "store.query",
    "ingest_files": "ingest.ingestion",
}


def __getattr__(name: str) -> Any:
    # A process that reads one file after another, or makes a publication, needs no store, whose libraries load slowly.
    if name not in _PLACES:
        raise AttributeError(f"module 'juesuan.corpus' has no attribute {name!r}")
    return getattr(import_module(f"juesuan.corpus.{_PLACES[name]}"), name)
