"""A budget's whole way: opened, filled in, sent in, reviewed, approved, published, served, compared."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import msgspec
from sqlalchemy import select

import juesuan
from juesuan.account import Account, Address, Fact, Figure, from_json
from juesuan.compiler.editor.content import of_workbook
from juesuan.statute import load_statute
from juesuan.web.auth.sessions import SignedInUser
from juesuan.web.filing.filings import content_of, take_over
from juesuan.web.filing.held_against import others_of
from juesuan.web.filing.processing import TakenOver
from juesuan.web.infra.models import Filing, Publication, ReviewFile, Season, User

from .conftest import ONE_ENGINE, Browser, City
from .filling import WORKBOOK, begin, fill_in, open_season, save, take, upload
from .publishing import publish, renamed, work
from .samples import EXAMPLE, UNIT, account, budget

BUDGET = "budget-unit"
BOOK = EXAMPLE / "budget" / "workbook.xlsx"


def changed(made: Account, address: Address, amount: int, **more: object) -> Account:
    """The same with another amount at an address."""
    other = renamed(made, **more)
    other.put(Fact(address, Figure(Decimal(amount))))
    return other


def begin_budget(city: City, year: int = 2022) -> tuple[Browser, str]:
    """The unit's editor begins its budget of a year."""
    browser = city.browser("editor")
    browser.get("/filings")
    answer = browser.post("/filings", {"year": str(year), "kind": "预算"})
    assert answer.status_code == 303, answer.text
    return browser, answer.headers["location"]


def fill_budget(city: City, address: str) -> None:
    """Takes over the example's workbook and ledger."""
    law = load_statute(BUDGET, 2022)
    filled, _ = of_workbook(BOOK, law)
    with city.site.database.writing() as session:
        row = session.get_one(Filing, int(address.rpartition("/")[2]))
        user = session.scalars(select(User).where(User.name == row.updated_by)).one()
        taken = TakenOver(filled, tuple(filled.pages), (), "workbook")
        take_over(session, city.site, SignedInUser(user.name, role=user.role), row, taken, BOOK.name)


def test_the_whole_way_of_a_budget(city: City):
    open_season(city, 2022, BUDGET)
    browser, address = begin_budget(city)
    page = browser.get(address).text
    assert f"{UNIT}　2022年度预算" in page and "预算管理系统的台账" in page and "佐证数据" not in page
    for sheet in ("收入", "支出", "基本支出", "三公经费"):
        assert browser.get(f"{address}/sheets/{sheet}").status_code == 200
    told = upload(browser, address, BOOK)
    assert "已从 workbook.xlsx 读入" in told and "本单位是“测试市第一中学”" in told
    assert "已从 ledger.csv 读入" in upload(browser, address, EXAMPLE / "budget" / "ledger.csv")
    name = "武汉市人力资源和社会保障信息中心"
    assert save(browser, address, "单位信息", **{"0.name": (name, UNIT)}).status_code == 200
    # A wrong figure is seen beside its cell and stops the budget.
    wrong = save(browser, address, "三公经费", **{"0.b5": ("30000", "-1")})
    page = browser.get(address).text
    assert wrong.status_code == 200 and "错误" in page
    assert "还有错误" in take(city, "editor", address, "submit").text
    assert save(browser, address, "三公经费", **{"0.b5": ("-1", "30000")}).status_code == 200
    assert take(city, "editor", address, "submit").status_code == 303
    assert take(city, "approver", address, "confirm").status_code == 303
    beside = city.browser("department").get(f"{address}/beside").text
    assert "2022年度预算" in beside and "本年支出预算合计" in beside and "3,227.02" in beside
    back = take(city, "department", address, "return", reason="请补充绩效目标的说明。")
    assert back.status_code == 303 and "请补充绩效目标的说明。" in browser.get(address).text
    for name, key in (("editor", "submit"), ("approver", "confirm"), ("department", "pass"), ("reviewer", "approve")):
        assert take(city, name, address, key).status_code == 303, key
    assert work(city) == 1
    citizen = city.browser()
    for place in ("/units/201/2022", "/units/201/2022/budget", "/units/201/2022/budget/v1"):
        page = citizen.get(place)
        assert page.status_code == 200 and f"{UNIT}　2022年度预算" in page.text and "收入预算" in page.text
        assert "3,227.02" in page.text and "单位预算表" in page.text
    files = set(_files(citizen.get("/units/201/2022/budget").text))
    kinds = ("pdf", "docx", "html", "xlsx", "json", "csv")
    assert files == {f"/units/201/2022/budget/v1/files/account.{kind}" for kind in kinds}
    made = from_json(citizen.get("/units/201/2022/budget/v1/files/account.json").content)
    assert made.unit.name == UNIT and made.facts.keys() == budget().facts.keys()
    assert citizen.get("/units/201/2022/outcome").status_code == 404, "there is no account yet"
    assert citizen.get("/units/201/2022/v2").status_code == 404
    proof = city.browser("reviewer").get(f"{address}/proof.zip")
    assert proof.status_code == 200
    with zipfile.ZipFile(io.BytesIO(proof.content)) as archive:
        assert any("预算" in name for name in archive.namelist())


