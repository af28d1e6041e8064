"""A published document with one error in it, and its like for the year before."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

import juesuan
from juesuan.account import Account, Fact, Figure

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"
UNIT = "测试市第一中学"


@cache
def account() -> Account:
    """The example's account under the name of a unit of the test's city."""
    made = juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
    return msgspec.structs.replace(made, unit=msgspec.structs.replace(made.unit, name=UNIT))


@cache
def budget() -> Account:
    """The example's budget under the same name."""
    made = juesuan.compile([EXAMPLE / "budget" / "ledger.csv", EXAMPLE / "budget" / "workbook.xlsx"])
    return msgspec.structs.replace(made, unit=msgspec.structs.replace(made.unit, name=UNIT))


def wrong_account() -> Account:
    """The same with 100万元 too much in the total of income (27行) of table 1."""
    made = msgspec.structs.replace(account(), facts=dict(account().facts))
    fact = next(fact for fact in made.of_form("表1", "本年") if fact.address.row == "27")
    made.put(Fact(fact.address, Figure(fact.figure.value + 1_000_000, fact.figure.resolution)))
    return made


def published(folder: Path, made: Account, form: str = "pdf") -> Path:
    """The document of `made`."""
    (path,) = juesuan.publish(made, folder, [form])
    return path
