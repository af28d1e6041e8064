"""Which item a sentence is of: the line of the document's own table first, then the official name, then a like one."""

from __future__ import annotations

import pytest

from juesuan.account import Account, Address, Fact, Figure, RowLabel, Unit
from juesuan.reader.narrative.items import ItemNames
from juesuan.statute import load_statute

LAW = load_statute("national", 2025)
ENERGY = ("节能环保支出", "污染减排")
TOWN = ("城乡社区支出", "城乡社区管理事务")


def names(*lines: tuple[str, str]) -> ItemNames:
    account = Account("national", 2025, Unit("某局"))
    for code, _ in lines:
        account.put(Fact(Address("表5", code, "1"), Figure(10000)))
    account.labels = tuple(RowLabel("表5", code, name) for code, name in lines)
    return ItemNames(account, LAW)


@pytest.mark.parametrize(("lines", "written", "code"), [
    ([("2111101", "减排专项支出")], (*ENERGY, "减排专项支出"), "2111101"),
    ([("2111103", "减排专项支出")], (*ENERGY, "减排专项支出"), "2111103"),
    ([("2120199", "其他城乡社区管理事务支出")], (*TOWN, "其他社区城乡管理事务支出"), "2120199"),
    # The table has no line that is meant: another than that must not be blamed.
    ([("2010505", "专项统计业务")], ("一般公共服务支出", "统计信息事务", "统计信息事务"), ""),
    ([("2120101", "行政运行")], (*TOWN, "其他社区城乡管理事务支出"), ""),
    ([], ("一般公共服务", "财政事务", "行政运行"), "2010601"),
])  # fmt: skip
def test_the_item_that_is_meant(lines: list[tuple[str, str]], written: tuple[str, ...], code: str) -> None:
    assert names(*lines).code(written) == code