def _files(page: str) -> list[str]:
    return re.findall(r'href="([^"]+/files/[^"]+)"', page)


def test_an_account_begins_from_the_published_budget_and_is_held_against_it(city: City):
    publish(city, budget())
    open_season(city)
    browser, address = begin(city)
    with city.site.database.reading() as session:
        row = session.scalars(select(Filing)).one()
        filled = content_of(row)
        others = [from_json(path.read_bytes()).year for path in others_of(session, city.site, row)]
    assert others == [2022], "its budget; there is no account of the year before"
    items = {line.cells["function"]: line.cells for line in filled.page("支出").lines}
    assert Decimal(items["2080108"]["budget_project"]) == 21_784_800
    assert Decimal(items["2080150"]["budget_basic"]) == 5_851_900
    held = filled.page("三公经费").cells
    assert {key: Decimal(value) for key, value in held.items() if key.startswith("b")} == {"b5": 30_000, "b6": 7_000}
    assert [line.cells for line in filled.page("项目").lines] == [
        {"name": "人社系统信息化建设项目", "function": "2080108", "initial": "21784800.00"},
        {"name": "日常系统运行经费项目", "function": "2080199", "initial": "2105400.00"},
    ]
    assert len(filled.page("绩效指标").lines) == len([i for g in budget().goals for i in g.indicators])
    # The example's workbook has the same approved amounts.
    fill_in(city, address)
    save(browser, address, "单位信息", **{"0.name": ("武汉市人力资源和社会保障信息中心", UNIT)})
    assert "公开的部门预算为" not in browser.get(address).text
    less = changed(budget(), Address("预5", "2080108", "3"), 20_000_000)
    publish(city, less, note="项目支出更正。")
    page = browser.get(address).text
    assert "本文件为2,178.48万元，公开的部门预算为2,000.00万元" in page


def test_what_is_published_later_is_taken_where_it_is_asked_for(city: City):
    open_season(city)
    browser, address = begin(city)
    assert "带入" not in _plain(browser.get(address).text).split("从文件开始")[1]
    line = {"n.1.function": "2080108", "n.1.source": "一般公共预算", "n.1.budget_project": "1"}
    assert browser.post(f"{address}/sheets/支出", line).status_code == 303
    publish(city, budget())
    assert "带入2022年度预算" in browser.get(address).text
    assert "已带入" in browser.post(f"{address}/known", {}).text
    items = {line.cells["function"]: line.cells for line in _filing(city).page("支出").lines}
    assert items["2080108"]["budget_project"] == "1", "what was typed stays"
    assert Decimal(items["2080150"]["budget_basic"]) == 5_851_900
    assert len(_filing(city).page("项目").lines) == 2
    assert "没有可以再带入的" in browser.post(f"{address}/known", {}).text


def _filing(city: City):
    with city.site.database.reading() as session:
        return content_of(session.scalars(select(Filing)).one())


