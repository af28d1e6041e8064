"""Files in, store out: each once, each kept, and nothing lost when something dies."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from decimal import Decimal
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from corpus.documents import LAST, NOW, account, contents, small, write
from juesuan.account import Address, Fact, Figure, from_json
from juesuan.corpus import Ingested, Limits, Store, StoreError, check_store, compact_store, ingest_files
from juesuan.corpus.ingest.document import differing
from juesuan.corpus.ingest.sources import SourceFile
from juesuan.publisher import publish
from juesuan.reader import read_document


def inline(paths: list[Path], store: Path, **options: Any) -> Ingested:
    return ingest_files([str(path) for path in paths], str(store), engine="inline", **options)


def test_facts_are_those_that_reading_gives(folder: Path, store: Store) -> None:
    for path in sorted(folder.rglob("*.*")):
        read = read_document(path).account
        sql = "SELECT form, row, \"column\", period, amount FROM facts JOIN documents USING (document) WHERE file = ?"
        found = {tuple(row[:4]): row[4] for row in store.rows(sql, [str(path)])}
        wanted = {
            (f.address.form, f.address.row, f.address.column, f.address.period): f.figure.value
            for f in read.facts.values()
        }
        assert found == wanted
        assert all(isinstance(amount, Decimal) for amount in found.values())


def test_the_account_is_kept_whole(folder: Path, store: Store) -> None:
    path = next(folder.glob("*.json"))
    (document,) = store.rows("SELECT document FROM documents WHERE file = ?", [str(path)])
    assert store.account(document[0]) == from_json(path.read_bytes())


def test_a_figure_that_no_column_holds_is_kept_exactly(tmp_path: Path) -> None:
    """Seventeen digits of yuan, and a third decimal: the amount is empty or rounded, the exact text is there."""
    cells = {"表1!1行1栏": "12345678901234.567891", "表1!2行1栏": "0.00000012345", "表1!3行1栏": "999999999999.999999"}
    inline([write(tmp_path / "a.json", small(2022, cells, "某中心"))], tmp_path / "store", compaction=True)
    with Store(tmp_path / "store") as store:
        for table in ("facts", "facts_by_key"):
            rows = store.rows(f"SELECT row, amount, exact FROM {table} WHERE form = '表1' ORDER BY row")
            assert rows == [
                ("1", None, "123456789012345678.91"),
                ("2", Decimal("0.00"), "0.0012345"),
                ("3", Decimal("9999999999999999.99"), None),
            ]


def test_every_figure_has_its_place(store: Store) -> None:
    sql = """SELECT count(*) FROM facts JOIN documents USING (document)
        WHERE format = 'pdf' AND (page IS NULL OR box_left IS NULL)"""
    assert store.rows(sql) == [(0,)]
    assert store.rows("SELECT count(*) > 0 FROM facts WHERE page > 0") == [(True,)]
    assert store.rows("SELECT count(*) > 0 FROM facts WHERE sheet <> '' AND cell <> ''") == [(True,)]


def test_a_second_run_adds_nothing(folder: Path, store_path: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(store_path, store)
    before = contents(store)
    result = inline([folder], store)
    assert result.known == 13 and result.documents == 0
    assert contents(store) == before


def test_two_workers_make_the_same_store(folder: Path, store_path: Path, tmp_path: Path) -> None:
    ingest_files([str(folder)], str(tmp_path / "store"), workers=2, compaction=True, batch=4)
    assert contents(tmp_path / "store") == contents(store_path)


def test_more_files_make_the_store_of_all(tmp_path: Path) -> None:
    files = [write(tmp_path / "in" / f"{n}.json", small(2020 + n % 3, NOW, f"第{n}中心")) for n in range(7)]
    inline(files[:3], tmp_path / "a", compaction=True, batch=2)
    inline(files, tmp_path / "a", compaction=True, batch=2)
    inline(files, tmp_path / "b", compaction=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_uncompacted_and_compacted_say_the_same(tmp_path: Path) -> None:
    files = [write(tmp_path / "in" / f"{n}.json", small(2021 + n % 2, NOW, f"第{n}中心")) for n in range(5)]
    store = tmp_path / "store"
    inline(files[:2], store, compaction=True)
    inline([*files, write(tmp_path / "in" / "x.json", small(2021, LAST, "第0中心", "100", "2023-01-01"))], store)
    questions = [f"SELECT * FROM {table} ORDER BY ALL" for table in ("documents", "facts", "facts_by_key", "accounts")]
    with Store(store) as opened:
        before = [opened.rows(question) for question in questions]
    compact_store(str(store))
    with Store(store) as opened:
        assert [opened.rows(question) for question in questions] == before
        # A code that one document gives is that of the other documents of the name.
        assert opened.rows("SELECT DISTINCT unit_code FROM facts WHERE unit = '第0中心'") == [("100",)]


def test_failures_are_rows_with_a_reason(tmp_path: Path) -> None:
    given = tmp_path / "in"
    write(given / "good.json", small(2022, NOW, "某中心"))
    (given / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (given / "empty.docx").write_bytes(b"")
    (given / "letter.md").write_text("# 通知\n\n今天下午开会。\n", encoding="utf-8")
    (given / "damaged.zip").write_bytes(b"PK\x03\x04 no archive")
    result = inline([given, tmp_path / "missing.html"], tmp_path / "store")
    assert (result.documents, result.failures) == (1, 5)
    with Store(tmp_path / "store") as store:
        rows = store.rows("SELECT file, stage, reason FROM failures")
    stages = {Path(file).name or "damaged.zip": stage for file, stage, _ in rows}
    assert all(reason for _, _, reason in rows)
    assert sorted(stages.values()) == ["获取", "获取", "读取", "读取", "读取"]
    again = inline([given, tmp_path / "missing.html"], tmp_path / "store")
    assert (again.documents, again.failures) == (0, 0)
    write(given / "broken.pdf", small(2021, LAST, "某中心")).rename(given / "repaired.json")
    assert inline([given], tmp_path / "store").documents == 1


def test_what_failed_is_tried_again_when_asked(tmp_path: Path) -> None:
    """Within no time at all nothing can be read; with time it can."""
    path = write(tmp_path / "a.json", small(2022, NOW, "某中心"))
    assert inline([path], tmp_path / "store", limits=Limits(0)).failures == 1
    assert inline([path], tmp_path / "store").documents == 0
    assert inline([path], tmp_path / "store", retry=True).documents == 1
    with Store(tmp_path / "store") as store:
        assert store.rows("SELECT count(*) FROM failures") == [(0,)]


def test_members_of_archives_with_chinese_names(tmp_path: Path) -> None:
    one, two = small(2022, NOW, "甲中心"), small(2022, LAST, "乙中心")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name, made in (("决算/甲.json", one), ("决算/乙.json", two)):
            archive.write(write(tmp_path / "x.json", made), name)
    inline([tmp_path / "all.zip"], tmp_path / "store")
    with Store(tmp_path / "store") as store:
        found = store.rows("SELECT file, unit FROM documents ORDER BY unit")
    assert found == [(f"{tmp_path}/all.zip!/决算/乙.json", "乙中心"), (f"{tmp_path}/all.zip!/决算/甲.json", "甲中心")]


def test_a_manifest_says_whose_the_files_are(tmp_path: Path) -> None:
    write(tmp_path / "files" / "a.json", small(2022, NOW, "甲中心"))
    write(tmp_path / "files" / "b.json", small(2022, LAST, "乙中心", "777"))
    lines = "单位代码,年度,文件,部门代码,级次\n101,2022,files/a.json,1,市级\n102,2023,files/b.json,1,区级\n"
    (tmp_path / "list.csv").write_text(lines, encoding="gb18030")
    inline([tmp_path / "list.csv"], tmp_path / "store")
    with Store(tmp_path / "store") as store:
        rows = store.rows("SELECT unit, unit_code, department_code, level, notes FROM documents ORDER BY unit_code")
        codes = store.rows("SELECT DISTINCT unit_code FROM facts ORDER BY 1")
    assert [row[:4] for row in rows] == [("甲中心", "101", "1", "市级"), ("乙中心", "102", "1", "区级")]
    other = differing(SourceFile("b.json", unit_code="102", year=2023), small(2022, LAST, "乙中心", "777"))
    assert [issue.code for issue in other] == ["Q204", "Q204"]
    assert rows[0][4] == ""
    assert rows[1][4].splitlines() == [
        "清单写的是2023年度，文件认出的是2022年度。",
        "清单写的单位代码是102，文件写的是777，以清单为准。",
    ]
    assert codes == [("101",), ("102",)]


def test_a_manifest_may_call_its_codes_as_ledgers_do(tmp_path: Path) -> None:
    write(tmp_path / "a.json", small(2022, NOW, "甲中心"))
    (tmp_path / "list.csv").write_text("单位编码,文件,部门编码\n101001,a.json,101\n", encoding="utf-8")
    inline([tmp_path / "list.csv"], tmp_path / "store")
    with Store(tmp_path / "store") as store:
        assert store.rows("SELECT unit_code, department_code FROM documents") == [("101001", "101")]


def test_an_empty_archive_is_a_failure_and_an_empty_pattern_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", small(2022, NOW, "甲中心"))
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    result = inline([path, tmp_path / "empty.zip"], tmp_path / "store")
    assert (result.documents, result.failures) == (1, 1)
    with Store(tmp_path / "store") as store:
        [(stage, reason)] = store.rows("SELECT stage, reason FROM failures")
    assert stage == "获取" and "empty.zip：压缩包里没有文件" in reason
    with pytest.raises(StoreError, match=r"no\*.pdf：没有找到文件"):
        inline([path, tmp_path / "no*.pdf"], tmp_path / "store")


def test_a_line_of_a_manifest_without_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("单位代码,年度,文件\n101,2022,\n", encoding="utf-8")
    with pytest.raises(StoreError, match="第 2 行没有写文件"):
        inline([tmp_path / "list.csv"], tmp_path / "store")


def test_the_same_bytes_elsewhere_are_one_document(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        write(tmp_path / "in" / name, small(2022, NOW, "某中心"))
    inline([tmp_path / "in"], tmp_path / "store")
    with Store(tmp_path / "store") as store:
        assert store.rows("SELECT count(*) FROM documents") == [(1,)]
        assert store.rows("SELECT count(*), count(DISTINCT fingerprint) FROM files") == [(2, 1)]


def test_formats_of_an_account_are_one_version(tmp_path: Path) -> None:
    publish(account(1), tmp_path / "in", ["json", "html", "xlsx", "docx", "pdf"])
    inline([tmp_path / "in"], tmp_path / "store")
    with Store(tmp_path / "store") as store:
        rows = store.rows("SELECT format, version, versions, standing FROM documents ORDER BY format")
    assert rows == [
        ("docx", 1, 1, "current"),
        ("html", 1, 1, "format"),
        ("json", 1, 1, "format"),
        ("pdf", 1, 1, "format"),
        ("xlsx", 1, 1, "format"),
    ]


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")])
def test_a_corrected_account_is_current_by_its_date(tmp_path: Path, names: tuple[str, str]) -> None:
    write(tmp_path / "in" / names[0], small(2022, NOW, "某中心", "1", "2023-09-20"))
    write(tmp_path / "in" / names[1], small(2022, LAST, "某中心", "1", "2023-11-01"))
    inline([tmp_path / "in"], tmp_path / "store", compaction=True)
    with Store(tmp_path / "store") as store:
        rows = store.rows("SELECT date, version, standing FROM documents ORDER BY date")
        current = "SELECT DISTINCT amount FROM facts_by_key WHERE form = '表1' AND row = '60'"
        assert store.rows(current) == [(50000,)]
    assert rows == [("2023-09-20", 1, "superseded"), ("2023-11-01", 2, "current")]


def test_without_dates_the_manifest_decides_then_the_name(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.json", small(2022, NOW, "甲"))
    write(tmp_path / "in" / "b.json", small(2022, LAST, "甲"))
    (tmp_path / "list.csv").write_text("文件,单位代码\nin/b.json,1\nin/a.json,1\n", encoding="utf-8")
    sql = "SELECT right(file, 6), standing FROM documents ORDER BY 1"
    inline([tmp_path / "in"], tmp_path / "by_name")
    with Store(tmp_path / "by_name") as store:
        assert store.rows(sql) == [("a.json", "superseded"), ("b.json", "current")]
    inline([tmp_path / "list.csv"], tmp_path / "by_manifest")
    with Store(tmp_path / "by_manifest") as store:
        assert store.rows(sql) == [("a.json", "current"), ("b.json", "superseded")]


def test_last_year_is_held_against_this_year(tmp_path: Path) -> None:
    write(tmp_path / "in" / "sound-2021.json", small(2021, LAST, "甲中心", "1"))
    write(tmp_path / "in" / "sound-2022.json", small(2022, NOW, "甲中心", "1"))
    write(tmp_path / "in" / "wrong-2021.json", small(2021, LAST, "乙中心", "2"))
    write(tmp_path / "in" / "wrong-2022.json", small(2022, {**NOW, "表1!29行1栏": "5.02"}, "乙中心", "2"))
    write(tmp_path / "in" / "alone-2022.json", small(2022, NOW, "丙中心", "3"))
    result = inline([tmp_path / "in"], tmp_path / "store")
    assert (result.pairs, result.findings) == (2, 1)
    with Store(tmp_path / "store") as store:
        rows = store.rows("""SELECT code, f.unit_code, a.file, b.file FROM findings AS f
            JOIN documents AS a USING (document) JOIN documents AS b ON f.other = b.document""")
        assert store.rows("SELECT sum(findings), min(decided) > 0 FROM pairs") == [(1, True)]
    folder = tmp_path / "in"
    assert rows == [("Y101", "2", f"{folder}/wrong-2022.json", f"{folder}/wrong-2021.json")]
    compact_store(str(tmp_path / "store"))
    assert check_store(str(tmp_path / "store"), engine="inline") == (0, 0)


def test_rules_that_changed_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.json", small(2022, NOW, "甲中心"))
    inline([tmp_path / "a.json"], tmp_path / "store")
    for module in ("ingestion", "pairs"):
        monkeypatch.setattr(f"juesuan.corpus.ingest.{module}.engine_version", lambda: "0.0.0-later")
    assert inline([tmp_path / "a.json"], tmp_path / "store").documents == 1
    with Store(tmp_path / "store") as store:
        rows = store.rows("SELECT engine = '0.0.0-later', standing FROM documents ORDER BY 1")
        assert store.rows("SELECT count(*) FROM facts_by_key") == [(len(NOW),)]
    assert rows == [(False, "reread"), (True, "current")]


def test_a_budget_is_held_against_last_years_budget_and_account(tmp_path: Path) -> None:
    """What it says of last year's budget must be what was published then."""
    cells = {"表9!金额行5栏": "3.00"}
    last, now = (
        msgspec.structs.replace(small(year, {}, "甲中心", "101"), profile="budget", tables=()) for year in (2021, 2022)
    )
    for made, address, amount in (
        (last, Address("预9", "金额", "5"), 40_000), (now, Address("预9", "金额", "5"), 30_000),
        (now, Address("预9", "金额", "5", "上年"), 30_000),
    ):
        made.put(Fact(address, Figure(Decimal(amount), Decimal(100))))
    write(tmp_path / "files" / "2021年预算.json", last)
    write(tmp_path / "files" / "2022年预算.json", now)
    write(tmp_path / "files" / "2021年决算.json", small(2021, LAST | cells, "甲中心", "101"))
    inline([tmp_path / "files"], tmp_path / "store")
    with Store(tmp_path / "store") as store:
        pairs = store.rows(
            "SELECT a.kind, a.year, b.kind, b.year, p.period FROM pairs AS p JOIN documents AS a USING (document) "
            "JOIN documents AS b ON p.other = b.document ORDER BY ALL"
        )
        found = store.rows("SELECT kind, year, code, stated, expected FROM findings WHERE other <> ''")
    assert pairs == [
        ("决算", 2021, "预算", 2021, "年初预算"), ("预算", 2022, "决算", 2021, "上年执行"),
        ("预算", 2022, "预算", 2021, "上年"),
    ]
    assert ("预算", 2022, "A048", "3.00万元", "4.00万元") in found


