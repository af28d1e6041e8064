"""Open data: rows that page without loss, formats that agree, answers that keep the word of their own description."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import jsonschema
import polars
import pytest
import schemathesis
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juesuan.account import plain, to_json
from juesuan.cli import main
from juesuan.web import Settings, create_application, read_licence
from juesuan.web.portal.open_data import FactRow, FormRow, IndicatorRow, Published, Unit
from juesuan.web.routes.public.open_data import described_interface

from .client import Client
from .conftest import City
from .samples import UNIT, account

LISTS = {"departments": 2, "units": 3, "years": 2, "publications": 4, "indicators": None, "forms": None, "facts": None}
"""The lists and how many rows each has in the test's city, where one can count them."""


def _every(city: City, name: str, limit: int, query: str = "") -> Iterator[dict[str, object]]:
    """All rows of a list, page by page, as the Link header leads."""
    browser = city.browser()
    address = f"/api/v1/{name}?limit={limit}{query}" if name != "years" else "/api/v1/years"
    while address:
        answer = browser.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit or name == "years"
        yield from page["items"]
        link = answer.headers.get("link", "")
        assert bool(link) == (page["next"] is not None) and (not link or link.endswith('; rel="next"'))
        address = link.partition(">")[0].removeprefix("<http://testserver")


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_the_rows_that_were_published(portal: City, name: str):
    rows = list(_every(portal, name, 1000))
    assert rows and len(rows) == (LISTS[name] or len(rows))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["departments", "units", "publications", "indicators", "forms"]), limit=st.integers(1, 9))
def test_paging_visits_each_row_once_whatever_the_size_of_a_page(portal: City, name: str, limit: int):
    assert list(_every(portal, name, limit)) == list(_every(portal, name, 1000))


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(7, 300))
def test_paging_through_figures_visits_each_once(portal: City, limit: int):
    rows = list(_every(portal, "facts", limit, "&unit=201&year=2022"))
    keys = [(row["period"], row["form"], row["row"], row["column"]) for row in rows]
    assert len(keys) == len(set(keys)) == len(account().facts)


def test_figures_are_exactly_those_of_the_account(portal: City):
    rows = _every(portal, "facts", 1000, "&unit=201&year=2022")
    given_out = {(r["period"], r["form"], r["row"], r["column"]): (r["value"], r["resolution"]) for r in rows}
    own = {
        (fact.address.period, fact.address.form, fact.address.row, fact.address.column):
            (plain(fact.figure.value), plain(fact.figure.resolution))
        for fact in account().facts.values()
    }
    assert given_out == own
    assert {row["version"] for row in _every(portal, "facts", 1000, "&unit=201&year=2022&form=表9")} == {2}


def test_filters_leave_what_was_asked_for(portal: City):
    assert {row["unit_code"] for row in _every(portal, "publications", 10, "&department=200")} == {"201", "202"}
    assert [row["year"] for row in _every(portal, "publications", 10, "&unit=201&year=2021")] == [2021]
    assert [row["version"] for row in _every(portal, "publications", 10, "&unit=201&year=2022&versions=true")] == [1, 2]
    assert {row["form"] for row in _every(portal, "facts", 1000, "&form=表9&year=2022")} == {"表9"}
    assert {row["period"] for row in _every(portal, "facts", 1000, "&period=上年&unit=201")} == {"上年"}
    assert [row["code"] for row in _every(portal, "units", 10, "&year=2021")] == ["201"]
    assert not list(_every(portal, "units", 10, "&department=nowhere"))
    unit = next(_every(portal, "units", 1))
    assert (unit["name"], unit["years"], unit["department"]) == (UNIT, "2021 2022", "测试市教育局")


@pytest.mark.parametrize("name", LISTS)
def test_csv_and_parquet_say_what_json_says(portal: City, name: str):
    browser = portal.browser()
    most = "" if name == "years" else "&limit=300"
    answers = {kind: browser.get(f"/api/v1/{name}?format={kind}{most}") for kind in ("json", "csv", "parquet")}
    items = [
        {key: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for key, value in row.items()}
        for row in answers["json"].json()["items"]
    ]
    table = polars.read_parquet(io.BytesIO(answers["parquet"].content))
    amounts = {"value", "resolution", "budget", "outlay", "score"} & set(table.columns)
    assert all(table.schema[field] == polars.Decimal(38, 10) for field in amounts)
    typed = [
        {key: (Decimal(value) if value else None) if key in amounts else value for key, value in row.items()}
        | ({"value_text": row["value"]} if "value" in row else {})
        for row in items
    ]
    assert table.to_dicts() == typed
    lines = list(csv.DictReader(io.StringIO(answers["csv"].content.decode("utf-8-sig"), newline="")))
    assert lines == [{key: str(value) for key, value in row.items()} for row in items]
    assert answers["csv"].headers["content-type"] == "text/csv; charset=utf-8"


