"""`juesuan check` with its outputs and its baseline, as a reviewer runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from juesuan.cli import main

WRONG = """\
# 某市某中心2022年度单位决算

## 2022年度财政拨款“三公”经费支出决算表（表9）

单位：某市某中心

单位：万元

预算数||||||决算数|||||
合计|因公出国(境)费|公务用车购置及运行维护费|||公务接待费|合计|因公出国(境)费|公务用车购置及运行维护费|||公务接待费
||小计|公务用车购置费|公务用车运行维护费||||小计|公务用车购置费|公务用车运行维护费|
1|2|3|4|5|6|7|8|9|10|11|12
3.7||3.7||3|0.7|1.16||1.16||1.16|

注：本表反映单位本年度“三公”经费支出预决算情况。
""".replace("|", "\t")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Column 3 should be 3.00: 3 = 4 + 5, and 1 = 2 + 3 + 6."""
    path = tmp_path / "决算.md"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_the_suffix_says_what_is_written(wrong: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"out/报告{suffix}" for suffix in (".xlsx", ".html", ".sarif", ".json")]
    options = [part for path in outputs for part in ("-o", path)]
    result = run("check", wrong, *options)
    assert result.exit_code == 1
    for path in outputs:
        assert str(path) in result.output
    assert "问题清单" in openpyxl.load_workbook(outputs[0]).sheetnames
    assert outputs[1].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(outputs[2].read_text(encoding="utf-8"))["version"] == "2.1.0"
    (report,) = json.loads(outputs[3].read_text(encoding="utf-8"))
    assert any(finding["expected"] == "3.00万元" for finding in report["findings"])


@pytest.mark.parametrize("form", ["json", "sarif", "html"])
def test_standard_output_is_the_report_and_nothing_else(wrong: Path, tmp_path: Path, form: str) -> None:
    first = run("check", wrong, "--format", form, "-o", tmp_path / "a.xlsx")
    assert first.exit_code == 1
    again = run("check", wrong, "--format", form)
    assert first.stdout == again.stdout
    assert first.stdout.lstrip().startswith("<" if form == "html" else ("[", "{"))


def test_a_folder_takes_one_file_for_each(wrong: Path, tmp_path: Path) -> None:
    other = tmp_path / "另一处"
    other.mkdir()
    (other / wrong.name).write_text(f"{WRONG}\n", encoding="utf-8")
    result = run("check", wrong, other, "-o", f"{tmp_path}/报告/")
    assert result.exit_code == 1
    assert sorted(path.name for path in (tmp_path / "报告").iterdir()) == ["决算-核对.html", "决算.md-核对.html"]


@pytest.mark.parametrize(
    ("output", "told"),
    [("a.doc", "后缀可用"), ("a.pdf", "不是 PDF"), ("决算.md", "后缀可用")],
)
def test_an_output_that_makes_no_sense_is_refused(
    wrong: Path, monkeypatch: pytest.MonkeyPatch, output: str, told: str
) -> None:
    monkeypatch.chdir(wrong.parent)
    result = run("check", wrong.name, "-o", output)
    assert result.exit_code == 2
    assert told in result.output
    assert wrong.read_text(encoding="utf-8") == WRONG


def test_the_checked_file_is_never_overwritten(wrong: Path) -> None:
    page = wrong.rename(wrong.with_suffix(".html"))
    result = run("check", page, "-o", page)
    assert result.exit_code == 2
    assert "没有覆盖" in result.output
    assert page.read_text(encoding="utf-8") == WRONG


def test_select_and_ignore_hold_in_every_format(wrong: Path) -> None:
    for form in ("text", "json", "sarif", "html"):
        assert "T901" in run("check", wrong, "--format", form, "--select", "T").stdout
        assert "T901" not in run("check", wrong, "--format", form, "--select", "X,F").stdout
        assert "T901" not in run("check", wrong, "--format", form, "--ignore", "T9").stdout


def test_from_finding_to_accepted_finding(wrong: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.toml"
    assert run("check", wrong, "--write-baseline", base).exit_code == 1
    assert run("check", wrong, "--baseline", base).exit_code == 1, "no reason, no acceptance"
    text = base.read_text(encoding="utf-8")
    base.write_text(text.replace('reason = ""', 'reason = "财政已批复"\nuntil = 2026-12-31'), encoding="utf-8")
    result = run("check", wrong, "--baseline", base, "--today", "2026-12-31")
    assert result.exit_code == 0, result.output
    assert "已接受 [T901]" in result.output
    assert "财政已批复" in result.output
    late = run("check", wrong, "--baseline", base, "--today", "2027-01-01")
    assert late.exit_code == 1
    assert "B002" in late.output
    for form in ("json", "sarif", "html"):
        shown = run("check", wrong, "--baseline", base, "--today", "2026-12-31", "--format", form)
        assert "财政已批复" in shown.stdout


def test_reasons_are_not_overwritten(wrong: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.toml"
    base.write_text("# 我的备注\n", encoding="utf-8")
    assert run("check", wrong, "--write-baseline", base).exit_code == 2
    assert base.read_text(encoding="utf-8") == "# 我的备注\n"
    run("check", wrong, "--baseline", base, "--write-baseline", base)
    written = base.read_text(encoding="utf-8")
    assert written.startswith("# 我的备注\n")
    assert 'rule = "T901"' in written


def test_a_baseline_with_mistakes_stops_the_check(wrong: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.toml"
    base.write_text('[[accepted]]\nunit = "a"\n', encoding="utf-8")
    result = run("check", wrong, "--baseline", base)
    assert result.exit_code == 2
    assert "base.toml 第1行：缺少“year”" in result.output


def test_many_files_end_in_one_table(wrong: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"no document")
    result = run("check", wrong, bad)
    assert result.exit_code == 2
    assert re.search(r"决算\.md +\d+ +\d+ +\d+ +0\n", result.stdout)
    assert re.search(r"坏\.docx +读不出来\n", result.stdout)
    assert "共 2 份，读不出来 1 份。" in result.stdout


@pytest.mark.parametrize(
    ("code", "told"), [("T805", "国有资本经营预算"), ("n401", "依据"), ("B002", "到期"), ("F101", "怎样改")]
)
def test_every_code_is_explained(code: str, told: str) -> None:
    result = run("rule", code)
    assert result.exit_code == 0
    assert told in result.output


def test_a_day_is_asked_for_as_people_write_one() -> None:
    run = CliRunner().invoke(main, ["check", "--today", "2024/1/1", "x.pdf"])
    assert run.exit_code == 2 and "2026-11-27 这样的日期" in run.output and "%" not in run.output
    assert "%Y" not in CliRunner().invoke(main, ["check", "--help"]).output
