"""What a query may not do, tried against the check and, past it, against the closed database itself."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from juesuan.scoring.evidence import EvidenceError, QueryLimits, Sandbox
from juesuan.scoring.evidence import sandbox as sandbox_module
from juesuan.scoring.evidence.guard import Allowed, allow

from .sample import ask, plan_of

CARDS = ("holder VARCHAR, number BIGINT", "0012,3\n0013,4")

WRITES = [
    "COPY cards TO 'stolen.csv'",
    "COPY (SELECT 1) TO 'stolen.parquet' (FORMAT parquet)",
    "EXPORT DATABASE 'stolen'",
    "CREATE TABLE copy AS SELECT * FROM cards",
    "INSERT INTO cards VALUES ('1', 1)",
    "DELETE FROM cards",
    "UPDATE cards SET number = 1",
    "DROP VIEW cards",
    "WITH gone AS (DELETE FROM cards RETURNING *) SELECT count(*) FROM gone",
    "WITH more AS (INSERT INTO cards VALUES ('1', 1) RETURNING *) SELECT count(*) FROM more",
    "WITH more AS (UPDATE cards SET number = 1 RETURNING *) SELECT count(*) FROM more",
    "SELECT 1 INTO x",
    "COPY cards TO 'cards.csv' (FORMAT csv, USE_TMP_FILE false)",
    "COPY (SELECT 1) TO 'cards.csv' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY cards FROM '/etc/passwd'",
    "COPY FROM DATABASE memory TO other",
    "IMPORT DATABASE '/tmp'",
    "MERGE INTO cards USING cards AS c ON true WHEN MATCHED THEN DELETE",
    "TRUNCATE cards",
    "ALTER TABLE cards ADD COLUMN x INTEGER",
    "CREATE OR REPLACE VIEW cards AS SELECT 1",
    "CREATE TEMP TABLE t AS SELECT * FROM cards",
    "CREATE MACRO m() AS TABLE SELECT * FROM read_text('/etc/passwd')",
    "WITH gone AS (COPY cards TO 'stolen.csv') SELECT count(*) FROM cards",
]
READS = [
    "SELECT count(*) FROM read_csv('/etc/passwd')",
    "SELECT count(*) FROM read_text('/etc/passwd')",
    "SELECT count(*) FROM read_blob('/etc/passwd')",
    "SELECT count(*) FROM '/etc/passwd'",
    "SELECT count(*) FROM \"/etc/passwd\"",
    "SELECT count(*) FROM cards, '/etc/passwd'",
    "SELECT count(*) FROM glob('/*')",
    "SELECT count(*) FROM cards WHERE EXISTS (SELECT 1 FROM read_csv('/etc/passwd'))",
    "SELECT (SELECT count(*) FROM parquet_schema('/etc/passwd')) FROM cards",
    "SELECT count(*) FROM sniff_csv('/etc/passwd')",
    "SELECT count(*) FROM cards UNION ALL SELECT count(*) FROM read_json('/etc/passwd')",
    "SELECT count(*) FROM query('SELECT * FROM ''/etc/passwd''')",
    "SELECT count(*) FROM query_table('cards')",
    "SELECT count(*) FROM json_execute_serialized_sql('{}')",
    "SELECT count(*) FROM duckdb_settings(), cards",
    "SELECT count(*) FROM information_schema.tables",
    "SELECT count(*) FROM pg_class",
    "SELECT count(*) FROM sqlite_master",
    "SELECT count(*) FROM cards, LATERAL read_text(holder)",
    "SELECT (FROM read_text('/etc/passwd') SELECT content) FROM cards",
    "SELECT count(*) FROM read_csv(['cards.csv', '/etc/passwd'])",
    "SELECT count(*) FROM read_text('cards.csv/../../../etc/passwd')",
    "SELECT count(*) FROM read_blob('file:///etc/passwd')",
    "SELECT count(*) FROM read_csv($first)",
    "SELECT count(*) FROM read_duckdb('other.db')",
    "SELECT count(*) FROM parquet_metadata('/etc/passwd')",
    "SELECT count(*) FROM '/etc/*'",
    "SELECT count(*) FROM json_execute_serialized_sql(json_serialize_sql('FROM \"/etc/passwd\"'))",
    "SELECT count(*) FROM (DESCRIBE cards)",
    "SELECT count(*) FROM (SHOW ALL TABLES)",
    "SELECT count(*) FROM (SUMMARIZE cards)",
    "SELECT count(*) FROM duckdb_secrets()",
    "SELECT count(*) FROM duckdb_logs()",
    "SELECT count(*) FROM duckdb_variables()",
    "SELECT count(*) FROM which_secret('s3://bucket', 's3')",
    "SELECT count(*) FROM a_variable_of_python",
    "SELECT count(*) FROM python_map_function()",
    "SELECT count(*) FROM pandas_scan(0)",
]
NETWORK = [
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT count(*) FROM 'https://example.com/data.csv'",
    "SELECT count(*) FROM read_csv('https://example.com/data.csv')",
    "SELECT count(*) FROM read_parquet('s3://bucket/data.parquet')",
    "ATTACH 'https://example.com/x.db'",
    "ATTACH 'stolen.db' AS other",
    "ATTACH 'host=example.com' AS other (TYPE postgres)",
    "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "CREATE PERSISTENT SECRET kept (TYPE http, BEARER_TOKEN 'x')",
    "INSTALL httpfs FROM community",
    "FORCE INSTALL httpfs FROM 'http://example.com'",
    "LOAD './evil.duckdb_extension'",
    "UPDATE EXTENSIONS",
    "ATTACH ':memory:' AS other",
]
SETTINGS = [
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "USE other",
    "CHECKPOINT",
    "SELECT current_setting('secret_directory') FROM cards",
    "SELECT getenv('HOME') FROM cards",
    "SELECT getvariable('x') FROM cards",
    "SELECT write_log('x') FROM cards",
    "SHOW TABLES",
    "DESCRIBE cards",
    "EXPLAIN SELECT count(*) FROM cards",
    "PREPARE x AS SELECT 1",
    "EXECUTE x",
    "PREPARE x AS COPY cards TO 'stolen.csv'",
    "DEALLOCATE x",
    "SET VARIABLE x = 1",
    "PRAGMA profiling_output = 'stolen.json'",
    "CALL enable_logging(storage = 'file', storage_path = 'stolen')",
    "SET allowed_paths = ['/etc/passwd']",
    "EXPLAIN ANALYZE COPY cards TO 'stolen.csv'",
    "BEGIN TRANSACTION",
]
TRICKS = [
    "SELECT count(*) FROM cards; SELECT 1",
    "SELECT count(*) FROM cards; COPY cards TO 'stolen.csv'",
    "SELECT count(*) FROM cards -- \n; COPY cards TO 'stolen.csv'",
    "/* SELECT 1 */ COPY cards TO 'stolen.csv'",
    "SELECT count(*) FROM cards) TO 'stolen.csv' --",
    "SELECT 1) LIMIT 2; COPY cards TO 'cards.csv' (USE_TMP_FILE false); SELECT * FROM (SELECT 1",
    "SELECT 1) LIMIT 2; DROP VIEW cards; SELECT * FROM (SELECT 1",
    "SELECT count(*) FROM cards\x00; COPY cards TO 'stolen.csv'",
    "SELECT 1) UNION ALL (SELECT count(*) FROM read_csv('/etc/passwd')",
    "WITH cards AS (SELECT 1) SELECT count(*) FROM cards",
    "WITH \"/etc/passwd\" AS (SELECT 1) SELECT count(*) FROM read_csv('/etc/passwd')",
    "SELECT main.sum(number) FROM cards",
    "SELECT count(*) FROM memory.main.cards",
    "",
    ";",
    "-- nothing",
]
UNSTEADY = [
    "SELECT random() FROM cards",
    "SELECT now() FROM cards",
    "SELECT CURRENT_DATE FROM cards",
    "SELECT count(*) FROM cards WHERE number < CURRENT_TIMESTAMP",
    "SELECT today() FROM cards",
    "SELECT any_value(holder) FROM cards",
    "SELECT first(holder) FROM cards",
    "SELECT count(*) FROM cards TABLESAMPLE 50%",
    "SELECT count(*) FROM (FROM cards USING SAMPLE 1)",
    "SELECT uuid() FROM cards",
    "SELECT sleep_ms(10000) FROM cards",
    "SELECT version() FROM cards",
    "SELECT age(TIMESTAMP '2022-01-01') FROM cards",
    "SELECT current_localtimestamp() FROM cards",
    "SELECT get_current_timestamp() FROM cards",
    "SELECT hash(holder) FROM cards",
    "SELECT txid_current() FROM cards",
    "SELECT nextval('x') FROM cards",
    "SELECT __internal_json_copy_to_json(holder) FROM cards",
]


@pytest.mark.parametrize("query", [*WRITES, *READS, *NETWORK, *SETTINGS, *TRICKS, *UNSTEADY])
def test_the_check_refuses_it(query: str) -> None:
    with pytest.raises(EvidenceError):
        allow(query, ["cards"])


@pytest.mark.parametrize("query", [*WRITES, *READS, *NETWORK, *TRICKS])
def test_a_refused_query_leaves_nothing_behind(tmp_path: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan = plan_of(tmp_path, cards=CARDS)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(EvidenceError):
        ask(plan, query)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "query",
    [
        "COPY cards TO '{}/stolen.csv'",
        "COPY (SELECT 1) TO '{}/cards.csv'",
        "SELECT * FROM read_csv('{}/other.csv')",
        "SELECT * FROM '{}/other.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('{}/*')",
        "ATTACH '{}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('https://example.com/data.csv')",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "SELECT getenv('HOME')",
        "COPY cards TO '{}/cards.csv'",
        "IMPORT DATABASE '{}'",
        "ATTACH 'https://example.com/x.db'",
        "SELECT * FROM read_csv(['{}/cards.csv', '{}/other.csv'])",
        "SELECT * FROM read_text('{}/cards.csv/../other.csv')",
        "SELECT * FROM read_blob('file:///etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM query('FROM read_text(\"/etc/passwd\")')",
        "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM \"/etc/passwd\"'))",
        "SELECT * FROM a_variable_of_python",
        "CREATE VIEW v AS SELECT * FROM read_text('/etc/passwd')",
        "CREATE MACRO m() AS TABLE SELECT * FROM read_text('/etc/passwd')",
        "PREPARE p AS SELECT * FROM read_text('/etc/passwd')",
        "EXPLAIN ANALYZE SELECT * FROM read_text('/etc/passwd')",
        "CREATE PERSISTENT SECRET kept (TYPE http, BEARER_TOKEN 'x')",
        "INSTALL httpfs FROM community",
        "LOAD '{}/evil.duckdb_extension'",
        "UPDATE EXTENSIONS",
        "RESET lock_configuration",
        "RESET allowed_paths",
        "SET allowed_directories = ['/']",
        "SET temp_directory = '{}'",
        "SET home_directory = '{}'",
        "SET secret_directory = '{}'",
        "SET extension_directory = '{}'",
        "SET allow_unsigned_extensions = true",
        "SET autoinstall_known_extensions = true",
        "SET python_enable_replacements = true",
        "SET max_execution_time = 0",
        "SET log_query_path = '{}/log'",
        "PRAGMA profiling_output = '{}/profile.json'",
        "PRAGMA enable_profiling = 'json'",
        "CALL enable_profiling(format = 'json', save_location = '{}/profile.json')",
        "CALL enable_logging(storage = 'file', storage_path = '{}/logs')",
    ],
)
def test_the_database_is_closed_even_past_the_check(tmp_path: Path, query: str) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n", encoding="utf-8")
    plan = plan_of(tmp_path, cards=CARDS)
    a_variable_of_python = [{"secret": 1}]
    with Sandbox(plan.data.values(), plan.folder, QueryLimits(5, 256)) as sandbox, pytest.raises(duckdb.Error):
        sandbox._connection.execute(query.replace("{}", tmp_path.as_posix())).fetchall()
    assert a_variable_of_python
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards.csv", "other.csv"]


CHANGES = [
    query
    for query in (*WRITES, *NETWORK, *SETTINGS, *TRICKS)
    if not query.startswith(("SELECT", "WITH", "SHOW", "DESCRIBE")) or "stolen" in query or "LIMIT" in query
]


@pytest.mark.parametrize("query", CHANGES)
def test_nothing_but_one_select_is_run_even_past_the_check(
    tmp_path: Path, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed database may write to the files that it may read; no statement that could is ever given to it."""
    monkeypatch.chdir(tmp_path)
    plan = plan_of(tmp_path, cards=CARDS)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    passed = Allowed(query.replace("'cards.csv'", f"'{tmp_path.as_posix()}/cards.csv'"), ("cards",), frozenset())
    monkeypatch.setattr(sandbox_module, "allow", lambda *_: passed)
    with Sandbox(plan.data.values(), plan.folder, QueryLimits(5, 256)) as sandbox:
        with pytest.raises(EvidenceError):
            sandbox.run(query, {})
        assert sandbox._connection.execute("SELECT count(*) FROM cards").fetchall() == [(2,)]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM cards",
        "SELECT count(*) FROM cards;",
        "SELECT count(*) FROM cards; -- 完毕",
        "SELECT count(*) FROM cards -- 完毕",
        "/* ; COPY */ SELECT count(*) FROM cards WHERE holder <> '; DROP VIEW cards; --'",
        "WITH kept AS (SELECT * FROM cards WHERE number > 0) SELECT count(*) FROM kept",
        "SELECT CAST(max(n) AS BIGINT) FROM (SELECT row_number() OVER (ORDER BY holder) AS n FROM cards)",
        "FROM cards SELECT count(*)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2) SELECT max(i) FROM n, cards",
        "SELECT count(*) FROM CARDS",
    ],
)
def test_honest_queries_run(tmp_path: Path, query: str) -> None:
    assert ask(plan_of(tmp_path, cards=CARDS), query).exact == "2"


def test_a_query_that_reads_nothing_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="没有读取任何数据集"):
        ask(plan_of(tmp_path, cards=CARDS), "SELECT 11107100")


def test_a_query_without_end_is_stopped(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, cards=CARDS)
    endless = "SELECT sum(a.range * b.range) FROM range(1000000000) a, range(1000000000) b, cards"
    with Sandbox(plan.data.values(), plan.folder, QueryLimits(1, 256)) as sandbox:
        with pytest.raises(EvidenceError, match="超过 1 秒"):
            sandbox.run(endless, {})
        assert sandbox.run("SELECT count(*) FROM cards", {})[0] == [(2,)]


def test_a_query_that_wants_all_memory_is_stopped(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, cards=CARDS)
    with (
        Sandbox(plan.data.values(), plan.folder, QueryLimits(60, 64)) as sandbox,
        pytest.raises(EvidenceError, match="64 MB"),
    ):
        sandbox.run("SELECT list(range) FROM range(100000000), cards", {})


def test_an_endless_result_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="不止一行"):
        ask(plan_of(tmp_path, cards=CARDS), "SELECT range FROM range(100000000000), cards")
