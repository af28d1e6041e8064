"""What changed in the law between two years is told in words."""

from __future__ import annotations

from click.testing import CliRunner

from juesuan.cli import main
from juesuan.statute import load_statute
from juesuan.statute.comparison import law_changes


def changes(first: int, second: int, profile: str = "national") -> dict[str, tuple[str, str]]:
    found = law_changes(load_statute(profile, first), load_statute(profile, second))
    return {change.text: (change.where, change.known) for change in found}


def test_codes_that_were_added_within_the_year_bear_their_day() -> None:
    """财预〔2025〕41号 of 23 May 2025 added three codes; nothing else of 2025 is known from a document."""
    found = changes(2024, 2025)
    assert found["新增 2170404 中央金融机构注资特别国债支出（2025-05-23 起）"] == ("功能分类", "文件")
    assert sum(known == "文件" for _, known in found.values()) == 3


def test_codes_that_came_within_the_year_are_all_the_next_years() -> None:
    """A budget of 2025 was made before 23 May; of 2026 no edition of the classification was seen, which is said."""
    found = changes(2025, 2026)
    assert len(found) == 3
    assert found["2170404 中央金融机构注资特别国债支出，2025-05-23 起使用的，2026 年度预算编制时就用"][1] == "文件"
    for profile, edition in (("budget", "部门预算报表"), ("national", "部门决算公开表式")):
        told = CliRunner().invoke(main, ["statute", "changes", "2025", "2026", "--profile", profile])
        assert told.exit_code == 0
        assert "没有见过 2026 年度的《政府收支分类科目》（取到 2025 年度）" in told.output
        assert f"《{edition}》" in told.output and "自定义科目" in told.output
    assert "没有见过" not in CliRunner().invoke(main, ["statute", "changes", "2021", "2022"]).output


def test_lines_relations_and_names_are_told() -> None:
    found = changes(2018, 2020)
    assert "“用事业基金弥补收支差额”行改为“使用非财政拨款结余”" in found
    assert "“本年收入合计”行的编号由 24 改为 27" in found
    assert "210 医疗卫生与计划生育支出 改为 卫生健康支出" in found
    assert any(where.startswith("表8") and text == "开始公开" for text, (where, _) in found.items())
    printed = [text for text, (where, _) in found.items() if where == "T101"]
    fiscal = "一般公共预算财政拨款收入+政府性基金预算财政拨款收入+国有资本经营预算财政拨款收入"
    assert printed == [f"24行 = ({fiscal}+2+3+4+5+6)行 改为 27行 = (1+2+3+4+5+6+7+8)行"]


def test_titles_order_and_labels_are_told_with_how_they_are_known() -> None:
    """Between 2021 and 2022 三公 went from seventh to last in contents lists; 含专用结余 is known, not seen."""
    found = changes(2021, 2022)
    assert found["表名由“一般公共预算财政拨款“三公”经费支出决算表”改为“财政拨款“三公”经费支出决算表”"][1] == "文件"
    moved = next(text for text, (where, _) in found.items() if where == "表的次序")
    assert "《财政拨款“三公”经费支出决算表》由第 7 张到第 9 张" in moved and found[moved][1] == "文件"
    found = changes(2022, 2023)
    assert found["“使用非财政拨款结余”行改为“使用非财政拨款结余（含专用结余）”"][1] == "知识"


def test_the_command_prints_them() -> None:
    told = CliRunner().invoke(main, ["statute", "changes", "2025", "2024"])
    assert told.exit_code == 0
    assert "2024 年度到 2025 年度" in told.output
    assert "20141 数据事务　凭知识写入，请与原文核对" in told.output
    asked = CliRunner().invoke(main, ["statute", "changes", "2024"])
    assert asked.exit_code == 2
    assert "请写两个年度" in asked.output
