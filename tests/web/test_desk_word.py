"""Word at the desk: the file that was downloaded comes back with its texts, last year's takes this year's figures."""

from __future__ import annotations

import csv
import io
import zipfile

from juesuan.web.filing.filings import content_of

from .conftest import ONE_ENGINE, City
from .filling import WORKBOOK, begin, fill_in, in_the_workbook, open_season, revision
from .test_unit_desk import _filing

pytestmark = ONE_ENGINE
HELD = WORKBOOK.parents[1] / "held"
OLD = "部分运行维护工作的实际花费低于预算，资金有节余"


def changed(word: bytes, *changes: tuple[str, str]) -> bytes:
    """The document with texts of its runs changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                text = data.decode()
                for before, after in changes:
                    assert before in text, before
                    text = text.replace(before, after, 1)
                data = text.encode()
            new.writestr(entry, data)
    return made.getvalue()


def test_the_word_file_comes_back_with_its_texts_and_without_its_figures(city: City) -> None:
    open_season(city)
    browser, address = begin(city)
    fill_in(city, address)
    word = browser.get(f"{address}/files/docx").content
    edited = changed(word, (OLD, "维护合同比预算便宜"), (">187.64<", ">287.64<"))
    sent = {"file": ("改过的.docx", edited)}
    page = browser.post(f"{address}/import", {"revision": revision(browser, address)}, files=sent).text
    assert "已从 改过的.docx 取回改过的文字" in page, page
    assert "手工改的数没有收" in page and "287.64" in page and "187.64" in page
    lines = content_of(_filing(city)).page("支出").lines
    assert any(line.cells.get("reason", "").startswith("维护合同比预算便宜") for line in lines)
    # Nothing else moved.
    before, after = in_the_workbook(), content_of(_filing(city))
    assert before.page("收入") == after.page("收入") and before.page("项目") == after.page("项目")
    again = {"file": ("原来的.docx", browser.get(f"{address}/files/docx").content)}
    page = browser.post(f"{address}/import", {"revision": revision(browser, address)}, files=again).text
    assert "没有改动，与填报的一致" in page


def test_last_years_word_takes_this_years_figures(city: City) -> None:
    open_season(city)
    browser, address = begin(city)
    fill_in(city, address)
    last = HELD / "2021年决算公开.docx"
    answer = browser.post(f"{address}/rolled", {}, files={"file": (last.name, last.read_bytes())})
    assert answer.headers["content-type"] == "application/zip", answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        word, listed = sorted(packed.namelist(), key=lambda name: name.endswith(".csv"))
        text = zipfile.ZipFile(io.BytesIO(packed.read(word))).read("word/document.xml").decode()
        rows = list(csv.reader(io.StringIO(packed.read(listed).decode("utf-8-sig"))))
    assert word.startswith("2022年度") and "2,103.42" not in "".join(rows[0])
    assert "1,777.50" in text or "1,777.5" in text
    assert rows[0] == ["类别", "位置", "数", "原文", "原因"]
    other = browser.post(f"{address}/rolled", {}, files={"file": ("a.docx", b"PK")})
    assert other.status_code == 400 or "a.docx" in other.text
