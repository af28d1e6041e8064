"""Every relation of every profile against its own examples, the law of rounding, and the domain's list of relations."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan.account import Address, Figure
from juesuan.statute import (
    Expander,
    Instance,
    Operand,
    Relation,
    Statute,
    Verdict,
    judge,
    load_statute,
    parse_place,
    profiles,
    with_parents,
)
from juesuan.statute.articulation.tree import misnamed, missing_parents

CENT = Decimal("0.01")


def example(relation: Relation, figures: dict[str, str], statute: Statute) -> dict[Address, Figure]:
    """The figures of an example at their full addresses: the form of the relation, the line's own column."""
    found = {}
    for text, value in figures.items():
        place = parse_place(text)
        form = statute.forms[place.form or relation.form or ""]
        row = place.rows.key if place.rows else next(iter(form.rows))
        column = place.columns.key if place.columns else form.layout.columns_of(row)[0]
        step = CENT if form.unit_of(row) == "万元" else Decimal(0)
        found[Address(form.key, row, column, place.period)] = Figure(Decimal(value), step)
    return found


def verdicts(relation: Relation, figures: dict[Address, Figure], statute: Statute) -> list[tuple[Instance, Verdict]]:
    """The verdicts of every instance that the figures touch."""

    def rows_of(key: str) -> list[str]:
        form = statute.forms[key]
        if not form.layout.coded:
            return list(form.rows)
        codes = sorted({a.row for a in figures if a.form == key and a.row.isdigit()})
        if form.classification == "经济分类":
            return sorted({*codes, *(code[:3] for code in codes)})
        return with_parents(codes)

    expander = Expander(statute.forms, rows_of)
    judged = [(instance, judge(instance, figures.get)) for instance in expander.instances(relation)]
    return [(i, verdict) for i, verdict in judged if verdict and any(a in figures for a in i.addresses())]


@pytest.mark.parametrize("key", profiles())
def test_the_examples_of_every_relation(key: str) -> None:
    """Of all relations of a profile in one test: as tests of their own they would be half of all that there are."""
    statute = load_statute(key)
    assert {code: wrong for code in statute.relations if (wrong := _wrong(statute.relations[code], statute))} == {}


def _wrong(relation: Relation, statute: Statute) -> str:
    """What is wrong with the examples of a relation: the sound one must hold, the other must break it."""
    if not relation.why.endswith("。") or not relation.basis:
        return "no reason or no basis"
    if relation.kind == "tree":
        sound, broken = missing_parents(relation.ok) == [], missing_parents(relation.bad) != []
        return "" if sound and broken else f"ok: {sound}, bad: {broken}"
    if not isinstance(relation.ok, dict) or not isinstance(relation.bad, dict):
        return "no examples"
    if relation.kind == "names":
        sound = misnamed(relation.ok, statute.functional, statute.year) == []
        broken = misnamed(relation.bad, statute.functional, statute.year) != []
        return "" if sound and broken else f"ok: {sound}, bad: {broken}"
    good, bad = example(relation, relation.ok, statute), example(relation, relation.bad, statute)
    held = verdicts(relation, good, statute)
    if not held or any(verdict.status == "不成立" for _, verdict in held):
        return f"the sound example does not hold: {held}"
    if idle := set(good) - {address for instance, _ in held for address in instance.addresses()}:
        return f"figures of the sound example are idle: {idle}"
    if all(verdict.status != "不成立" for _, verdict in verdicts(relation, bad, statute)):
        return "the other example breaks nothing"
    return ""


def test_the_domain_s_list_of_relations_is_covered() -> None:
    numbers = {relation.number for relation in load_statute().relations.values()}
    assert sorted(set(range(1, 47)) - numbers) == []


@pytest.mark.parametrize("key", profiles())
def test_every_printed_total_is_given_by_a_relation(key: str) -> None:
    statute = load_statute(key)
    for form in statute.published:
        expander = Expander(statute.forms, lambda other: ["合计"] if statute.forms[other].layout.coded else [])
        targets = {
            instance.target
            for relation in statute.relations.values()
            if relation.gives
            for instance in expander.instances(relation)
        }
        if form.classification == "功能分类":
            assert {Address(form.key, "合计", column) for column in form.columns} <= targets


