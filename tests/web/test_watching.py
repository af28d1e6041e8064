"""What units have posted on their own sites, watched by the server: listed, fetched by the job, shown, told apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.test_watch import Site
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers
from juesuan.web.watching.room import EVERY, ask_when_due

from .conftest import ONE_ENGINE, City
from .publishing import publish
from .samples import UNIT, account, published, wrong_account

pytestmark = ONE_ENGINE


@pytest.fixture
def site():
    made = Site()
    yield made
    made.close()


def _list(*lines: str) -> str:
    return "\n".join(["单位\t类别\t年度\t网址\t期限", *lines])


def _work(city: City) -> int:
    return Workers(city.site, WORKS, FAILURES).do_all()


def test_a_posted_file_is_fetched_checked_and_held_against_what_was_approved(city: City, site: Site, tmp_path: Path):
    city.site.settings = replace(city.site.settings, watched_private=("127.0.0.1",), watched_pause=0.0)
    publish(city, account())
    path = published(tmp_path, wrong_account(), "docx")
    url = site.put("/2022.docx", path.read_bytes())
    browser = city.browser("reviewer")
    assert "还没有网址清单" in browser.get("/watched").text
    other = f"测试市第二中学\t决算\t2022\t{site.root}/none\t2999-01-01"
    pasted = _list(f"{UNIT}\t决算\t2022\t{url}\t2026-05-20", other)
    assert browser.post("/watched", {"pasted": pasted}).status_code == 303
    assert "还没有查看" in browser.get("/watched").text
    browser.post("/watched/look")
    browser.post("/watched/look")
    assert _work(city) == 1, "asked for twice, looked at once"
    page = browser.get("/watched").text
    assert "第一次看到" in page and "迟到 12 天" in page, "the last day was 20 May, it is 1 June"
    assert "不同 1 个" in page and "批复 1,777.50万元，张贴 1,877.50万元" in page
    assert "未到期" in page
    answer = browser.get("/watched/file?line=1")
    assert answer.content == path.read_bytes() and "attachment" in answer.headers["content-disposition"]
    assert browser.get("/watched/file?line=2").status_code == 404

    del site.pages["/2022.docx"]
    browser.post("/watched/look")
    _work(city)
    assert "不见了" in city.browser("inspector").get("/watched").text
    assert browser.get("/watched/file?line=1").content == path.read_bytes(), "what was posted is kept"
    assert city.browser("editor").get("/watched").status_code == 403


def test_a_list_that_is_wrong_changes_nothing_and_no_private_address_is_asked(city: City, site: Site):
    browser = city.browser("reviewer")
    browser.get("/watched")
    told = browser.post("/watched", {"pasted": _list("甲\t决算\t2022\tftp://x\t")})
    assert told.status_code == 400 and "第2行" in told.text
    assert browser.post("/watched", {"pasted": "甲,乙"}).status_code == 400
    url = site.put("/a", b"x")
    browser.post("/watched", {"pasted": _list(f"甲\t决算\t2022\t{url}\t")})
    browser.post("/watched/look")
    _work(city)
    assert "内部网络" in browser.get("/watched").text and site.asked == []


def test_many_addresses_are_looked_at_in_turns_and_again_the_next_day(city: City):
    browser = city.browser("reviewer")
    browser.get("/watched")
    lines = [f"单位{number}\t决算\t2022\thttp://127.0.0.1:{number + 1}/a\t" for number in range(25)]
    browser.post("/watched", {"pasted": _list(*lines)})
    ask_when_due(city.site)
    assert _work(city) == 3, "ten at a time, so that others have their turn"
    ask_when_due(city.site)
    assert _work(city) == 0, "it was looked at just now"
    city.clock.now += EVERY * 1.1
    ask_when_due(city.site)
    assert _work(city) == 3


def test_a_list_page_of_the_city_is_followed_to_each_unit(city: City, site: Site, tmp_path: Path):
    city.site.settings = replace(city.site.settings, watched_private=("127.0.0.1",), watched_pause=0.0)
    publish(city, account())
    path = published(tmp_path, wrong_account(), "docx")
    site.put("/1.docx", path.read_bytes())
    site.put("/1.html", f'<a href="1.docx">附件：{UNIT}2022年度部门决算</a>'.encode())
    url = site.put("/list", f'<a href="1.html">{UNIT}2022年度部门决算</a>'.encode())
    browser = city.browser("reviewer")
    browser.get("/watched")
    browser.post("/watched", {"pasted": _list(f"测试市财政局\t列表页\t2022\t{url}\t")})
    browser.post("/watched/look")
    assert _work(city) >= 1
    page = browser.get("/watched").text
    assert "列出：1 份" in page and "不同 1 个" in page
    assert browser.get("/watched/file?line=2").content == path.read_bytes()
    site.put("/list", b"<p>nothing</p>")
    browser.post("/watched/look")
    _work(city)
    assert "列表页上没有它的链接了" in browser.get("/watched").text
