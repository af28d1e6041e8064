"""One figure changed anywhere is caught at a relation that it breaks; the untouched is left in peace."""

from __future__ import annotations

import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from juesuan.account import Account, Address, Fact, Figure, Passage, SeenTable
from juesuan.checker import check
from juesuan.reader.files import read_raw
from juesuan.statute import Statute, load_statute

ROOT = Path(__file__).parents[2]
STEP = Decimal(100)


@pytest.fixture(scope="module")
def law() -> Statute:
    return load_statute("wuhan-2022")


@pytest.fixture(scope="module")
def printed(example: Account, law: Statute) -> Account:
    """The tables of the example as a document prints them: 万元 with two decimals."""
    account = msgspec.structs.replace(example, facts={}, narrative=())
    for key, fact in example.facts.items():
        if key.startswith("表"):
            value = (fact.figure.value / STEP).quantize(Decimal(1), rounding="ROUND_HALF_UP") * STEP
            account.put(Fact(fact.address, Figure(value, STEP)))
    account.tables = tuple(SeenTable(form.key, form.title, notes=(Passage("无"),)) for form in law.published)
    return account


def test_a_changed_figure_is_caught(printed: Account, law: Statute) -> None:
    """Every sixth figure; `make bench-tamper` changes all of them, in every format."""
    assert not [f for f in check(printed, statute=law).findings if f.severity == "error"]
    missed = []
    for key, fact in sorted(printed.facts.items())[::6]:
        changed = msgspec.structs.replace(printed, facts=dict(printed.facts))
        changed.put(Fact(fact.address, Figure(fact.figure.value + 37 * STEP, STEP)))
        errors = [f for f in check(changed, statute=law).findings if f.severity == "error"]
        if not errors:
            missed.append(key)
        elif not any(key.split("!")[0] in f.equation or key.split("!")[0] in "".join(f.because) for f in errors):
            # The finding speaks of the table, by its relation's code or equation.
            forms = {law.relations[code].form or law.relations[code].statement for f in errors for code in f.because}
            assert any(key.split("!")[0] in str(form) for form in forms), key
    assert missed == []


def test_the_cause_is_named_with_the_value_it_should_have(printed: Account, law: Statute) -> None:
    changed = msgspec.structs.replace(printed, facts=dict(printed.facts))
    wrong = printed.facts["表1!27行1栏"]
    changed.put(Fact(wrong.address, Figure(wrong.figure.value + 100000, STEP)))
    (finding,) = [f for f in check(changed, statute=law).findings if f.severity == "error"]
    assert finding.stated == "1,787.50万元"
    assert finding.expected == "1,777.50万元"
    assert {"T101", "T102", "X30"} <= set(finding.because)


def test_a_missing_table_leaves_its_relations_undecided(printed: Account, law: Statute) -> None:
    less = msgspec.structs.replace(
        printed,
        facts={key: fact for key, fact in printed.facts.items() if not key.startswith("表3")},
        tables=tuple(table for table in printed.tables if table.form != "表3"),
    )
    report = check(less, statute=law)
    assert [f.code for f in report.findings if f.severity == "error"] == ["F101"]
    assert report.relations.undecided > check(printed, statute=law).relations.undecided


def test_the_solver_prints_nothing(printed: Account, law: Statute, capfd: pytest.CaptureFixture[str]) -> None:
    for key in ("表4!27行1栏", "表3!208行1栏", "表2!合计行2栏"):
        changed = msgspec.structs.replace(printed, facts=dict(printed.facts))
        fact = printed.facts[key]
        changed.put(Fact(fact.address, Figure(fact.figure.value + 100000, STEP)))
        assert check(changed, statute=law).count("error")
    assert capfd.readouterr().out == ""