def test_a_budget_begins_from_last_years_budget_and_outcome(city: City):
    publish(city, renamed(budget(), year=2021))
    publish(city, renamed(account(), year=2021))
    open_season(city, 2022, BUDGET)
    _, address = begin_budget(city)
    filled = _filing(city)
    spent = {line.cells["function"]: line.cells for line in filled.page("支出").lines}
    assert Decimal(spent["2080108"]["last_project"]) == 2_415_600 + 790_400 + 4_634_500
    assert Decimal(filled.page("三公经费").cells["p5"]) == 30_000
    assert filled.page("文字说明").cells and filled.page("单位信息").cells["name"] == UNIT
    with city.site.database.reading() as session:
        row = session.scalars(select(Filing)).one()
        others = [from_json(path.read_bytes()) for path in others_of(session, city.site, row)]
    assert [(other.year, other.profile) for other in others] == [(2021, BUDGET), (2021, "wuhan-2022")]
    fill_budget(city, address)
    told = upload(city.browser("editor"), address, WORKBOOK)
    assert "不认识" in told or "没有" in told, "an account's workbook is none of a budget"


def test_each_kind_has_its_season_and_its_days(city: City):
    open_season(city, 2022)
    open_season(city, 2022, BUDGET)
    reviewer = city.browser("reviewer")
    page = reviewer.get("/seasons").text
    assert "预算，部门自财政批复之日起 20 日，单位 35 日" in page
    assert "2022 年度预算已经开放" in reviewer.post("/seasons", {"year": "2022", "profile": "budget"}).text
    assert reviewer.post("/seasons/approval", {"year": "2022", "kind": "预算", "approved": "2022-02-10"}
                         ).status_code == 303
    with city.site.database.reading() as session:
        days = {row.kind: row.approved for row in session.scalars(select(Season))}
    assert days == {"决算": "", "预算": "2022-02-10"}
    wrong = {"year": "2022", "kind": "预算", "profile": "national"}
    assert "口径应从预算的口径里选择" in reviewer.post("/seasons/profile", wrong).text
    assert reviewer.post("/seasons/profile", wrong | {"profile": "budget"}).status_code == 303
    begin_budget(city)
    begin(city)
    board = reviewer.get("/progress?year=2022").text
    assert "2022年度预算和决算" in board and board.count(">预算</td>") == board.count(">决算</td>") == 5
    # 10 February and 35 days: of a unit.
    assert "2022-03-17" in board and "2022-03-02" in board
    only = reviewer.get("/progress?year=2022&kind=预算").text
    assert only.count(">预算</td>") == 5 and ">决算</td>" not in only
    assert "【催办】2022年度预算公开" in only
    listed = city.browser("editor").get("/filings?year=2022&kind=预算").text
    assert "填报　2022年度预算" in listed and "2022年度决算</a>" in listed
    desk = city.browser("editor").get("/desk").text
    assert "本单位 2022年度预算" in desk and "本单位 2022年度决算" in desk
    assert "2022年度预算已有 1 个单位开始填报" in reviewer.post("/seasons/end", {"year": "2022", "kind": "预算"}).text


def test_what_is_budgeted_is_found_by_code_beside_what_was_spent(city: City):
    publish(city, budget())
    citizen = city.browser()
    assert citizen.get("/subjects/2080108").status_code == 404, "nobody has spent anything yet"
    publish(city, account())
    spent = citizen.get("/subjects/2080108").text
    assert "784.05" in spent and "2,178.48" not in spent
    assert 'href="/subjects/2080108?kind=预算"' in spent
    planned = citizen.get("/subjects/2080108?kind=预算").text
    assert "2,178.48" in planned and "784.05" not in planned and f'<a href="/units/201">{UNIT}</a>' in planned
    assert 'href="/subjects/20801?kind=预算"' in planned and 'href="/subjects/2080108"' in planned
    # 社会保障和就业支出 of the example's budget, printed in its explanation too.
    assert "3,045.24" in citizen.get("/subjects?kind=预算").text
    assert citizen.get("/subjects/999?kind=预算").status_code == 404


