"""Grids that are no form: changes and rates are held to the amounts of their own line."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.prose.made import found

TABLE = """\
某县2017年“三公”经费决算情况统计表
单位：万元
| 项目 | 上年决算数 | 本年决算数 | 增减额 | 增减幅度 |
| 合计 | 2318.40 | 2198.95 | -119.45 | -5.15% |
| 因公出国（境）费 | 4.80 | 7.35 | 2.55 | 53.13% |
| 公务接待费 | 1284.66 | 1175.20 | -109.46 | -8.52% |
| 公务用车购置及运行费 | 1028.94 | 1016.40 | -12.54 | -1.22% |
"""
"""2318.40－2198.95＝119.45；119.45÷2318.40＝5.152%；其余同样手算。"""


def test_a_line_whose_change_and_rate_are_those_of_its_amounts(tmp_path: Path) -> None:
    assert found(TABLE, tmp_path) == set()


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("-109.46", "-109.64", "Z106"),
        ("53.13%", "35.13%", "Z101"),
        ("| -5.15%", "| 5.15%", "Z101"),
        ("4.80 | 7.35 | 2.55 | 53.13%", "0 | 2.55 | 2.55 | 100%", "Z105"),
    ],
)
def test_a_change_or_a_rate_that_its_amounts_do_not_make(tmp_path: Path, right: str, wrong: str, code: str) -> None:
    assert code in found(TABLE.replace(right, wrong, 1), tmp_path)


def test_a_completion_that_its_amounts_do_not_make(tmp_path: Path) -> None:
    table = "某县2017年“三公”经费决算情况表\n单位：万元\n| 项目 | 预算数 | 决算数 | 完成率 |\n"
    lines = (
        "| 合计 | 30.00 | 21.00 | {} |\n| 公务接待费 | 10.00 | 6.00 | 60.00% |\n"
        "| 公务用车运行费 | 20.00 | 15.00 | 75.00% |\n"
    )
    assert found(table + lines.format("70.00%"), tmp_path) == set()
    assert "Z102" in found(table + lines.format("142.86%"), tmp_path)
