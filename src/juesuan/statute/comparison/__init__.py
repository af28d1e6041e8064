"""What is compared between units and years, as declared: indicators and key figures."""

from juesuan.statute.comparison.indicators import SCORE, STAFF, Indicator, address_of, load_indicators
from juesuan.statute.comparison.key_figures import KeyFigure, load_key_figures

__all__ = ["SCORE", "STAFF", "Indicator", "KeyFigure", "address_of", "load_indicators", "load_key_figures"]
