"""The numbers of the prose of a document as CSV: what each is of, what it measures, how far it was understood."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from juesuan.account import CsvWriter, StatedFigure, printed
from juesuan.statute import Lexicon, load_lexicon

if TYPE_CHECKING:
    from juesuan.reader import Reading

HEADER = ("text", "subject", "measure", "value", "unit", "base", "period", "address", "status", "why", "place")


def write_claims(reading: Reading) -> None:
    """Write one line for every number of the prose to the standard output."""
    writer = CsvWriter(sys.stdout)
    writer.line(list(HEADER))
    writer.lines(_lines(reading))


def _lines(reading: Reading) -> Iterator[tuple[str, ...]]:
    lexicon = load_lexicon()
    for stated in reading.account.stated:
        yield (
            stated.text, stated.subject, stated.measure, _value(stated, lexicon), stated.unit, _base(stated),
            f"{stated.year}年" if stated.year else "", stated.address, stated.status, stated.why,
            str(stated.source or ""),
        )  # fmt: skip


def _value(stated: StatedFigure, lexicon: Lexicon) -> str:
    """The number in its printed unit and precision, a change with its sign."""
    if stated.figure is None or stated.status == "不是数据":
        return ""
    scale = lexicon.scale(stated.unit)
    step = stated.figure.resolution / scale
    decimals = max(0, -int(step.adjusted())) if step else 0
    text = printed(stated.figure.value / scale, decimals)
    return f"±{text.lstrip('-')}" if stated.unchosen else text


def _base(stated: StatedFigure) -> str:
    return f"{stated.base}（{stated.base_year}年）" if stated.base == "上年" and stated.base_year else stated.base
