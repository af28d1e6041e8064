"""The document tree, its fall into pages, table settings and charts."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from juesuan.publisher import pages as layout
from juesuan.publisher.charts import drawing as charts
from juesuan.publisher.document import (
    Cell,
    Document,
    Heading,
    Table,
    Text,
    TextGap,
    anchors,
    contents,
    placed,
    printable,
    stretches,
)  # fmt: skip
from publisher.sample import BARE, CHART, FORM, LONG, PIE, TABLE_1, TABLE_2, TABLE_4


def test_anchors_are_unique_and_stable(document: Document) -> None:
    found = anchors(document)
    named = [anchor for anchor in found if anchor]
    assert len(named) == len(set(named)) == sum(not isinstance(block, Text) for block in document.blocks)
    assert "table-表1" in named
    twice = msgspec.structs.replace(document, blocks=(TABLE_1, TABLE_1))
    assert len(set(anchors(twice))) == 2


def test_contents_hold_listed_headings_and_tables(document: Document) -> None:
    texts = [entry.text for entry in contents(document)]
    assert TABLE_1.title in texts
    assert "（一）基本支出" not in texts


def test_spans_cover_places_below() -> None:
    rows = ((Cell("a", rowspan=2), Cell("b", colspan=2)), (Cell("c"), Cell("d")))
    assert [(p.row, p.column, p.cell.text) for line in placed(rows, 3) for p in line] == [
        (0, 0, "a"), (0, 1, "b"), (1, 1, "c"), (1, 2, "d"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        ((Cell("a"),),),
        ((Cell("a", colspan=3),),),
        ((Cell("a", rowspan=2), Cell("b")),),
        ((Cell("a"), Cell("b", rowspan=2)), (Cell("c"), Cell("d"))),
    ],
)
def test_a_table_that_does_not_fill_its_grid_is_refused(rows: tuple[tuple[Cell, ...], ...]) -> None:
    with pytest.raises(ValueError, match="单元格"):
        placed(rows, 2)


def test_paragraphs_are_cut_at_gaps() -> None:
    assert stretches(Text("甲乙丙", (TextGap(1, 2),))) == [("甲", False), ("乙", True), ("丙", False)]
    assert stretches(Text("")) == [("", False)]


def test_printable_text_keeps_line_breaks() -> None:
    assert printable("a\r\nb\x00\tc\x85") == "a\nb\tc"


def test_sheets_begin_at_parts_and_tables() -> None:
    document = Document(
        title="", cover=(), date="", subject="", author="", year=2022,
        blocks=(
            Heading(1, "一部"), TABLE_2, Heading(2, "二"), TABLE_1, Text("三"), BARE, Heading(1, "四部"), Text("五"),
        ),
    )  # fmt: skip
    assert [(s.blocks, s.landscape, s.divider) for s in layout.sheets(document)] == [
        ((0,), False, True), ((1,), True, False), ((2, 3), False, False), ((4, 5), False, False),
        ((6, 7), False, False),
    ]  # fmt: skip


@pytest.mark.parametrize("table", [TABLE_1, TABLE_2, LONG, TABLE_4, FORM, BARE])
def test_columns_fill_the_paper_and_hold_their_figures(table: Table) -> None:
    setting = layout.table_setting(table)
    width = layout.WIDE_WIDTH if table.wide else layout.TEXT_WIDTH
    assert sum(setting.columns) == pytest.approx(width, abs=0.2)
    for line in (*placed(table.header, len(table.widths)), *placed(table.body, len(table.widths))):
        for place in line:
            if place.cell.colspan == 1:
                room = setting.columns[place.column] - 2 * layout.SIDE
                assert layout.longest_word(place.cell.text) * setting.size <= room + 0.01


def test_figures_too_wide_for_the_paper_are_set_small() -> None:
    row = tuple(Cell("123,456,789,012.34", align="right") for _ in range(7))
    table = Table(key="宽", title="宽", widths=(1,) * 7, header=(), body=(row,))
    setting = layout.table_setting(table)
    assert setting.size < layout.NORMAL[-1][0]


def test_long_titles_are_cut_evenly() -> None:
    title = "第三部分　武汉市人力资源和社会保障信息中心2022年度单位决算情况说明"
    lines = layout.balanced(title, 22, layout.TEXT_WIDTH)
    assert lines == ["第三部分", "武汉市人力资源和社会保障信息中心", "2022年度单位决算情况说明"]
    assert layout.balanced("第四部分　附件", 22, layout.TEXT_WIDTH) == ["第四部分　附件"]


def test_charts_are_the_same_each_time_and_in_the_house_font() -> None:
    first = charts.svg(CHART), charts.png(PIE, 2.0)
    charts._svg.cache_clear()
    charts._png.cache_clear()
    assert first == (charts.svg(CHART), charts.png(PIE, 2.0))
    assert "Noto Sans CJK SC" in first[0]
    assert first[1].startswith(b"\x89PNG")


def test_what_a_chart_configures_comes_before_the_house_style() -> None:
    chart = msgspec.structs.replace(PIE, spec={**PIE.spec, "config": {"axis": {"labelFontSize": 20}}})
    config = charts.specification(chart)["config"]
    assert config["axis"]["labelFontSize"] == 20
    assert config["axis"]["gridColor"] == charts.HOUSE["axis"]["gridColor"]


def test_writers_load_no_engine_before_they_need_it() -> None:
    code = (
        "import sys, juesuan.publisher.pdf.writer, juesuan.publisher.docx.writer, juesuan.publisher.html.writer;"
        "import juesuan.publisher.charts.drawing;"
        "print([m for m in ('typst', 'docx', 'jinja2', 'vl_convert', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
