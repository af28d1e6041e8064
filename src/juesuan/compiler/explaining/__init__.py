"""Texts and reasons that only the unit can write: which are missing, where they go, which contradict the figures, and
what there is to write them from.
"""

from juesuan.compiler.explaining.contradicting import contradicting, contradicts
from juesuan.compiler.explaining.dates import misdated
from juesuan.compiler.explaining.former import former_definitions, former_reasons, former_texts
from juesuan.compiler.explaining.missing import missing_texts, place_for, stands_at, undefined
from juesuan.compiler.explaining.offers import Offer, offer_for

__all__ = [
    "Offer",
    "contradicting",
    "contradicts",
    "former_definitions",
    "former_reasons",
    "former_texts",
    "misdated",
    "missing_texts",
    "offer_for",
    "place_for",
    "stands_at",
    "undefined",
]
