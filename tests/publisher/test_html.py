"""The HTML: what a browser without a network, a screen reader and a printer rely on."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from juesuan.publisher.document import Chart, Document, Heading, Table, Text, contents
from juesuan.publisher.html.writer import write_html
from publisher.sample import CHART, NASTY, sample


@pytest.fixture(scope="module")
def page(html_file: Path) -> Any:
    return lxml.html.document_fromstring(html_file.read_bytes())


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def test_every_text_is_found_again(document: Document, page: Any) -> None:
    headings = {text_of(element) for level in range(1, 6) for element in page.iter(f"h{level}")}
    paragraphs = {text_of(element) for element in page.iter("p")}
    for block in document.blocks:
        if isinstance(block, Heading):
            assert block.text in headings
        elif isinstance(block, Text):
            assert block.text in paragraphs
        elif isinstance(block, Table):
            assert all(note in paragraphs for note in block.notes)
    assert NASTY in paragraphs


def test_every_cell_stands_in_its_row_with_its_spans(document: Document, page: Any) -> None:
    made = list(page.iter("table"))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(made) == len(tables)
    for table, element in zip(tables, made, strict=True):
        for part, rows in (("thead", table.header), ("tbody", table.body)):
            found = element.xpath(f"./{part}/tr")
            assert len(found) == len(rows)
            for cells, line in zip(rows, found, strict=True):
                assert [(text_of(e), int(e.get("colspan", 1)), int(e.get("rowspan", 1))) for e in line] == [
                    (cell.text, cell.colspan, cell.rowspan) for cell in cells
                ]
        if table.title:
            assert table.title in text_of(element.find("caption"))
            assert table.number in text_of(element.find("caption"))


def test_heads_of_tables_say_what_they_head(page: Any) -> None:
    heads = list(page.iter("th"))
    assert heads
    assert all(head.get("scope") in {"col", "colgroup", "row"} for head in heads)
    assert all(head.get("scope") in {"col", "colgroup"} for head in page.xpath("//thead//th"))


def test_tables_scroll_in_regions_that_can_be_focused(page: Any) -> None:
    for table in page.iter("table"):
        region = table.getparent()
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.get("aria-label")


def test_contents_lead_somewhere_and_identifiers_are_unique(document: Document, page: Any) -> None:
    identifiers = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers))
    links = page.xpath("//nav//a")
    assert [text_of(link) for link in links] == [entry.text for entry in contents(document)]
    assert all(link.get("href")[1:] in identifiers for link in links)


def test_language_title_and_levels(document: Document, page: Any) -> None:
    assert page.get("lang") == "zh-CN"
    assert page.findtext("head/title") == document.title
    assert len(page.xpath("//h1")) == 1
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3", "h4", "h5")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_charts_are_drawn_without_scripts_and_told_in_words(document: Document, page: Any) -> None:
    figures = list(page.iter("figure"))
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    for figure, chart in zip(figures, charts, strict=True):
        drawing = figure.xpath("./div[@role='img']")[0]
        assert drawing.get("aria-label") == chart.description
        assert drawing.xpath(".//*[local-name()='svg']")
        assert figure.findtext("figcaption") == chart.caption
        specification = json.loads(page.get_element_by_id(figure.get("data-specification")).text)
        assert specification["data"] == chart.spec["data"]


def test_nothing_is_loaded_from_anywhere(html_file: Path, page: Any) -> None:
    for element in page.iter():
        for name, value in element.attrib.items():
            if name in {"src", "srcset", "action", "data", "poster"}:
                pytest.fail(f"{element.tag} {name}={value}")
            if name.endswith("href"):
                assert value.startswith("#")
    style = page.findtext("head/style")
    assert "url(" not in style
    assert "@import" not in style
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert page.xpath("//link | //iframe | //object | //embed | //img") == []


def test_scripts_end_where_they_should(page: Any) -> None:
    scripts = page.xpath("//script[@type='module']")
    assert len(scripts) == 2
    assert scripts[1].text.strip().endswith("}")
    assert page.xpath("//body/*[last()]")[0] is scripts[1]


def test_a_page_without_charts_carries_no_script(document: Document, tmp_path: Path) -> None:
    import msgspec

    plain = msgspec.structs.replace(document, blocks=tuple(b for b in document.blocks if not isinstance(b, Chart)))
    write_html(plain, tmp_path / "plain.html")
    assert "<script" not in (tmp_path / "plain.html").read_text(encoding="utf-8")


def test_a_script_in_a_specification_stays_data(document: Document, tmp_path: Path) -> None:
    import msgspec

    evil = "</script><script>alert(1)</script>"
    values = {"values": [{"年度": evil, "类别": "甲", "金额": 1}]}
    chart = msgspec.structs.replace(CHART, spec={**CHART.spec, "data": values}, caption=evil, description=f'"{evil}')
    write_html(msgspec.structs.replace(document, blocks=(chart,)), tmp_path / "evil.html")
    page = lxml.html.document_fromstring((tmp_path / "evil.html").read_bytes())
    assert not any(re.match(r"\s*alert", script.text or "") for script in page.iter("script"))
    assert page.findtext(".//figcaption") == evil


def test_gaps_and_drafts_are_marked(document: Document, page: Any, tmp_path: Path) -> None:
    assert [text_of(mark) for mark in page.iter("mark")] == ["【待填写：变动原因】"]
    assert "banner" not in {element.get("class") for element in page.iter("p")}
    write_html(sample(draft=True), tmp_path / "draft.html")
    draft = lxml.html.document_fromstring((tmp_path / "draft.html").read_bytes())
    assert draft.find("body").get("class") == "draft"
    assert draft.xpath("//p[@class='banner']")[0].text == "草稿　不得公开"


def test_same_document_same_bytes(document: Document, html_file: Path, tmp_path: Path) -> None:
    write_html(document, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == html_file.read_bytes()
