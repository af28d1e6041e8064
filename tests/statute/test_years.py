"""The statute by year: a line that the law has from 2026 on is a change of YAML, and 2022 stays as it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import juesuan

PACKAGE = Path(juesuan.__file__).parent
RUN = Path(__file__).with_name("year_of_account.py")

LAW_OF_2026 = {
    "forms/table1.yaml": [
        # A ninth kind of income takes the number of a line that was blank.
        ("      - {key: 空行9, line: 9, number: {1900: 7, 2019: 9}}\n",
         "      - {key: 财政专户管理资金收入, label: 九、财政专户管理资金收入, number: 9, since: 2026, "
         "takes: {record: 收入, sources: [财政专户管理资金]}}\n"
         "      - {key: 空行9, line: 9, number: {1900: 7, 2019: 9}, until: 2025}\n"),
        # A class of expenditure comes in between: the lines below it are printed with the next number.
        ("      - {key: 本年支出合计, line: 58, number: {1900: 52, 2019: 58},",
         "      - {key: 债务发行费用支出, label: 二十七、债务发行费用支出, code: 233, number: 58, since: 2026}\n"
         "      - {key: 本年支出合计, line: 58, number: {1900: 52, 2019: 58, 2026: 59},"),
        ("line: 59, number: {1900: 53, 2019: 59}", "line: 59, number: {2019: 59, 2026: 60}"),
        ("line: 60, number: {1900: 54, 2019: 60}", "line: 60, number: {2019: 60, 2026: 61}"),
        ("{key: 空行61, line: 61,", "{key: 空行61, line: 61, until: 2025,"),
    ],
    "forms/table2.yaml": [
        ("takes: {record: 收入, sources: [其他收入]}}\n",
         "takes: {record: 收入, sources: [其他收入]}}\n"
         "      - {key: 8, heads: [财政专户管理资金收入], since: 2026, "
         "takes: {record: 收入, sources: [财政专户管理资金]}}\n"),
    ],
    "classification/functional.csv": [
        ("23304,", "2330301,地方政府一般债券发行费用支出,2026,,test\n23304,"),
    ],
    "relations/inside.yaml": [
        # A relation given by date is written in the numbers that are printed then.
        ("  is: 27行 = (1+2+3+4+5+6+7+8)行\n",
         "  is:\n    1900: 27行 = (1+2+3+4+5+6+7+8)行\n    2026: 27行 = (1+2+3+4+5+6+7+8+9)行\n"),
        ("  is: 58行 = (32+33+...+57)行\n",
         "  is:\n    1900: 58行 = (32+33+...+57)行\n    2026: 59行 = (32+33+...+58)行\n"),
        ("  is: 1栏各行 = (2+3+4+5+6+7)栏各行\n",
         "  is:\n    1900: 1栏各行 = (2+3+4+5+6+7)栏各行\n    2026: 1栏各行 = (2+3+4+5+6+7+8)栏各行\n"),
    ],
}  # fmt: skip
"""What the law of 2026 is taken to change, as edits of the statute's files."""


def run(package: Path, folder: Path, year: int, *flags: str) -> dict[str, Any]:
    """What comes of the account of a year under the statute of `package`."""
    folder.mkdir(parents=True)
    environment = os.environ | {"PYTHONPATH": str(package.parent), "JUESUAN_NO_CACHE": "1"}
    done = subprocess.run(
        [sys.executable, str(RUN), str(year), str(folder), *flags],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert Path(result["package"]).parent == package
    return result


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which nothing but the data of the statute is edited."""
    package = tmp_path_factory.mktemp("law") / "juesuan"
    shutil.copytree(PACKAGE, package)
    for file, edits in LAW_OF_2026.items():
        path = package / "statute" / file
        text = path.read_text(encoding="utf-8")
        for old, new in edits:
            assert text.count(old) >= 1, (file, old)
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    return package


def test_a_line_from_2026_on_needs_no_code(changed: Path, tmp_path: Path) -> None:
    made = run(changed, tmp_path / "2026", 2026, "line")
    facts, printed = made["facts"], made["printed"]
    assert made["year"] == 2026
    # Compiled from the workbook, which has a column for the new income.
    assert facts["表1!财政专户管理资金收入行1栏"] == "123456.78"
    assert facts["表1!债务发行费用支出行2栏"] == "100000.00"
    # Addresses are those of every year: 本年收入合计 27, 本年支出合计 58.
    assert facts["表1!27行1栏"] == facts["表2!合计行1栏"] == "1123456.78"
    assert facts["表1!58行2栏"] == "1100000.00"
    # Relations are printed in the numbers of the year.
    assert printed["T101"] == "27行 = (1+2+3+4+5+6+7+8+9)行"
    assert printed["T103"] == "59行 = (32+33+...+58)行"
    assert printed["T104"] == "62行 = (59+60+61)行"
    assert printed["X31"] == "表1!59行2栏 = 表3!合计行1栏"
    # Every format is read back to the same figures, and our own checker finds no error in any of them.
    assert set(made["read"]) == {".pdf", ".docx", ".html", ".xlsx", ".json"}
    for suffix, read in made["read"].items():
        # Tables print 12.35 万元; the workbook and the data keep every fen.
        exact = suffix in (".xlsx", ".json")
        income = Decimal(read["表1!财政专户管理资金收入行1栏"])
        assert income == (Decimal("123456.78") if exact else Decimal(123500)), suffix
        assert set(read) >= {"表1!债务发行费用支出行2栏", "表1!27行1栏", "表1!58行2栏"}, suffix
        assert made["found"][suffix] == [], suffix
    assert "九、财政专户管理资金收入" in made["csv"]


def test_2022_is_the_same_to_the_byte(changed: Path, tmp_path: Path) -> None:
    before = run(PACKAGE, tmp_path / "before", 2022)
    after = run(changed, tmp_path / "after", 2022)
    assert before["hashes"] == after["hashes"]
    assert set(before["hashes"]) == {".pdf", ".docx", ".html", ".xlsx", ".json", ".csv"}
    assert before["printed"] == after["printed"]
    assert before["facts"]["表1!27行1栏"] == "1000000.00"
