"""What a wrong figure must be instead is told to the fen, whatever the amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Address, Figure
from juesuan.checker.engine.diagnosis import diagnose
from juesuan.statute import Instance
from juesuan.statute.articulation.solver import Operand

STEP = Decimal(100)
"""Yuan in the last printed digit of 万元 with two decimals."""


def cell(name: str) -> Address:
    return Address("表1", name, "1")


def equals(total: str, *parts: str) -> Instance:
    return Instance("A", (Operand(1, cell(total)),), "=", tuple(Operand(1, cell(part)) for part in parts))


@pytest.mark.parametrize("power", range(4, 14))
def test_the_range_of_a_wrong_total_is_exact(power: int) -> None:
    """合计 = 甲 + 乙 fails; 甲 = 子 + 丑 and 乙 = 寅 + 卯 hold. By hand: each of 甲 and 乙 lies within half a step of
    what is printed, so the total lies within a whole step of their sum.
    """
    base = Decimal(10) ** power
    parts = {"子": base + 1100, "丑": base * 3 + 700, "寅": base * 2 - 300, "卯": base + 2900}
    amounts = {
        **parts, "甲": parts["子"] + parts["丑"], "乙": parts["寅"] + parts["卯"], "合计": sum(parts.values()) + 90000,
    }  # fmt: skip
    figures = {cell(name): Figure(value, STEP) for name, value in amounts.items()}
    wrong = equals("合计", "甲", "乙")
    equations = [wrong, equals("甲", "子", "丑"), equals("乙", "寅", "卯")]
    (cause,) = diagnose(equations, [wrong], figures) or []
    right = sum(parts.values())
    assert cause.addresses == (cell("合计"),)
    assert cause.ranges == ((right - STEP, right + STEP),)