def test_a_folder_with_other_things_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="不是决算库"):
        inline([write(tmp_path / "a.json", small(2022, NOW, "甲"))], tmp_path / "store")


def test_an_object_store_of_fsspec(tmp_path: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe_file("/given/a.json", write(tmp_path / "a.json", small(2022, NOW, "甲中心")).read_bytes())
    ingest_files(["memory://given"], "memory://kept/store", engine="inline", compaction=True)
    inline([tmp_path / "a.json"], tmp_path / "store", compaction=True)
    with Store("memory://kept/store") as store, Store(tmp_path / "store") as local:
        sql = "SELECT * EXCLUDE (file) FROM documents"
        assert store.rows(sql) == local.rows(sql)
        assert store.rows("SELECT count(*) FROM facts") == [(len(NOW),)]


def test_a_kill_while_compacting_leaves_one_state_or_the_other(
    folder: Path, store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from juesuan.corpus.store.folders import Folder

    ingest_files([str(folder)], str(tmp_path / "store"), engine="inline", batch=3, compaction=False)
    put, remove = Folder.put, Folder.remove
    left = 0

    def counted(work: Callable[..., None]) -> Callable[..., None]:
        def worked(*arguments: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
            work(*arguments)

        return worked

    monkeypatch.setattr(Folder, "put", counted(put))
    monkeypatch.setattr(Folder, "remove", counted(remove))
    with Store(store_path) as whole:
        wanted = whole.rows("SELECT unit, sum(amount) FROM facts GROUP BY ALL ORDER BY ALL")
    deaths = 0
    # Before the switch every attempt begins anew; behind it each goes on clearing away.
    for moment in chain((1, 3, 12, 13, 14, 15), repeat(9)):
        left = moment
        try:
            compact_store(str(tmp_path / "store"))
        except KeyboardInterrupt:
            deaths += 1
        else:
            break
        with Store(tmp_path / "store") as store:
            assert store.rows("SELECT unit, sum(amount) FROM facts GROUP BY ALL ORDER BY ALL") == wanted
    assert deaths > 8
    assert contents(tmp_path / "store") == contents(store_path)

