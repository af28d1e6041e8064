"""Tables and paragraphs made for the purpose: what producers do with lines, pages and letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import typst

from juesuan.publisher.fonts import font_directory
from juesuan.reader.pdf_file import read_pdf
from juesuan.reader.raw import RawDocument, RawTable, RawText

SETTING = """
#set page(width: 595pt, height: 842pt, margin: (x: 72pt, y: 72pt))
#set text(font: "Noto Serif CJK SC", size: 12pt, lang: "zh")
#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 0.9em, spacing: 0.9em)
"""

Make = Callable[[str], RawDocument]


@pytest.fixture
def typeset(tmp_path: Path) -> Make:
    def make(source: str) -> RawDocument:
        path = tmp_path / "made.pdf"
        typst.compile((SETTING + source).encode(), output=str(path), font_paths=[str(font_directory())])
        return read_pdf(path)

    return make


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., RawDocument]:
    """A PDF from content streams; text in Helvetica as /F."""

    def make(
        *contents: str, rotate: int = 0, box: tuple[int, int, int, int] = (0, 0, 400, 300), form: str = ""
    ) -> RawDocument:
        file = pikepdf.new()
        font = file.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        fonts = pikepdf.Dictionary(F=font)
        resources = pikepdf.Dictionary(Font=fonts)
        if form:
            inner = pikepdf.Stream(file, form.encode())
            inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            inner.BBox = pikepdf.Array([0, 0, 1000, 1000])
            inner.Matrix = pikepdf.Array([2, 0, 0, 2, 10, 20])
            inner.Resources = pikepdf.Dictionary(Font=fonts)
            resources.XObject = pikepdf.Dictionary(X=file.make_indirect(inner))
        for content in contents:
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page, MediaBox=pikepdf.Array(box), Resources=resources, Rotate=rotate,
                Contents=file.make_indirect(pikepdf.Stream(file, content.encode())),
            )  # fmt: skip
            file.pages.append(pikepdf.Page(file.make_indirect(page)))
        path = tmp_path / "drawn.pdf"
        file.save(path)
        return read_pdf(path)

    return make


def only_table(raw: RawDocument) -> RawTable:
    (table,) = (block for block in raw.blocks if isinstance(block, RawTable))
    return table


def texts(raw: RawDocument) -> list[str]:
    return [block.text for block in raw.blocks if isinstance(block, RawText)]


def rows(table: RawTable) -> list[list[str]]:
    return [["" if cell is None else cell.text for cell in row] for row in table.grid()]


def word(x: float, y: float, text: str, size: float = 10) -> str:
    return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def mesh(xs: tuple[float, ...], ys: tuple[float, ...]) -> str:
    across = "".join(line(min(xs), y, max(xs), y) for y in ys)
    return across + "".join(line(x, min(ys), x, max(ys)) for x in xs)


def bars(paint: str) -> str:
    """The lines of the grid of FOUR as rectangles half a point thick."""
    across = "".join(f"50 {y} 200 0.5 re {paint}\n" for y in (180, 200, 220))
    return across + "".join(f"{x} 180 0.5 40 re {paint}\n" for x in (50, 150, 250))


FOUR = word(60, 210, "a") + word(160, 210, "1.00") + word(60, 190, "b") + word(160, 190, "2.00")
"""Two rows and two columns of text in a grid with columns at 50, 150, 250 and rows at 220, 200, 180."""


def test_merged_cells(typeset: Make) -> None:
    raw = typeset("""
    #table(columns: (80pt, 80pt, 80pt, 80pt),
      table.cell(rowspan: 2)[项目], table.cell(colspan: 3)[本年支出],
      [小计], [基本支出], [项目支出],
      [住房公积金], [1,597.51], [], [0.00],
      table.cell(colspan: 2, rowspan: 2)[合 计], [2], [3], [4], [5])
    """)
    table = only_table(raw)
    assert (table.height, table.width) == (5, 4)
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in table.cells] == [
        ("项目", 0, 0, 2, 1), ("本年支出", 0, 1, 1, 3),
        ("小计", 1, 1, 1, 1), ("基本支出", 1, 2, 1, 1), ("项目支出", 1, 3, 1, 1),
        ("住房公积金", 2, 0, 1, 1), ("1,597.51", 2, 1, 1, 1), ("", 2, 2, 1, 1), ("0.00", 2, 3, 1, 1),
        ("合计", 3, 0, 2, 2), ("2", 3, 2, 1, 1), ("3", 3, 3, 1, 1), ("4", 4, 2, 1, 1), ("5", 4, 3, 1, 1),
    ]  # fmt: skip


def test_single_sign_stays_in_its_line_and_cell(typeset: Make) -> None:
    raw = typeset("第一行有一个一字，一二三，一。\n\n#table(columns: 3, [一], [二], [丨], [一一], [、], [-])")
    assert texts(raw)[0] == "第一行有一个一字，一二三，一。"
    assert rows(only_table(raw)) == [["一", "二", "丨"], ["一一", "、", "-"]]


def test_letters_set_apart_are_one_word(typeset: Make) -> None:
    raw = typeset("#table(columns: 2, [因 公 出 国], [A B], [#text(tracking: 6pt)[合计栏]], [2024 年 12 月 Word 文档])")
    assert rows(only_table(raw)) == [["因公出国", "A B"], ["合计栏", "2024年12月Word文档"]]


def test_cells_of_several_lines(typeset: Make) -> None:
    raw = typeset("""
    #table(columns: (60pt, 38pt, 80pt),
      [机关事业单位基本养老保险缴费支出], [1,597.#linebreak()51], [30.00#linebreak()40.00],
      [Windows #linebreak() Server], [20805#linebreak()01], [第一行#linebreak()第二行])
    """)
    assert rows(only_table(raw)) == [
        ["机关事业单位基本养老保险缴费支出", "1,597.51", "30.00 40.00"],
        ["Windows Server", "2080501", "第一行第二行"],
    ]


@pytest.mark.parametrize(
    "lines",
    [
        mesh((50, 150, 250), (220, 200, 180)),
        # every line twice, two points apart
        mesh((50, 150, 250), (220, 200, 180)) + mesh((52, 152, 252), (222, 202, 182)),
        # no border at the left and right
        line(50, 220, 250, 220) + line(50, 200, 250, 200) + line(50, 180, 250, 180) + line(150, 180, 150, 220),
        # none at the top and bottom
        line(50, 200, 250, 200) + "".join(line(x, 180, x, 220) for x in (50, 150, 250)),
        # a box for each cell
        "".join(f"{x} {y} 100 20 re S\n" for x in (50, 150) for y in (180, 200)),
        # thin filled rectangles, each a path
        bars("f"),
        # the same in one path
        bars("") + "f\n",
        # all strokes in one path
        mesh((50, 150, 250), (220, 200, 180)).replace("l S", "l") + "S\n",
        # lines of pieces with gaps
        "".join(line(x, y, x + 18, y) for y in (180, 200, 220) for x in range(50, 250, 20))
        + "".join(line(x, y, x, y + 9) for x in (50, 150, 250) for y in range(180, 220, 10)),
        # lines that miss each other by a point
        mesh((50, 150, 250), (220, 200, 180)).replace("50 200 m", "51 200.8 m"),
        # shaded cells under the lines
        "0.9 g 50 200 200 20 re f 0 g\n" + mesh((50, 150, 250), (220, 200, 180)),
        # turned and scaled by the matrix of the page
        "q 0.5 0 0 0.5 0 0 cm\n" + mesh((100, 300, 500), (440, 400, 360)) + "Q\n",
        # a hairline column
        mesh((50, 150, 153.5, 250), (220, 200, 180)),
        # a border to the side that only the first row has, a little off
        mesh((50, 250), (220, 200, 180)) + line(150, 180, 150, 200) + line(154, 200, 154, 220),
    ],
    ids=[
        "plain", "double", "open sides", "open ends", "boxes", "thin rectangles", "thin rectangles in one path",
        "one path", "pieces", "missing", "shaded", "scaled", "hairline", "sliver",
    ],
)  # fmt: skip
def test_ways_to_draw_a_grid(drawn: Callable[..., RawDocument], lines: str) -> None:
    assert rows(only_table(drawn(lines + FOUR))) == [["a", "1.00"], ["b", "2.00"]]


def test_lines_within_a_form_with_a_matrix(drawn: Callable[..., RawDocument]) -> None:
    form = mesh((20, 70, 120), (100, 90, 80)) + word(22, 92, "a", 5) + word(72, 82, "2.00", 5)
    table = only_table(drawn("/X Do\n", form=form))
    assert rows(table) == [["a", ""], ["", "2.00"]]
    assert table.source is not None
    assert table.source.box == (50.0, 180.0, 250.0, 220.0)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [(0, 0, 400, 300), (100, -50, 500, 250)])
def test_turned_pages(drawn: Callable[..., RawDocument], rotate: int, box: tuple[int, int, int, int]) -> None:
    """A page that reads upright as shown, whatever /Rotate it needs; boxes are those of the page as shown."""
    left, bottom, right, top = box
    width, height = (right - left, top - bottom) if rotate % 180 == 0 else (top - bottom, right - left)
    turn = {
        0: f"1 0 0 1 {left} {bottom}",
        90: f"0 1 -1 0 {right} {bottom}",
        180: f"-1 0 0 -1 {right} {top}",
        270: f"0 -1 1 0 {left} {top}",
    }[rotate]
    raw = drawn(f"q {turn} cm\n{mesh((50, 150, 250), (220, 200, 180))}{FOUR}{word(50, 240, 'Title')}Q\n",
                rotate=rotate, box=box)  # fmt: skip
    assert texts(raw) == ["Title"]
    table = only_table(raw)
    assert rows(table) == [["a", "1.00"], ["b", "2.00"]]
    assert table.source is not None
    assert table.source.box == (50.0, 180.0, 250.0, 220.0)
    assert width in (400, 300) and height in (400, 300)


def test_a_table_printed_on_its_side(drawn: Callable[..., RawDocument]) -> None:
    """Lying text on a page without /Rotate is read upright; its boxes are where it lies on the page."""
    raw = drawn(f"q 0 1 -1 0 300 0 cm\n{mesh((50, 150, 250), (220, 200, 180))}{FOUR}Q\n", box=(0, 0, 300, 400))
    table = only_table(raw)
    assert rows(table) == [["a", "1.00"], ["b", "2.00"]]
    assert table.source is not None
    assert table.source.box == (80.0, 50.0, 120.0, 250.0)


def test_slanted_text_is_no_text_of_the_page(drawn: Callable[..., RawDocument]) -> None:
    mark = "BT /F 60 Tf 0.7 0.7 -0.7 0.7 60 60 Tm (DRAFT) Tj ET\n"
    raw = drawn(mesh((50, 150, 250), (220, 200, 180)) + FOUR + mark)
    assert rows(only_table(raw)) == [["a", "1.00"], ["b", "2.00"]]
    assert texts(raw) == []
    assert raw.unplaced == ()


def test_text_at_a_right_angle_is_kept_aside(drawn: Callable[..., RawDocument]) -> None:
    raw = drawn(word(50, 150, "upright") + word(50, 130, "text") + "BT /F 10 Tf 0 1 -1 0 20 60 Tm (SIDE) Tj ET\n")
    assert [item.text for item in raw.unplaced] == ["SIDE"]
    assert all("SIDE" not in text for text in texts(raw))


def test_text_outside_its_clip_or_the_page_is_not_read(drawn: Callable[..., RawDocument]) -> None:
    raw = drawn(
        "q 0 100 400 200 re W n\n" + word(50, 150, "seen") + word(50, 50, "hidden") + "Q\n" + word(50, -40, "below")
    )
    assert texts(raw) == ["seen"]


def test_bold_by_printing_twice_is_read_once(drawn: Callable[..., RawDocument]) -> None:
    twice = word(60, 210, "Total") + word(60.3, 210, "Total")
    raw = drawn(mesh((50, 150, 250), (220, 200, 180)) + twice + word(160, 210, "7.50"))
    assert rows(only_table(raw))[0] == ["Total", "7.50"]


def test_a_figure_too_wide_for_its_column_stays_whole(drawn: Callable[..., RawDocument]) -> None:
    raw = drawn(mesh((50, 150, 250), (220, 200, 180)) + word(60, 210, "a") + word(132, 210, "31,214,205.80"))
    assert "31,214,205.80" in rows(only_table(raw))[0]


BODY = "".join(f"[项目{n}], [{n}.00], [{n}.50], " for n in range(1, 101))


def test_a_table_over_pages_with_its_header_repeated(typeset: Make) -> None:
    raw = typeset(f"""
    表一　收入决算表
    #table(columns: (1fr, 80pt, 80pt),
      table.header(table.cell(rowspan: 2)[项目], table.cell(colspan: 2)[决算数], [合计], [基本]), {BODY})
    注：到此为止。
    """)
    table = only_table(raw)
    assert raw.pages >= 3
    assert rows(table) == [["项目", "决算数", "决算数"], ["项目", "合计", "基本"]] + [
        [f"项目{n}", f"{n}.00", f"{n}.50"] for n in range(1, 101)
    ]
    assert {cell.source.page for cell in table.cells if cell.source} == set(range(1, raw.pages + 1))
    assert texts(raw) == ["表一收入决算表", "注：到此为止。"]


def test_a_table_over_pages_without_header(typeset: Make) -> None:
    raw = typeset(f"#table(columns: (1fr, 80pt, 80pt), [项目], [合计], [基本], {BODY})")
    assert raw.pages >= 3
    assert rows(only_table(raw)) == [["项目", "合计", "基本"]] + [
        [f"项目{n}", f"{n}.00", f"{n}.50"] for n in range(1, 101)
    ]


def test_a_title_on_the_next_page_begins_another_table(typeset: Make) -> None:
    raw = typeset("""
    甲表
    #table(columns: 2, [项目], [合计], [一], [1])
    #pagebreak()
    乙表
    #table(columns: 2, [项目], [合计], [一], [2])
    """)
    first, second = (block for block in raw.blocks if isinstance(block, RawTable))
    assert rows(first) == [["项目", "合计"], ["一", "1"]]
    assert rows(second) == [["项目", "合计"], ["一", "2"]]


def test_a_title_printed_again_on_each_page_does_not(typeset: Make) -> None:
    raw = typeset("""
    甲表
    #table(columns: 2, [项目], [合计], [一], [1])
    #pagebreak()
    甲表
    #table(columns: 2, [项目], [合计], [二], [2])
    """)
    assert rows(only_table(raw)) == [["项目", "合计"], ["一", "1"], ["二", "2"]]
    assert texts(raw) == ["甲表"]


def test_other_columns_are_another_table(typeset: Make) -> None:
    raw = typeset("""
    #table(columns: (100pt, 60pt), [项目], [合计])
    #pagebreak()
    #table(columns: (70pt, 90pt), [项目], [合计])
    """)
    assert len([block for block in raw.blocks if isinstance(block, RawTable)]) == 2


LONG = "一般公共预算财政拨款支出决算数小于预算数的主要原因是厉行节约，项目调整，人员变动，合同金额低于预算金额。" * 3


def test_paragraphs_are_joined_over_lines_and_pages(typeset: Make) -> None:
    paragraphs = [f"第{n}段：{LONG}" for n in range(30)]
    raw = typeset('#set page(numbering: "— 1 —")\n' + "\n\n".join(paragraphs))
    assert raw.pages >= 3
    assert texts(raw) == paragraphs


def test_a_page_of_text_narrower_than_the_others(typeset: Make) -> None:
    """Pages of wide lines (tables without rules, headers) do not say where the lines of a narrower page end."""
    wide = "#page(margin: (x: 20pt, y: 72pt))[" + "\\\n".join(["项" * 46] * 14) + "]\n"
    long = "公务用车购置及运行费用于本单位公务出行和执法检查，" * 5
    made = typeset(wide * 3 + "\n\n".join([f"{long}第{n}段完。" for n in range(3)]))
    assert [text for text in texts(made) if "公务用车" in text] == [f"{long}第{n}段完。" for n in range(3)]


def test_headings_stand_alone(typeset: Make) -> None:
    raw = typeset(f"""
    #align(center)[第三部分　2024年度部门决算情况说明]

    一、收入支出决算总体情况说明

    {LONG}

    （一）总体情况

    1.一般公共服务支出（类）{LONG}

    增长
    1.5万元。
    """)
    assert texts(raw) == [
        "第三部分2024年度部门决算情况说明",
        "一、收入支出决算总体情况说明",
        LONG,
        "（一）总体情况",
        "1.一般公共服务支出（类）" + LONG,
        "增长1.5万元。",
    ]


def test_paragraphs_without_indent_but_apart(typeset: Make) -> None:
    raw = typeset(f"#set par(first-line-indent: 0em, spacing: 2.4em)\n{LONG}\n\n{LONG}\n\n短句。\n\n{LONG}")
    assert texts(raw) == [LONG, LONG, "短句。", LONG]


def test_running_heads_are_told_once(typeset: Make) -> None:
    paragraphs = [f"第{n}段：{LONG}" for n in range(30)]
    raw = typeset('#set page(header: [某局2024年度部门决算], numbering: "1 / 1")\n' + "\n\n".join(paragraphs))
    assert texts(raw).count("某局2024年度部门决算") == 1
    assert [text for text in texts(raw) if text != "某局2024年度部门决算"] == paragraphs
    assert "某局2024年度部门决算" in raw.notes[0]


def test_a_frame_around_text_is_no_table(typeset: Make) -> None:
    raw = typeset("#rect[框里的一句话。]\n\n#table(columns: 1, [一栏], [二栏])")
    assert [block for block in raw.blocks if isinstance(block, RawTable)] == []
    assert texts(raw) == ["框里的一句话。", "一栏", "二栏"]


def test_radicals_become_characters(typeset: Make) -> None:
    raw = typeset("⽀出⻚码")
    assert texts(raw) == ["支出页码"]
