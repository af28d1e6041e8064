"""Slips of the hand: what a printed figure may have been meant to be, by the ways in which figures are mistyped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from juesuan.account import Address, Figure
from juesuan.statute import Instance

TURNED = "两位数字颠倒，"
SIGNED = "正负号写反，"
MOVED = "小数点错位，"

Span = tuple[Decimal, Decimal]


def slips(figure: Figure) -> Iterator[tuple[str, Decimal]]:
    """The values that a figure may stand for, each with what happened: signs, digits turned, the point moved."""
    step = figure.resolution or Decimal(1)
    digits = str(int(abs(figure.value) / step))
    sign = -1 if figure.value < 0 else 1
    yield SIGNED, -figure.value
    for n in range(len(digits) - 1):
        if digits[n] != digits[n + 1]:
            turned = digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :]
            yield TURNED, sign * int(turned) * step
    for factor in (Decimal(10), Decimal(100), Decimal("0.1"), Decimal("0.01")):
        yield MOVED, figure.value * factor


def needed(address: Address, instances: Sequence[Instance], figures: Mapping[Address, Figure | None]) -> Span | None:
    """What a cell must lie between for all of some equations that it stands in, the others being as printed."""
    spans = [span for instance in instances if (span := needed_for(address, instance, figures)) is not None]
    if not spans:
        return None
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    return (low, high) if low <= high else None


def needed_for(address: Address, instance: Instance, figures: Mapping[Address, Figure | None]) -> Span | None:
    """What a cell must lie between for one equation to hold, the others being as printed; None where it falls out."""
    sign, others, slack = 0, Decimal(0), Decimal(0)
    for side, operands in ((1, instance.left), (-1, instance.right)):
        for operand in operands:
            figure = figures.get(operand.address)
            if operand.address == address:
                sign += side * operand.sign
            elif figure is not None:
                others += side * operand.sign * figure.value
                slack += figure.resolution / 2
    if abs(sign) != 1:
        return None
    value = (instance.constant - others) * sign
    return value - slack, value + slack


def likeliest(
    addresses: Sequence[Address], broken: Sequence[Instance], figures: Mapping[Address, Figure | None]
) -> tuple[Address, str, Decimal] | None:
    """The one of some figures that a slip explains, with the slip and what was meant; None for none or several."""
    found = []
    for address in addresses:
        figure, span = figures.get(address), needed(address, broken, figures)
        if figure is None or not figure.value or span is None:
            continue
        meant = [(what, value) for what, value in slips(figure) if span[0] <= value <= span[1]]
        if meant:
            found.append((address, *meant[0]))
    return found[0] if len(found) == 1 else None


def asked_for(
    addresses: Sequence[Address],
    broken: Sequence[Instance],
    usual: Instance,
    figures: Mapping[Address, Figure | None],
) -> tuple[Address, str, Decimal] | None:
    """The one of some figures for which a relation that usually holds asks the very value that the broken ones need."""
    found = []
    for address in dict.fromkeys(usual.addresses()):
        figure = figures.get(address)
        if address not in addresses or figure is None:
            continue
        span, other = needed(address, broken, figures), needed(address, [usual], figures)
        if span is None or other is None or other[1] < span[0] or span[1] < other[0]:
            continue
        meant = (other[0] + other[1]) / 2
        step = figure.resolution or Decimal(1)
        what = next((what for what, value in slips(figure) if abs(value - meant) <= step), "")
        found.append((address, what, meant))
    return found[0] if len(found) == 1 else None
