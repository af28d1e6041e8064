"""Many accounts: published files ingested into one store of Parquet, held against each other, queried by SQL."""

from juesuan.corpus.ingestion import Ingested, check_store, compact_store, ingest
from juesuan.corpus.minded import Limits
from juesuan.corpus.place import StoreError
from juesuan.corpus.schema import TABLES
from juesuan.corpus.store import QueryError, Store

__all__ = [
    "TABLES", "Ingested", "Limits", "QueryError", "Store", "StoreError", "check_store", "compact_store", "ingest",
]  # fmt: skip
