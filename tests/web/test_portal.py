"""The public portal: what anybody reads, searches, compares and downloads, without signing in and without scripts."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from urllib.parse import quote, unquote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from sqlalchemy import select, update

from juesuan.account import Address, to_json
from juesuan.statute.comparison.indicators import load_indicators
from juesuan.statute.comparison.key_figures import load_key_figures
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Organisation, Publication, PublishedIndicator, SearchPassage
from juesuan.web.portal import queries as asked
from juesuan.web.publication import search
from juesuan.web.publication.publications import ask
from juesuan.web.publication.search import folded, marked, terms_of, words

from .conftest import City
from .publishing import NOTE, SCRIPT, renamed
from .samples import UNIT, account, wrong_account

PAGES = (
    "/", "/units", "/units?department=200&year=2022", "/units/201", "/units/201/2022", "/units/201/2022/v1",
    "/units/201/2022/three-public", "/units/201/2022/performance", "/units/201/2022/peers", "/three-public",
    "/performance?year=2022", "/compare?year=2022&unit=201&unit=202", "/search?q=三公经费", "/api", "/units/301",
    "/units/301/2022", "/units/301/2022/performance", "/units/nowhere",
)
"""Every public page, by an address of each kind."""


def _page(city: City, address: str, status: int = 200) -> html.HtmlElement:
    answer = city.browser().get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return html.fromstring(answer.text)


def _said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole_html_that_loads_nothing_from_elsewhere_and_sets_no_cookie(portal: City, address: str):
    answer = portal.browser().get(address)
    assert "set-cookie" not in answer.headers
    page = html.fromstring(answer.text)
    assert page.get("lang") == "zh-CN" and page.findtext(".//title")
    assert len(page.findall(".//h1")) == 1 and len(page.findall(".//main")) == 1
    if answer.status_code == 200:
        assert [script.get("type") for script in page.findall(".//script")] in ([], ["application/ld+json"])
    assert not page.xpath("//@style") and not page.findall(".//style")
    loaded = [*page.xpath("//link[@rel='stylesheet']/@href"), *page.xpath("//img/@src"), *page.xpath("//script/@src")]
    assert all(address.startswith("/assets/") for address in loaded)
    identities = page.xpath("//@id")
    assert len(identities) == len(set(identities))
    inside = {address[1:] for address in page.xpath("//a/@href") if address.startswith("#")}
    assert inside <= set(identities)


def test_every_link_of_the_public_pages_leads_somewhere(portal: City):
    browser = portal.browser()
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen or "/files/" in address or address.startswith(("/search?", "/sign-in", "http")):
            continue
        seen.add(address)
        answer = browser.get(address)
        assert answer.status_code == 200, address
        if "html" in answer.headers["content-type"]:
            page = html.fromstring(answer.text)
            waiting += [href.partition("#")[0] for href in page.xpath("//a/@href") if href.startswith("/")]
    assert {"/units/201/2022/v1", "/units/202/2022/peers", "/feed.xml"} <= seen


def test_home_counts_units_and_accounts_and_names_the_latest_first(portal: City):
    page = _page(portal, "/")
    numbers = [each.text for each in page.find_class("totals")[0].findall(".//b")]
    assert numbers == ["3 / 5", "5,332.49", "4", "2", "1"], "201 twice, 202, 301; two years; one correction"
    assert "测试市教育局" in _said(page) and "测试市卫生局" in _said(page)
    first = page.find_class("news")[0].findall("li")[0]
    assert "测试市第一医院" in _said(first) and "2026-06-03" in _said(first)


def test_a_signed_in_user_sees_the_same_page_with_a_way_to_the_desk(portal: City):
    answer = portal.browser("editor").get("/")
    page = html.fromstring(answer.text)
    assert page.xpath("//a[@href='/desk']") and page.find_class("totals")
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
    assert "csrf" not in portal.browser().get("/").text


def test_the_page_of_an_account_prints_its_tables_with_headings_and_blanks_stay_blank(portal: City):
    page = _page(portal, "/units/201/2022")
    table = page.xpath("//section[contains(@id, '表1')]//table")[0]
    rows = {row.xpath("string(th)").strip(): row for row in table.findall(".//tbody/tr")}
    total = account().amount(Address("表1", "27", "1"))
    assert f"{total / 10_000:,.2f}".rstrip("0") in _said(rows["本年收入合计"])
    blank = rows["二、政府性基金预算财政拨款收入"].findall("td")
    assert [cell.text for cell in blank[:2]] == ["2", None], "line 2, and no amount: not 0"
    assert all(cell.get("scope") for cell in page.findall(".//th"))
    assert all(table.find("caption") is not None for table in page.findall(".//table"))
    drawings = page.xpath("//figure[@class='chart']/div[@role='img']")
    assert drawings and all(drawing.get("aria-label") for drawing in drawings)
    assert len(page.xpath("//nav[@class='contents']//a")) > 20
    assert account().unit.name in _said(page) and "绩效自评" in _said(page) and "名词解释" in _said(page)


def test_a_superseded_version_says_so_and_leads_on_and_the_correction_tells_why(portal: City):
    old, new = _page(portal, "/units/201/2022/v1"), _page(portal, "/units/201/2022")
    notice = old.find_class("superseded")[0]
    assert "已被更正" in _said(notice) and notice.xpath(".//a/@href") == ["/units/201/2022"]
    assert NOTE in _said(new.find_class("correction")[0])
    assert not new.find_class("superseded") and not old.find_class("correction")
    assert "/units/201/2022/v1" in new.xpath("//a/@href")
    wrong = wrong_account().amount(Address("表1", "27", "1"))
    assert f"{wrong / 10_000:,.2f}".rstrip("0") in _said(old) and _said(new).count("更正说明") == 1
    assert old.xpath("//link[@rel='canonical']/@href")[0].endswith("/units/201/2022/v1")
    assert new.xpath("//link[@rel='canonical']/@href")[0].endswith("/units/201/2022")


def test_files_come_with_their_type_chinese_name_fingerprint_and_date_and_never_change(portal: City):
    browser, page = portal.browser(), _page(portal, "/units/201/2022")
    data = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert data["@type"] == "Dataset" and data["datePublished"].startswith("2026-06-02")
    addresses = page.xpath("//section[@class='downloads']//a[@download]/@href")
    assert len(addresses) == len(data["distribution"]) == 6
    for address, described in zip(addresses, data["distribution"], strict=True):
        answer = browser.get(address)
        assert answer.status_code == 200 and described["contentUrl"].endswith(address)
        assert answer.headers["content-type"].partition(";")[0] == described["encodingFormat"]
        assert hashlib.sha256(answer.content).hexdigest() == described["sha256"]
        named = unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])
        assert named == f"2022年度{UNIT}决算公开.{address.rpartition('.')[2]}"
        assert answer.headers["last-modified"] == "Tue, 02 Jun 2026 08:00:00 GMT"
        assert answer.headers["access-control-allow-origin"] == "*" and "immutable" in answer.headers["cache-control"]
        again = browser.get(address, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304 and not again.content
    assert data["identifier"] == "sha256:" + next(
        each["sha256"] for each in data["distribution"] if each["contentUrl"].endswith("account.json")
    )
    assert browser.client.head(addresses[0]).status_code == 200


@pytest.mark.parametrize("address", [
    "/units/201/2022/v1/files/page.html", "/units/201/2022/v1/files/contents.json", "/units/201/2022/v9",
    "/units/201/2022/v0", "/units/201/2022/v-1", "/units/201/2022/vx", "/units/201/1999", "/units/201/x", "/units/203",
    "/units/201/2022/v1/files/..%2f..%2faccount.json", "/units/201/2022/v1/files/%2e%2e",
    "/units/201/99999999999999999999", "/units/201/2022/v99999999999999999999",
    "/units/100", "/units/201/2022/v3/files/account.pdf",
])
def test_what_is_not_there_is_not_found_in_chinese(portal: City, address: str):
    assert "没有" in _said(_page(portal, address, 404).find(".//main"))


def test_pages_are_packed_tagged_and_answered_304_until_something_changes(portal: City):
    browser = portal.browser()
    packed = browser.get("/units/201/2022", headers={"accept-encoding": "gzip"})
    plain = browser.get("/units/201/2022", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.text == plain.text and packed.headers["etag"] != plain.headers["etag"]
    for answer in (packed, plain):
        again = browser.get("/units/201/2022", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304 and not again.content
    assert browser.get("/units/201/2022", headers={"if-none-match": '"else"'}).status_code == 200


def _found(city: City, query: str, more: str = "") -> list[str]:
    page = _page(city, f"/search?q={quote(query)}{more}")
    return [_said(hit) for hit in page.xpath("//ol[@class='hits']/li/h2")]


def test_the_search_finds_names_texts_two_signs_one_sign_and_amounts(portal: City):
    everywhere = {f"{UNIT} 2022年度决算", f"{UNIT} 2021年度决算", "测试市第二中学 2022年度决算"}
    assert len(_found(portal, "")) == 0
    assert _found(portal, "第一中学") == [f"{UNIT} 2022年度决算", f"{UNIT} 2021年度决算"]
    for query in ("三公经费", "“三公”经费", "社会保障", "社保", "卡", "1,777.5", "1777.5", "2080108", "20801"):
        assert everywhere <= set(_found(portal, query)), query
    assert _found(portal, "第二中学 三公经费 社保卡") == ["测试市第二中学 2022年度决算"]
    assert _found(portal, "第一中学", "&year=2021") == [f"{UNIT} 2021年度决算"]
    assert _found(portal, "三公经费", "&department=300")[0].startswith("测试市第一医院")
    assert _found(portal, "没有这样的话") == [] and _found(portal, "会社 保障") == []


def test_the_words_found_are_marked_with_the_passage_and_its_place(portal: City):
    page = _page(portal, "/search?q=三公经费&year=2021")
    hit = page.xpath("//ol[@class='hits']/li")[0]
    assert "三公”经费" in {"".join(mark.itertext()) for mark in hit.findall(".//mark")}
    target = hit.xpath(".//a[@class='where']/@href")[0]
    address, _, anchor = target.partition("#")
    assert _page(portal, address).xpath(f"//*[@id='{anchor}']")


def test_the_wrong_figure_of_a_corrected_version_is_no_longer_found(portal: City):
    total = wrong_account().amount(Address("表1", "27", "1")) / 10_000
    assert _found(portal, f"{total:.2f}".rstrip("0")) == []


@pytest.mark.parametrize("query", [
    "' OR 1=1 --", '"; DROP TABLE publication; --', '" OR grams MATCH "a', "*", "三公* AND NEAR(", "a OR b", "-- ",
    "grams:三公", "%", "_", "\\", "'':*", "🙂", "(", "三公" * 500, "{}", "<script>alert(1)</script>",
])
def test_hostile_words_are_only_words(portal: City, query: str):
    answer = portal.browser().client.get("/search", params={"q": query, "department": query, "year": query})
    assert answer.status_code == 200 and "<script>alert" not in answer.text
    assert portal.browser().client.get("/compare", params={"unit": query, "year": query}).status_code == 200
    with portal.site.database.reading() as session:
        assert session.scalars(select(Publication)).first()


@pytest.mark.parametrize("path", ["/units/%00/2022", "/units/201%00", "/search?q=%00三公", "/compare?unit=%00"])
def test_what_is_no_text_is_refused(portal: City, path: str):
    answer = portal.browser().client.get(path)
    assert answer.status_code == 400 and "不是文字的字符" in answer.text


@given(st.text(min_size=1, max_size=40))
def test_any_words_can_be_looked_for_and_are_found_where_they_stand(portal: City, text: str):
    for term in terms_of(text):
        with portal.site.database.reading() as session:
            embedded = search.is_embedded(session)
            query = select(SearchPassage.id).where(search.matching(embedded))
            session.scalars(query, search.parameters(embedded, [term])).all()


@given(st.text(alphabet="三公经费2022.,年“”ab ", min_size=1, max_size=30), st.data())
def test_whatever_is_cut_out_of_a_text_is_marked_in_it(text: str, data: st.DataObject):
    signs = folded(text)[0]
    if not signs:
        assert words(text) == []
        return
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    stretches = marked(text, [part] if folded(part)[0] else [signs])
    assert "".join(stretch.text for stretch in stretches) == text
    if folded(part)[0] and folded(part)[0] in signs:
        assert any(stretch.found for stretch in stretches)


def test_results_come_in_pages_and_each_once(portal: City, monkeypatch: pytest.MonkeyPatch):
    whole = _found(portal, "决算")
    assert len(whole) == 4
    for size in (1, 2, 3):
        monkeypatch.setattr("juesuan.web.portal.searching.PAGE", size)
        portal.site.cache.forget()
        pages = [_found(portal, "决算", f"&page={number}") for number in range(1, -(-4 // size) + 1)]
        assert [hit for page in pages for hit in page] == whole


def test_texts_that_try_to_be_scripts_stay_texts(portal: City):
    browser = portal.browser()
    for address in (*PAGES, "/search?q=alert", "/feed.xml", "/sitemap.xml"):
        text = browser.get(address).text
        assert "<script>alert" not in text and "<img src=x" not in text, address
    shown = browser.get("/units/301/2022").text
    assert shown.count("&lt;script&gt;alert") > 20
    data = json.loads(html.fromstring(shown).xpath("//script[@type='application/ld+json']")[0].text)
    assert SCRIPT in data["name"] or SCRIPT in data["creator"]["name"]


def test_trends_expenses_forms_and_chosen_units_show_the_same_figures(portal: City):
    plan = load_key_figures()
    income = next(figure for figure in plan.figures if figure.key == "收入")
    shown = f"{account().amount(income.address) / 10_000:,.2f}"
    trend = _page(portal, "/units/201").xpath("//tr[th='本年收入合计']")[0]
    assert [cell.text_content() for cell in trend.findall("td")] == [shown, shown], "2021 and 2022"
    compared = _page(portal, "/compare?year=2022&unit=202&unit=201").xpath("//tr[th='本年收入合计（万元）']")[0]
    assert [cell.text_content() for cell in compared.findall("td")] == [shown, shown]
    total = plan.three_public[0]
    budget, actual = (f"{account().amount(address) / 10_000:,.2f}" for address in total.addresses)
    own = _page(portal, "/units/201/2022/three-public").xpath("//tr[th='合计']")[0]
    assert [cell.text_content() for cell in own.findall("td")] == [budget, actual]
    every = _page(portal, "/three-public?year=2022").xpath(f"//tr[th/a='{UNIT}']")[0]
    assert [cell.text_content() for cell in every.findall("td")][:2] == [budget, actual]
    abroad = [cell.text_content() for cell in own.getparent().xpath("tr[2]/td")]
    assert abroad == ["—", "—"], "blank in the account: not 0.00"
    whole = next(sheet for sheet in account().sheets if sheet.kind == "整体")
    forms = _page(portal, "/units/201/2022/performance")
    assert str(whole.score) in _said(forms) and all(line.name in _said(forms) for line in whole.indicators)
    assert str(whole.score) in _said(_page(portal, "/performance?year=2022"))


def test_fewer_peers_than_can_be_compared_are_not_compared(portal: City):
    page = _said(_page(portal, "/units/201/2022/peers"))
    assert "3 个单位" in page and "第 1 位" not in page


def test_peers_are_ranked_with_quartiles_by_hand(portal: City, monkeypatch: pytest.MonkeyPatch):
    """Three peers have 91.02 points each; with one of them at 80 and one at 70 the quartiles are 75, 80, 85.51."""
    plan = load_indicators()
    monkeypatch.setattr("juesuan.web.portal.queries.load_indicators", lambda: msgspec.structs.replace(plan, fewest=3))
    with pytest.raises(LookupError), portal.site.database.writing() as session:
        rows = {row.organisation.code: row for row in asked.listed(session, Publication.year == 2022)}
        for code, value in (("202", "80"), ("301", "70")):
            session.execute(update(PublishedIndicator).where(
                PublishedIndicator.publication_id == rows[code].id, PublishedIndicator.key == "自评得分"
            ).values(value=value))
        found, count = asked.standings(session, rows["202"])
        score = next(each for each in found if each.indicator.key == "自评得分")
        assert count == 3 and score.quartiles == (Decimal(75), Decimal(80), Decimal("85.51"))
        assert (score.rank, score.quarter) == (2, 2), "more is better for this one"
        raise LookupError


def test_the_feed_names_every_version_and_the_site_map_every_page(portal: City):
    space = {"a": "http://www.w3.org/2005/Atom", "m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    feed = etree.fromstring(portal.browser().get("/feed.xml").content)
    entries = feed.findall("a:entry", space)
    assert len(entries) == 5 and feed.findtext("a:updated", namespaces=space) == entries[0].findtext("a:updated",
                                                                                                   namespaces=space)
    corrected = next(e for e in entries if "更正" in e.findtext("a:title", namespaces=space))
    assert NOTE in corrected.findtext("a:summary", namespaces=space)
    assert corrected.findtext("a:id", namespaces=space).endswith("/units/201/2022/v2")
    sites = etree.fromstring(portal.browser().get("/sitemap.xml").content).xpath("//m:loc/text()", namespaces=space)
    browser = portal.browser()
    assert all(browser.get(address.removeprefix("http://testserver")).status_code == 200 for address in sites)
    assert "http://testserver/units/201/2021" in sites
    assert "Sitemap: http://testserver/sitemap.xml" in browser.get("/robots.txt").text


def test_what_is_being_made_or_has_failed_is_seen_nowhere(portal: City):
    with pytest.raises(LookupError), portal.site.database.writing() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == "202")).one()
        made = renamed(account(), "测试市第二中学", year=2020)
        row = ask(session, portal.site, SYSTEM, home, 2020, to_json(made))
        assert asked.versions(session, home.id, 2020) == [] and row.state == "making"
        assert 2020 not in asked.years(session) and row.id not in [each.id for each in asked.latest(session, 100)]
        raise LookupError


def test_addresses_of_pages_and_figures_hold_no_sign_that_needs_care(portal: City):
    page = portal.browser().get("/units/201/2022").text
    assert not re.search(r'href="[^"]*[<>\s]', page)
