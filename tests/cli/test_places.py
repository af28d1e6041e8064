"""Places by their names in Chinese, and what a unit does whose place has no profile."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from juesuan.cli import main
from juesuan.statute import StatuteError
from juesuan.statute.loader import profile_key


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("四川", "sichuan"), ("四川省", "sichuan"), ("成都市", "sichuan"), ("成都", "sichuan"),
        ("内蒙古", "inner-mongolia"),
        ("全国", "national"), ("全国通用", "national"), ("上海市 2024 年度", "shanghai-2024"),
        ("部门预算公开", "budget"), ("sichuan", "sichuan"), ("my-own", "my-own"),
    ],
)  # fmt: skip
def test_a_profile_is_meant_by_the_name_of_its_place(name: str, key: str) -> None:
    assert profile_key(name) == key


def test_an_unknown_place_leads_to_the_guide(tmp_path: Path) -> None:
    with pytest.raises(StatuteError) as error:
        profile_key("某县")
    assert "没有“某县”的口径" in str(error.value.mistakes[0]) and "四川省" in str(error.value.mistakes[0])
    for name in ("某县", "some-county"):
        result = run("new", str(tmp_path / "a.xlsx"), "--profile", name)
        assert result.exit_code == 2 and "juesuan statute place" in result.output
    assert "juesuan statute copy" in run("statute", "place").output


def test_a_copy_of_the_statute_makes_a_workbook_of_the_place(tmp_path: Path) -> None:
    folder, workbook = tmp_path / "我的 法规", tmp_path / "填报.xlsx"
    assert run("statute", "copy", str(folder)).exit_code == 0
    local = folder / "profiles" / "local.yaml"
    local.write_text(local.read_text(encoding="utf-8").replace("# overlay", "overlay").replace("#   ", "  ")
                     .replace("{title: 收入支出决算总表}", "{title: 收支决算总表}"), encoding="utf-8")
    checked = run("statute", "check", "--statute", str(folder))
    assert checked.exit_code == 0 and "法规数据无误" in checked.output
    assert run("new", str(workbook), "--statute", str(folder), "--profile", "local").exit_code == 0
    assert "单位信息" in openpyxl.load_workbook(workbook, read_only=True).sheetnames
    shown = run("statute", "表1", "--statute", str(folder), "--profile", "local")
    assert "收支决算总表" in shown.output
    again = run("statute", "copy", str(folder))
    assert again.exit_code == 2 and "没有覆盖" in again.output


def test_a_mistake_in_a_copy_is_named_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "法规"
    run("statute", "copy", str(folder))
    with (folder / "profiles" / "local.yaml").open("a", encoding="utf-8") as file:
        file.write("nonsense: 1\n")
    result = run("statute", "check", "--statute", str(folder))
    assert result.exit_code == 2 and "profiles/local.yaml" in result.output and "行" in result.output


def test_a_key_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "account.md"
    path.write_text("某局2025年度部门决算\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path), "--profile", "shanghai"])
    assert result.exit_code == 2
    assert "没有“shanghai”这个口径" in result.output and "shanghai-2024" in result.output
