"""The loader: reads, overlays, validates and caches the statute."""

from juesuan.statute.loader.load import BASES, heads

__all__ = ["BASES", "heads"]
