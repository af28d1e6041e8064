"""Units compared with their peers of the same level, kind and year: ranking, quartiles, trends, what is extraordinary.

An indicator is compared only where the data has its numerator and its denominator, and only among enough peers. Out of
the ordinary is what lies further from the median than a multiple of the median absolute deviation (MAD): robust, since
one absurd figure moves neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from juesuan.statute.comparison import ComparedIndicator, load_indicators

CONSISTENT = Decimal("0.6745")
"""What makes the MAD of a normal distribution its standard deviation (Iglewicz and Hoaglin, 1993)."""


class Observation(msgspec.Struct, frozen=True):
    """A unit's year: who its peers are (level and kind), and the quantities that the data has."""

    unit: str
    name: str
    year: int
    level: str
    kind: str
    quantities: dict[str, Decimal]


class RankedValue(msgspec.Struct, frozen=True):
    """A unit's indicator of a year: the value, its rank from one (the best, or the least), and its quarter."""

    unit: str
    name: str
    year: int
    value: Decimal
    rank: int
    quarter: int
    outlier: str = ""
    """Why it is out of the ordinary, in a sentence; empty where it is not."""
    against: Decimal | None = None


class PeerGroup(msgspec.Struct, frozen=True):
    """The peers of one level, kind and year by one indicator: quartiles and values, or why they are not compared."""

    indicator: ComparedIndicator
    level: str
    kind: str
    year: int
    values: tuple[RankedValue, ...]
    quartiles: tuple[Decimal, Decimal, Decimal] | None = None
    mad: Decimal | None = None
    refused: str = ""
    without: int = 0
    """Units that lack the numerator or the denominator."""

    @property
    def title(self) -> str:
        """Whose figures of what."""
        peers = "、".join(part for part in (self.level, self.kind) if part) or "全部"
        return f"{self.year}年度 {peers} {self.indicator.name}"


class Trend(msgspec.Struct, frozen=True):
    """The median of the peers by year."""

    indicator: ComparedIndicator
    level: str
    kind: str
    medians: tuple[tuple[int, Decimal], ...]


def compare_units(observations: Sequence[Observation], keys: Iterable[str] = ()) -> list[PeerGroup]:
    """Every group of peers by every indicator (or those of `keys`), in the order of the declaration."""
    plan = load_indicators()
    wanted = set(keys)
    by_key = {indicator.key: indicator for indicator in plan.indicators}
    peers: dict[tuple[str, str, int], list[Observation]] = {}
    for each in observations:
        peers.setdefault((each.level, each.kind, each.year), []).append(each)
    return [
        _group(indicator, by_key.get(indicator.against), members, level, kind, year)
        for indicator in plan.indicators
        if not wanted or indicator.key in wanted
        for (level, kind, year), members in sorted(peers.items())
    ]


def value_of(indicator: ComparedIndicator, quantities: Mapping[str, Decimal]) -> Decimal | None:
    """An indicator with four decimals, a percentage with two; None where the data lacks what it is made of."""
    numerator = quantities.get(indicator.numerator)
    if numerator is None:
        return None
    if not indicator.denominator:
        return numerator
    denominator = quantities.get(indicator.denominator)
    if not denominator or denominator < 0:
        return None
    return rounded(numerator * (100 if indicator.percent else 1) / denominator)


def rounded(value: Decimal) -> Decimal:
    """Two decimals, half up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """The value at `share` of sorted values, straight between the two neighbours. Raises IndexError for none."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def outlier_among(indicator: ComparedIndicator, value: Decimal, ordered: Sequence[Decimal]) -> str:
    """Why `value` is out of the ordinary among the sorted values of its peers, in a sentence; empty where it is not."""
    median, mad = _spread(ordered)
    return _outlier(indicator, value, median, mad, load_indicators().threshold, len(ordered))


def _spread(ordered: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The median, and the median of the absolute deviations from it."""
    median = quantile(ordered, Decimal("0.5"))
    return median, quantile(sorted(abs(value - median) for value in ordered), Decimal("0.5"))


def _group(
    indicator: ComparedIndicator,
    against: ComparedIndicator | None,
    members: Sequence[Observation],
    level: str,
    kind: str,
    year: int,
) -> PeerGroup:
    plan = load_indicators()
    found = [(value, each) for each in members if (value := value_of(indicator, each.quantities)) is not None]
    without = len(members) - len(found)
    empty = PeerGroup(indicator, level, kind, year, (), without=without)
    if len(found) < plan.fewest:
        some = f"只有 {len(found)} 个单位有数" if found else "没有一个单位有数"
        summary = f"{some}，少于 {plan.fewest} 个，不作比较"
        return msgspec.structs.replace(empty, refused=summary + (f"；{without} 个单位没有数据。" if without else "。"))
    best_first = indicator.better == "高"
    found.sort(key=lambda pair: (-pair[0] if best_first else pair[0], pair[1].unit))
    ordered = sorted(value for value, _ in found)
    quartiles = tuple(quantile(ordered, Decimal(part) / 4) for part in (1, 2, 3))
    median, mad = _spread(ordered)
    values = []
    for value, each in found:
        rank = 1 + sum(1 for other, _ in found if (other > value if best_first else other < value))
        quarter = 1 + sum(1 for bound in quartiles if value > bound)
        against_value = value_of(against, each.quantities) if against else None
        reason = _outlier(indicator, value, median, mad, plan.threshold, len(found))
        values.append(RankedValue(each.unit, each.name, year, value, rank, quarter, reason, against_value))
    return msgspec.structs.replace(
        empty, values=tuple(values), quartiles=(quartiles[0], median, quartiles[2]), mad=mad
    )


def _outlier(
    indicator: ComparedIndicator, value: Decimal, median: Decimal, mad: Decimal, threshold: Decimal, count: int
) -> str:
    if not mad:
        # More than half have the same value: there is no measure of what is ordinary.
        return ""
    distance = CONSISTENT * abs(value - median) / mad
    if distance <= threshold:
        return ""
    side = "高于" if value > median else "低于"
    return (
        f"{rounded(value)}{indicator.unit}，{side}同类 {count} 个单位的中位数 {rounded(median)}{indicator.unit}；"
        f"距中位数 {rounded(abs(value - median))}，是中位绝对偏差 {rounded(mad)} 的 "
        f"{rounded(abs(value - median) / mad)} 倍（稳健 z 值 {rounded(distance)}，界限 {threshold}）"
    )


def trends(groups: Iterable[PeerGroup]) -> list[Trend]:
    """The medians over the years, of peers that were compared in two years or more."""
    found: dict[tuple[str, str, str], list[tuple[int, Decimal]]] = {}
    indicators: dict[str, ComparedIndicator] = {}
    for group in groups:
        if group.quartiles:
            indicators[group.indicator.key] = group.indicator
            key = (group.indicator.key, group.level, group.kind)
            found.setdefault(key, []).append((group.year, rounded(group.quartiles[1])))
    return [
        Trend(indicators[key], level, kind, tuple(sorted(medians)))
        for (key, level, kind), medians in found.items()
        if len(medians) > 1
    ]