def total(parts: list[str], whole: str, decimals: int = 2) -> Verdict:
    """The verdict on a sum whose figures are all printed with `decimals`."""
    step = Decimal(1).scaleb(-decimals)
    figures = {Address("表1", str(n), "1"): Figure(Decimal(v), step) for n, v in enumerate([whole, *parts])}
    first, *rest = (Operand(1, address) for address in figures)
    verdict = judge(Instance("T", (first,), "=", tuple(rest)), figures.get)
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    ("whole", "parts", "decimals", "status", "residual", "limit"),
    [
        # Two decimals and n parts: 0.005·(n+1).
        ("10.00", ["10.00"], 2, "成立", "0.00", "0.010"),
        ("10.01", ["10.00"], 2, "尾数内成立", "0.01", "0.010"),
        ("10.02", ["10.00"], 2, "不成立", "0.02", "0.010"),
        ("10.00", ["3.33", "3.33", "3.33"], 2, "尾数内成立", "0.01", "0.020"),
        ("9.97", ["3.33", "3.33", "3.33"], 2, "尾数内成立", "-0.02", "0.020"),
        ("10.02", ["3.33", "3.33", "3.33"], 2, "不成立", "0.03", "0.020"),
        ("3.04", ["0.50"] * 6, 2, "不成立", "0.04", "0.035"),
        ("3.03", ["0.50"] * 6, 2, "尾数内成立", "0.03", "0.035"),
        ("30.05", ["10.00"] * 3, 2, "不成立", "0.05", "0.020"),
        # One decimal, and whole numbers that are counted: 0.05·(n+1).
        ("10.1", ["5.0", "5.0"], 1, "尾数内成立", "0.1", "0.15"),
        ("10.2", ["5.0", "5.0"], 1, "不成立", "0.2", "0.15"),
    ],
)
def test_the_law_of_rounding(
    whole: str, parts: list[str], decimals: int, status: str, residual: str, limit: str
) -> None:
    verdict = total(parts, whole, decimals)
    assert (verdict.status, verdict.residual, verdict.limit) == (status, Decimal(residual), Decimal(limit))


def test_a_blank_part_is_an_exact_nothing() -> None:
    """Two printed figures give 0.01, whatever blanks stand beside them."""
    whole, part = Address("表1", "27", "1"), Address("表1", "1", "1")
    figures = {whole: Figure(Decimal("10.02"), CENT), part: Figure(Decimal(10), CENT)}
    operands = tuple(Operand(1, Address("表1", str(row), "1")) for row in range(1, 9))
    verdict = judge(Instance("T101", (Operand(1, Address("表1", "27", "1")),), "=", operands), figures.get)
    assert verdict == Verdict("不成立", Decimal("0.02"), CENT)


def test_unrounded_yuan_are_compared_exactly() -> None:
    assert total(["1.00"], "1.01").status == "尾数内成立"
    figures = {Address("表1", "1", "1"): Figure(Decimal("1.01")), Address("表1", "2", "1"): Figure(Decimal("1.00"))}
    left, right = (Operand(1, address) for address in figures)
    verdict = judge(Instance("T", (left,), "=", (right,)), figures.get)
    assert verdict == Verdict("不成立", CENT, Decimal(0))


@pytest.mark.parametrize(
    ("left", "sign", "right", "status"),
    [
        ("5.01", "≤", "5.00", "尾数内成立"),
        ("5.02", "≤", "5.00", "不成立"),
        ("4.00", "≤", "5.00", "成立"),
        ("4.99", "≥", "5.00", "尾数内成立"),
        ("4.98", "≥", "5.00", "不成立"),
        ("5.00", "<", "5.00", "尾数内成立"),
        ("4.99", "<", "5.00", "成立"),
        ("5.02", ">", "5.00", "成立"),
        ("5.02", "≈", "5.00", "不成立"),
    ],
)  # fmt: skip
def test_inequalities_fail_only_beyond_rounding(left: str, sign: str, right: str, status: str) -> None:
    places = [Address("表1", "1", "1"), Address("表1", "2", "1")]
    figures = dict(zip(places, (Figure(Decimal(left), CENT), Figure(Decimal(right), CENT)), strict=True))
    instance = Instance("B", (Operand(1, places[0]),), sign, (Operand(1, places[1]),))
    verdict = judge(instance, figures.get)
    assert verdict is not None and verdict.status == status


def test_nothing_is_not_more_than_nothing() -> None:
    place = Address("表2", "合计", "5")
    verdict = judge(Instance("X11", (Operand(1, place),), ">", ()), lambda _: None)
    assert verdict is not None and verdict.status == "不成立"


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.integers(0, 4))
def test_an_honestly_rounded_sum_never_fails(fen: list[int], decimals: int) -> None:
    """Parts in yuan, printed in 万元 with any decimals: rule 2 allows whatever rounding alone can do."""
    exact = [Decimal(value).scaleb(-6) for value in fen]
    step = Decimal(1).scaleb(-decimals)
    shown = [str(value.quantize(step, "ROUND_HALF_UP")) for value in [sum(exact, Decimal(0)), *exact]]
    assert total(shown[1:], shown[0], decimals).status != "不成立"
