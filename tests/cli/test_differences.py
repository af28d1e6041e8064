"""`juesuan diff` and `check --against`, as one runs them on two years of a unit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from juesuan.cli import main

TABLE = """\
# 某市某中心{year}年度单位决算

## {year}年度收入支出决算总表（表1）

单位：某市某中心

单位：万元

收入|||支出||
项目|行次|决算数|项目|行次|决算数
栏次||1|栏次||2
一、一般公共预算财政拨款收入|1|{income}|一、一般公共服务支出|32|{outlay}
本年收入合计|27|{income}|本年支出合计|58|{outlay}
使用非财政拨款结余|28||结余分配|59|
年初结转和结余|29|{opening}|年末结转和结余|60|{closing}
总计|31|{total}|总计|62|{total}

# 第三部分 {year}年度单位决算情况说明

## 一、收入支出决算总体情况说明

{year}年度收、支总计{total}万元。与{before}年度相比，收、支总计各增加{change}万元，增长{rate}%，主要原因：业务增加。
"""


def _write(path: Path, **values: str) -> Path:
    path.write_text(TABLE.format(**values).replace("|", "\t"), encoding="utf-8")
    return path


@pytest.fixture
def last(tmp_path: Path) -> Path:
    return _write(
        tmp_path / "2021.md", year="2021", before="2020", income="90.00", outlay="85.00", opening="5.00",
        closing="10.00", total="95.00", change="5.00", rate="5.6",
    )  # fmt: skip


@pytest.fixture
def now(tmp_path: Path) -> Path:
    """110 this year against 95 last year: 15 more, 15.8 %; 10 carried over."""
    return _write(
        tmp_path / "2022.md", year="2022", before="2021", income="100.00", outlay="98.00", opening="10.00",
        closing="12.00", total="110.00", change="15.00", rate="15.8",
    )  # fmt: skip


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_two_years_that_agree(last: Path, now: Path) -> None:
    result = run("diff", last, now)
    assert result.exit_code == 0, result.output
    assert "没有矛盾" in result.output
    assert "年初结转和结余\t收入决算数\t甲 5.00\t乙 10.00\t相差 5.00" in result.output


def test_opening_and_closing_and_stated_figures(last: Path, now: Path, tmp_path: Path) -> None:
    text = now.read_text(encoding="utf-8").replace("各增加15.00万元，增长15.8%", "各增加25.00万元，增长29.4%")
    now.write_text(text.replace("年初结转和结余\t29\t10.00", "年初结转和结余\t29\t9.00"), encoding="utf-8")
    data = json.loads(run("diff", now, last, "--format", "json").stdout)
    found = {finding["code"]: finding for finding in data["findings"]}
    # 110 - 25 = 85, published: 95; opening 9, closing 10.
    assert (found["A048"]["stated"], found["A048"]["expected"]) == ("85.00万元", "95.00万元")
    assert found["Y101"]["difference"] == "1.00万元"
    assert [place.split()[0] for place in found["Y101"]["places"]] == ["2022.md", "2021.md"]
    assert run("diff", now, last).exit_code == 1


def test_check_against_last_year(last: Path, now: Path, tmp_path: Path) -> None:
    sound = json.loads(run("check", now, "--against", last, "--format", "json").stdout)
    assert not [f for f in sound[0]["findings"] if f["code"][0] in "AY"]
    assert any("核对" in note for note in sound[0]["notes"])
    now.write_text(now.read_text(encoding="utf-8").replace("29\t10.00", "29\t9.00"), encoding="utf-8")
    found = json.loads(run("check", now, "--against", last, "--format", "json").stdout)
    assert "Y101" in {finding["code"] for finding in found[0]["findings"]}


def test_among_many_only_the_same_unit_is_compared(last: Path, now: Path, tmp_path: Path) -> None:
    other = tmp_path / "其他.md"
    other.write_text(now.read_text(encoding="utf-8").replace("某市某中心", "某市某局"), encoding="utf-8")
    reports = json.loads(run("check", now, other, "--against", last, "--format", "json").stdout)
    notes = {report["file"]: any("对照" in note for note in report["notes"]) for report in reports}
    assert notes == {"2022.md": True, "其他.md": False}


def test_two_versions(now: Path, tmp_path: Path) -> None:
    changed = tmp_path / "改.md"
    changed.write_text(now.read_text(encoding="utf-8").replace("业务增加", "人员增加"), encoding="utf-8")
    result = run("diff", now, changed)
    assert result.exit_code == 0
    assert "两份文件的数字全部相同" in result.output
    assert "文字有 2 段不同" in result.output


def test_what_cannot_be_read_is_said(now: Path, tmp_path: Path) -> None:
    result = run("diff", now, tmp_path / "没有.pdf")
    assert result.exit_code == 2
    assert "没有.pdf" in result.output
