"""One person's own desk: entered by its link alone, an account begun from the files at hand, checked, saved."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from juesuan.web import create_application, write_shortcuts
from juesuan.web.application import all_routes
from juesuan.web.auth.entry_links import EntryLinks
from juesuan.web.auth.rights import load_rights
from juesuan.web.filing.filings import content_of
from juesuan.web.infra.models import Filing, User
from juesuan.web.personal.owner import settle
from juesuan.web.site.guard import ENTERING

from .client import Client
from .conftest import ONE_ENGINE, Browser, Clock, cheap_settings
from .filling import revision

HELD = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "held"
UNIT = "武汉市人力资源和社会保障信息中心"


class OwnDesk:
    """A personal desk in this process, and the browser of its owner."""

    def __init__(self, data: Path) -> None:
        self.clock = Clock()
        self.application = create_application(replace(cheap_settings(data, self.clock), personal=True))
        self.site = self.application.state.site
        with self.site.database.writing() as session:
            settle(session, self.site)
        self.browser = self.enter()

    def enter(self) -> Browser:
        """A browser that came by a new link."""
        browser = self.stranger()
        answer = browser.get(f"/desk/enter?key={self.site.links.make()}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        browser.get("/desk")
        return browser

    def stranger(self) -> Browser:
        """A browser on the same computer that has no link."""
        return Browser(Client(self.application, "http://127.0.0.1:9"))

    def filing(self) -> Filing:
        """The account in hand."""
        with self.site.database.reading() as session:
            return session.scalars(select(Filing)).one()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OwnDesk]:
    made = OwnDesk(tmp_path / "data")
    yield made
    made.site.database.close()


def _import(desk: OwnDesk, address: str, name: str) -> str:
    seen = revision(desk.browser, address)
    files = {"file": (name, (HELD / name).read_bytes())}
    return desk.browser.post(f"{address}/import", {"revision": seen}, files=files).text


def test_begun_from_last_years_word_this_years_export_and_the_budget(desk: OwnDesk):
    files = [("files", (path.name, path.read_bytes())) for path in sorted(HELD.iterdir())]
    answer = desk.browser.post("/desk/begin", {}, files=files)
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    filled = content_of(desk.filing())
    assert filled.page("单位信息").cells["name"] == UNIT
    assert filled.figures.facts and filled.figures.last and filled.figures.budget
    items = {line.cells["function"]: line.cells for line in filled.page("支出").lines}
    assert items["2080108"]["budget_project"] == "21784800.00", "from the budget, beside its item"
    page = desk.browser.get(address).text
    assert "报表里的 177 个数直接进入决算" in page
    assert "收入决算" not in page.split("填报表")[1].split("</table>")[0], "what the export answers is not asked for"
    desk.browser.post(f"{address}/sheets/单位信息", {"w.0.nature": "", "c.0.nature": "财政补助事业单位"})
    assert content_of(desk.filing()).figures == filled.figures, "typing keeps what the files said"

    packed = desk.browser.get(f"{address}/files.zip")
    names = zipfile.ZipFile(BytesIO(packed.content)).namelist()
    assert {Path(name).suffix for name in names} == {".pdf", ".docx", ".html", ".xlsx", ".json", ".csv"}

    # The same unit's files again, for a year that is there already; then those of another unit.
    again = desk.browser.post("/desk/begin", {}, files=files)
    assert again.status_code == 400 and "填报已经开始" in again.text
    other = desk.browser.post("/desk/begin", {"unit": "别的单位", "year": "2024"})
    assert other.status_code == 400 and "别的单位请另用一个文件夹" in other.text


def test_files_are_taken_in_one_after_another_and_taken_away(desk: OwnDesk):
    answer = desk.browser.post("/desk/begin", {"unit": UNIT, "year": "2022", "profile": "wuhan-2022"})
    address = answer.headers["location"]
    told = _import(desk, address, "决算软件导出.xls")
    assert "另有 177 个数与填写的对照" in told and "还要填：单位预算编码、单位性质" in told
    assert "年初预算" in _import(desk, address, "2022年预算公开.pdf")
    _import(desk, address, "2021年决算公开.docx")
    filled = content_of(desk.filing())
    assert filled.figures.files == ["决算软件导出.xls", "2022年预算公开.pdf", "2021年决算公开.docx"]
    assert len(filled.figures.facts) == 177 and filled.figures.last and filled.figures.budget
    assert filled.page("上年数").cells
    desk.browser.post(f"{address}/given/end", {})
    assert content_of(desk.filing()).given is None
    assert content_of(desk.filing()).page("上年数").cells, "what was filled into cells stays"


def test_what_is_there_already_is_not_asked_for_when_a_file_is_taken_in(desk: OwnDesk):
    answer = desk.browser.post("/desk/begin", {"unit": UNIT, "year": "2022", "profile": "wuhan-2022"})
    address = answer.headers["location"]
    _import(desk, address, "2021年决算公开.docx")
    _import(desk, address, "2022年预算公开.pdf")
    told = _import(desk, address, "决算软件导出.xls")
    assert "还要填：公务用车保有量" in told, "no file says it"
    assert "还要填：上年收支总计" not in told and "还要填：一般公共预算各项的年初预算" not in told
    # The projects that the export has amounts of bear the names of the budget that is there already.
    projects = [line.cells for line in content_of(desk.filing()).page("项目").lines]
    assert [cells.get("name") for cells in projects] == ["人社系统信息化建设项目", "日常系统运行经费项目"]
    assert [cells.get("initial") for cells in projects] == ["21784800.00", "2105400.00"]
    assert content_of(desk.filing()).figures.files[-1] == "决算软件导出.xls"


def test_the_export_of_another_unit_or_year_is_not_taken(desk: OwnDesk):
    address = desk.browser.post("/desk/begin", {"unit": f"{UNIT}二部", "year": "2022"}).headers["location"]
    assert f"是“{UNIT}”的，这里是“{UNIT}二部”，没有取用" in _import(desk, address, "决算软件导出.xls")
    assert content_of(desk.filing()).given is None
    later = desk.browser.post("/desk/begin", {"unit": f"{UNIT}二部", "year": "2023"}).headers["location"]
    assert "是 2022 年度的，这份决算是 2023 年度的，没有取用" in _import(desk, later, "决算软件导出.xls")


def test_a_link_lets_in_once_and_for_some_minutes():
    clock = Clock()
    links, others = EntryLinks(b"secret", clock), EntryLinks(b"another", clock)
    key = links.make()
    assert links.take(key)
    assert not links.take(key), "a second time"
    late = links.make()
    clock.advance(minutes=6)
    assert not links.take(late), "too late"
    assert not links.take(others.make()), "of another desk"
    assert not links.take("") and not links.take("a.b.c") and not links.take(f"{links.make()}0")
    assert EntryLinks(b"secret", clock).take(links.make()), "a second start of the program makes one, too"


def test_who_has_no_link_reads_nothing(desk: OwnDesk):
    address = desk.browser.post("/desk/begin", {"unit": UNIT, "year": "2022"}).headers["location"]
    stranger = desk.stranger()
    for path in ("/desk", "/documents", address, f"{address}/workbook.xlsx"):
        answer = stranger.get(path)
        assert answer.status_code == 401 and UNIT not in answer.text, path
    stranger.get("/sign-in")
    assert stranger.post("/sign-in", {"name": "owner", "password": ""}).status_code == 401, "there is no password"
    answer = Client(desk.application, "http://elsewhere.example").get("/")
    assert answer.status_code == 421, "a name that somebody else has given to this computer"


def test_the_owner_does_what_the_table_of_rights_says_and_nothing_else(desk: OwnDesk):
    rights, wrong = load_rights(), []
    for route in all_routes():
        if route.name in (*ENTERING, "sign_out", "close_personal", "enter_desk"):
            continue
        path = re.sub(r"{(\w+)}", lambda match: "2022" if match[1] in ("year", "code") else "1", route.path)
        method = next(iter(route.methods - {"HEAD"}))
        answer = desk.browser.client.request(method, path, headers={"x-csrf-token": desk.browser.csrf})
        if (answer.status_code in (401, 403)) == rights.may("personal", route.name):
            wrong.append((route.name, answer.status_code))
    assert wrong == []
    with desk.site.database.reading() as session:
        assert [user.role for user in session.scalars(select(User))] == ["personal"]


@ONE_ENGINE
def test_on_a_server_nobody_enters_by_a_link(city):
    assert city.browser().get(f"/desk/enter?key={city.site.links.make()}").status_code == 404


@pytest.mark.parametrize(("system", "names"), [
    ("win32", ["决算.cmd", "决算.cmd"]), ("darwin", ["决算.command"]), ("linux", ["juesuan-desk.desktop"]),
])
def test_a_shortcut_opens_the_desk(system: str, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("APPDATA", raising=False)
    written = write_shortcuts(system, tmp_path)
    assert [path.name for path in written] == names
    for path in written:
        text = path.read_bytes().decode()
        assert "juesuan.cli" in text and "desk" in text and sys.executable in text
        assert system != "win32" or text.count("\r\n") == text.count("\n"), "cmd wants both signs at a line's end"
        assert system == "win32" or path.stat().st_mode & 0o100


def test_the_program_runs_until_it_is_closed_and_a_second_start_enters_the_first(tmp_path: Path):
    folder = tmp_path / "my desk"
    command = [sys.executable, "-m", "juesuan.cli", "desk", "--no-browser", "--data", str(folder)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert first.stdout
    try:
        told = next(line for line in first.stdout if "http://" in line)
        again = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
        for text in (told, again):
            address = re.search(r"http://\S+", text)
            assert address
            client = httpx.Client(follow_redirects=True)
            page = client.get(address[0])
            assert page.status_code == 200 and "开始一份决算" in page.text
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert token
        answer = client.post(f"{address[0].split('/desk')[0]}/desk/close", data={"csrf": token[1]})
        assert "已关闭" in answer.text
        assert first.wait(20) == 0
    finally:
        first.kill()
    assert folder.stat().st_mode & 0o077 == 0, "nobody else on the computer reads it"
