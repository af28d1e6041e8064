"""Accounts as JSON: exact both ways, the same bytes for equal accounts, described by the published schema."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generate import Options, unit
from juesuan.account import (
    SCHEMA_FILE,
    Account,
    Address,
    Claim,
    Fact,
    Figure,
    Gap,
    GlossaryEntry,
    Indicator,
    KeyWork,
    NotAnAccountError,
    Paragraph,
    PerformanceSheet,
    Project,
    RowLabel,
    Section,
    Source,
    Unit,
    Unplaced,
    from_json,
    schema,
    to_json,
)
from juesuan.compiler.assembly import assemble
from juesuan.statute import load_statute

TEXT = st.text(max_size=6)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=2) | st.integers(-(10**30), 10**30).map(
    lambda n: Decimal(n).scaleb(-9)
)
FIGURES = st.builds(Figure, DECIMALS, st.sampled_from([Decimal(0), Decimal("0.00"), Decimal(100), Decimal("0.001")]))
SOURCES = st.none() | st.builds(
    Source, TEXT, TEXT, TEXT, st.integers(0, 99), st.none() | st.tuples(*[st.floats(0, 900, width=32)] * 4)
)
ADDRESSES = st.builds(Address, TEXT, TEXT, TEXT, st.sampled_from(["本年", "上年", "年初预算"]))
FACTS = st.builds(Fact, ADDRESSES, FIGURES, SOURCES)
PARAGRAPHS = st.builds(
    Paragraph,
    TEXT,
    st.lists(st.builds(Claim, TEXT, TEXT, FIGURES, st.integers(0, 9), st.integers(0, 9), TEXT), max_size=2).map(tuple),
    st.lists(st.builds(Gap, TEXT, TEXT, st.integers(0, 9), st.integers(0, 9)), max_size=1).map(tuple),
)
INDICATORS = st.builds(Indicator, TEXT, TEXT, TEXT, DECIMALS, TEXT, TEXT, st.none() | DECIMALS, st.none() | DECIMALS)


def several(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    sheets = st.builds(
        PerformanceSheet, st.sampled_from(["整体", "项目"]), TEXT, TEXT, FIGURES, FIGURES, several(INDICATORS)
    )
    account = Account(
        profile=draw(TEXT),
        year=draw(st.integers(2000, 2100)),
        unit=draw(st.builds(Unit, TEXT, TEXT, st.sampled_from(["事业单位", "行政单位"]))),
        labels=draw(several(st.builds(RowLabel, TEXT, TEXT, TEXT))),
        texts=draw(st.dictionaries(TEXT, TEXT, max_size=3)),
        narrative=draw(several(st.builds(Section, TEXT, TEXT, several(PARAGRAPHS)))),
        projects=draw(several(st.builds(Project, TEXT, TEXT, DECIMALS, DECIMALS, st.none() | DECIMALS))),
        sheets=draw(several(sheets)),
        key_work=draw(several(st.builds(KeyWork, TEXT, TEXT, TEXT))),
        glossary=draw(several(st.builds(GlossaryEntry, TEXT, TEXT, TEXT))),
        unplaced=draw(several(st.builds(Unplaced, TEXT, SOURCES))),
    )
    account.extend(draw(st.lists(FACTS, max_size=5)))
    return account


@given(accounts())
def test_json_in_and_out_is_exact(account: Account) -> None:
    data = to_json(account)
    again = from_json(data)
    assert again == account
    assert to_json(again) == data
    for key, fact in account.facts.items():
        # To the last digit and the last zero.
        assert str(again.facts[key].figure.value) == str(fact.figure.value)


def test_equal_accounts_give_the_same_bytes() -> None:
    """A period or nature that was put together letter by letter is the same as the one that stands in the code."""
    here = Address("表1", "1", "1")
    there = Address("表1", "1", "1", "".join(["本", "年"]))
    one = Account("p", 2022, Unit("甲"))
    one.put(Fact(here, Figure(Decimal(1))))
    two = Account("p", 2022, Unit("甲", nature="".join(["事业", "单位"])))
    two.put(Fact(there, Figure(Decimal(1), Decimal("0"))))
    assert one == two
    assert to_json(one) == to_json(two)


def example() -> Account:
    statute = load_statute("wuhan-2022")
    return assemble(unit(Options(), 3, statute), statute).account


def test_the_schema_describes_what_is_written() -> None:
    written = json.loads(to_json(example()))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(written, schema())
    del written["unit"]["name"]
    with pytest.raises(jsonschema.ValidationError, match="name"):
        jsonschema.validate(written, schema())


def test_the_published_schema_is_the_code_s_own() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"profile": 1}', b"\xff", '{"profile": "p", "year": "x"}'])
def test_what_is_no_account_is_refused_in_chinese(data: bytes | str) -> None:
    with pytest.raises(NotAnAccountError, match="不是本程序的决算、预算数据文件") as told:
        from_json(data)
    assert not re.search("[A-Za-z]{3,}", str(told.value).replace("JSON", "").replace("profile", "").replace("year", ""))


def test_addresses_and_sources_say_where() -> None:
    assert str(Address("表1", "27", "1")) == "表1!27行1栏"
    assert str(Address("表5", "合计", "1", "年初预算")) == "年初预算!表5!合计行1栏"
    assert str(Source("a.xlsx", "收入", "C7")) == "a.xlsx 工作表“收入” 单元格 C7"
    assert str(Source("a.xlsx", "表格2", "C7")) == "a.xlsx 工作表“表格2” 单元格 C7"
    assert str(Source("a.docx", "表格2", "AB7")) == "a.docx 第2张表 第7行第28列"
    assert str(Source("a.html", "表格10")) == "a.html 第10张表"
    assert str(Source("a.csv", line=12)) == "a.csv 第12行"
    assert str(Source("a.csv", entries=3)) == "a.csv 合计3条记录"
    account = Account("p", 2022, Unit("甲"))
    assert account.get(Address("表1", "1", "1")) is None
    assert account.amount(Address("表1", "1", "1")) == 0
    assert msgspec.structs.asdict(account)["facts"] == {}


@pytest.mark.parametrize("data", [b"\xa1\xba", b"[" * 100_000, b'{"year": 1e999999}', b""])
def test_what_is_no_account_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnAccountError):
        from_json(data)
