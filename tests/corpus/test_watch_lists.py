"""List pages of posted documents, and documents attached to pages: found by their words, watched like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import juesuan
from juesuan.cli import main
from juesuan.corpus.watch import (
    CheckedPosting,
    PostedAddress,
    State,
    look,
    look_at_list,
    places_of,
)
from juesuan.corpus.watch.listing import attached, read_listing

from .test_watch import EXAMPLE, NOW, Site, _fetcher, site

__all__ = ["site"]


def _list_page(*links: tuple[str, str], more: str = "") -> bytes:
    rows = "".join(f'<li><a href="{url}">{text}</a></li>' for text, url in links)
    return f"<html><head><meta charset='utf-8'></head><body><ul>{rows}</ul>{more}</body></html>".encode()


def _in_list(site: Site, url: str) -> PostedAddress:
    return PostedAddress("江城市财政局", "列表页", 2022, url, "2023-09-15")


def test_a_list_page_leads_to_the_documents_of_its_year_page_after_page(site: Site):
    second = site.put("/gk/index_1.html", _list_page(("2022年度江城市水务局部门决算", "/d/3.html")))
    url = site.put("/gk/", _list_page(
        ("江城市教育局2022年度部门决算", "/d/1.html"), ("关于江城市公安局2022年部门预算的说明", "2.pdf"),
        ("江城市教育局2021年度部门决算", "/d/old.html"), ("江城市2022年财政决算报告", "/d/report.html"),
        ("江城市2022年预算执行情况", "/d/done.html"), ("首页", "/"), ("江城市教育局2022年度部门决算", "ftp://x/1.pdf"),
        ("江城市卫健委2022年度部门决算", "http://elsewhere.example/1.pdf"),
        more="<script>createPageHTML(2, 0, 'index', 'html');</script>",
    ))
    listing = read_listing(_in_list(site, url), _fetcher())
    assert [(each.unit, each.kind, each.url.removeprefix(site.root)) for each in listing.found] == [
        ("江城市教育局", "决算", "/d/1.html"), ("江城市公安局", "预算", "/gk/2.pdf"),
        ("江城市水务局", "决算", "/d/3.html"),
    ]
    assert {each.due for each in listing.found} == {"2023-09-15"} and not listing.more
    site.put("/gk/index_1.html", _list_page(more="<a href='/gk/'>下一页</a>"))
    assert len(read_listing(_in_list(site, url), _fetcher()).found) == 2, "pages that lead back to each other end"
    assert second


def test_a_page_of_the_national_encoding_is_read(site: Site):
    page = _list_page(("江城市教育局2022年度部门决算", "1.pdf")).decode().replace("utf-8", "gbk")
    url = site.put("/gb", page.encode("gbk"))
    assert [each.unit for each in read_listing(_in_list(site, url), _fetcher()).found] == ["江城市教育局"]


def test_what_a_list_no_longer_links_to_is_told_and_a_list_that_fails_tells_nothing_of_it(site: Site):
    both = ("江城市教育局2022年度部门决算", "/1.pdf"), ("江城市公安局2022年度部门决算", "/2.pdf")
    url = site.put("/list", _list_page(*both))
    state: State = {}
    given = [_in_list(site, url)]
    state[url] = look_at_list(given[0], state, _fetcher(), NOW)
    assert [place.unit for place in places_of(given, state)] == ["江城市财政局", "江城市教育局", "江城市公安局"]
    assert state[url].seen[-1].reason == "2 份"
    site.pages["/list"] = (500, {}, b"")
    state[url] = look_at_list(given[0], state, _fetcher(), NOW)
    assert state[url].seen[-1].event == "failed" and not any(each.unlisted for each in state.values())
    site.put("/list", _list_page(("江城市公安局2022年度部门决算", "/2.pdf")))
    state[url] = look_at_list(given[0], state, _fetcher(), NOW)
    assert state[f"{site.root}/1.pdf"].unlisted and not state[f"{site.root}/2.pdf"].unlisted
    assert len(places_of(given, state)) == 3, "what is still there without a link is watched on"
    site.put("/list", _list_page(("江城市教育局2022年度部门决算", "/1.pdf")))
    look_at_list(given[0], state, _fetcher(), NOW)
    assert not state[f"{site.root}/1.pdf"].unlisted
    assert len(places_of([], state)) == 0, "with the list what it led to goes"


@pytest.mark.parametrize(("body", "document"), [
    ('<p>公开如下</p><a href="a.pdf">附件：2022年度部门决算.pdf</a><a href="guide.pdf">使用指南</a>', "/p/a.pdf"),
    ('<a href="t.xlsx">2022年度部门决算表</a><a href="x.docx">2022年度部门决算</a>', "/p/x.docx"),
    ('<a href="b.pdf">点击下载</a>', "/p/b.pdf"),
    ('<table><tr><td>本年收入合计</td><td>1.00</td></tr></table><a href="guide.pdf">使用指南</a>', ""),
    ('<a href="/next.html">下一篇：2022年度部门决算</a>', ""),
])
def test_the_document_attached_to_a_page_is_what_is_posted(site: Site, body: str, document: str):
    page = f"<html><body>{body}</body></html>".encode()
    assert attached(page, f"{site.root}/p/1.html", "决算") == (site.root + document if document else "")


def test_another_document_attached_to_the_same_page_is_a_change(site: Site, tmp_path: Path):
    def page(name: str) -> str:
        return site.put("/p/1.html", f'<a href="{name}">2022年度部门决算</a>'.encode(), ETag='"always"')

    def check(path: Path, _: object) -> CheckedPosting:
        return CheckedPosting(unit=path.read_bytes().decode())

    place = PostedAddress("甲", "决算", 2022, page("a.pdf"))
    site.put("/p/a.pdf", b"first")
    site.put("/p/b.pdf", b"second")
    posting = look(place, None, tmp_path, _fetcher(), NOW, check=check)
    assert posting.checked and posting.checked.unit == "first"
    page("b.pdf")
    posting = look(place, posting, tmp_path, _fetcher(), NOW, check=check)
    assert posting.seen[-1].event == "changed" and posting.checked and posting.checked.unit == "second"
    del site.pages["/p/b.pdf"]
    assert look(place, posting, tmp_path, _fetcher(), NOW, check=check).seen[-1].event == "gone"


def test_the_command_follows_a_list_page(site: Site, tmp_path: Path):
    account = juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
    (path,) = juesuan.publish(account, tmp_path, ["docx"])
    site.put("/d/1.html", '<p>决算公开</p><a href="1.docx">附件</a>'.encode())
    site.put("/d/1.docx", path.read_bytes())
    url = site.put("/list", _list_page(("市人力资源和社会保障信息中心2022年度部门决算", "/d/1.html")))
    (tmp_path / "清单.csv").write_text(f"单位,类别,年度,网址\n武汉市财政局,列表页,2022,{url}\n", "utf-8")
    command = ["watch", str(tmp_path / "清单.csv"), "-o", str(tmp_path / "w"), "--private", "127.0.0.1", "--pause", "0"]
    told = CliRunner().invoke(main, command)
    assert "列出：1 份" in told.output and "第一次看到" in told.output and "错误 0" in told.output, told.output
    assert "不是这一份" not in told.output, "the link's words are short for the same unit"
    again = CliRunner().invoke(main, command)
    assert account.unit.name in again.output, "by the name that the document says"


def test_a_list_that_a_script_fills_is_told_and_not_taken_for_an_empty_one(site: Site, tmp_path: Path):
    url = site.put("/script", b"<div id=list></div><script>load('/api/list')</script>")
    seen = look_at_list(_in_list(site, url), {}, _fetcher(), NOW).seen[-1]
    assert seen.event == "listed" and "0 份" in seen.reason
    assert "由脚本现取的看不到" in seen.reason and "逐个写" in seen.reason
    full = site.put("/full", _list_page(("江城市教育局2022年度部门决算", "1.pdf")))
    assert "脚本" not in look_at_list(_in_list(site, full), {}, _fetcher(), NOW).seen[-1].reason
