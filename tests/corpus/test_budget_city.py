"""The two documents of a year in a simulated city: what is planted between them is found, nothing is invented."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from juesuan.synthetic.answer_key import read_answers, score
from juesuan.synthetic.faults import AGAINST_BUDGET
from juesuan.synthetic.findings import findings_in_folder
from juesuan.synthetic.jurisdiction import SimulationOrder, simulate

SHARES = {"html": 50, "md": 30, "xlsx": 10, "json": 10}


def test_accounts_and_budgets_are_held_against_each_other(tmp_path: Path) -> None:
    """年初预算 in all and by item, 三公, projects, goals, procurement; `make campaign-budgets` does it to 100 units."""
    order = SimulationOrder(8, 2, 2021, 2022, 5, shares=SHARES, planted=Decimal("0.7"), kinds=AGAINST_BUDGET)
    simulate(order, tmp_path)
    answers, findings = read_answers(tmp_path), findings_in_folder(tmp_path)
    result = score(answers, findings)
    assert {mark.kind for mark in result.marks} == set(AGAINST_BUDGET)
    assert result.recall == 1, result.missed
    assert result.false == ()
    # Neither a warning: whatever two documents are told to say differently was planted in one of them.
    wrong = {Path(answer.file).name for answer in answers}
    assert [each for each in findings if each.other and not {each.file, Path(each.other).name} & wrong] == []
    budgets = [each for each in findings if "预算" in each.file and not each.other]
    assert [each for each in budgets if each.severity != "notice"] == []