def test_both_of_a_year_stand_beside_each_other(city: City):
    publish(city, budget())
    publish(city, account())
    last = changed(budget(), Address("预9", "金额", "6"), 5000, year=2021)
    publish(city, last)
    citizen = city.browser()
    page = citizen.get("/units/201/2022").text
    assert f"{UNIT}　2022年度决算" in page and "这一年的预算和决算" in page
    assert 'href="/units/201/2022/budget/v1"' in page and 'href="/units/201/2022/v1"' in page
    outcome = citizen.get("/units/201/2022/outcome").text
    table = {cells[0]: cells[1:] for cells in _table(outcome)}
    # 预算 32,270,200.00 and 决算 of the same table of the example, by hand from the two documents.
    spent = account().get(Address("表1", "58", "2")).figure.value
    assert table["本年支出合计"][0] == "3,227.02"
    assert table["本年支出合计"][-2] == f"{(spent - 32_270_200) / 10_000:,.2f}"
    assert table["公务接待费"][:2] == ["0.70", "0.70"], "what was approved, and as adjusted"
    assert table["公务接待费"][2:] == ["—", "-0.70", "0.00%"], "nothing was spent: the difference is the whole budget"
    assert table["社会保障和就业支出"][0] == "3,045.24"
    assert table["人社系统信息化建设项目"][0] == "2,178.48"
    assert "政府性基金预算支出" not in table, "nobody has any"
    goals = outcome.partition('id="goals"')[2]
    rows = {cells[0]: cells[1:] for cells in _table(goals) if cells[0] != "指标"}
    assert rows["社保自助查询打印等业务年处理量"][:2] == ["30万笔", "30万笔"]
    assert "变化" not in goals, "every target is the budget's"
    assert len(rows) == len({i.name for g in budget().goals for i in g.indicators})
    form = budget().goals[0]
    fewer = (msgspec.structs.replace(form.indicators[0], target="20万笔"), *form.indicators[2:])
    other = renamed(budget())
    other.goals = (msgspec.structs.replace(form, indicators=fewer), *budget().goals[1:])
    publish(city, other, note="绩效目标更正。")
    told = citizen.get("/units/201/2022/outcome").text.partition('id="goals"')[2]
    rows = {cells[0]: cells[1:] for cells in _table(told)}
    assert rows["社保自助查询打印等业务年处理量"][:2] == ["20万笔", "30万笔"]
    assert rows["社保自助查询打印等业务年处理量"][-1] == "目标值不同" and rows["社保卡持卡人数"][-1] == "自评新增"
    before = citizen.get("/units/201/2022/budget/last").text
    grown = {cells[0]: cells[1:] for cells in _table(before)}
    assert grown["公务接待费"] == ["0.50", "0.70", "+0.20", "140.00%"]
    assert citizen.get("/units/201/2021/budget/last").status_code == 404
    unit = citizen.get("/units/201").text
    assert "公开的预算和决算" in unit and "历年预算" in unit and "与上年预算" in unit
    three = citizen.get("/three-public?year=2022").text
    assert "年初预算" in three
    compared = citizen.get("/compare?year=2022&kind=预算&unit=201").text
    assert "单位比较　2022年度预算" in compared and "3,227.02" in compared
    found = citizen.get("/search?q=绩效目标&kind=预算").text
    assert "有 2 份预算符合" in found and "/units/201/2022/budget" in found
    assert "2 份决算和预算" in citizen.get("/search?q=人社系统信息化建设项目&year=2022").text
    assert "预算、决算" in citizen.get("/units").text
    assert "1 份决算" in _plain(citizen.get("/").text) and "2 份预算" in _plain(citizen.get("/").text)
    feed, site_map = citizen.get("/feed.xml").text, citizen.get("/sitemap.xml").text
    assert "/units/201/2022/budget/v1" in feed and "2022年度预算" in feed
    assert "/units/201/2022/outcome" in site_map and "/units/201/2021/budget<" in site_map


