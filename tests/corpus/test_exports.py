"""What others read of a store: a data package that Frictionless accepts, xBRL-JSON whose sums Arelle checks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.documents import account
from juesuan.corpus import QueryError, Store
from juesuan.corpus.export.frictionless import write_package
from juesuan.corpus.export.taxonomy import concepts, summations
from juesuan.corpus.export.xbrl import export_xbrl, write_instance
from juesuan.statute import load_statute


def test_the_data_package_is_valid(store: Store, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    path = write_package(store, tmp_path / "package")
    report = frictionless.Package(str(path)).validate()
    assert report.valid, report.flatten(["title", "note", "message"])[:5]
    facts = next(resource for resource in frictionless.Package(str(path)).resources if resource.name == "facts")
    assert len(facts.read_rows()) == store.rows("SELECT count(*) FROM facts")[0][0]
    again = write_package(store, tmp_path / "again")
    assert again.read_bytes() == path.read_bytes()


def test_a_package_of_one_unit(store: Store, tmp_path: Path) -> None:
    write_package(store, tmp_path, year=2022, unit="示例市第3中心")
    lines = (tmp_path / "documents.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 and "示例市第3中心" in lines[1]
    assert len((tmp_path / "files.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_a_unit_that_the_store_does_not_have_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="库里没有“2022年度、某处”的文件"):
        write_package(store, tmp_path / "package", year=2022, unit="某处")
    assert not (tmp_path / "package").exists()


def _validated(path: Path) -> list[str]:
    """The codes of what Arelle finds wrong, by Calculations 1.1 with rounding to the nearest."""
    pytest.importorskip("arelle")
    from arelle.api.Session import Session
    from arelle.RuntimeOptions import RuntimeOptions

    options = RuntimeOptions(
        entrypointFile=str(path),
        internetConnectivity="offline",
        validate=True,
        calcs="c11r",
        plugins="loadFromOIM",
        logFile="logToBuffer",
    )
    with Session() as session:
        session.run(options)
        messages: list[dict[str, Any]] = json.loads(session.get_logs("json"))["log"]
        return [message["code"] for message in messages if message["level"] != "info"]


def test_sound_accounts_are_valid_xbrl(store: Store, tmp_path: Path) -> None:
    paths = export_xbrl(store, tmp_path, unit="示例市第3中心")
    assert [path.name for path in paths] == ["2022-决算-示例市第3中心.json"]
    assert _validated(paths[0]) == []


@pytest.mark.parametrize("concept", ["js:表1_27行_1栏", "js:表2_1栏"])
def test_a_sum_that_fails_is_found_by_arelle(tmp_path: Path, concept: str) -> None:
    path = write_instance(account(3), tmp_path)
    report = json.loads(path.read_text(encoding="utf-8"))
    fact = next(f for f in report["facts"].values() if f["dimensions"]["concept"] == concept)
    fact["value"] = str(int(float(fact["value"])) + 5000)
    path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    assert "calc11e:inconsistentCalculationUsingRounding" in _validated(path)


def test_the_taxonomy_has_the_sums_of_the_tables() -> None:
    law = load_statute("national", 2022)
    found = {summation.relation: summation for summation in summations(law)}
    assert [part for part, _ in found["T902"].parts] == ["表9_金额行_4栏", "表9_金额行_5栏"]
    assert found["T902"].total == "表9_金额行_3栏"
    assert ("表7_3栏", -1) in found["T702"].parts
    assert "T203" not in found  # a sum over lines of the classification, which is no summation of concepts
    assert concepts(law)["表9_金额行_3栏"].money
