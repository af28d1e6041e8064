"""`juesuan check` of many files as a reviewer gets them: again after the units have mended theirs, the same twice."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from .test_check_options import WRONG, run

TWICE = WRONG.replace("3.7\t\t3.7\t\t3\t0.7", "3.7\t\t3.2\t\t3\t0.7")
"""Column 3 is mended otherwise than it should be: 3.20 instead of 3.70, where 4 + 5 come to 3.00."""

RIGHT = WRONG.replace("3.7\t\t3.7\t\t3\t0.7", "3.7\t\t3\t\t3\t0.7")


def _list_of(file: Path, target: Path, *options: object) -> Path:
    run("check", file, "-o", target, *options)
    return target


def _errors(path: Path) -> list[dict[str, object]]:
    lines = list(openpyxl.load_workbook(path)["问题清单"].iter_rows(values_only=True))
    rows = [dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[1:]]
    return [row for row in rows if row["程度"] == "错误"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "收到").mkdir()
    (tmp_path / "收到" / "决算.md").write_text(WRONG, encoding="utf-8")
    return tmp_path / "收到"


@pytest.mark.parametrize("suffix", ["xlsx", "json"])
def test_a_second_round_says_what_is_gone_still_there_and_new(folder: Path, tmp_path: Path, suffix: str) -> None:
    first = _list_of(folder, tmp_path / f"一.{suffix}")
    file = folder / "决算.md"
    still = run("check", folder, "--since", first)
    assert "（仍有）" in still.stdout and "新出现 0 处" in still.stdout and "不再有 0 处" in still.stdout

    file.write_text(RIGHT, encoding="utf-8")
    mended = run("check", folder, "--since", first, "-o", tmp_path / "二.xlsx")
    assert "新出现 0 处" in mended.stdout and "不再有 错误" in mended.stdout
    gone = _errors(tmp_path / "二.xlsx")
    assert gone and {row["比上次"] for row in gone} == {"不再有"}

    file.write_text(TWICE, encoding="utf-8")
    changed = run("check", folder, "--since", first)
    assert "（仍有，数改过）" in changed.stdout and "新出现 0 处" in changed.stdout

    file.write_text(WRONG, encoding="utf-8")
    back = run("check", folder, "--since", tmp_path / "二.xlsx")
    assert "（新出现）" in back.stdout


def test_what_did_not_come_back_is_told(folder: Path, tmp_path: Path) -> None:
    first = _list_of(folder, tmp_path / "一.xlsx")
    (folder / "决算.md").write_text(WRONG.replace("某市某中心", "某市别的中心"), encoding="utf-8")
    told = run("check", folder, "--since", first).stdout
    assert "这次没有核对到的 1 份" in told and "某市某中心 2022年度决算" in told
    assert "（新出现）" not in told  # The last round had nothing of this unit: nothing can be said.


def test_what_is_not_asked_for_is_not_said_to_be_gone(folder: Path, tmp_path: Path) -> None:
    first = _list_of(folder, tmp_path / "一.xlsx")
    told = run("check", folder, "--since", first, "--ignore", "T,P,X,A").stdout
    assert "不再有 错误 [T" not in told


def test_a_list_that_is_none_is_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(other)
    result = run("check", folder, "--since", other)
    assert result.exit_code == 2 and "不是本程序的问题清单" in result.output


def test_the_list_has_every_file_with_what_it_comes_to(folder: Path, tmp_path: Path) -> None:
    (folder / "坏.docx").write_bytes(b"no document")
    book = openpyxl.load_workbook(_list_of(folder, tmp_path / "一.xlsx"))
    lines = list(book["文件"].iter_rows(values_only=True))
    rows = {line[0]: dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[1:]}
    assert rows["决算.md"]["类别"] == "决算" and rows["决算.md"]["年度"] == 2022
    assert isinstance(rows["决算.md"]["错误"], int) and rows["决算.md"]["错误"] > 0
    assert str(rows["坏.docx"]["结论"]).startswith("读不出来")
    places = [line[6] for line in book["问题清单"].iter_rows(min_row=2, values_only=True) if line[6]]
    for place in places:  # The file has a column of its own, and no place stands there twice.
        assert "决算.md" not in str(place)
        assert len(set(str(place).split("\n"))) == len(str(place).split("\n"))


def test_a_file_that_came_twice_is_checked_once_and_told(folder: Path) -> None:
    (folder / "副本.md").write_bytes((folder / "决算.md").read_bytes())
    result = run("check", folder)
    assert "共 1 份" in result.stdout and "另有 1 份与其中的完全相同" in result.stdout
    assert "内容完全相同的文件（没有重复核对）：" in result.stdout


def test_a_ledger_is_told_as_one_and_what_systems_leave_is_left_out(folder: Path) -> None:
    ledger = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "ledger.csv"
    (folder / "台账.csv").write_bytes(ledger.read_text(encoding="utf-8-sig").encode("gbk", "replace"))
    for name in ("Thumbs.db", "desktop.ini", "~$决算.docx", ".DS_Store"):
        (folder / name).write_bytes(b"x")
    result = run("check", folder, "--format", "json")
    names = [entry["file"] for entry in json.loads(result.stdout)]
    assert names == ["决算.md", "台账.csv"]
    assert "是预算执行台账，不是公开文本" in result.stdout
