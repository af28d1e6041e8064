"""Tables of points that are no forms (评价得分表): no line has more points than it can have."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from juesuan.account import Account, Issue, OtherTable
from juesuan.checker.rules.evaluation.notes import finding, points
from juesuan.statute import MONEY_UNITS, load_evaluation


def check_score_tables(account: Account) -> Iterator[Issue]:
    """E104: a score above the weight beside it. Their totals are told with the sums of all other tables."""
    for table in account.others:
        yield from _too_many(table)


def _too_many(table: OtherTable) -> Iterator[Issue]:
    words = load_evaluation().indicators
    last = [over[-1] if over else "" for over in table.heads]
    found = {key: [n for n, head in enumerate(last) if head in words[key]] for key in ("weight", "score")}
    weight, score = (next(iter(places), None) for places in found.values())
    if weight is None or score is None:
        return
    # Points under a unit of money that stands over the page were read as money.
    scale = MONEY_UNITS.get(table.unit, Decimal(1))
    for line in table.lines:
        most, given = line.cells[weight], line.cells[score]
        if most and given and given.figure.value > most.figure.value > 0:
            stated, limit = points(given.figure.value / scale), points(most.figure.value / scale)
            text = f"《{table.title}》“{line.label}”得分{stated}，超过分值{limit}。"
            yield finding("E104", text, [given.source], stated, f"不超过{limit}", "得分 ≤ 分值")