def test_a_changed_number_or_direction_of_the_prose_is_caught(published: dict[str, Path]) -> None:
    """A few of each kind; `make bench-tamper` changes every one, in every format."""
    sys.path.insert(0, str(ROOT / "bench"))
    from tampering import attempts, found, tampered

    raw = read_raw(published["html"])
    before = found(raw)
    assert not [key for key in before if key[1] == "error"]
    tries = list(attempts(raw))
    assert {each.kind for each in tries} == {"表中数字", "行名", "正文数字", "方向", "年度", "名称"}
    for kind, every in (("正文数字", 12), ("方向", 5), ("年度", 9)):
        chosen = [each for each in tries if each.kind == kind and "绩效" not in each.where][::every]
        missed = [each.what for each in chosen if not found(tampered(raw, each.change)) - before]
        assert len(missed) * 10 <= len(chosen), (kind, missed)


def test_figures_a_line_too_low_are_one_fault(printed: Account, law: Statute) -> None:
    """From the third line of 表5 on each line has the figures of the line above: one issue says so, and no other."""
    changed = msgspec.structs.replace(printed, facts=dict(printed.facts))
    lines = sorted({fact.address.row for fact in printed.of_form("表5") if fact.address.row.isdigit()})
    for above, line in pairwise(lines[2:]):
        for column in law.forms["表5"].columns:
            address = Address("表5", line, column)
            fact = printed.get(Address("表5", above, column))
            changed.facts.pop(str(address), None)
            if fact is not None:
                changed.put(Fact(address, fact.figure))
    before = {issue.message for issue in check(printed, statute=law).findings}
    (found,) = [issue for issue in check(changed, statute=law).findings if issue.message not in before]
    assert found.code == "D002"
    assert "整段数字错了行" in found.message


@pytest.mark.parametrize("form", ["表2", "表4"])
def test_a_table_in_another_unit_of_money_is_one_fault(form: str, printed: Account, law: Statute) -> None:
    """万元 printed under 元: one issue says so, and no figure of the table or of others is blamed for it."""
    changed = msgspec.structs.replace(printed, facts=dict(printed.facts))
    for fact in printed.of_form(form):
        changed.put(Fact(fact.address, Figure(fact.figure.value / 10000, STEP / 10000)))
    before = {issue.message for issue in check(printed, statute=law).findings}
    (found,) = [issue for issue in check(changed, statute=law).findings if issue.message not in before]
    assert (found.code, found.stated, found.expected) == ("D004", "元", "万元")


def test_a_wrong_figure_does_not_hide_the_wrong_unit_of_its_table(printed: Account, law: Statute) -> None:
    """One more figure of the table is wrong: the unit is told, and beside it that figure and nothing else."""
    changed = msgspec.structs.replace(printed, facts=dict(printed.facts))
    for fact in printed.of_form("表2"):
        changed.put(Fact(fact.address, Figure(fact.figure.value / 10000, STEP / 10000)))
    wrong = next(f for f in printed.of_form("表2") if f.address.column == "2" and len(f.address.row) == 7)
    changed.put(Fact(wrong.address, Figure(wrong.figure.value / 10000 + 30, STEP / 10000)))
    before = {issue.message for issue in check(printed, statute=law).findings}
    found = {issue.code: issue for issue in check(changed, statute=law).findings if issue.message not in before}
    assert found.keys() == {"D004", "T201"} and wrong.address.row in found["T201"].message


def test_of_several_figures_the_likeliest_is_named(printed: Account, law: Statute) -> None:
    """Two digits of 住房公积金 changed places: any item of 301 might be wrong, but 表5 asks for that one only."""
    address = Address("表6", "30113", "1")
    wrong = printed.facts[str(address)].figure.value
    digits = str(int(wrong / STEP))
    turned = Decimal(digits[0] + digits[2] + digits[1] + digits[3:]) * STEP
    assert turned != wrong
    changed = msgspec.structs.replace(printed, facts=dict(printed.facts))
    changed.put(Fact(address, Figure(turned, STEP)))
    (found,) = [issue for issue in check(changed, statute=law).findings if issue.code == "T601"]
    assert "最像的是" in found.message and "30113" in found.message.partition("最像的是")[2]
    assert "两位数字颠倒" in found.message
