"""The notation: parse and print give back the same text; published spellings mean the same; errors say where."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan.statute import NotationError, load_statute, parse, parse_place, parse_quantity, profiles
from juesuan.statute.articulation.notation import (
    Comparison,
    Equation,
    Item,
    Place,
    Selector,
    Term,
    parse_condition,
    split_notes,
)

REAL = Path(__file__).parents[3] / "shared" / "real" / "wuhan-hrss-info-center-2022.md"


@pytest.mark.parametrize("key", profiles())
def test_every_declared_equation_prints_as_it_is_written(key: str) -> None:
    statute = load_statute(key)
    for relation in statute.relations.values():
        if relation.kind == "equation":
            assert str(parse(relation.statement)) == relation.statement, relation.code
            assert relation.printed == relation.statement
        if relation.gives:
            assert str(parse_place(relation.gives)) == relation.gives, relation.code


@pytest.mark.parametrize("key", profiles())
def test_every_quantity_and_condition_prints_as_it_is_written(key: str) -> None:
    for section in load_statute(key).sections:
        for paragraph in section.paragraphs:
            quantities = [*paragraph.let.values(), *(q for c in paragraph.clauses for q in c.let.values())]
            assert [str(parse_quantity(text)) for text in quantities] == quantities
            whens = [paragraph.when, paragraph.where, *(c.where for c in paragraph.clauses)]
            whens += [case.when for clause in paragraph.clauses for case in clause.cases]
            assert [str(parse_condition(text)) for text in whens if text] == [text for text in whens if text]


KEYS = st.sampled_from(["1", "27", "208", "2080108", "30110", "合计", "金额", "数", "年末", "此", "A1", "人员经费合计"])
SIGNS = st.sampled_from([1, -1])


@st.composite
def groups(draw: st.DrawFn) -> tuple[Item, ...]:
    rest = draw(st.lists(st.builds(Item, SIGNS, KEYS), max_size=3))
    items = [Item(1, draw(KEYS)), *rest]
    if draw(st.booleans()):
        items += [Item(1, draw(st.sampled_from(["...", "…", "……"]))), Item(1, "57")]
    return tuple(items)


def selectors(axis: str) -> st.SearchStrategy[Selector]:
    levels = st.sampled_from(["", "类", "款", "项"])
    return st.one_of(
        st.builds(lambda key: Selector(axis, "one", (Item(1, key),)), KEYS),
        groups().map(lambda items: Selector(axis, "group", items)),
        levels.map(lambda level: Selector(axis, "each", (), level)),
        levels.map(lambda level: Selector(axis, "sum", (), level)),
    )


@st.composite
def places(draw: st.DrawFn) -> Place:
    rows, columns = draw(st.none() | selectors("行")), draw(st.none() | selectors("栏"))
    if rows is None and columns is None:
        rows = draw(selectors("行"))
    form = draw(st.none() | st.sampled_from(["表1", "表10", "三公明细", "机关运行", "采购"]))
    period = draw(st.sampled_from(["本年", "上年", "年初预算"]))
    return Place(rows, columns, form, period, bool(rows and columns and draw(st.booleans())))


NUMBERS = st.integers(0, 10**6).map(lambda n: Decimal(n)) | st.integers(0, 10**6).map(lambda n: Decimal(n).scaleb(-2))
SUMS = st.lists(st.builds(Term, SIGNS, places() | NUMBERS), min_size=1, max_size=4).map(tuple)
COMPARISONS = st.builds(Comparison, SUMS, st.sampled_from(["=", "≤", "≥", "<", ">", "≈"]), SUMS)


@given(st.builds(Equation, COMPARISONS, st.none() | COMPARISONS))
def test_what_is_printed_is_read_back(equation: Equation) -> None:
    text = str(equation)
    assert parse(text) == equation
    assert str(parse(text)) == text
    assert parse(re.sub(r"\s", "", text)) == parse(re.sub(r"(.)", r"\1 ", text)) == equation


WIDE = str.maketrans("()+-=!0123456789", "（）＋－＝！０１２３４５６７８９")


@pytest.mark.parametrize(
    ("published", "meant"),
    [
        ("27 行 = (1 + 2 + 3) 行", "27行 = (1+2+3)行"),
        ("27行=（1+2+3+4+5+6+7+8）行", "27行 = (1+2+3+4+5+6+7+8)行"),
        ("1 栏各行 = (2 + 3 + 4 + 5 + 6 + 7) 栏各行", "1栏各行 = (2+3+4+5+6+7)栏各行"),
        ("６栏各行＝（１＋２－３）栏各行", "6栏各行 = (1+2-3)栏各行"),
        ("6栏各行=(1+2—3)栏各行", "6栏各行 = (1+2-3)栏各行"),
        ("59 行 = (33 + 34 + ... + 58) 行", "59行 = (33+34+...+58)行"),
        ("表1！27行1栏＝表2！合计行1栏", "表1!27行1栏 = 表2!合计行1栏"),
        ("1 栏 = (2 + 3 + 6) 栏", "1栏 = (2+3+6)栏"),
    ],
)
def test_published_spellings_mean_the_same(published: str, meant: str) -> None:
    assert parse(published) == parse(meant)
    assert str(parse(published)) == meant


@given(st.builds(Equation, COMPARISONS))
def test_full_width_signs_mean_the_same(equation: Equation) -> None:
    assert parse(str(equation).translate(WIDE)) == equation


def test_the_notes_of_a_published_account_are_the_declared_equations() -> None:
    if not REAL.is_file():
        pytest.skip("没有 ../shared/real 里的真实文件")
    stated: list[str] = []
    for line in REAL.read_text(encoding="utf-8").splitlines():
        if re.match(r"^\d+ ?[行栏].*=", line):
            stated += [str(parse(part)) for part in split_notes(line)]
    statute = load_statute("wuhan-2022")
    declared = [statute.relations[code].printed for form in statute.published for code in form.equations]
    assert stated == declared
    assert len(stated) == 19


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("27行 = ", "在末尾"),
        ("27行 = (1+2行", "行"),
        ("27行 == 3行", "在“=3行”处"),
        ("27行 3行", "“27行 3行”：一个地址里有两个“行”"),
        ("若 1行 > 0 则", "在末尾"),
        ("各本行 = 1行", "各之后只能是类、款、项"),
        ("1行2行 = 3行", "一个地址里有两个“行”"),
        ("Σ级行 = 1行", "Σ之后只能是类、款、项"),
    ],
)
def test_errors_are_in_chinese_and_name_the_place(text: str, place: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse(text)
    message = str(caught.value)
    assert place in message
    assert not re.search(r"[A-Za-z]{3,}", message)


@given(st.text(alphabet="0123456789行栏各Σ类款项表!()+-=≤若则空 .…合计A", max_size=24))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        found = parse(text)
    except NotationError:
        return
    assert parse(str(found)) == found
