"""Markdown and plain text: the real account of Wuhan, tables of each kind, sentences cut by page breaks, damage."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from own_documents import REAL, mutations, read_or_refused, tables, texts

from juesuan.reader.formats.markdown import read_csv, read_markdown
from juesuan.reader.raw import RawDocument, RawTable, RawText

WUHAN = REAL / "wuhan-hrss-info-center-2022.md"


def made(folder: Path, text: str, *, marked: bool = True) -> RawDocument:
    path = folder / "made.md"
    path.write_text(text, encoding="utf-8")
    return read_markdown(path, marked=marked)


@pytest.fixture(scope="module")
def wuhan() -> RawDocument:
    if not WUHAN.is_file():
        pytest.skip(f"the real account is not here: {WUHAN}")
    return read_markdown(WUHAN)


def rows(table: RawTable) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in line] for line in table.grid()]


def test_wuhan_has_its_nine_tables_its_key_work_and_three_forms(wuhan: RawDocument) -> None:
    titled = []
    title = ""
    for block in wuhan.blocks:
        if isinstance(block, RawText):
            title = block.text if block.heading or re.match("2022年度", block.text) else title
        else:
            titled.append((title, block.height, block.width))
    assert [(re.sub("（表.）$", "", title), *size) for title, *size in titled] == [
        ("2022年度收入支出决算总表", 34, 6),
        ("2022年度收入决算表", 22, 10),
        ("2022年度支出决算表", 21, 10),
        ("2022年度财政拨款收入支出决算总表", 36, 9),
        ("2022年度一般公共预算财政拨款支出决算表", 22, 7),
        ("2022年度一般公共预算财政拨款基本支出决算明细表", 31, 9),
        ("2022年度政府性基金预算财政拨款收入支出决算表", 5, 9),
        ("2022年度国有资本经营预算财政拨款支出决算表", 4, 7),
        ("2022年度财政拨款“三公”经费支出决算表", 5, 12),
        ("（四）全局信息化安全建设不断完善", 5, 4),
        ("2022年度武汉市人力资源和社会保障信息中心单位整体绩效自评表", 19, 7),
        ("2022年度人社信息化建设项目自评表", 18, 8),
        ("2022年度日常系统运行经费项目自评表", 18, 8),
    ]


def test_wuhan_cells_stand_as_they_are_printed(wuhan: RawDocument) -> None:
    found = [rows(table) for table in tables(wuhan)]
    assert found[0][10] == ["八、其他收入", "8", "", "八、社会保障和就业支出", "39", "1,597.51"]
    assert found[0][33] == ["总计", "31", "1,777.5", "总计", "62", "1,777.5"]
    assert found[1][9][:5] == ["2080199", "", "其他人力资源和社会保障管理事务支出", "187.64", "187.64"]
    assert found[2][3] == ["", "", "", "", "合计", "1,777.5", "805.81", "971.69", "", ""]
    assert found[3][11][3:7] == ["八、社会保障和就业支出", "40", "1,597.5 1", "1,597.5 1"]
    assert found[4][4] == ["", "", "", "合计", "1,777.5", "805.81", "971.69"]
    assert found[5][30] == ["人员经费合计", "", "744.25", "公用经费合计", "", "", "", "", "61.55"]
    assert found[8][4] == ["3.7", "", "3.7", "", "3", "0.7", "1.16", "", "1.16", "", "1.16", ""]
    assert [line[1] for line in found[9]] == ["重要事项", "社会保障卡发行", "省集中系统上线", "加快推进政务便民业务", "全局信息安全建设完善"]  # noqa: E501
    assert found[10][4][2:6] == ["3,227.02", "1,777.50", "55.08%", "11.02"]
    assert "（即目标值为>X，得分=权重×B/A），反向指标（即目标值为≤X，得分=权重×A/B）" in found[10][18][1]
    assert found[11][2][2] == "1.部门预算项目☑" and found[11][15][2] == "87.20分"
    assert found[12][15][:2] == ["总分", "97.82分"]


def test_wuhan_places_are_lines_and_columns(wuhan: RawDocument) -> None:
    cell = tables(wuhan)[3].grid()[11][5]
    assert cell and cell.source and (cell.source.line, cell.source.cell) == (205, "6")


def test_wuhan_sentences_go_on_over_page_breaks(wuhan: RawDocument) -> None:
    found = texts(wuhan)
    for sentence in (
        "2022年度收入合计1,777.5万元。其中：财政拨款收入1,777.5万元，占本年收入100%。",
        "二是部分项目政府采购后实际签订合同金额较预算金额小，节约了财政资金。",
        "福利费、公务用车运行维护费、其他商品和服务支出。",
        "开支财政拨款的公务用车保有量1辆。",
        "《关于推动资源服务平台下沉的工作方案》的要求，",
        "国外城市间交通费、住宿费、伙食费、培训费、公杂费等支出",
        "全面完整、科学合理地设置绩效评价目标和标准",
        "正向指标（即目标值≥X，得分=权重×B/A）",
    ):
        assert any(sentence in text for text in found), sentence
    for alone in ("单位：万元", "图1：收、支决算总计变动情况", "本单位当年无国有资本经营预算财政拨款支出", "第六部分附件"):  # noqa: E501
        assert alone in found
    assert not any("**" in text or "$" in text or "<" in text for text in found)


def test_tables_of_tabs_bars_and_html(tmp_path: Path) -> None:
    raw = made(
        tmp_path,
        "## 一、收入\n\n项目\t决算数\n合计\t\n\n\t1,597.5 1\n\n正文。\n\n单位\t元\n\n"
        "| 项目 | 数 |\n|---|---|\n| **甲** | 7\\|8 |\n\n"
        "前文\n<table>\n<tr><td colspan=2>乙</td></tr>\n<tr><td>丙</td><td>丁</td></tr>\n</table>\n后文\n",
    )
    first, single, bars, page = (rows(table) for table in tables(raw))
    assert first == [["项目", "决算数"], ["合计", ""], ["", "1,597.5 1"]]
    assert single == [["单位", "元"]]
    assert bars == [["项目", "数"], ["甲", "7|8"]]
    assert page == [["乙", "乙"], ["丙", "丁"]]
    assert texts(raw) == ["一、收入", "正文。", "前文", "后文"]
    last = tables(raw)[-1].cells[-1].source
    assert last and (last.line, last.cell) == (19, "2")


def test_marks_are_taken_out_and_their_meaning_kept(tmp_path: Path) -> None:
    raw = made(
        tmp_path,
        "- 一、概况\n* 机房 7*24 小时\n- **二、情况**\n\n"
        "满意度 $\\geq 90\\%$ ，得分 $=\\frac{A}{B}\\times 10$ ，权重\\*B。\n\n"
        "[链接](http://x)和![图](y.png)图 &ge; 5\n\n> 引文 3 > 2\n\n标题\n====\n\n- 12 -\n\n---\n",
    )
    assert texts(raw) == [
        "一、概况", "机房7*24小时", "二、情况", "满意度≥90%，得分=A/B×10，权重*B。", "链接和图≥5",
        "引文3 > 2", "标题",
    ]  # fmt: skip
    assert [block.heading for block in raw.blocks if isinstance(block, RawText)][-1] == 1


def test_contents_with_tabs_are_lines_of_text(tmp_path: Path) -> None:
    raw = made(tmp_path, "目录\n第一部分 概况\t1\n一、主要职能\t2\n二、机构设置\t……3\n", marked=False)
    assert texts(raw) == ["目录", "第一部分概况\t1", "一、主要职能\t2", "二、机构设置\t……3"]
    assert raw.format == "text"


def test_paragraphs_that_are_whole_stay_apart(tmp_path: Path) -> None:
    lines = [
        "单位：某中心", "单位：万元", "一、收入情况", "本年收入100万元，比上年增加，主要原因：",
        "1.人员增加，工资增加；", "2.项目增加。", "（一）支出",
    ]  # fmt: skip
    assert texts(made(tmp_path, "\n\n".join(lines))) == lines
    assert texts(made(tmp_path, "\n".join(lines), marked=False)) == lines


def test_csv_is_one_table(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    path.write_bytes('科目,金额\n"基本,支出","1,777.5"\n'.encode("gb18030"))
    (table,) = tables(read_csv(path))
    assert rows(table) == [["科目", "金额"], ["基本,支出", "1,777.5"]]


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    sample = ("# 一、收入\n\n收入合计 1,777.5 万元，占\n\n100%。\n\n项目\t<p>数</p>\t\n<p>续</p>\t3\n\n|甲|乙|\n|-|-|\n|1|2|\n<table><tr><td>丙<td>丁</table>\n$\\geq X$\n" * 20).encode()  # noqa: E501
    content = WUHAN.read_bytes() if WUHAN.is_file() else sample
    path = tmp_path / "damaged.md"
    results = []
    for number, changed in enumerate(mutations(content)):
        path.write_bytes(changed)
        results.append(read_or_refused(lambda place, marked=number % 2 == 0: read_markdown(place, marked=marked), path))
    assert any(results)
