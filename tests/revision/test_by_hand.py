"""Documents that a person has written or gone over: read, corrected and rolled as well as those we write."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

from by_hand import boxes, retyped
from revised import comments, rewritten, texts

import juesuan
from juesuan.account import Account
from juesuan.compiler import assemble
from juesuan.inspection import inspect
from juesuan.reader import read
from juesuan.revision import correct, roll_docx
from juesuan.statute import load_statute
from juesuan.synthetic.unit import UnitMaker, UnitPlan

PLAN = UnitPlan("100001", "某市服务中心合成数据", 2, 26, False, "某市某局合成数据", False)
WAN = Decimal(10_000)


@cache
def years() -> tuple[Account, Account]:
    before, after = load_statute("national", 2023), load_statute("national", 2024)
    maker = UnitMaker(PLAN, 1)
    first = maker.year(before, None, Decimal(0), Decimal(0))
    second = maker.year(after, first, Decimal(0), Decimal(0))
    return assemble(first.gathered, before).account, assemble(second.gathered, after).account


def total(account: Account) -> str:
    return f"{account.facts['表1!31行1栏'].figure.value / WAN:,.2f}"


def by_hand(folder: Path, wrong: str = "") -> Path:
    """Last year's account as a person left it; `wrong` is what footnote and text box give for the total."""
    last = years()[0]
    said = wrong or total(last)
    path = juesuan.publish(last, folder, ["docx"], draft=True)[0]
    return retyped(
        path, folder / "人写的.docx", "收、支总计", f"2023年度支出总计{said}万元。", f"2023年度收入总计{said}万元。"
    )


def errors(path: Path) -> set[str]:
    return {finding.code for finding in inspect(path).report.findings if finding.severity == "error"}


def test_it_is_read_as_what_it_was_made_of(tmp_path: Path) -> None:
    path = by_hand(tmp_path)
    ours = next(file for file in tmp_path.iterdir() if file != path)
    figures = [{key: fact.figure for key, fact in read(file).facts.items()} for file in (ours, path)]
    assert figures[0] == figures[1]
    assert errors(path) == errors(ours)


def test_footnote_and_box_are_corrected_as_changes(tmp_path: Path) -> None:
    broken = by_hand(tmp_path, wrong="1.23")
    assert "Z181" in errors(broken)
    target = tmp_path / "更正.docx"
    made = correct(broken, target, unsafe=True)
    assert sum(fixed.finding.code == "Z181" for fixed in made.fixed) == 2
    right = f"2023年度收入总计{total(years()[0])}万元。"
    accepted = rewritten(target, tmp_path / "接受.docx", accept=True)
    assert boxes(accepted) == [right, right], "both forms of the box say the same"
    rejected = rewritten(target, tmp_path / "拒绝.docx", accept=False)
    assert boxes(rejected) == ["2023年度收入总计1.23万元。"] * 2


def test_it_is_rolled_with_all_its_parts(tmp_path: Path) -> None:
    this = years()[1]
    target = tmp_path / "今年.docx"
    rolled = roll_docx(by_hand(tmp_path), target, this)
    said = texts(target)
    assert any(text.startswith(f"2024年度支出总计{total(this)}万元") for text in said), "the footnote"
    assert len(boxes(target)) == 2 and set(boxes(target)) == {f"2024年度收入总计{total(this)}万元。"}
    problems = " ".join(text for _, text in rolled.problems)
    assert "2 处没有接受的修订" in problems and "1 条批注" in problems
    assert "图“" not in problems, "a box of text is no picture"
    assert "请核对，去年是12.34万元。" in comments(target)

