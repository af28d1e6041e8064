"""Writes the three files that a unit holds, from the example: `python scripts/held_files.py` (part of `make example`).

An export of the nine public tables (.xls) as the official software gives it, this year's budget as published (.pdf) and
last year's account as published (.docx), into examples/wuhan-2022/held. Last year's figures are those that the example
compares with; its items are invented so that they make them.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import msgspec

import juesuan
from juesuan.account import Figure
from juesuan.compiler.assembly import assemble
from juesuan.compiler.entries import Entry, Gathered
from juesuan.statute import load_statute

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "wuhan-2022"
sys.path[:0] = [str(ROOT / "tests"), str(EXAMPLE)]

import build  # noqa: E402

from intake.export_files import Layout, nine_tables, write  # noqa: E402

BUILDING = "2080108"
MORE = Decimal(21_034_200 - 17_774_960)
"""What was spent more last year, all of it on building information systems."""
TRAVELLED = Decimal(19_500 - 11_600)
"""What the car cost more last year; office supplies cost as much less."""

LAST = {
    "表9!金额行11栏": Decimal(19_500), "上年!表9!金额行11栏": Decimal(21_000),
    **{f"上年!{place}": Decimal(23_468_100) for place in ("表1!31行1栏", "表4!32行1栏", "表4!1行1栏", "表5!合计行1栏")},
}  # fmt: skip
"""What last year's account states otherwise: its car, and the year before it."""


def last_year() -> Gathered:
    """What the unit would have filled in for 2021."""
    ledger, budget = build.entries()
    found = build.gathered([*(_last(entry) for entry in ledger), *budget])
    found.year = 2021
    found.facts = [
        msgspec.structs.replace(fact, figure=Figure(LAST.get(str(fact.address), fact.figure.value)))
        for fact in found.facts
        if fact.address.row not in ("维修费", "保险费")
    ]
    found.projects = [
        msgspec.structs.replace(project, outlay=project.outlay + MORE) if project.function == BUILDING else project
        for project in found.projects
    ]
    found.texts = {key: text.replace("2022年", "2021年") for key, text in found.texts.items()}
    found.key_work = [msgspec.structs.replace(work) for work in found.key_work]
    found.dates = {"published": "2022-10-25"}
    found.sheets = [msgspec.structs.replace(sheet, date="2022-05-20") for sheet in found.sheets]
    return found


def _last(entry: Entry) -> Entry:
    amount = entry.amount
    if entry.function == BUILDING and (entry.record == "收入" or entry.economy == "31007"):
        amount += MORE
    elif entry.economy == "30231":
        amount += TRAVELLED
    elif entry.economy == "30201" and entry.nature == "基本支出":
        amount -= TRAVELLED
    return msgspec.structs.replace(entry, amount=amount)


def write_held(folder: Path) -> list[Path]:
    """Writes the three files into `folder` and gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger, budget = build.entries()
    this = assemble(build.gathered(ledger + budget), load_statute("wuhan-2022"))
    export = write(nine_tables(this.account, this.statute, Layout()), folder / "决算软件导出.xls")
    law = load_statute("budget", 2022)
    planned = assemble(build.budget_gathered(build.budget_entries()), law)
    (plan,) = juesuan.publish(planned.account, folder, ["pdf"], statute=law)
    before = load_statute("wuhan-2022", 2021)
    last = assemble(last_year(), before)
    assert last.final, last.messages()
    (document,) = juesuan.publish(last.account, folder, ["docx"], statute=before)
    return [export, plan.rename(folder / "2022年预算公开.pdf"), document.rename(folder / "2021年决算公开.docx")]


if __name__ == "__main__":
    for path in write_held(EXAMPLE / "held"):
        print(path)
