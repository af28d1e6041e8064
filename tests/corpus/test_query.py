"""Questions to a store: answered exactly, and nothing else is done."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus.documents import contents
from juesuan.cli.main import main
from juesuan.corpus import TABLES, QueryError, Store

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM (SELECT * FROM read_blob('/etc/hostname'))",
        "COPY (SELECT 1) TO '{store}/x.csv'",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "SELECT 1; DROP VIEW facts",
        "CREATE TABLE x AS SELECT 1",
        "DELETE FROM facts",
        "ATTACH '{store}/x.db' AS x",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA database_list",
        "EXPORT DATABASE '{store}/x'",
        "CALL pragma_version()",
        "",
        "nonsense",
    ],
)
def test_nothing_but_questions_to_the_store(store: Store, store_path: Path, sql: str) -> None:
    before = contents(store_path)
    with pytest.raises(QueryError):
        store.rows(sql.replace("{store}", str(store_path)))
    assert contents(store_path) == before


def test_every_table_has_the_columns_declared(store: Store) -> None:
    for table in TABLES.values():
        relation = store.table(table.name)
        assert set(relation.columns) == {column.name for column in table.all_columns}
        kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
        assert kinds == {column.name: column.type for column in table.all_columns}


def test_answers_stay_exact_in_every_form(store: Store) -> None:
    sql = "SELECT amount FROM facts WHERE amount > 0 ORDER BY amount LIMIT 5"
    wanted = [row[0] for row in store.rows(sql)]
    assert all(isinstance(amount, Decimal) for amount in wanted)
    assert store.arrow(sql)["amount"].to_pylist() == wanted
    assert store.pandas(sql)["amount"].tolist() == wanted
    assert store.polars(sql)["amount"].to_list() == wanted


def test_a_form_that_is_not_installed_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(QueryError, match="pip install polars"):
        store.polars("SELECT 1")


def test_the_examples_of_the_documentation_run(
    store: Store, store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every form gives the same units with the same exact amounts; what is computed from them is right by hand."""
    text = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")
    [example] = [block for block in re.findall(r"```python\n(.*?)```", text, re.S) if "Store(" in block]
    (tmp_path / "store").symlink_to(store_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(example, "store.md", "exec"), names)
    rows = sorted(store.rows(names["sql"]), key=lambda row: row[1])
    assert len(rows) > 5 and all(isinstance(amount, Decimal) for _, amount in rows)
    assert [amount for _, amount in names["most"]] == [amount for _, amount in rows[::-1][:3]]
    assert sorted(names["arrow"]["amount"].to_pylist()) == [amount for _, amount in rows]
    assert names["median"] == rows[len(rows) // 2][1]
    assert names["whole"] == sum(amount for _, amount in rows)
    assert names["account"].unit.name in {unit for unit, _ in rows}


def test_the_schema_is_documented() -> None:
    from juesuan.corpus.store.schema import documentation

    assert "\n".join(documentation()).strip() in (ROOT / "docs" / "store.md").read_text(encoding="utf-8")


def _run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_query_on_the_command_line(store_path: Path, tmp_path: Path) -> None:
    sql = "SELECT unit, year FROM documents WHERE unit LIKE '%第3中心' "
    assert _run("query", sql, "--store", store_path, "--format", "csv") == (0, "unit,year\n示例市第3中心,2022\n")
    code, text = _run("query", sql, "--store", store_path, "--format", "json")
    assert (code, json.loads(text)) == (0, [{"unit": "示例市第3中心", "year": 2022}])
    code, text = _run("query", "SELECT 1.50::DECIMAL(20,2) AS x WHERE false", "--store", store_path, "--format", "json")
    assert (code, json.loads(text)) == (0, [])
    output = tmp_path / "answer.parquet"
    assert _run("query", sql, "--store", store_path, "--format", "parquet", "-o", output)[0] == 0
    import pyarrow.parquet

    assert pyarrow.parquet.read_table(output).to_pylist() == [{"unit": "示例市第3中心", "year": 2022}]
    code, text = _run("query", "SELECT nothing", "--store", store_path)
    assert code == 2 and "查询有误" in text
    code, text = _run("query", sql, "--store", tmp_path / "none")
    assert code == 2 and "没有决算库" in text


def test_ingest_on_the_command_line(tmp_path: Path, folder: Path) -> None:
    store = tmp_path / "store"
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4")
    files = [*sorted(folder.glob("*.json"))[:2], tmp_path / "bad.pdf"]
    code, text = _run("ingest", *files, "--store", store, "--engine", "inline")
    assert code == 1 and "给出 3 份文件：已在库 0，新读入 2，失败 1。" in text
    code, text = _run("ingest", *files, "--store", store, "--engine", "inline")
    assert code == 0 and "已在库 3，新读入 0，失败 0" in text
    assert _run("ingest", "--compact", "--store", store)[0] == 0
    assert not (store / "shards").exists() or not list((store / "shards").iterdir())
    assert _run("check-store", "--store", store, "--engine", "inline")[0] == 0
    code, text = _run("ingest", tmp_path / "nothing-*", "--store", store, "--engine", "inline")
    assert code == 2 and "没有找到文件" in text
