"""The ledger: three formats and many headings give the same entries; every faulty line is named; no fen is lost."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Book

from juesuan.account import UnreadableSourceError
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.ledger.entries import read_ledger
from juesuan.compiler.ledger.files import open_ledger
from juesuan.compiler.ledger.sql import LISTED, aggregate
from juesuan.statute.ledger import ledger_plan
from juesuan.statute.loader.load import load_statute
from juesuan.statute.profile import Statute

HEADINGS = {
    "AGENCY_CODE": "单位编码",
    "AGENCY_NAME": "单位名称",
    "FUND_TYPE_CODE": "资金来源",
    "EXP_FUNC_CODE": "功能分类科目编码",
    "GOV_BGT_ECO_CODE": "政府经济分类",
    "DEP_BGT_ECO_CODE": "经济分类科目编码",
    "PRO_CAT_CODE": "支出性质",
    "PRO_NAME": "项目名称",
    "月份": "月份",
    "收支类别": "收支类别",
    "冲销标志": "冲销标志",
    "PAY_AMT": "金额（元）",
}
CODES, WORDS = list(HEADINGS), list(HEADINGS.values())

Rows = list[list[object]]

LINES: Rows = [
    ["102001", "示例中心", "111", "2080108", "50101", "30101", "11", "", "1", "", "", "1000.10"],
    ["102001", "示例中心", "111", "2080108", "50101", "30101", "11", "", "2", "", "", "0.20"],
    ["102001", "示例中心", "111", "2080108", "50101", "30101", "11", "", "3", "支出", "是", "-0.10"],
    ["102001", "示例中心", "111", "2080108", "50299", "30299", "31", "运维", "3", "", "", "5000.00"],
    ["102001", "示例中心", "39", "2080108", "50299", "30299", "22", "运维", "4", "", "", "80.00"],
    ["102001", "示例中心", "111", "2080108", "", "", "", "", "", "收入", "", "7000.00"],
    ["102001", "示例中心", "31", "2080108", "", "", "", "", "", "收入", "", "90.00"],
    ["102001", "示例中心", "111", "2080108", "", "", "11", "", "", "年初预算", "", "500.00"],
    ["102001", "示例中心", "31", "", "", "", "", "", "", "年初结转", "", "12.30"],
]

TRANSLATED = {"111": "一般公共预算", "31": "事业收入", "39": "其他资金"}
NATURES = {"11": "基本支出", "31": "项目支出", "22": "项目支出"}


@pytest.fixture(scope="module")
def statute() -> Statute:
    return load_statute("wuhan-2022")


def in_words(rows: Rows) -> Rows:
    return [
        [*row[:2], TRANSLATED.get(str(row[2]), row[2]), *row[3:6], NATURES.get(str(row[6]), row[6]), *row[7:]]
        for row in rows
    ]


def write_csv(path: Path, head: Sequence[str], rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *rows])
    return path


def write_parquet(path: Path, head: Sequence[str], rows: Rows, amount: str = "DECIMAL(18, 2)") -> Path:
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}" {amount if name in ("PAY_AMT", "金额（元）") else "VARCHAR"}' for name in head)
        connection.execute(f"CREATE TABLE t ({columns})")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(head))})", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def write_excel(path: Path, head: Sequence[str], rows: Rows) -> Path:
    book = Book()
    sheet = book.create_sheet("明细")
    sheet.append(["支付明细表"])
    sheet.append(list(head))
    for row in rows:
        codes = [int(str(value)) if str(value).isdigit() and len(str(value)) == 7 else value for value in row[:-1]]
        sheet.append([*codes, float(str(row[-1]))])
    book.save(path)
    return path


def entries(found: Gathered) -> list[Entry]:
    return [msgspec.structs.replace(entry, place=None) for entry in found.entries]


def shown(found: Gathered) -> list[str]:
    return [f"{problem.where}：{problem.message}" for problem in found.problems]


def test_every_format_and_heading_gives_the_same_entries(tmp_path: Path, statute: Statute) -> None:
    files = [
        write_csv(tmp_path / "utf8.csv", CODES, LINES),
        write_csv(tmp_path / "bom.csv", WORDS, in_words(LINES), "utf-8-sig"),
        write_csv(tmp_path / "gb.csv", WORDS, in_words(LINES), "gb18030"),
        write_csv(tmp_path / "tab.txt", [name.lower() for name in CODES], LINES, "utf-16", "\t"),
        write_parquet(tmp_path / "a.parquet", CODES, LINES),
        write_parquet(tmp_path / "double.parquet", WORDS, in_words(LINES), "DOUBLE"),
        write_parquet(tmp_path / "text.parquet", CODES, LINES, "VARCHAR"),
        write_excel(tmp_path / "a.xlsx", CODES, LINES),
        write_excel(tmp_path / "b.xlsx", WORDS, in_words(LINES)),
    ]
    found = [read_ledger(path, statute) for path in files]
    for one in found:
        assert shown(one) == []
        assert entries(one) == entries(found[0])
        assert [(p.name, p.function, p.budget, p.outlay) for p in one.projects] == [
            ("运维", "2080108", Decimal(0), Decimal("5080.00"))
        ]
    general = "一般公共预算"
    assert entries(found[0]) == [
        Entry("年初结转", "其他资金", Decimal("12.30")),
        Entry("支出", general, Decimal("500.00"), nature="基本支出", function="2080108", period="年初预算"),
        Entry("支出", general, Decimal("1000.20"), nature="基本支出", function="2080108", economy="30101"),
        Entry("支出", general, Decimal(5000), nature="项目支出", function="2080108", economy="30299", project="运维"),
        Entry("支出", "其他资金", Decimal(80), nature="项目支出", function="2080108", economy="30299", project="运维"),
        Entry("收入", general, Decimal(7000), function="2080108"),
        Entry("收入", "事业收入", Decimal(90), function="2080108"),
    ]
    place = found[0].entries[2].place
    assert place is not None and (place.file, place.entries) == ("utf8.csv", 3)


def test_several_files_are_one_ledger(tmp_path: Path, statute: Statute) -> None:
    first = write_csv(tmp_path / "a.csv", CODES, LINES[:4])
    second = write_parquet(tmp_path / "b.parquet", CODES, LINES[4:])
    whole = read_ledger(write_csv(tmp_path / "c.csv", CODES, LINES), statute)
    both = read_ledger([first, second], statute)
    assert entries(both) == entries(whole) and both.problems == []
    assert both.projects[0].outlay == whole.projects[0].outlay


FAULTY: list[tuple[dict[int, object], str]] = [
    ({2: ""}, "缺少资金来源"),
    ({2: "999"}, "不认识的资金来源“999”"),
    ({3: "20801"}, "“20801”是款级科目"),
    ({3: "2080597"}, "没有 2080597；相近的有："),
    ({3: "养老"}, "“养老”不是功能分类科目编码"),
    ({3: ""}, "缺少功能分类科目编码"),
    ({5: ""}, "一般公共预算基本支出缺少经济分类科目编码"),
    ({5: "301"}, "“301”是类级科目“工资福利支出”"),
    ({6: ""}, "缺少支出性质"),
    ({6: "其它"}, "不认识的支出性质“其它”"),
    ({6: "项目支出"}, "项目支出没有写明项目"),
    ({8: "13"}, "月份“13”不对"),
    ({9: "支票"}, "不认识的收支类别“支票”"),
    ({11: "-5"}, "金额为负数（-5）"),
    ({11: "1.2万"}, "应填 12000"),
    ({11: "1.234567"}, "似以万元填写，应为元：12345.67"),
    ({11: ""}, "金额是空的"),
]


@pytest.mark.parametrize("kind", ["csv", "gb.csv", "parquet"])
def test_every_faulty_line_is_named_and_the_others_kept(tmp_path: Path, statute: Statute, kind: str) -> None:
    rows = [list(row) for row in LINES]
    heading = 0 if kind == "parquet" else 1
    expected = []
    for change, message in FAULTY:
        row = [*LINES[0]]
        for column, value in change.items():
            row[column] = value
        rows.append(row)
        expected.append((len(rows) + heading, message))
    path = tmp_path / f"a.{kind}"
    if kind == "parquet":
        write_parquet(path, CODES, rows, "VARCHAR")
    else:
        write_csv(path, CODES, rows, "gb18030" if kind == "gb.csv" else "utf-8")
    found = read_ledger(path, statute)
    assert len(found.problems) == len(FAULTY), shown(found)
    for line, message in expected:
        named = [p.message for p in found.problems if p.place.line == line and p.where == f"第{line}行"]
        assert [text for text in named if message in text], message
    sound = {(e.record, e.source, e.nature, e.function, e.economy, e.period): e.amount for e in found.entries}
    # The line with the wrong month keeps its amount; so do those whose code has a known class.
    assert sound["支出", "一般公共预算", "基本支出", "2080108", "30101", "本年"] == Decimal("2000.30")
    assert sound["支出", "一般公共预算", "基本支出", "2080597", "30101", "本年"] == Decimal("1000.10")
    assert sound["收入", "一般公共预算", "", "2080108", "", "本年"] == Decimal(7000)


def test_lines_keep_their_numbers_among_blank_and_broken_ones(tmp_path: Path, statute: Statute) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, CODES, [])
    text = [",".join(str(value) for value in row) for row in LINES]
    bad = text[0].replace("2080108", "2089")
    path.write_text(path.read_text() + "\n".join([text[0], "", bad, "x,y", text[3], ",,,,,,,,,,,", bad]) + "\n")
    found = read_ledger(path, statute)
    assert [p.place.line for p in found.problems] == [5, 4, 8]
    assert "这一行有 2 列" in found.problems[0].message
    quoted = [*LINES[0]]
    quoted[7] = "两\n行"
    again = read_ledger(write_csv(tmp_path / "b.csv", CODES, [quoted, list[object](bad.split(","))]), statute)
    assert [p.place.line for p in again.problems] == [4]


def test_an_excel_line_is_named_with_its_sheet(tmp_path: Path, statute: Statute) -> None:
    path = write_excel(tmp_path / "a.xlsx", CODES, [*LINES, [*LINES[0][:3], "2089", *LINES[0][4:]]])
    assert [p.where for p in read_ledger(path, statute).problems] == ["工作表“明细”第12行"]


def test_long_lists_of_faults_are_cut_with_an_exact_count(tmp_path: Path, statute: Statute) -> None:
    bad_code = [[*LINES[0][:3], "2089", *LINES[0][4:]] for _ in range(LISTED + 30)]
    bad_amount = [[*LINES[0][:-1], "abc"] for _ in range(LISTED + 7)]
    found = read_ledger(write_csv(tmp_path / "a.csv", CODES, [*LINES, *bad_code, *bad_amount]), statute)
    assert len(found.problems) == 2 * (LISTED + 1)
    assert [p.message for p in found.problems if p.where == "其余各行"] == [
        "另有 7 行有同类问题（金额）",
        "另有 30 行有同类问题（功能分类科目）",
    ]


def test_a_ledger_of_several_units_needs_one_to_be_named(tmp_path: Path, statute: Statute) -> None:
    other = [["102002", "另一中心", *row[2:]] for row in LINES]
    other.append(["102002", "另一中心", "", *LINES[0][3:]])
    path = write_csv(tmp_path / "a.csv", CODES, [*LINES, *other])
    found = read_ledger(path, statute)
    assert found.entries == []
    assert "含有多个单位：102001 示例中心、102002 另一中心" in found.problems[-1].message
    alone = read_ledger(write_csv(tmp_path / "b.csv", CODES, LINES), statute)
    for name in ("102001", "示例中心"):
        one = read_ledger(path, statute, unit=name)
        assert entries(one) == entries(alone) and one.problems == []
    missing = read_ledger(path, statute, unit="999")
    assert missing.entries == [] and "没有单位“999”的记录" in missing.problems[-1].message


def test_a_ledger_without_units_is_that_of_the_unit(tmp_path: Path, statute: Statute) -> None:
    rows: Rows = [row[2:] for row in LINES]
    found = read_ledger(write_csv(tmp_path / "a.csv", CODES[2:], rows), statute, unit="102001")
    assert found.problems == [] and len(found.entries) == 7
    rows = [*LINES, ["", "", *LINES[0][2:]]]
    blank = read_ledger(write_csv(tmp_path / "b.csv", CODES, rows), statute, unit="102001")
    assert shown(blank) == ["第11行：没有写明单位；应填单位编码或名称"]
    assert entries(blank) == entries(found)


def test_a_negative_net_amount_is_reported(tmp_path: Path, statute: Statute) -> None:
    row = [*LINES[2][:-1], "-5000"]
    found = read_ledger(write_csv(tmp_path / "a.csv", CODES, [*LINES[:2], row]), statute)
    assert shown(found) == [
        "汇总：本年 支出 一般公共预算 基本支出 2080108 30101 汇总后为负数（-3999.70 元，共 3 条记录）；净额不应小于 0"
    ]
    assert found.entries == []


def test_thousands_commas_are_numbers(tmp_path: Path, statute: Statute) -> None:
    rows: Rows = [[*LINES[0][:-1], "1,234,567.89"], [*LINES[0][:-1], "12,34"]]
    found = read_ledger(write_csv(tmp_path / "a.csv", CODES, rows), statute)
    assert [entry.amount for entry in found.entries] == [Decimal("1234567.89")]
    assert [problem.place.line for problem in found.problems] == [3]


MONTHS = ["1", "01", "12月", "202203", "2022-03", "2022-03-15", "2022年3月15日", "20220315", ""]


@pytest.mark.parametrize("month", MONTHS)
def test_months_as_they_are_written(tmp_path: Path, statute: Statute, month: str) -> None:
    path = write_csv(tmp_path / "a.csv", CODES, [[*LINES[0][:8], month, *LINES[0][9:]]])
    assert read_ledger(path, statute).problems == []


def test_files_that_are_no_ledgers(tmp_path: Path, statute: Statute) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "short.csv").write_text("金额,备注\n1,2\n", encoding="utf-8")
    (tmp_path / "x.parquet").write_bytes(b"PAR1 nothing")
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "x.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))
    cases = {
        "empty.csv": "文件是空的",
        "binary.csv": "编码",
        "short.csv": "缺少应有的列：资金来源.*功能分类科目编码.*文件的表头是：金额、备注",
        "x.parquet": "不是可读的明细账",
        "x.xlsx": "不是 Excel",
        "x.xls": "旧的 .xls",
        "none.csv": "没有这个文件",
    }
    for name, message in cases.items():
        with pytest.raises(UnreadableSourceError, match=message):
            read_ledger(tmp_path / name, statute)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["30101", "30102"]), st.integers(0, 10**14)), min_size=1, max_size=40))
def test_no_fen_is_lost(tmp_path: Path, statute: Statute, amounts: list[tuple[str, int]]) -> None:
    rows: Rows = [[*LINES[0][:5], code, *LINES[0][6:-1], str(Decimal(fen).scaleb(-2))] for code, fen in amounts]
    wanted = {
        code: total
        for code in ("30101", "30102")
        if (total := sum((Decimal(fen).scaleb(-2) for key, fen in amounts if key == code), Decimal(0)))
    }
    for path in (
        write_csv(tmp_path / "a.csv", CODES, rows),
        write_parquet(tmp_path / "a.parquet", CODES, rows),
        write_excel(tmp_path / "a.xlsx", CODES, rows),
    ):
        found = read_ledger(path, statute)
        assert found.problems == []
        assert {entry.economy: entry.amount for entry in found.entries} == wanted


def test_codes_may_be_declared(tmp_path: Path, statute: Statute) -> None:
    path = write_csv(tmp_path / "a.csv", CODES, [[*LINES[0][:3], "2080597", *LINES[0][4:]]])
    assert len(read_ledger(path, statute).problems) == 1
    assert read_ledger(path, statute, extra_codes={"2080597": "试点支出"}).problems == []


def test_the_bare_step_can_be_measured(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", CODES, LINES)
    plan = ledger_plan()
    with duckdb.connect() as connection:
        groups = aggregate(connection, open_ledger(connection, path, plan, tmp_path), plan)
    assert sum(group.entries for group in groups) == len(LINES)
    assert sum(group.faulty for group in groups) == 0


def test_the_declaration_has_no_name_twice() -> None:
    plan = ledger_plan()
    names = [name for column in plan.columns for name in column.names]
    assert len(names) == len(set(names))
    for parts in (plan.natures, plan.records, plan.funds):
        written = [name for part in parts for name in part.names]
        assert len(written) == len(set(written))
    fund = plan.fund("1119")
    assert fund is not None and fund.source == "一般公共预算"
    assert plan.fund("自筹") is None