def test_an_account_comes_byte_for_byte_as_it_was_published(portal: City):
    browser = portal.browser()
    answer = browser.get("/api/v1/accounts/201/2022")
    assert answer.content == to_json(account())
    assert answer.content == browser.get("/units/201/2022/v2/files/account.json").content
    assert browser.get("/api/v1/accounts/201/2022?version=1").content != answer.content
    assert browser.get("/api/v1/accounts/201/2022?version=7").status_code == 404
    described = described_interface()["components"]
    jsonschema.validate(answer.json(), {"$ref": "#/components/schemas/Account", "components": described})


def test_everything_of_a_year_comes_in_one_file(portal: City):
    browser = portal.browser()
    whole = browser.get("/api/v1/bulk/2022")
    with zipfile.ZipFile(io.BytesIO(whole.content)) as package:
        names = set(package.namelist())
        figures = list(csv.DictReader(io.StringIO(package.read("facts.csv").decode("utf-8-sig"), newline="")))
        assert package.read("accounts/201.json") == to_json(account())
        typed = polars.read_parquet(io.BytesIO(package.read("facts.parquet")))
        dictionary = list(csv.DictReader(io.StringIO(package.read("dictionary.csv").decode("utf-8-sig"), newline="")))
        assert "注明：数据来源" in package.read("licence.txt").decode()
    tables = ("publications", "facts", "indicators", "forms")
    assert names == {"accounts/201.json", "accounts/202.json", "accounts/301.json", "dictionary.csv", "licence.txt",
                     *(f"{name}.{kind}" for name in tables for kind in ("csv", "parquet"))}
    assert {(line["表"], line["字段"]) for line in dictionary} >= {("facts", name) for name in typed.columns}
    assert all(line["说明"] for line in dictionary)
    assert typed["value"].to_list() == [Decimal(row["value"]) for row in figures]
    assert typed["value_text"].to_list() == [row["value"] for row in figures]
    rows = [{key: str(value) for key, value in row.items()} for row in _every(portal, "facts", 1000, "&year=2022")]
    assert figures == rows
    table = polars.read_parquet(io.BytesIO(browser.get("/api/v1/bulk/2022?format=parquet").content))
    assert table.height == len(rows) == 3 * len(account().facts)
    text = browser.get("/api/v1/bulk/2022?format=csv").content.decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == rows
    again = browser.get("/api/v1/bulk/2022", headers={"if-none-match": whole.headers["etag"]})
    assert again.status_code == 304
    assert browser.get("/api/v1/bulk/1999").status_code == 404


def test_the_bureau_sets_the_licence_of_its_data(portal: City, tmp_path):
    browser = portal.browser()
    assert browser.get("/api/v1/openapi.json").json()["info"]["license"]["name"] == "决算公开数据的使用"
    before = browser.get("/api/v1/bulk/2022")
    own = tmp_path / "许可.txt"
    own.write_text("江城市公共数据开放许可（2023）\n\n转载请注明。\n", "utf-8-sig")
    portal.site.settings = replace(portal.site.settings, licence=read_licence(own))
    portal.site.cache.forget()
    described = browser.get("/api/v1/openapi.json").json()["info"]["license"]
    assert described["name"] == "江城市公共数据开放许可（2023）"
    assert browser.get(described["url"]).text.endswith("转载请注明。\n")
    assert "江城市公共数据开放许可（2023）" in browser.get("/api").text
    after = browser.get("/api/v1/bulk/2022")
    assert after.headers["etag"] != before.headers["etag"], "nothing else was published, all the same it is made anew"
    with zipfile.ZipFile(io.BytesIO(after.content)) as package:
        assert "转载请注明" in package.read("licence.txt").decode()


@pytest.mark.parametrize(("content", "why"), [
    (None, "读不出来"), (b"", "0 字节"), ("许可".encode("gb18030"), "UTF-8"), (b"x" * 70_000, "64 KB"),
])
def test_a_licence_that_cannot_be_used_is_told_before_the_server_starts(tmp_path, content: bytes | None, why: str):
    path = tmp_path / "许可.txt"
    if content is not None:
        path.write_bytes(content)
    told = CliRunner().invoke(main, ["serve", "--data", str(tmp_path / "data"), "--licence", str(path)])
    assert told.exit_code == 2 and why in told.output


