"""Files under review taken in as an archive, noticed twice, read again, moved, deleted and decided upon together."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from juesuan.web.infra.models import AuditEntry, Organisation, ReviewFile
from juesuan.web.review.archives import members
from juesuan.web.review.related import results_of
from juesuan.web.review.reviews import source_of
from juesuan.web.review.uploads import RefusedUploadError

from .conftest import ONE_ENGINE, Browser, City
from .publishing import renamed, work
from .samples import UNIT, account, published, wrong_account


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two units' documents as pages."""
    folder = tmp_path_factory.mktemp("pages")
    return {name: published(folder / name, renamed(account(), name), "html").read_bytes()
            for name in (UNIT, "测试市第二中学")}


def _zip(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def _send(city: City, files: dict[str, bytes], name: str = "reviewer") -> tuple[Browser, str]:
    browser = city.browser(name)
    browser.get("/documents")
    return browser, browser.post("/documents", files=[("files", pair) for pair in files.items()]).text


def _rows(city: City) -> list[ReviewFile]:
    with city.site.database.reading() as session:
        return list(session.scalars(select(ReviewFile).order_by(ReviewFile.id)))


@ONE_ENGINE
def test_an_archive_is_taken_as_its_files_and_the_same_file_only_once(city: City, pages: dict[str, bytes]):
    first, second = pages.values()
    packed = _zip({"2022/": b"", "2022/一中.html": first, "2022/二中.html": second, "__MACOSX/._一中.html": b"x",
                   "说明.exe": b"MZ\x00"})
    _, page = _send(city, {"全部.zip": packed})
    assert "收到 2 份文件" in page and "说明.exe：不是 PDF、DOCX" in page
    assert [row.name for row in _rows(city)] == ["一中.html", "二中.html"]
    _, page = _send(city, {"又一份.html": first})
    assert "又一份.html：与已收下的“一中.html”（排队中）内容完全相同，没有重复收下" in page
    _, page = _send(city, {"再一份.html": first}, "stranger")
    assert "收到 1 份文件" in page, "what others have sent is not told"
    assert len(_rows(city)) == 3


def test_names_of_archives_made_in_china_and_what_cannot_be_opened():
    # Without the flag that says UTF-8, which zipfile always sets.
    packed = _zip({"XXXX.html": b"x"}).replace(b"XXXX", "决算".encode("gb18030"))
    with members(io.BytesIO(packed), "甲.zip", 10) as found:
        assert [(name, content.read()) for name, content in found] == [("决算.html", b"x")]
    large = _zip({"a.html": b"0" * 5000, "b.html": b"0" * 6000})
    many = _zip({f"{number}.html": b"" for number in range(1001)})
    for content, limit, told in ((large, 10_000, "过大"), (b"PK\x03\x04" + b"x" * 99, 10, "打不开"),
                                 (_zip({"a/": b""}), 10, "没有文件"), (many, 10, "超过 1000 个")):
        with pytest.raises(RefusedUploadError, match=told), members(io.BytesIO(content), "甲.zip", limit):
            pass


@ONE_ENGINE
def test_files_are_decided_upon_read_again_moved_and_deleted(city: City, pages: dict[str, bytes]):
    reviewer, _ = _send(city, {"一中.html": pages[UNIT], "二中.html": pages["测试市第二中学"]})
    assert "正在读取和核对，请稍候再办" in reviewer.post("/documents/1/reading").text
    assert work(city) == 2
    page = reviewer.get("/documents").text
    versions = dict(re.findall(r'name="version\.(\d+)" value="(\d+)"', page))
    together = {"document_id": ["1", "2"], **{f"version.{key}": value for key, value in versions.items()}}
    told = reviewer.post("/documents/together", together | {"work": "returned"}).text
    assert told.count("退回要写明理由") == 2
    told = reviewer.post("/documents/together", together | {"work": "returned", "reason": "请按新表式重做"}).text
    assert "已退回 2 份文件" in told
    assert [row.state for row in _rows(city)] == ["returned", "returned"]
    told = reviewer.post("/documents/together", together | {"work": "accepted", "reason": "可以"}).text
    assert told.count("别人刚刚处理过") == 2, "what changed since the page was opened is not decided upon"

    assert reviewer.post("/documents/1/reading").status_code == 303
    assert [row.state for row in _rows(city)] == ["waiting", "returned"] and work(city) == 1
    assert _rows(city)[0].state == "read" and _rows(city)[0].reason == ""

    assert reviewer.post("/documents/2/organisation", {"organisation": "301"}).status_code == 303
    with city.site.database.reading() as session:
        assert session.get_one(ReviewFile, 2).organisation.code == "301"
    head = city.browser("department")
    assert head.post("/documents/2/organisation", {"organisation": "202"}).status_code == 404, "not theirs any more"
    assert "不在您的范围内" in head.post("/documents/1/organisation", {"organisation": "301"}).text

    row = _rows(city)[0]
    assert "删除要写明理由" in reviewer.post("/documents/1/deletion", {"reason": ""}).text
    assert reviewer.post("/documents/1/deletion", {"reason": "传错了"}).headers["location"] == "/documents"
    assert reviewer.get("/documents/1").status_code == 404
    assert not source_of(city.site, row).exists() and not results_of(city.site, 1).exists()
    with city.site.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "document.delete")).one()
    assert row.digest in entry.before and "传错了" in entry.after
    assert "收到 1 份文件" in _send(city, {"一中.html": pages[UNIT]})[1], "and it may be sent again"


