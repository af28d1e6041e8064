"""Published files of made-up units in several formats, for stores."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

import msgspec

from generate import Options, unit
from juesuan.account import Account, Address, Fact, Figure, Passage, Period, SeenTable, Unit, to_json
from juesuan.compiler.assembly import assemble
from juesuan.publisher import publish
from juesuan.statute import load_statute

FORMATS = ("json", "html", "xlsx", "docx")
TABLES = ("表1", "表4", "表7")
LAST = {"表1!31行1栏": "2103.42", "表1!60行2栏": "5.00", "表4!60行2栏": "3.00", "表4!60行3栏": "3.00"}
NOW = {
    "上年!表1!31行1栏": "2103.42", "表1!29行1栏": "5.00", "表1!31行1栏": "1777.50",
    "表4!28行1栏": "3.00", "表4!29行1栏": "3.00",
}  # fmt: skip
"""Figures of two years that agree: last year's closing balances are this year's opening ones."""


def account(number: int) -> Account:
    """The sound account of a made-up unit, another one for every number."""
    statute = load_statute("national")
    made = assemble(unit(Options(items=3, projects=False), number, statute), statute).account
    return msgspec.structs.replace(made, unit=Unit(f"示例市第{number}中心", f"{100000 + number}"))


def publish_units(folder: Path, count: int, formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """`count` units, each published in one of the formats in turn."""
    folder.mkdir(parents=True, exist_ok=True)
    return [publish(account(n), folder, [formats[n % len(formats)]])[0] for n in range(count)]


def small(year: int, cells: dict[str, str], name: str, code: str = "", date: str = "") -> Account:
    """An account that prints tables 1, 4 and 7; cells in 万元 by “上年!表1!31行1栏”."""
    tables = tuple(SeenTable(form, form, notes=(Passage("本单位无此项收支"),)) for form in TABLES)
    made = Account("national", year, Unit(name, code), tables=tables, dates={"published": date} if date else {})
    for key, amount in cells.items():
        *periods, form, place = key.split("!")
        row, column = place.removesuffix("栏").split("行")
        period: Period = "上年" if periods else "本年"
        made.put(Fact(Address(form, row, column, period), Figure(Decimal(amount) * 10000, Decimal(100))))
    return made


def write(path: Path, made: Account) -> Path:
    """Writes an account as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_json(made))
    return path


def contents(store: Path) -> dict[str, bytes]:
    """Every file of a store by name."""
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def main(arguments: str) -> None:
    """Ingests as told by JSON: for tests that kill it."""
    from juesuan.corpus import ingest_files

    ingest_files(**json.loads(arguments))


if __name__ == "__main__":
    main(sys.argv[1])
