"""Users: taken in as a list, invited by a one-time link, changed."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from juesuan.web.infra.models import Invitation, User

from .conftest import PASSWORD, Browser, City

LIST = """\
用户名,姓名,角色,机构代码
li.ming,李明,单位填报人,202
wang.fang,王芳,单位审核人,202
editor,张三,单位填报人,202
"""


def _links(page: str) -> dict[str, str]:
    """The links on a page by the user that each is for, without the server's name."""
    return dict(re.findall(r"\t([\w.]+)\t[^\t]+\thttp://[^/]+(/\S+)", page))


def _open(city: City, path: str) -> tuple[Browser, str]:
    browser = city.browser()
    return browser, browser.get(path).text


def _accept(browser: Browser, path: str, new: str = PASSWORD, again: str = PASSWORD):
    return browser.post("/invitation", {"key": path.partition("key=")[2], "new": new, "again": again})


@pytest.mark.parametrize("way", ["file", "pasted"])
def test_a_list_adds_users_with_a_link_each_and_changes_the_others(city: City, way: str):
    manager = city.browser("manager")
    manager.get("/users")
    if way == "file":
        page = manager.post("/users/list", files={"file": ("用户.csv", LIST.encode("gb18030"))}).text
    else:
        page = manager.post("/users/list", {"pasted": LIST.replace(",", "\t")}).text
    assert "新增 2 个用户，修改 1 个" in page
    links = _links(page)
    assert links.keys() == {"li.ming", "wang.fang"}
    browser, form = _open(city, links["li.ming"])
    assert "李明" in form and "测试市第二中学" in form and "单位填报人" in form
    assert _accept(browser, links["li.ming"]).headers["location"] == "/desk"
    assert "李明" in browser.get("/desk").text
    assert city.browser("li.ming").get("/desk").status_code == 200, "and by the password afterwards"
    changed = city.browser("editor").get("/desk").text
    assert "张三" in changed and "测试市第二中学" in changed


def test_a_list_with_a_wrong_line_changes_nothing_and_names_every_line(city: City):
    manager = city.browser("manager")
    manager.get("/users")
    lines = ("good.one,甲,审计,100", ",乙,审计,100", "good.one,丙,审计,100", "x.y,丁,局长,100", "x.z,戊,审计,999",
             "x.w,,审计,100")
    wrong = "\n".join(("用户名,姓名,角色,机构代码", *lines))
    page = manager.post("/users/list", {"pasted": wrong}).text
    for told in ("第3行：用户名“”", "第4行：用户名 good.one 已经出现过", "第5行：没有“局长”这种角色",
                 "第6行：没有代码为“999”", "第7行：姓名不能空着"):
        assert told in page, told
    assert "第2行" not in page
    with city.site.database.reading() as session:
        assert session.scalar(select(User.id).where(User.name == "good.one")) is None
    assert "第1行应为：用户名,姓名,角色,机构代码" in manager.post("/users/list", {"pasted": "a,b\n"}).text


def test_the_list_of_users_can_be_taken_in_again_unchanged(city: City):
    manager = city.browser("manager")
    listed = manager.get("/users.csv").content
    assert listed.decode("utf-8-sig").splitlines()[0] == LIST.splitlines()[0]
    manager.get("/users")
    assert "新增 0 个用户，修改 0 个" in manager.post("/users/list", files={"file": ("a.csv", listed)}).text


def test_a_link_is_used_once_and_ends_after_a_week_or_with_a_newer_one(city: City):
    manager = city.browser("manager")
    manager.get("/users")
    page = manager.post("/users", {"name": "fresh", "full_name": "新人", "role": "unit_editor", "organisation": "201"})
    first = _links(page.text)["fresh"]
    with city.site.database.reading() as session:
        number = session.scalars(select(User.id).where(User.name == "fresh")).one()
        assert first.partition("key=")[2] not in session.scalars(select(Invitation.key)).one()
    second = _links(manager.post(f"/users/{number}/invitation").text)["fresh"]
    browser, told = _open(city, first)
    assert "已经用过、过期或换了新的" in told
    assert _accept(browser, first).status_code == 410
    city.clock.advance(days=8)
    assert "已经用过、过期或换了新的" in _open(city, second)[1]
    manager = city.browser("manager")
    manager.get("/users")
    third = _links(manager.post(f"/users/{number}/invitation").text)["fresh"]
    browser, _ = _open(city, third)
    assert "两次输入的口令不一样" in _accept(browser, third, again="Other-word-77!").text
    assert "四类中的三类" in _accept(browser, third, "onlysmallletters", "onlysmallletters").text
    assert _accept(browser, third).status_code == 303
    assert _accept(city.browser(), third).status_code == 403, "without the form"
    assert "已经用过" in _open(city, third)[1]
    assert third.partition("key=")[2] not in city.browser("inspector").get("/audit").text


def test_nobody_signs_in_before_the_password_is_set(city: City):
    manager = city.browser("manager")
    manager.get("/users")
    manager.post("/users", {"name": "fresh", "full_name": "新人", "role": "unit_editor", "organisation": "201"})
    for guess in ("", " ", PASSWORD):
        assert city.browser().sign_in("fresh", guess).status_code == 401


def test_a_link_ends_the_sessions_of_who_used_it_and_does_not_go_round_one_time_codes(city: City):
    old = city.browser("editor")
    with city.site.database.writing() as session:
        user = session.scalars(select(User).where(User.name == "editor")).one()
        user.totp_secret = city.site.sealer.seal("JBSWY3DPEHPK3PXP" * 2, f"totp:{user.id}")
        number = user.id
    manager = city.browser("manager")
    manager.get("/users")
    link = _links(manager.post(f"/users/{number}/invitation").text)["editor"]
    assert old.get("/desk").status_code == 200, "until the link is used the old password holds"
    browser, _ = _open(city, link)
    assert _accept(browser, link, "River-stone-73!", "River-stone-73!").headers["location"] == "/sign-in"
    assert old.get("/desk").status_code == 303
    assert city.browser().sign_in("editor", "River-stone-73!").status_code == 401, "a code is asked for as before"


def test_name_role_and_organisation_are_changed_and_the_trail_says_so(city: City):
    manager, stranger = city.browser("manager"), city.browser("stranger")
    with city.site.database.reading() as session:
        number = session.scalars(select(User.id).where(User.name == "stranger")).one()
        own = session.scalars(select(User.id).where(User.name == "manager")).one()
    assert "测试市第一医院" in manager.get(f"/users/{number}").text
    wanted = {"full_name": "赵六", "role": "unit_approver", "organisation": "202"}
    assert "stranger 已修改" in manager.post(f"/users/{number}", wanted).text
    assert "测试市第二中学" in stranger.get("/desk").text and "赵六" in stranger.get("/desk").text
    assert 'title="user.change"' in city.browser("inspector").get("/audit").text
    assert "没有代码为“999”" in manager.post(f"/users/{number}", wanted | {"organisation": "999"}).text
    assert "不能改自己的角色" in manager.post(f"/users/{own}", wanted).text


def test_users_are_found_by_name_and_organisation(city: City):
    page = city.browser("manager").get("/users?q=第一医院").text
    assert "stranger甲" in page and "editor甲" not in page