def test_answers_are_tagged_dated_and_open_to_pages_of_other_sites(portal: City):
    browser = portal.browser()
    for address in ("/api/v1/facts?limit=5", "/api/v1/accounts/201/2022", "/api/v1/openapi.json", "/api/v1/bulk/2021"):
        answer = browser.get(address)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        again = browser.get(address, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304 and not again.content
        assert again.headers["access-control-allow-origin"] == "*"
    assert browser.get("/api/v1/facts").headers["last-modified"] == "Wed, 03 Jun 2026 08:00:00 GMT"
    for address in ("/", "/units/201/2022", "/sign-in"):
        assert "access-control-allow-origin" not in browser.get(address).headers


@pytest.mark.parametrize(("address", "status", "word"), [
    ("/api/v1/facts?limit=0", 400, "limit"), ("/api/v1/facts?format=xml", 400, "format"),
    ("/api/v1/facts?cursor=-1&year=x", 400, "year、cursor"), ("/api/v1/nowhere", 404, "没有"),
    ("/api/v1/accounts/999/2022", 404, "没有"), ("/api/v1/facts?unit=%00", 400, "不是文字的字符"),
    ("/api/v1/facts?cursor=99999999999999999999", 400, "cursor"),
    ("/api/v1/facts?Year=2022&page=2", 400, "没有这些参数：Year、page。这个地址的参数：cursor"),
    ("/api/v1/accounts/201/2022?format=csv", 400, "这个地址的参数：disclosure、version"),
])
def test_what_cannot_be_answered_is_a_problem_in_chinese(portal: City, address: str, status: int, word: str):
    answer = portal.browser().get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status and word in problem["detail"] and problem["title"]
    assert portal.browser().client.post("/api/v1/facts").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/api/v1/facts?limit=5", "/units/201/2022", "/", "/api/v1/bulk/2022", "/feed.xml"])
def test_a_head_has_all_but_the_body(portal: City, address: str):
    client = portal.browser().client
    whole, head = client.get(address), client.head(address)
    assert head.status_code == 200 and not head.content
    for name in ("content-type", "etag", "content-length"):
        assert head.headers.get(name) == whole.headers.get(name), name


@pytest.mark.parametrize(("method", "address", "allowed"), [
    ("POST", "/api/v1/facts", "GET, HEAD"), ("PUT", "/documents", "GET, HEAD, POST"), ("GET", "/sign-out", "POST"),
])
def test_a_method_that_is_not_taken_is_told_which_are(city: City, method: str, address: str, allowed: str):
    answer = city.browser().client.request(method, address)
    assert answer.status_code == 405 and answer.headers["allow"] == allowed


def test_links_never_come_from_who_asks(settings: Settings, portal: City):
    """Without an address of its own the server gives links without one: never the one that a request names."""
    evil = {"host": "evil.example"}
    for address in ("/units/201/2022", "/api/v1/units", "/feed.xml", "/sitemap.xml", "/robots.txt", "/api", "/"):
        assert "evil.example" not in portal.browser().client.get(address, headers=evil).text, address
    bare = Client(create_application(replace(settings, data=settings.data / "bare", address="")))
    for address in ("/api/v1/units", "/feed.xml", "/robots.txt", "/api", "/", "/api/v1/openapi.json"):
        answer = bare.get(address, headers=evil)
        assert answer.status_code == 200 and "evil.example" not in answer.text, address
    assert bare.get("/sitemap.xml").status_code == 404


def test_too_many_requests_are_a_problem_too(settings: Settings):
    client = Client(create_application(replace(settings, data=settings.data / "few", requests_per_minute=3)))
    answers = [client.get("/api/v1/years") for _ in range(6)]
    assert answers[0].status_code == 200 and answers[-1].status_code == 429
    assert answers[-1].json()["status"] == 429 and answers[-1].headers["retry-after"]
    assert answers[-1].headers["access-control-allow-origin"] == "*"


def test_an_empty_portal_answers_with_empty_lists(city: City):
    browser = city.browser()
    for name in LISTS:
        answer = browser.get(f"/api/v1/{name}")
        assert answer.status_code == 200 and (answer.json()["items"] == [] or name == "departments")
        table = polars.read_parquet(io.BytesIO(browser.get(f"/api/v1/{name}?format=parquet").content))
        assert name == "departments" or table.height == 0
    for address in ("/", "/units", "/search?q=三公", "/three-public", "/performance", "/compare", "/feed.xml",
                    "/sitemap.xml"):
        assert browser.get(address).status_code == 200


def test_the_page_for_people_describes_every_address_and_every_field(portal: City):
    page = portal.browser().get("/api").text
    for path in described_interface()["paths"]:
        assert f"<code>{path.replace('&', '&amp;')}</code>" in page
    for model in (FactRow, FormRow, IndicatorRow, Published, Unit):
        for name, field in model.model_fields.items():
            assert f"<code>{name}</code>" in page and field.description


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
@pytest.mark.parametrize("path", sorted(described_interface()["paths"]))
def test_every_answer_keeps_the_word_of_the_description(portal: City, path: str, mode: schemathesis.GenerationMode):
    """Requests right and wrong, made from the description by schemathesis; every answer is held against it."""
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", portal.application)

    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(case=described[path]["GET"].as_strategy(generation_mode=mode))
    def hold(case: schemathesis.Case) -> None:
        case.call_and_validate()

    hold()
