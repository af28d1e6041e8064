"""HTML: our own read back whole, pages as government sites carry them, and damaged files."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest
from own_documents import (
    account,
    assert_same_tables,
    assert_same_texts,
    laid_out,
    mutations,
    published,
    read_or_refused,
    tables,
    texts,
)  # fmt: skip

from juesuan.publisher.document import Document
from juesuan.reader.formats.html import read_html
from juesuan.reader.raw import RawDocument, RawText


@pytest.fixture(scope="module")
def document() -> Document:
    return laid_out(account())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(account(), tmp_path_factory.mktemp("html"), "html")


def made(folder: Path, page: str, encoding: str = "utf-8") -> RawDocument:
    path = folder / "made.html"
    path.write_bytes(page.encode(encoding))
    return read_html(path)


def test_our_own_tables_and_texts_are_read_back(document: Document, file: Path) -> None:
    raw = read_html(file)
    assert_same_tables(document, raw)
    assert_same_texts(document, raw)
    assert not raw.notes


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_the_bytes_decide_the_charset(tmp_path: Path, encoding: str) -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>收入　合计 1,777.5 万元</p></body></html>'
    assert texts(made(tmp_path, page, encoding)) == ["收入合计1,777.5万元"]


def test_layout_tables_are_opened_and_data_tables_kept(tmp_path: Path) -> None:
    raw = made(
        tmp_path,
        "<body><script>var x='<p>不读</p>'</script><table><tr><td><nav>首页</nav></td><td><h2>一、收入</h2>"
        "<table><tr><td>2022年度一般公共预算收入，合计<br>1,777.5&nbsp;万元。<br>其中：</td></tr></table>"
        "<table><tr><th rowspan=2>项目<th colspan=2>支 出</tr><tr><td>基本<br>支出</td><td>1,597.5<br>1</td></tr>"
        "<tr style='display: none'><td>隐</table></td></tr></table>",
    )
    assert texts(raw) == ["一、收入", "2022年度一般公共预算收入，合计1,777.5万元。", "其中："]
    (table,) = tables(raw)
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in table.cells] == [
        ("项目", 0, 0, 2, 1), ("支出", 0, 1, 1, 2), ("基本支出", 1, 1, 1, 1), ("1,597.5 1", 1, 2, 1, 1),
    ]  # fmt: skip
    assert [block.heading for block in raw.blocks if isinstance(block, RawText)] == [2, 0, 0]


def test_lists_ticks_and_hidden_text(tmp_path: Path) -> None:
    page = (
        "<ol><li>甲</li><li>乙</li></ol><ul><li>丙</ul><p hidden>不印</p>"
        "<p>是<input type=checkbox checked>否<input type=checkbox></p>"
    )
    assert texts(made(tmp_path, page)) == ["1.甲", "2.乙", "丙", "是☑否□"]


def test_spans_that_lie_are_cut(tmp_path: Path) -> None:
    raw = made(tmp_path, "<table><tr><td rowspan=9999 colspan=3>甲<td>乙</tr><tr><td colspan=x>丙</tr></table>")
    (table,) = tables(raw)
    assert (table.height, table.width) == (2, 4)
    assert table.cells[0].rowspan == 2
    assert (table.cells[2].row, table.cells[2].column) == (1, 3)


def test_pages_saved_as_one_file(tmp_path: Path) -> None:
    page = base64.encodebytes("<p>收入合计</p>".encode()).decode()
    archive = (
        "From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{page}\n--b--\n"
    )
    assert texts(made(tmp_path, archive)) == ["收入合计"]


def test_deep_and_wide_pages_are_told_not_followed(tmp_path: Path) -> None:
    started = time.monotonic()
    assert any("嵌套过深" in note for note in made(tmp_path, "<div>" * 50_000 + "文").notes)
    wide = "<table>" + "<tr><td colspan=1000 rowspan=60000>x<td>2</tr>" * 20_000 + "</table>"
    assert any("没有读全" in note for note in made(tmp_path, wide).notes)
    assert time.monotonic() - started < 10


def test_damaged_files_are_read_or_refused(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.html"
    results = []
    # Without its scripts, which are most of the file and not read.
    for content in mutations(file.read_bytes().split(b"<script", 1)[0]):
        path.write_bytes(content)
        results.append(read_or_refused(read_html, path))
    assert any(results)
