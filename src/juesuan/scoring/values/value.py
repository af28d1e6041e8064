"""Values as written in self-evaluation forms: read into comparable figures, and written back.

Targets and actual values (年初目标值、实际完成值) are free text; `parse_value` reads them and never raises.
"""

from __future__ import annotations

from calendar import monthrange
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from juesuan.account import plain
from juesuan.scoring.values.grammar import normalise, parser
from juesuan.scoring.values.units import SCALES, Kind, normal_unit, unit_kind

if TYPE_CHECKING:
    from lark import Token, Tree

Comparison = Literal["", "≥", "≤", "=", ">", "<", "≈", "区间"]
"""The relation to the number; empty where the text has no sign and the scheme says which way it points."""

Day = tuple[int, int, int]
"""Year (0 where the text names none), month, day."""

_SPELLED: dict[Comparison, str] = {
    "≥": "≥ 大于等于 大于或等于 不少于 不低于 不小于 至少 以上 及以上 或以上",
    "≤": "≤ 小于等于 小于或等于 不超过 不高于 不大于 不多于 至多 以下 及以下 或以下 以内 之内 内",
    ">": "> 大于 超过 高于 多于 余 多",
    "<": "< 小于 低于 少于",
    "=": "= 等于",
    "≈": "≈ 约 大约 左右 上下",
}
_SIGNS = {word: sign for sign, words in _SPELLED.items() for word in words.split()}
_PERIODS = {
    "每年": "年", "年均": "年", "每季": "季度", "每季度": "季度", "每月": "个月", "月均": "个月",
    "每周": "周", "周均": "周", "每天": "天", "每日": "天", "日均": "天",
}
_RATIOS = {"%": Decimal("0.01"), "‰": Decimal("0.001")}
"""Shares are held as ratios of one, as everywhere in an account: 95 % is 0.95."""


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value of a self-evaluation form, as written and as understood.

    `number`, `low` and `high` are in `unit`, multipliers worked out (30 万笔 is 300000 笔) and shares as ratios of one;
    `scale` keeps the multiplier for printing. `measure` is a word of change (增长, 下降), `factors` the parts of a
    service time (7*24 小时 is 168 小时/周), `note` a remark in brackets, `reason` why a text could not be read.
    """

    text: str
    kind: Kind
    comparison: Comparison = ""
    number: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    scale: str = ""
    measure: str = ""
    manner: str = ""
    factors: tuple[Decimal, ...] = ()
    day: Day | None = None
    note: str = ""
    reason: str = ""

    @property
    def measured(self) -> bool:
        """Whether the value is a figure or a date, and not words."""
        return self.kind not in ("定性", "无法比较", "空")


class _UnreadableError(Exception):
    """A text the grammar accepts and that contradicts itself; the message is the reason, in Chinese."""


class _Amount(msgspec.Struct, frozen=True):
    number: Decimal
    scale: str
    unit: str
    more: bool


@lru_cache(maxsize=4096)
def parse_value(text: str) -> Value:
    """The value that `text` states. Never raises.

    A text without digits is qualitative (定性); one with digits that cannot be read is 无法比较, with a reason.
    """
    clean = normalise(text)
    if not clean:
        return Value(text, "空", reason="没有填写")
    # Loaded where a value is read: most documents that are checked have none.
    from lark.exceptions import UnexpectedInput

    try:
        return _value(text, parser().parse(clean))
    except _UnreadableError as error:
        return Value(text, "无法比较", reason=str(error))
    except UnexpectedInput as error:
        if not any(c.isdigit() for c in clean):
            return Value(text, "定性")
        at = getattr(error, "pos_in_stream", None)
        rest = clean[at:] if isinstance(at, int) else ""
        return Value(text, "无法比较", reason=f"“{rest or clean}”处的写法不能识别为数值")


def _value(text: str, tree: Tree[Token]) -> Value:
    rule = str(tree.data)
    if rule == "deadline":
        return _deadline(text, tree)
    if rule in ("product", "manner"):
        return _service_time(text, tree)
    amounts = [_amount(sub) for sub in tree.find_data("amount")]
    signs = _signs(tree)
    measure = next((str(t) for sub in tree.find_data("measure") for t in _tokens(sub, "MEASURE")), "")
    note = _note(tree)
    if rule == "interval":
        return _interval(text, _last_as(amounts), signs, measure, note)
    amount = amounts[0]
    if amount.more:
        signs.append(">")
    unit = amount.unit
    for every in _tokens(tree, "EVERY"):
        unit = f"{unit}/{_PERIODS[every]}"
    return Value(text, unit_kind(unit), _one_sign(signs), amount.number, unit=unit, scale=amount.scale, measure=measure,
                 note=note)


def _interval(text: str, ends: tuple[_Amount, _Amount], signs: list[Comparison], measure: str, note: str) -> Value:
    first, last = ends
    if set(signs) - {"≈"}:
        raise _UnreadableError("区间前后不应再写大于、小于一类的符号")
    low, high = sorted((first.number, last.number))
    return Value(text, unit_kind(last.unit), "区间", low=low, high=high, unit=last.unit, scale=last.scale,
                 measure=measure, note=note)


def _last_as(amounts: list[_Amount]) -> tuple[_Amount, _Amount]:
    """Both ends of a range, the first in the unit of the last where it names none: `10-20万人`, `80-90%`."""
    first, last = amounts
    if not first.unit and not first.scale:
        number = _worth(first.number, last.scale, last.unit)
        first = _Amount(number, last.scale, last.unit, first.more)
    elif not first.unit:
        first = _Amount(first.number, first.scale, last.unit, first.more)
    if first.unit != last.unit:
        raise _UnreadableError(f"区间两端的单位不同（{first.unit}、{last.unit or '无'}）")
    return first, last


def _service_time(text: str, tree: Tree[Token]) -> Value:
    numbers = [_number(t) for t in _tokens(tree, "NUMBER")]
    units = [normal_unit(t) for t in _tokens(tree, "TIME")]
    comparison = _one_sign(_signs(tree))
    if len(numbers) == 1:
        if units != ["小时"]:
            raise _UnreadableError("连续服务时间应以小时为单位")
        return Value(text, "时长", comparison, numbers[0], unit="小时/天", manner=str(_tokens(tree, "MANNER")[0]),
                     note=_note(tree))
    days, hours = numbers
    if days > 7 or hours > 24 or units not in ([], ["小时"], ["天", "小时"]):
        raise _UnreadableError("乘积只能是“天数×小时”的服务时间，例如 7*24小时")
    return Value(text, "时长", comparison, days * hours, unit="小时/周", factors=(days, hours), note=_note(tree))


def _deadline(text: str, tree: Tree[Token]) -> Value:
    edges = _tokens(tree, "EDGE")
    signs = _signs(tree)
    if edges:
        signs.append("≥" if edges[0].endswith("后") else "≤")
    return Value(text, "日期", _one_sign(signs), day=_day(_tokens(tree, "DATE")[0]), note=_note(tree))


def _day(token: str) -> Day:
    """The day a date names; a month, half-year or year stands for its last day, being a deadline."""
    digits = "".join(c if c.isdigit() else " " for c in token).split()
    numbers = [int(d) for d in digits]
    year = numbers.pop(0) if numbers and len(digits[0]) == 4 else 0
    month = numbers[0] if numbers else 6 if "上半年" in token else 12
    # Without a year February may have its 29th day.
    last = monthrange(year or 2000, month)[1]
    day = numbers[1] if len(numbers) > 1 else last
    if not 1 <= day <= last:
        raise _UnreadableError(f"没有“{token}”这一天")
    return year, month, day


def _amount(tree: Tree[Token]) -> _Amount:
    scale = next(iter(_tokens(tree, "SCALE")), "")
    unit = next((normal_unit(t) for kind in ("PERCENT", "TIME", "UNIT") for t in _tokens(tree, kind)), "")
    number = _worth(_number(_tokens(tree, "NUMBER")[0]), scale, unit)
    if _tokens(tree, "MINUS"):
        number = -number
    return _Amount(number, str(scale), unit, bool(_tokens(tree, "MORE")))


def _worth(number: Decimal, scale: str, unit: str) -> Decimal:
    """`number` with its multiplier and percent sign worked out, written without an exponent."""
    return Decimal(plain(number.scaleb(SCALES.get(scale, 0)) * _RATIOS.get(unit, Decimal(1))))


def _number(token: str) -> Decimal:
    return Decimal(token.replace(",", ""))


def _tokens(tree: Tree[Token], kind: str) -> list[str]:
    from lark import Token

    return [str(child) for child in tree.children if isinstance(child, Token) and child.type == kind]


def _note(tree: Tree[Token]) -> str:
    return next((str(sub.children[0]) for sub in tree.find_data("note")), "")


def _signs(tree: Tree[Token]) -> list[Comparison]:
    closing = [t for sub in tree.find_data("closing") for kind in ("BOUND", "AROUND") for t in _tokens(sub, kind)]
    return [_SIGNS[token] for token in (*_tokens(tree, "SIGN"), *closing)]


def _one_sign(signs: list[Comparison]) -> Comparison:
    """The single relation that all signs of a text state; `约` beside a limit adds nothing (≥95%以上, 约90%以上)."""
    distinct = set(signs) - ({"≈"} if len(set(signs)) > 1 else set())
    if distinct in ({"≥", ">"}, {"≤", "<"}):
        return "≥" if "≥" in distinct else "≤"
    if len(distinct) > 1:
        raise _UnreadableError(f"同时写了{'、'.join(sorted(distinct))}，互相矛盾")
    return distinct.pop() if distinct else ""


def print_value(value: Value) -> str:
    """`value` in its canonical spelling: `≥95%`, `30万笔`, `10-20个`, `7*24小时`, `2022年12月31日前`.

    Reading a canonical spelling and printing it gives the same text; words are printed as they were written.
    """
    if not value.measured:
        return value.text
    sign = {"区间": "", "≈": "约"}.get(value.comparison, value.comparison)
    if value.day is not None:
        return _print_day(value.day, value.comparison) + value.note
    if value.factors:
        return f"{sign}{'*'.join(plain(f) for f in value.factors)}小时{value.note}"
    top, _, bottom = value.unit.partition("/")
    if value.manner and value.number is not None:
        return f"{sign}{plain(value.number)}{top}{value.manner}{value.note}"
    unit = f"{top}/{'月' if bottom == '个月' else bottom}" if bottom else top
    if value.number is not None:
        body = _print_number(value.number, value.scale, top) + value.scale
    else:
        low, high = value.low or Decimal(0), value.high or Decimal(0)
        inner = top if top in _RATIOS else ""
        body = f"{_print_number(low, value.scale, top)}{inner}-{_print_number(high, value.scale, top)}{value.scale}"
    return f"{value.measure}{sign}{body}{unit}{value.note}"


def _print_number(number: Decimal, scale: str, unit: str) -> str:
    # Multiplying by the inverse power of ten is exact; dividing by 0.01 might not be.
    power = SCALES.get(scale, 0) - {"%": 2, "‰": 3}.get(unit, 0)
    return plain(number.scaleb(-power))


def _print_day(day: Day, comparison: Comparison) -> str:
    year, month, date = day
    edge = {"≤": "前", "≥": "后"}.get(comparison, "")
    sign = comparison if comparison in ("<", ">", "=") else ""
    return f"{sign}{f'{year}年' if year else ''}{month}月{date}日{edge}"