def _plain(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def _table(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    return [[_plain(cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def test_budgets_are_corrected_in_versions_of_their_own(city: City):
    publish(city, budget())
    publish(city, account())
    wrong = changed(budget(), Address("预9", "金额", "6"), 7100)
    row = publish(city, wrong, note="公务接待费更正。")
    assert (row.kind, row.version) == ("预算", 2)
    citizen = city.browser()
    assert "已被更正取代" in citizen.get("/units/201/2022/budget/v1").text
    assert "公务接待费更正。" in citizen.get("/units/201/2022/budget").text
    differing = citizen.get("/units/201/2022/budget/versions")
    assert differing.status_code == 200 and "不同的数（1）" in differing.text
    assert "第1版" in citizen.get("/units/201/2022").text, "the account is at its first"
    assert citizen.get("/units/201/2022/versions").status_code == 404


def test_the_api_gives_budgets_where_they_are_asked_for(city: City):
    publish(city, budget())
    publish(city, account())
    citizen = city.browser()

    def rows(address: str) -> list[dict[str, object]]:
        return citizen.get(f"/api/v1/{address}").json()["items"]

    assert [row["disclosure"] for row in rows("publications")] == ["决算"], "as ever"
    assert {row["disclosure"] for row in rows("publications?disclosure=全部")} == {"决算", "预算"}
    (published,) = rows("publications?disclosure=预算")
    assert published["url"].endswith("/units/201/2022/budget/v1")
    facts = rows("facts?disclosure=预算&form=预1&limit=1000")
    total = next(row for row in facts if row["row"] == "收入总计" and row["period"] == "本年")
    assert total["value"] == "32270200" and total["disclosure"] == "预算"
    assert rows("facts?form=预1") == [] and rows("facts?disclosure=全部&form=预1") != []
    goals = rows("forms?disclosure=预算")
    assert {(row["kind"], row["budget"], row["outlay"]) for row in goals} >= {("项目", "21784800", "")}
    assert goals[1]["indicators"][0]["target"] and not goals[1]["indicators"][0]["actual"]
    assert rows("years") == [{"year": 2022, "accounts": 1, "budgets": 1}]
    (unit,) = rows("units")
    assert (unit["years"], unit["budget_years"]) == ("2022", "2022")
    assert from_json(citizen.get("/api/v1/accounts/201/2022?disclosure=预算").content).profile == BUDGET
    assert citizen.get("/api/v1/accounts/201/2022?disclosure=别的").status_code == 400
    bulk = citizen.get("/api/v1/bulk/2022?disclosure=全部")
    with zipfile.ZipFile(io.BytesIO(bulk.content)) as archive:
        assert {"accounts/201.json", "budgets/201.json"} <= set(archive.namelist())
    with zipfile.ZipFile(io.BytesIO(citizen.get("/api/v1/bulk/2022").content)) as archive:
        assert "budgets/201.json" not in archive.namelist()
    described = citizen.get("/api/v1/openapi.json").json()
    names = {each["name"] for each in described["paths"]["/api/v1/facts"]["get"]["parameters"]}
    assert "disclosure" in names
    assert "disclosure" in described["components"]["schemas"]["FactRow"]["properties"]
    parquet = citizen.get("/api/v1/facts?disclosure=预算&format=parquet")
    assert parquet.status_code == 200 and parquet.content[:4] == b"PAR1"


@ONE_ENGINE
def test_a_budget_file_is_reviewed_against_what_is_published(city: City, tmp_path: Path):
    """The review desk takes budgets, and holds accounts against them."""
    publish(city, changed(budget(), Address("预5", "2080108", "1"), 20_000_000))
    reviewer = city.browser("reviewer")
    reviewer.get("/documents")
    for made, form in ((account(), "docx"), (budget(), "docx")):
        (path,) = juesuan.publish(made, tmp_path / made.profile, [form])
        answer = reviewer.post("/documents", files={"files": (path.name, path.read_bytes())})
        assert answer.status_code in (200, 303)
    assert work(city) == 2
    with city.site.database.reading() as session:
        read = {row.disclosure: row for row in session.scalars(select(ReviewFile))}
    assert {kind: (row.state, row.year) for kind, row in read.items()} == {
        "决算": ("read", 2022), "预算": ("read", 2022),
    }
    page = reviewer.get(f"/documents/{read['决算'].id}").text
    assert "A049" in page, "its approved budget is not the published one"
    own = read["预算"]
    assert reviewer.post(f"/documents/{own.id}/decision", {"state": "accepted", "reason": "已核", "version": "1"}
                         ).status_code == 303
    reviewer.get(f"/documents/{own.id}")
    answer = reviewer.post(f"/documents/{own.id}/publication", {"note": "以原文件为准。"})
    assert answer.status_code == 303, answer.text
    assert work(city) == 1
    with city.site.database.reading() as session:
        versions = [(row.kind, row.version) for row in session.scalars(select(Publication).order_by(Publication.id))]
    assert versions == [("预算", 1), ("预算", 2)]
    assert "本页由公开的原文件读出" in city.browser().get("/units/201/2022/budget").text