@ONE_ENGINE
def test_what_was_published_from_is_not_deleted(city: City, pages: dict[str, bytes]):
    reviewer, _ = _send(city, {"一中.html": pages[UNIT]})
    assert work(city) == 1
    reviewer.get("/documents/1")
    reviewer.post("/documents/1/decision", {"state": "accepted", "reason": "已核实", "version": "1"})
    assert reviewer.post("/documents/1/publication").status_code == 303
    told = reviewer.post("/documents/1/deletion", {"reason": "传错了"})
    assert told.status_code == 400 and "已经由这份文件公开，不能删除" in told.text


@ONE_ENGINE
def test_one_sender_cannot_fill_the_disk(city: City, pages: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    first, second = pages.values()
    city.site.settings = replace(city.site.settings, upload_quota=len(first) + 1000)
    assert "收到 1 份文件" in _send(city, {"一中.html": first})[1]
    assert "您上传的文件合计将超过" in _send(city, {"二中.html": second})[1]
    assert "收到 1 份文件" in _send(city, {"二中.html": second}, "stranger")[1], "others have their own"
    monkeypatch.setattr("juesuan.web.review.uploads.SPARE_DISK", 1 << 62)
    told = _send(city, {"丙.html": second + b"<!-- -->"}, "colleague")[1]
    assert "服务器的磁盘快满了，没有收下" in told
    with city.site.database.reading() as session:
        assert {row.organisation_id for row in session.scalars(select(ReviewFile))} <= set(
            session.scalars(select(Organisation.id)))


def test_a_workbook_of_too_many_cells_is_counted_not_built(tmp_path: Path):
    from juesuan.account import UnreadableSourceError
    from juesuan.compiler.workbook.grid import open_book

    path = tmp_path / "甲.xlsx"
    path.write_bytes(_zip({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"<c/>" * 4_000_001}))
    assert path.stat().st_size < 100_000
    with pytest.raises(UnreadableSourceError, match="单元格太多") as refused:
        open_book(path)
    assert refused.value.code == "Q104"


@ONE_ENGINE
def test_each_file_that_is_not_taken_says_what_it_is(city: City, pages: dict[str, bytes]):
    ledger = "科目,金额\n2080108,1\n".encode("gbk")
    _, page = _send(city, {
        "~$一中.docx": b"\x06shadow", "Thumbs.db": b"x", "台账.csv": ledger, "照片.jpg": b"\xff\xd8\xff\xe0",
        "包.jio": b"1", "旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "半个.docx": b"PK\x03\x04half",
        "坏.pdf": b"MZ\x00", "改名.docx": b"%PDF-1.7 x", "全部.rar": b"Rar!", "空.pdf": b"",
    })
    for name, told in {
        "~$一中.docx": "临时文件", "Thumbs.db": "临时文件", "台账.csv": "是台账、数据文件", "照片.jpg": "是图片",
        "包.jio": "数据包", "旧.doc": "去掉密码", "半个.docx": "已损坏、不完整", "坏.pdf": "不是 PDF，或者已损坏",
        "改名.docx": "后缀改成 .pdf",
        "全部.rar": "改用 ZIP", "空.pdf": "是空文件",
    }.items():
        (line,) = [line for line in page.splitlines() if f"{name}：" in line]
        assert told in line, line
    assert "内容是 MD" not in page


@ONE_ENGINE
def test_a_file_that_came_again_says_what_is_gone_still_there_and_new(city: City, tmp_path: Path):
    wrong = published(tmp_path / "1", wrong_account(), "html").read_bytes()
    sound = published(tmp_path / "2", account(), "html").read_bytes()
    reviewer, _ = _send(city, {"第一次.html": wrong})
    assert work(city) == 1
    assert "比上一份" not in reviewer.get("/documents/1").text
    _send(city, {"第二次.html": sound})
    assert work(city) == 1
    page = " ".join(re.sub(r"<[^>]+>", "", reviewer.get("/documents/2").text).split())
    assert "比上一份（第一次.html" in page
    assert re.search(r"不再有的 [1-9]\d* 处", page)
    _send(city, {"第三次.html": wrong + b"\n"})
    assert work(city) == 1
    page = " ".join(re.sub(r"<[^>]+>", "", reviewer.get("/documents/3").text).split())
    assert re.search(r"比上一份（第二次.html.*新出现 [1-9]\d* 处", page)


@ONE_ENGINE
def test_a_file_of_which_too_little_is_understood_is_not_shown_as_sound(city: City):
    text = "<p>测试市第一中学2022年度单位决算</p><p>" + "甲乙 3,141.59 丙丁 271.82 戊己 16.18。" * 5 + "</p>"
    reviewer, _ = _send(city, {"看不懂.html": f"<html><body>{text}</body></html>".encode()})
    assert work(city) == 1
    (row,) = _rows(city)
    assert row.state == "read" and "不能下结论" in row.trouble
    assert "不能下结论" in reviewer.get("/documents").text
    page = reviewer.get("/documents/1").text
    assert "不能下结论" in page and "没有发现问题。" not in page


@ONE_ENGINE
def test_the_queue_is_searched_and_ordered_and_the_list_follows_it(city: City, tmp_path: Path, pages: dict[str, bytes]):
    wrong = published(tmp_path, renamed(wrong_account(), "测试市第三中学"), "html").read_bytes()
    reviewer, _ = _send(city, {"二中.html": pages["测试市第二中学"], "三中.html": wrong})
    assert work(city) == 2
    names = re.compile(r">(.中\.html)</a>")
    assert names.findall(reviewer.get("/documents?order=errors").text) == ["三中.html", "二中.html"]
    assert names.findall(reviewer.get("/documents?q=第二中学 2022").text) == ["二中.html"]
    assert names.findall(reviewer.get("/documents?q=三中&state=accepted").text) == []
    listed = openpyxl.load_workbook(io.BytesIO(reviewer.get("/problems.xlsx?q=二中").content))["文件"]
    assert [row[0] for row in listed.iter_rows(min_row=2, values_only=True)] == ["二中.html"]
