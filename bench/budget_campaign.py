"""The budgets and final accounts of a simulated city held against each other: what was planted, found, and invented.

    python bench/budget_campaign.py [--units 100] [--seed 1]

Every unit and department publishes a budget and a final account of two years, in all formats; in half of the accounts
one figure is another than in the budget (年初预算 in all or of an item, 三公, a project, a goal, procurement). Exit
code 1 where one is not found, or anything is told of documents that agree.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from juesuan.synthetic import SHARES, SimulationOrder, findings_in_folder, read_answers, score, simulate
from juesuan.synthetic.faults import AGAINST_BUDGET

UNITS_OF_A_DEPARTMENT = 10


def main() -> int:
    """Makes the city, checks it, prints what was found by kind and what was told without a reason."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    departments = max(1, options.units // UNITS_OF_A_DEPARTMENT)
    order = SimulationOrder(
        options.units, departments, 2021, 2022, options.seed, shares=dict(SHARES), planted=Decimal("0.5"),
        kinds=AGAINST_BUDGET,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.perf_counter()
        simulate(order, folder, options.processes)
        made = time.perf_counter()
        answers, findings = read_answers(folder), findings_in_folder(folder)
        done = time.perf_counter()
        documents = sum(1 for kind in ("预算", "决算") for _ in (folder / kind).iterdir())
    result = score(answers, findings)
    wrong = {Path(answer.file).name for answer in answers}
    across = [each for each in findings if each.other and not {each.file, Path(each.other).name} & wrong]
    budgets = [each for each in findings if "预算" in each.file and not each.other and each.severity != "notice"]
    print(f"{documents} documents written in {made - began:.0f} s, checked in {done - made:.0f} s")
    for mark in result.marks:
        print(f"  {mark.kind}: {mark.planted} planted, {mark.found} found")
    print(f"  {result.planted} planted, {result.found} found, {len(result.missed)} missed")
    print(f"  invented: {len(result.false)} errors, {len(across)} differences, {len(budgets)} findings on budgets")
    for each in (*result.missed, *result.false, *across, *budgets):
        print(f"    {each}")
    return 1 if result.missed or result.false or across or budgets else 0


if __name__ == "__main__":
    sys.exit(main())
