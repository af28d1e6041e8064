"""What single cells say: amounts, counts, dates and texts as Excel or a ledger holds them, exactly or not at all."""

from __future__ import annotations

import datetime
import difflib
import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from juesuan.account import WAN, plain
from juesuan.compiler.messages import BadValueError, say
from juesuan.statute import ledger_plan

Raw = str | int | float | Decimal | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
"""A value as a spreadsheet holds it."""

NOISE = Decimal("0.000001")
"""How far binary arithmetic in a spreadsheet can carry a sum away from its two decimals (0.1+0.2)."""

CENT = Decimal("0.01")
DIGITS = 15
"""Digits before the point that no unit's amount in yuan has: the whole country's outlay has fourteen."""

LARGEST = 24
"""Powers of ten beyond which a number is none that an account could have."""
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_WORDED = re.compile(r"[¥￥]?([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(亿|万)?(元|圆)?整?")
_SCALES = {"": Decimal(1), "万": WAN, "亿": WAN * WAN}
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]00:00(?::00)?)?")


def tidy(value: str) -> str:
    """`value` with full-width digits and letters made ordinary and the blanks around it removed."""
    return unicodedata.normalize("NFKC", value).strip()


def blank(value: Raw) -> bool:
    """Whether a cell holds nothing but blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: Raw) -> str:
    """`value` as a message quotes it."""
    if isinstance(value, float) and math.isfinite(value):
        return plain(Decimal(repr(value)))
    return plain(value) if isinstance(value, Decimal) else str(value).strip()


def is_total(value: Raw) -> bool:
    """Whether a cell is the name of a line of totals, which users add below their lists."""
    return isinstance(value, str) and tidy(value).replace(" ", "") in ledger_plan().totals


def decimal(value: Raw) -> Decimal | None:
    """The exact number in a cell, None for a blank. Raises BadValueError for anything but a number.

    A float is taken by its shortest notation, which is what the user typed; text is accepted where it is a number in
    full, with or without thousands commas.
    """
    if blank(value):
        return None
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return Decimal(repr(value))
    if isinstance(value, str):
        text = tidy(value)
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if _PLAIN.fullmatch(text):
            number = Decimal(text)
            if abs(number.adjusted()) <= LARGEST and len(number.as_tuple().digits) <= LARGEST:
                return number
    raise BadValueError(say("number.text", found=shown(value)))


def amount(value: Raw, *, negative: bool = False) -> Decimal | None:
    """The amount in yuan in a cell, with exactly two decimals; None for a blank.

    Raises BadValueError for text, for more than two decimals, and for a negative amount unless `negative` allows it.
    """
    try:
        number = decimal(value)
    except BadValueError:
        raise _worded(shown(value)) from None
    if number is None:
        return None
    if number.adjusted() >= DIGITS:
        raise BadValueError(say("amount.huge", found=shown(value)[:60], digits=number.adjusted() + 1))
    if isinstance(value, str) and "e" in tidy(value).lower():
        raise BadValueError(say("amount.exponent", found=shown(value), right=plain(number)), number)
    exact = _cents(number, value)
    if exact is None:
        in_yuan = number * WAN
        if in_yuan == in_yuan.quantize(CENT):
            raise BadValueError(say("amount.wan", found=shown(value), right=plain(in_yuan)))
        raise BadValueError(say("amount.decimals", found=shown(value)))
    if exact < 0 and not negative:
        raise BadValueError(say("amount.negative", found=plain(exact)))
    return exact


def amount_in_wan(value: Raw) -> Decimal | None:
    """The amount in yuan of a cell that is filled in in 万元. Raises BadValueError as `amount` does."""
    number = decimal(value)
    return None if number is None else amount(number * WAN)


def _cents(number: Decimal, value: Raw) -> Decimal | None:
    """`number` with two decimals where it differs from them by binary noise at most."""
    nearest = number.quantize(CENT)
    if abs(number - nearest) <= NOISE or (isinstance(value, float) and float(nearest) == value):
        return nearest
    return None


def _worded(found: str) -> BadValueError:
    """What to say of an amount written with words; the right one only where there can be no doubt."""
    match = _WORDED.fullmatch(tidy(found).replace(" ", ""))
    if not match:
        return BadValueError(say("amount.text", found=found))
    written, scale = Decimal(match[1].replace(",", "")), _SCALES[match[2] or ""]
    if written.adjusted() + scale.adjusted() >= DIGITS:
        return BadValueError(say("amount.huge", found=found[:60], digits=written.adjusted() + scale.adjusted() + 1))
    right = written * scale
    return BadValueError(say("amount.worded", found=found, right=plain(right)), right)


def count(value: Raw) -> int | None:
    """The whole number in a cell, None for a blank. Raises BadValueError for anything else or less than zero."""
    try:
        number = decimal(value)
    except BadValueError:
        number = Decimal(-1)
    if number is None:
        return None
    if number < 0 or number != number.to_integral_value():
        raise BadValueError(say("count.text", found=shown(value)))
    return int(number)


def year(value: Raw, example: int) -> int | None:
    """The four-digit year in a cell, None for a blank. Raises BadValueError, naming `example` as a right one."""
    text = tidy(value).removesuffix("年度").removesuffix("年") if isinstance(value, str) else value
    try:
        number = count(text)
    except BadValueError:
        number = 0
    if number is not None and not 1990 <= number <= 2100:
        raise BadValueError(say("year", found=shown(value), right=example))
    return number


def points(value: Raw) -> Decimal | None:
    """The points in a cell, 0 to 100, None for a blank. Raises BadValueError."""
    number = decimal(value)
    if number is not None and not 0 <= number <= 100:
        raise BadValueError(say("points.range", found=shown(value)))
    return number


def share(value: Raw, *, percent: bool = False) -> Decimal | None:
    """The share in a cell as a ratio of one (90 is 0.9), None for a blank.

    `percent` says that the cell is formatted as a percentage, so that Excel holds 0.9 where it shows 90 %. Raises
    BadValueError outside of 0 to 100, and for a ratio of one where a percentage is wanted.
    """
    if isinstance(value, str) and tidy(value).endswith("%"):
        return share(tidy(value).removesuffix("%"))
    number = decimal(value)
    if number is None:
        return None
    hundredfold = number * 100 if percent else number
    if not 0 <= hundredfold <= 100:
        raise BadValueError(say("share.range", found=shown(value)))
    if 0 < hundredfold <= 1 and not percent:
        raise BadValueError(say("share.ratio", found=shown(value), right=plain(number * 100)))
    return hundredfold / 100


def iso_date(value: Raw, example: str) -> str | None:
    """The date in a cell as YYYY-MM-DD, None for a blank. Raises BadValueError, naming `example` as a right one."""
    if blank(value):
        return None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    match = _DATE.fullmatch(tidy(shown(value)).replace(" ", "")) if not isinstance(value, float) else None
    if match:
        try:
            day = datetime.date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
        except ValueError:
            raise BadValueError(say("date", found=shown(value), right=example)) from None
        return day.isoformat()
    raise BadValueError(say("date", found=shown(value), right=example))


def text(value: Raw, *, percent: bool = False) -> str | None:
    """The text in a cell as the user sees it, None for a blank: numbers without trailing zeros, dates as YYYY-MM-DD."""
    if blank(value):
        return None
    if isinstance(value, str):
        lines = value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(line.rstrip() for line in lines).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(repr(value))
        return f"{plain(round(number * 100, 8))}%" if percent else plain(number)
    if isinstance(value, datetime.datetime | datetime.date):
        return iso_date(value, "")
    return str(value).upper() if isinstance(value, bool) else str(value)


def lines(value: str) -> tuple[str, ...]:
    """The lines of a text of several, without the blank ones."""
    return tuple(line.strip() for line in value.split("\n") if line.strip())


def choice(value: Raw, options: Iterable[str]) -> str | None:
    """The option in a cell, None for a blank. Raises BadValueError naming the options."""
    found = text(value)
    if found is None:
        return None
    allowed = list(options)
    for option in allowed:
        if tidy(option) == tidy(found):
            return option
    raise BadValueError(say("choice", found=found, options="、".join(allowed)))


def nearest(found: str, options: Iterable[str]) -> str:
    """The rest of a sentence that names the option most like `found`; empty where none is."""
    close = difflib.get_close_matches(found, list(options), n=1, cutoff=0.5)
    return say("nearest", found=close[0]) if close else ""
