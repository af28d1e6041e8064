"""The same table in every kind of data, and what is said of data that cannot be used."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import openpyxl
import pytest

from juesuan.account import DataUsed
from juesuan.scoring.evidence import EvidenceError, EvidencePlan, QueryLimits, Sandbox, add_data_set
from juesuan.scoring.evidence.running import parameters_of

COLUMNS = [("district", "文本"), ("amount", "小数(12,2)"), ("day", "日期"), ("note", "文本")]
ROWS = [("010200", "1.10", "2022-01-31", "a,\"b\""), ("010201", "2.20", "2022-12-31", ""), ("010202", None, None, None)]
QUERY = (
    "SELECT string_agg(district || ':' || coalesce(CAST(amount AS VARCHAR), '无') || ':' || coalesce(note, '空'), ';' "
    "ORDER BY district) FROM sales"
)
ANSWER = '010200:1.10:a,"b";010201:2.20:;010202:无:空'
"""Leading zeros kept, amounts exact, an empty text told from a blank."""


def used(plan: EvidencePlan, query: str = QUERY) -> tuple[object, DataUsed]:
    with Sandbox(plan.data.values(), plan.folder, QueryLimits(20, 512)) as sandbox:
        rows, _, data = sandbox.run(query, parameters_of(2022))
        return rows[0][0], data[0]


def csv_text(mark: str = ",") -> str:
    def field(value: str | None) -> str:
        return "" if value is None else '"' + value.replace('"', '""') + '"'

    lines = [mark.join(("district", "amount", "day", "note"))]
    lines += [mark.join((field(d), a or "", day or "", field(n))) for d, a, day, n in ROWS]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", "\t")])
def test_csv_in_every_encoding(tmp_path: Path, encoding: str, mark: str) -> None:
    text = csv_text(mark).replace("a,", "甲,") if encoding == "gb18030" else csv_text(mark)
    (tmp_path / "sales.csv").write_bytes(text.encode(encoding))
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, file="sales.csv", time="day")
    value, data = used(plan)
    assert value == (ANSWER.replace("a,", "甲,") if encoding == "gb18030" else ANSWER)
    assert (data.rows, data.begins, data.ends) == (3, "2022-01-31", "2022-12-31")


def test_parquet(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(csv_text(), encoding="utf-8")
    types = "{'district': 'VARCHAR', 'amount': 'DECIMAL(12,2)', 'day': 'DATE', 'note': 'VARCHAR'}"
    read = f"read_csv('{tmp_path}/sales.csv', columns = {types}, allow_quoted_nulls = false, header = true)"
    duckdb.execute(f"COPY (SELECT * FROM {read}) TO '{tmp_path}/sales.parquet'")
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, file="sales.parquet", time="day")
    assert used(plan)[0] == ANSWER


def test_parquet_that_lost_its_leading_zeros(tmp_path: Path) -> None:
    duckdb.execute(f"COPY (SELECT 10200 AS district) TO '{tmp_path}/sales.parquet'")
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", [("district", "文本")], file="sales.parquet")
    with pytest.raises(EvidenceError, match="开头的 0 已经丢失"):
        used(plan, "SELECT count(*) FROM sales WHERE district <> ''")


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "销售"
    sheet.append(["区划", "amount", "day", "note"])
    for district, amount, day, note in ROWS:
        sheet.append([district, float(amount) if amount else None, day, note])
    book.save(tmp_path / "sales.xlsx")
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, file="sales.xlsx", table="销售", rename={"district": "区划"}, time="day")
    # A worksheet knows no empty text.
    assert used(plan)[0] == ANSWER.replace("2.20:;", "2.20:空;")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "sales.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sales (district TEXT, amount TEXT, day TEXT, note TEXT, secret TEXT)")
        connection.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, 'x')", ROWS)
    connection.close()
    return path


def test_sqlite(tmp_path: Path, database: Path) -> None:
    before = database.read_bytes()
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, file="sales.sqlite", table="sales", time="day")
    value, data = used(plan)
    assert value == ANSWER
    assert database.read_bytes() == before
    with pytest.raises(EvidenceError, match="查询有误"):
        used(plan, "SELECT secret FROM sales")
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE other (a)")
        connection.execute("DELETE FROM sales WHERE district = '010200'")
        connection.execute("INSERT INTO sales VALUES (?, ?, ?, ?, 'y')", ROWS[0])
    connection.close()
    assert used(plan)[1].fingerprint == data.fingerprint, "the same rows in another order are the same data"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE sales SET amount = '1.11' WHERE district = '010200'")
    connection.close()
    assert used(plan)[1].fingerprint != data.fingerprint


def test_postgresql(tmp_path: Path, postgresql: str) -> None:
    import psycopg

    with psycopg.connect(postgresql) as connection:
        connection.execute("CREATE SCHEMA ops")
        connection.execute("CREATE TABLE ops.sales (district text, amount numeric(12,2), day date, note text)")
        connection.cursor().executemany("INSERT INTO ops.sales VALUES (%s, %s, %s, %s)", ROWS)
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, postgresql=postgresql, table="ops.sales", time="day")
    value, data = used(plan)
    assert value == ANSWER
    assert (data.kind, data.rows, data.begins) == ("PostgreSQL", 3, "2022-01-31")
    assert used(plan)[1].fingerprint == data.fingerprint
    with psycopg.connect(postgresql) as connection:
        connection.execute("UPDATE ops.sales SET note = 'x' WHERE district = '010202'")
    assert used(plan)[1].fingerprint != data.fingerprint
    for table, message in (("ops.other", "没有表"), ("ops.sales; DROP TABLE ops.sales", "出错")):
        other = EvidencePlan(tmp_path)
        add_data_set(other, "sales", COLUMNS, postgresql=postgresql, table=table)
        with pytest.raises(EvidenceError, match=message):
            used(other)
    assert used(plan)[1].rows == 3


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, postgresql="postgresql://reader@127.0.0.1:9/ops", table="sales")
    with pytest.raises(EvidenceError, match="连接不上 PostgreSQL"):
        used(plan)


def test_passwords_are_not_written_down(tmp_path: Path) -> None:
    for connection in ("postgresql://reader:geheim@host/ops", "host=a password=b"):
        with pytest.raises(EvidenceError, match="不要写口令"):
            add_data_set(EvidencePlan(tmp_path), "sales", COLUMNS, postgresql=connection, table="sales")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "找不到数据集“sales”的文件 sales.csv"),
        (b"", "是空的"),
        (b"district,amount,day\n1,2,2022-01-01\n", "没有列“note”；它的列是：district、amount、day"),
        (b"district,amount,day,note\n", "没有一行数据"),
        (b"district,amount,day,note\n01,1.0,2022-01-01,\n02,x,2022-01-01,\n", "第 3 行“amount”列的“x”不是小数"),
        (b"district,amount,day,note\n01,1,31.12.2022,\n", "第 2 行“day”列的“31.12.2022”不是日期"),
        (b"\x81\xff\x00\x81", "没有列|编码"),
        (b"district,district,amount,day,note\n", "同名的列"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "sales.csv").write_bytes(content)
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, file="sales.csv", time="day")
    with pytest.raises(EvidenceError, match=message):
        used(plan, "SELECT sum(amount) FROM sales")


@pytest.mark.parametrize("name", ["sales.parquet", "sales.xlsx", "sales.sqlite"])
def test_a_file_of_another_kind_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"nothing of the kind, only words that go on for a while" * 40)
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, file=name, table="sales")
    with pytest.raises(EvidenceError, match="不是"):
        used(plan)


def test_one_bad_data_set_does_not_harm_the_others(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(csv_text(), encoding="utf-8")
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "missing", COLUMNS, file="missing.csv")
    add_data_set(plan, "sales", COLUMNS, file="sales.csv", time="day")
    assert used(plan)[0] == ANSWER


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(csv_text(), encoding="utf-8")
    plan = EvidencePlan(tmp_path)
    add_data_set(plan, "sales", COLUMNS, file="sales.csv")
    with Sandbox(plan.data.values(), plan.folder, QueryLimits()) as sandbox:
        assert sandbox.changed() == []
        (tmp_path / "sales.csv").write_text(csv_text() + "010203,1,,\n", encoding="utf-8")
        assert sandbox.changed() == ["sales"]


@pytest.mark.parametrize("kind", ["VARCHAR); DROP", "整型", "DECIMAL(99,2)", "小数(2,3)", "STRUCT(a INT)"])
def test_types_that_are_none(tmp_path: Path, kind: str) -> None:
    with pytest.raises(EvidenceError, match="不认识的列类型"):
        add_data_set(EvidencePlan(tmp_path), "sales", [("a", kind)], file="sales.csv")
