"""The loader: reads, overlays, validates and caches the statute."""

from juesuan.statute.loader.load import BASES, heads
from juesuan.statute.loader.named import profile_key

__all__ = ["BASES", "heads", "profile_key"]
