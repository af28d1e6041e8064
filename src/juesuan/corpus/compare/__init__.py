"""Units compared with their peers: ranking, quartiles, trends, outliers."""

from juesuan.corpus.compare.peers import (
    PeerGroup,
    Trend,
    compare_units,
    outlier_among,
    quantile,
    rounded,
    trends,
    value_of,
)
from juesuan.corpus.compare.quantities import from_accounts, from_store
from juesuan.corpus.compare.report import chart_files, csv_text, json_text, page, text_of

__all__ = [
    "PeerGroup",
    "Trend",
    "chart_files",
    "compare_units",
    "csv_text",
    "from_accounts",
    "from_store",
    "json_text",
    "outlier_among",
    "page",
    "quantile",
    "rounded",
    "text_of",
    "trends",
    "value_of",
]
