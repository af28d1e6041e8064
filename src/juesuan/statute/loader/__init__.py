"""The loader: reads, overlays, validates and caches the statute."""

from juesuan.statute.loader.load import BASES, heads
from juesuan.statute.loader.named import demand_kind, profile_key

__all__ = ["BASES", "demand_kind", "heads", "profile_key"]
