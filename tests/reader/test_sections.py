"""Sections of the explanation under the headings of other places and years."""

from __future__ import annotations

import pytest

from juesuan.reader.narrative.clauses import find_parts
from juesuan.reader.raw import RawCell, RawDocument, RawTable, RawText
from juesuan.statute import load_statute

GRID = RawTable((RawCell("项目", 0, 0), RawCell("合计", 0, 1)), 1, 2)


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("一、2023年度收入支出总体情况说明", "总体"),
        ("一、2021年度收入支出决算总体及增减变动情况", "总体"),
        ("二、本年收入决算情况", "收入"),
        ("二、2020年度财政拨款收入支出总体情况说明", "财政拨款"),
        ("五、一般公共预算支出决算情况说明", "一般公共预算"),
        ("六、一般公共预算财政拨款基本支出情况", "基本支出"),
        ("八、政府性基金预算财政拨款收入支出情况说明", "政府性基金"),
        ("九、国有资本经营财政拨款收入支出情况说明", "国有资本"),
        ("三、2020年度“三公”经费、培训费及会议费支出情况说明", "三公"),
        ("七、一般公共预算财政拨款“三公”经费及会议费、培训费支出决算情况说明", "三公"),
        ("一、机关运行经费支出情况", "机关运行"),
        ("十二、机构运行经费支出决算情况说明", "机关运行"),
        ("（四）政府采购情况", "政府采购"),
        ("（三）国有资产占用及购置情况说明", "国有资产"),
        ("四、部门绩效自评情况", "绩效"),
    ],
)
def test_a_section_is_found_by_the_headings_of_other_places(heading: str, section: str) -> None:
    raw = RawDocument("a.html", "html", (RawText(heading), RawText("本部门当年的情况如下。")))
    assert [part.plan.key for part in find_parts(raw, load_statute("national"))] == [section]


def test_a_heading_within_a_section_does_not_begin_another() -> None:
    texts = [
        "五、一般公共预算财政拨款支出决算情况说明",
        "（一）一般公共预算财政拨款支出决算总体情况",
        "全年支出与上年持平。",
    ]
    raw = RawDocument("a.html", "html", tuple(RawText(text) for text in texts))
    parts = find_parts(raw, load_statute("national"))
    assert [part.plan.key for part in parts] == ["一般公共预算"]
    assert parts[0].paragraphs[-1] == texts[-1]


def test_the_title_of_a_table_does_not_begin_the_section_that_explains_it() -> None:
    """The lines between title and grid are longer than a sentence that says there was nothing."""
    lines = ["政府性基金预算支出表", "预算08表", "单位：某市某中心　单位：万元"]
    text = "八、政府性基金预算支出情况说明"
    said = "本单位2023年没有政府性基金预算安排的支出。"
    blocks = (
        *(RawText(line) for line in lines), GRID, RawText("说明：本单位当年无政府性基金预算支出，故本表无数据。"),
        RawText("第三部分　情况说明"), RawText(text), RawText(said),
    )
    (part,) = find_parts(RawDocument("a.docx", "docx", blocks), load_statute("budget"))
    assert part.plan.key == "政府性基金" and part.paragraphs == (said,)
