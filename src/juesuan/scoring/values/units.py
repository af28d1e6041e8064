"""Units of measurement as self-evaluation forms write them: synonyms, dimensions and exact conversion."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

Kind = Literal["数量", "次数", "金额", "比率", "时长", "日期", "定性", "无法比较", "空"]
"""What a value is: a count, a count of events, money, a share, a duration, a deadline, words, unreadable, blank."""

SCALES: dict[str, int] = {
    "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11,
    "万亿": 12,
}
"""Multipliers and their power of ten."""

_SYNONYMS: dict[str, str] = {
    "日": "天", "秒钟": "秒", "个小时": "小时", "h": "小时", "min": "分钟", "星期": "周", "工作日": "个工作日",
    "季": "季度", "个季度": "季度", "月": "个月", "名": "人", "位": "人", "人民币元": "元", "圆": "元", "㎡": "平方米",
    "m2": "平方米", "平米": "平方米", "m": "米", "千米": "公里", "km": "公里", "千克": "公斤", "kg": "公斤", "t": "吨",
    "度电": "千瓦时", "百分比": "%", "％": "%", "百分点": "个百分点",
}
"""Another spelling of the same unit. 名 and 位 count people, as 人 does; 人次 counts visits and stays apart."""

_DIMENSIONS: dict[str, dict[str, Fraction]] = {
    "时间": {
        "秒": Fraction(1), "分钟": Fraction(60), "小时": Fraction(3600), "天": Fraction(86400), "周": Fraction(604800),
    },
    # A month has no fixed number of days, so months and years convert only among themselves.
    "月份": {"个月": Fraction(1), "季度": Fraction(3), "半年": Fraction(6), "年": Fraction(12)},
    "长度": {"厘米": Fraction(1, 100), "米": Fraction(1), "公里": Fraction(1000)},
    "面积": {"平方米": Fraction(1), "亩": Fraction(2000, 3), "公顷": Fraction(10000), "平方公里": Fraction(1000000)},
    "重量": {"克": Fraction(1), "公斤": Fraction(1000), "吨": Fraction(1000000)},
    "数据": {n: Fraction(1024**i) for i, n in enumerate(("KB", "MB", "GB", "TB", "PB"))},
    "比率": {"%": Fraction(1), "‰": Fraction(1)},  # held as ratios of one, so that both have the same size
}

_OF_UNIT = {unit: (dimension, factor) for dimension, units in _DIMENSIONS.items() for unit, factor in units.items()}
_EVENTS = frozenset({"次", "人次", "批次", "场次", "场", "期", "趟", "轮", "车次", "户次", "件次", "台次", "班次"})
_DURATIONS = frozenset({*_DIMENSIONS["时间"], *_DIMENSIONS["月份"], "个工作日"})


def normal_unit(written: str) -> str:
    """The canonical name of a written unit, each part of a rate by itself: `次/日` → 次/天."""
    return "/".join(_SYNONYMS.get(part, part) for part in written.split("/"))


def unit_kind(unit: str) -> Kind:
    """The kind of value that a canonical unit makes: `%` 比率, `小时` 时长, `次` 次数, `元` 金额, else 数量.

    A rate by period (条/月) is as its numerator, since rates of several units may be added; any other quotient
    (元/人) is a relative value.
    """
    top, _, bottom = unit.partition("/")
    if bottom and bottom not in _DURATIONS:
        return "比率"
    if top in _DURATIONS:
        return "时长"
    if top in ("%", "‰", "个百分点"):
        return "比率"
    if top in _EVENTS:
        return "次数"
    return "金额" if top == "元" else "数量"


def _measure(unit: str) -> tuple[str, Fraction]:
    """The dimension of a single unit and its size in the base of that dimension; an unknown unit is its own."""
    return _OF_UNIT.get(unit, (unit, Fraction(1)))


def conversion(source: str, target: str) -> Fraction | None:
    """The factor that turns an amount in `source` into `target` (小时 → 分钟 is 60); None where they differ in kind."""
    if source == target:
        return Fraction(1)
    one, other = source.split("/"), target.split("/")
    if len(one) != len(other) or len(one) > 2:
        return None
    factor = Fraction(1)
    for place, (have, want) in enumerate(zip(one, other, strict=True)):
        (dimension, size), (wanted, unit_size) = _measure(have), _measure(want)
        if dimension != wanted:
            return None
        # The second part is a denominator: more of it makes the rate smaller.
        factor *= size / unit_size if place == 0 else unit_size / size
    return factor
