"""Whether a target asks for less than another figure: last year's actual value, or the target the superior has set."""

from __future__ import annotations

import msgspec

from juesuan.account import Indicator
from juesuan.scoring.formulas import direction_of
from juesuan.scoring.values.comparable import align
from juesuan.scoring.values.value import Value, parse_value
from juesuan.statute import Scheme


def asks_less(indicator: Indicator, written: str, scheme: Scheme, *, yearly: bool = False) -> bool | None:
    """Whether the target asks for less than `written` does, in the direction in which the indicator is better.

    None where the two cannot be compared. With `yearly` the other value is of another year, and of dates only day and
    month count. A target between two limits is never less, nor are words than words.
    """
    target, other = parse_value(indicator.target), parse_value(written)
    if "空" in (target.kind, other.kind) or (target.kind == other.kind == "定性"):
        return False
    if yearly:
        target, other = _of_any_year(target), _of_any_year(other)
    group = scheme.group(indicator.level1)
    child = scheme.child(group, indicator.level2) if group else None
    plain = child.plain if child else "正向"
    direction = direction_of(target, plain)
    pair = align(target, other)
    if isinstance(pair, str):
        return None
    if direction == "区间":
        return False
    less_is_better = direction == "反向" or (direction == "等于" and plain == "反向")
    return pair.low > pair.actual if less_is_better else pair.low < pair.actual


def _of_any_year(value: Value) -> Value:
    return msgspec.structs.replace(value, day=(0, *value.day[1:])) if value.day else value
