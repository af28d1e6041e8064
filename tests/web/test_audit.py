"""The audit trail: chained, append-only, and every kind of tampering found."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

import juesuan.web
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.audit import SYSTEM, TrailVerdict, verify
from juesuan.web.infra.models import AuditEntry, ReviewFile
from juesuan.web.review.reviews import DECISIONS
from juesuan.web.trail.words import load_words

from .conftest import USERS, Browser, City
from .filling import begin, open_season, save
from .test_unit_desk import _value

ALLOW = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("ALTER TABLE audit_entry DISABLE TRIGGER ALL",),
}


def _verdict(city: City, head: str = "") -> TrailVerdict:
    with city.site.database.reading() as session:
        return verify(session, head)


def _actions(city: City) -> list[str]:
    with city.site.database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def _tamper(city: City, *statements: str) -> None:
    """As one does who owns the database itself."""
    with city.site.database.engine.begin() as database:
        for statement in (*ALLOW[database.dialect.name], *statements):
            database.execute(text(statement))


def test_the_trail_of_a_city_that_was_set_up_holds(city: City):
    verdict = _verdict(city)
    assert verdict.fault == "" and verdict.entries == 6 + len(USERS), "six organisations and the users"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET after = 'x' WHERE id = 4",
        "UPDATE audit_entry SET moment = '2020-01-01T00:00:00.000000Z' WHERE id = 4",
        "UPDATE audit_entry SET actor = 'somebody' WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 4",
        "DELETE FROM audit_entry WHERE id = 1",
        "UPDATE audit_entry SET digest = 'x' WHERE id = 14",
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_found(city: City, statement: str):
    _tamper(city, statement)
    assert _verdict(city).fault


def test_lines_cut_off_at_the_end_are_found_by_a_head_noted_before(city: City):
    head = _verdict(city).head
    _tamper(city, f"DELETE FROM audit_entry WHERE id = {6 + len(USERS)}")
    assert _verdict(city).fault == ""
    assert "截去" in _verdict(city, head).fault


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET after = ''", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_changes(city: City, statement: str):
    with pytest.raises(DBAPIError, match="append-only"), city.site.database.engine.begin() as database:
        database.execute(text(statement))


def test_who_did_what_is_recorded_with_before_and_after(city: City):
    manager = city.browser("manager")
    renamed = "代码,名称,类型,上级代码\n201,测试市实验中学,预算单位,200\n"
    manager.post("/organisations", files={"file": ("list.csv", renamed.encode())})
    page = city.browser("inspector").get("/audit").text
    line = next(row for row in page.split("<tr>") if 'title="organisation.change"' in row)
    assert "manager" in line and "测试市第一中学" in line and "测试市实验中学" in line


def test_what_fails_leaves_no_trace_of_half_its_work(city: City):
    before = _verdict(city).entries
    manager = city.browser("manager")
    entries = _verdict(city).entries
    assert entries == before + 1, "the sign-in"
    bad = "代码,名称,类型,上级代码\n901,甲单位,预算单位,100\n902,乙单位,预算单位,999\n"
    assert manager.post("/organisations", files={"file": ("list.csv", bad.encode())}).status_code == 400
    assert _verdict(city).entries == entries
    assert "甲单位" not in manager.get("/organisations").text


def test_a_page_that_asks_by_itself_shows_nothing_that_would_have_to_be_recorded(city: City):
    open_season(city)
    browser, address = begin(city)
    seen = _actions(city)
    answer = browser.client.get(address, headers={"hx-request": "true"})
    assert answer.status_code == 200 and "<form" not in answer.text and "SHA-256" not in answer.text
    assert _actions(city) == seen
    browser.get(address)
    assert _actions(city) == [*seen, "filing.view"]


def test_a_page_that_waits_for_its_file_to_be_read_records_nothing_until_then(city: City):
    browser = city.browser("reviewer")
    browser.get("/documents")
    browser.post("/documents", files={"files": ("公开.pdf", b"%PDF-1.7 not one")})
    seen = _actions(city)
    answer = browser.client.get("/documents/1", headers={"hx-request": "true"})
    assert "正在读取和核对" in answer.text and _actions(city) == seen
    with city.site.database.writing() as session:
        session.get_one(ReviewFile, 1).state = "unreadable"
    browser.client.get("/documents/1", headers={"hx-request": "true"})
    assert _actions(city) == [*seen, "document.view"], "what the page now shows somebody sees"


def test_every_action_has_words():
    """The actions that the code records, found in it, against the table of words."""
    found: set[str] = set()
    for path in (Path(juesuan.web.__file__).parent).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append"
                    and ast.unparse(node.func.value).endswith("trail") and len(node.args) > 2):
                found.add(ast.unparse(node.args[2]).removeprefix("f").strip("'"))
    found |= {f"filing.{key}" for key in load_way().steps} | {f"document.{state}" for state in DECISIONS}
    found |= {"filing.edit", "filing.import"}
    named = {name for name in found if "{" not in name and name != "action"}
    assert len(named) > 30 and named <= load_words().actions.keys(), named - load_words().actions.keys()


def test_the_trail_is_told_in_words_and_in_beijing_s_time(city: City):
    manager = city.browser("manager")
    manager.get("/organisations")
    manager.post("/organisations", {"pasted": "代码,名称,类型,上级代码\n201,测试市实验中学,预算单位,200"})
    page = city.browser("inspector").get("/audit").text
    line = next(row for row in page.split("<tr>") if 'title="organisation.change"' in row)
    assert "修改机构" in line
    assert "名称：测试市第一中学 → 测试市实验中学" in line and "机构 测试市实验中学" in line
    assert "manager甲" in line and "系统管理员" in line
    assert "时间（北京时间）" in page and "2026-06-01 16:00:00" in line, "eight in the morning by UTC"


def test_what_was_filled_in_is_told_by_the_names_that_the_sheets_show(started: tuple[City, Browser, str]):
    city, editor, address = started
    told = _value(editor, address, "三公经费", "0.b6")
    assert save(editor, address, "三公经费", **{"0.b6": (told, "7100")}).status_code == 200
    first = _value(editor, address, "项目", "1.name")
    assert save(editor, address, "项目", **{"1.name": (first, "信息系统运行")}).status_code == 200
    key = re.findall(r'name="e\.(\w+)"', editor.get(address).text)[0]
    assert editor.post(f"{address}/explanations", {f"e.{key}": "已逐项核实", f"s.{key}": ""}).status_code == 303
    manager = city.browser("manager")
    manager.get("/users")
    manager.post("/users/list", {"pasted": "用户名\t姓名\t角色\t机构代码\nnew\t新人\t单位填报人\t202"})
    page = html.unescape(city.browser("inspector").get("/audit").text)
    assert re.search(rf"三公经费 [^<：]*公务接待费[^<：]*：{re.escape(told)} → 7100", page)
    assert re.search(rf"项目 第1条 项目名称：{re.escape(first)} → 信息系统运行", page)
    assert re.search(r"[^<]*表[^<]*：已逐项核实", page) and key not in page
    assert "口径：武汉市 2022 年度" in page
    assert "到期：2026-06-08 16:00:00" in page, "seven days, in Beijing's time"
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d", page)


def test_the_trail_is_filtered_and_exported_as_it_is_filtered(city: City):
    city.browser().sign_in("editor", "Wrong-guess-1!")
    city.clock.advance(days=1)
    city.browser("stranger")
    inspector = city.browser("inspector")

    def shown(query: str) -> list[tuple[str, str]]:
        page = inspector.get(f"/audit?{query}").text
        rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
        who = (re.findall(r"(\w+)甲|程序", row)[0] for row in rows if "title" in row)
        what = (re.findall(r'whole" title="([^"]+)"', row)[0] for row in rows if "title" in row)
        return list(zip(who, what, strict=True))

    assert shown("action=sign_in.refused") == [("editor", "sign_in.refused")]
    assert shown("person=stranger甲") == shown("person=stranger") == [("stranger", "sign_in")]
    assert ("stranger", "sign_in") not in shown("until=2026-06-01") and shown("until=2026-06-01")
    assert shown("since=2026-06-02&person=editor") == []
    assert shown("subject=测试市第二中学") and shown("since=nonsense") == shown("")
    listed = inspector.get("/audit.csv?action=sign_in.refused").text.lstrip("\ufeff").splitlines()
    assert len(listed) == 2 and "2026-06-01 16:00:00,editor,editor甲,单位填报人" in listed[1]
    assert "登录没有成功" in listed[1] and "核验通过" not in inspector.get("/audit?person=editor").text
    assert city.browser("manager").get("/audit.csv").status_code == 403


def test_what_failed_leaves_no_head_in_the_log(city: City, caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO", "juesuan.audit")
    with pytest.raises(RuntimeError), city.site.database.writing() as session:
        city.site.trail.append(session, SYSTEM, "season.open", "season:2022")
        raise RuntimeError
    assert [record for record in caplog.records if record.name == "juesuan.audit"] == []
    with city.site.database.writing() as session:
        entries = [city.site.trail.append(session, SYSTEM, "season.open", f"season:{year}") for year in (2022, 2023)]
    logged = [record.fields["head"] for record in caplog.records if record.name == "juesuan.audit"]
    assert logged == [entry.digest for entry in entries] and _verdict(city, logged[-1]).fault == ""
