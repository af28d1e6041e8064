"""The loader: reads, overlays, validates and caches the statute."""

from juesuan.statute.loader.load import BASES, heads, own_profile
from juesuan.statute.loader.named import demand_kind, demand_profile, profile_key
from juesuan.statute.loader.own import is_own
from juesuan.statute.loader.texts import law_texts

__all__ = ["BASES", "demand_kind", "demand_profile", "heads", "is_own", "law_texts", "own_profile", "profile_key"]
