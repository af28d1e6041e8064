"""Scripts written into every field that takes text, and every page that shows it: all of it stays text."""

from __future__ import annotations

import html
import io
import itertools
import re
import zipfile

import msgspec
import pypdfium2
from docx import Document as OpenDocx
from lxml import etree
from sqlalchemy import select

from juesuan.compiler.workbook.plan import sheets
from juesuan.statute import load_statute
from juesuan.web.application import all_routes
from juesuan.web.auth.rights import load_rights
from juesuan.web.filing.filings import content_of, examined
from juesuan.web.infra.models import Filing, Organisation, Publication, ReviewFile, User, Waiver

from .conftest import CITY, ONE_ENGINE, USERS, Browser, City
from .filling import begin, fill_in, open_season, save, take
from .publishing import hostile, publish, renamed, work
from .samples import UNIT, budget, published, wrong_account
from .scripts import ATTACK, wrong_in

REFERENCES = ("佐证", "佐证数据", "自定义科目")
"""Sheets that name data and codes: a script there is an error, so they are tried on the filing that is not sent in."""

FILE = "甲<img src=x onerror=alert(1)>'&quot;{{7*7}}"
"""The name of a file."""

NUMBERED = ("level1", "target", "actual", "last", "assigned", "given")
"""Columns of an indicator that are reckoned with, and the first level, whose names are given."""


class Watched:
    """A browser whose every answer is looked at."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def seen(self, answer, what: str):
        """The answer, after what it holds was looked at."""
        kind = answer.headers.get("content-type", "")
        assert answer.status_code < 500, (what, answer.text[:300])
        if kind.startswith("text/html"):
            assert wrong_in(answer.text, what.endswith(".html")) == [], what
        elif kind.startswith(("application/xml", "application/atom", "image/svg")):
            etree.fromstring(answer.content)
        assert answer.headers["x-content-type-options"] == "nosniff"
        return answer

    def get(self, address: str):
        """A page."""
        return self.seen(self.browser.get(address), address)

    def post(self, address: str, data: dict[str, object], **more):
        """A form."""
        return self.seen(self.browser.post(address, data, **more), f"POST {address}")


def _rename(city: City) -> None:
    quoted = ATTACK.replace('"', '""')
    lines = [line.split(",") for line in CITY.splitlines()[1:]]
    text = CITY.splitlines()[0] + "\n" + "".join(
        f'{code},"{name}{quoted}",{kind},{above}\n' for code, name, kind, above in lines
    )
    manager = Watched(city.browser("manager"))
    manager.get("/organisations")
    assert manager.post("/organisations", {}, files={"file": ("a.csv", text.encode())}).status_code == 200
    with city.site.database.reading() as session:
        assert ATTACK in session.scalars(select(Organisation.name).where(Organisation.code == "201")).one()
    manager.get("/users")
    for field in ("name", "role", "organisation"):
        given = {"name": "x-ss", "full_name": ATTACK, "role": "unit_editor", "organisation": "201"} | {field: ATTACK}
        assert manager.post("/users", given).status_code == 400
    given = {"name": "x-ss", "full_name": ATTACK, "role": "unit_editor", "organisation": "201"}
    link = re.search(r"/invitation\?key=\S+", manager.post("/users", given).text)
    assert link and Watched(city.browser()).get(link[0]).status_code == 200
    manager.post("/users/list", {"pasted": f"用户名,姓名,角色,机构代码\nx-ss,甲,{ATTACK},201"})
    manager.get("/seasons")
    manager.post("/seasons", {"year": "2022", "profile": ATTACK})
    manager.post("/seasons/approval", {"year": "2022", "approved": ATTACK[:10]})


def _fill_texts(city: City, browser: Browser, address: str) -> None:
    """Writes the attack behind every text of the example, and wherever a text may stand."""
    with city.site.database.reading() as session:
        filled = content_of(session.get_one(Filing, int(address.rpartition("/")[2])))
    for sheet in sheets(load_statute("wuhan-2022", 2022)):
        if sheet.key in REFERENCES:
            continue
        slots = [slot for slot in sheet.inputs if slot.plan.target != "unit.code" and (
            slot.plan.options_from or slot.plan.type in ("text", "long")) and not slot.plan.key.startswith(NUMBERED)]
        page, fields = filled.page(sheet.key), {}
        places = [(line.id, line.cells) for line in page.lines] if sheet.plan.layout == "list" else [(0, page.cells)]
        for line, cells in places:
            for slot in slots:
                was = cells.get(slot.plan.key, "")
                if slot.plan.options_from and (not was or was in slot.plan.options):
                    continue
                if slot.plan.target == "unit.name":
                    fields[f"{line}.{slot.plan.key}"] = (was, UNIT + ATTACK)
                    continue
                fields[f"{line}.{slot.plan.key}"] = (was, (was if ATTACK in was else was + ATTACK).strip())
        answer = save(browser, address, sheet.key, **fields)
        assert answer.status_code == 200 and not answer.json()["conflicts"], sheet.key


def _fill_everything(city: City) -> str:
    """A filing whose every cell, for numbers too, holds the attack; by the form of a browser without scripts."""
    browser, address = begin(city, "stranger")
    watched = Watched(browser)
    for sheet in sheets(load_statute("wuhan-2022", 2022)):
        prefix = "n.1" if sheet.plan.layout == "list" else "c.0"
        sent = {f"{prefix}.{slot.plan.key}": ATTACK for slot in sheet.inputs} | {"onward": ATTACK, f"c.0.{ATTACK}": "1"}
        told = watched.post(f"{address}/sheets/{sheet.key}", sent)
        assert told.status_code == 400, "there is no such column"
        del sent[f"c.0.{ATTACK}"]
        watched.post(f"{address}/sheets/{sheet.key}", sent)
    for name in (f"{FILE}.csv", f"{ATTACK}.csv", f"{FILE}.xlsx"):
        watched.post(f"{address}/data", {}, files={"file": (name, f"{ATTACK},2\n1,2\n".encode())})
        watched.post(f"{address}/import", {"revision": "1"}, files={"file": (name, f"{ATTACK}\n1\n".encode())})
    watched.post(f"{address}/data/end", {"name": ATTACK})
    watched.post(f"{address}/reasons", {"key": ATTACK, "answer": ATTACK})
    watched.post(f"{address}/submit", {"revision": "1", "reason": ATTACK})
    return address


def _go_the_whole_way(city: City, address: str) -> None:
    with city.site.database.reading() as session:
        row = session.get_one(Filing, int(address.rpartition("/")[2]))
        wrong = [(note.message, note.spots) for note in examined(row).placed if note.level in ("error", "missing")]
    assert wrong == []
    editor = Watched(city.browser("editor"))
    keys = re.findall(r'name="e\.(\w+)"', editor.get(address).text)
    assert keys and editor.post(f"{address}/explanations", {f"e.{key}": ATTACK for key in keys}).status_code == 303
    for name, key in (("editor", "submit"), ("approver", "return"), ("editor", "submit"), ("approver", "confirm"),
                      ("department", "pass"), ("reviewer", "approve"), ("reviewer", "reopen"), ("editor", "submit"),
                      ("approver", "confirm"), ("department", "pass"), ("reviewer", "approve")):
        if key == "reopen":
            assert work(city) == 1
        elif key == "approve":
            assert Watched(city.browser(name)).get(f"{address}/approval").status_code == 200
        answer = take(city, name, address, key, reason=ATTACK)
        assert answer.status_code == 303, (key, html.unescape(re.sub(r"<[^>]+>|\s+", " ", answer.text))[:600])
        if key == "reopen":
            save(city.browser("editor"), address, "三公经费", **{"0.b6": ("7000", "7100")})
    assert work(city) == 1


def _review(city: City, folder) -> None:
    """A document with the attack in its text, its name, the reasons of its waiver, return and publication."""
    made = renamed(wrong_account(), UNIT)
    path = published(folder, made, "html")
    text = path.read_text(encoding="utf-8").replace("职能", "职能" + html.escape(ATTACK), 3)
    reviewer = Watched(city.browser("reviewer"))
    reviewer.get("/documents")
    with city.site.database.writing() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == "202")).one()
        home.name = UNIT
    reviewer.post("/documents", {"approved": ATTACK[:10]}, files=[("files", ("a.html", text.encode()))])
    reviewer.post("/documents", {"approved": "2026-05-10"}, files=[("files", (f"{FILE}.exe", text.encode()))])
    sent = [("files", (f"{FILE}.html", text.encode())), ("files", (f"{FILE}.pdf", b"%PDF-1.7 \xff"))]
    reviewer.post("/documents", {"approved": "2026-05-10"}, files=sent)
    assert work(city) == 2
    with city.site.database.writing() as session:
        documents = list(session.scalars(select(ReviewFile)))
        session.scalars(select(Organisation).where(Organisation.code == "202")).one().name = UNIT + ATTACK
    for document in documents:
        page = reviewer.get(f"/documents/{document.id}").text
        address = f"/documents/{document.id}"
        for print_ in re.findall(r'name="fingerprint" value="(\w+)"', page)[:2]:
            reviewer.post(f"{address}/waivers", {"fingerprint": print_, "reason": ATTACK})
        reviewer.post(f"{address}/decision", {"state": ATTACK, "reason": ATTACK, "version": "1"})
        reviewer.post(f"{address}/decision", {"state": "returned", "reason": ATTACK, "version": "1"})
        reviewer.post(f"{address}/publication", {"note": ATTACK})
    with city.site.database.reading() as session:
        assert session.scalars(select(Waiver)).first() is not None
        assert {row.state for row in session.scalars(select(ReviewFile))} == {"returned", "unreadable"}


def _publish_budgets(city: City) -> None:
    """The unit's budgets of two years, one of them corrected, with the attack in every text."""
    made = hostile(budget())
    for each, note in ((renamed(made, year=2021), ""), (made, ""), (renamed(made, "甲"), ATTACK)):
        publish(city, each, note=note)


def _values(city: City) -> dict[str, list[object]]:
    with city.site.database.reading() as session:
        rows = session.scalars(select(Publication))
        files = {file["name"] for row in rows for file in msgspec.json.decode(row.files)}
        return {
        "page": ["desk"], "picture": ["web-review.png"],
            "filing_id": list(session.scalars(select(Filing.id))),
            "document_id": list(session.scalars(select(ReviewFile.id))),
            "organisation_id": list(session.scalars(select(Organisation.id)))[:4],
            "user_id": list(session.scalars(select(User.id).where(User.name == "x-ss"))),
            "code": ["201"], "year": [2022], "version": [1, 2], "number": [1], "kind": ["pdf", "docx", "xlsx"],
            "name": sorted(files), "sheet": [sheet.key for sheet in sheets(load_statute("wuhan-2022", 2022))],
        }


QUERIES = {
    "search": ["?q={attack}", "?q=甲"], "compare": ["?unit={attack}", "?units=201,202"],
    "check_filing": ["?sheet=支出"],
    "documents": ["?state={attack}"], "filings": ["?state={attack}&year={attack}"], "ask_reasons": ["?skip={attack}"],
    "units": ["?q={attack}"], "progress": ["?year={attack}&kind={attack}"], "sign_in_form": ["?next={attack}"],
    "three_public": ["?year={attack}"], "performance": ["?year={attack}"], "api_facts": ["?form={attack}", ""],
}
"""Queries that are shown again."""


@ONE_ENGINE
def test_no_text_runs_on_any_page_that_shows_it(city: City, tmp_path):
    open_season(city, approved="2023-08-10")
    _rename(city)
    browser, address = begin(city)
    fill_in(city, address)
    _fill_texts(city, browser, address)
    _fill_everything(city)
    _go_the_whole_way(city, address)
    _review(city, tmp_path)
    _publish_budgets(city)
    rights, values = load_rights(), _values(city)
    roles = {"public": "", **{role: name for name, (role, _) in USERS.items()}}
    visited: dict[str, int] = {}
    browsers: dict[str, Watched] = {}
    attack = html.escape(ATTACK)
    shown = set()
    for route in all_routes():
        if "GET" not in route.methods:
            continue
        for role in ("public", "bureau_reviewer", "unit_editor", "auditor", "bureau_admin"):
            if not rights.may(role, route.name):
                continue
            if role not in browsers:
                browsers[role] = Watched(city.browser("editor" if role == "unit_editor" else roles[role]))
            names = re.findall(r"{(\w+)}", route.path)
            for chosen in itertools.product(*(values[name] for name in names)):
                path = route.path
                for name, value in zip(names, chosen, strict=True):
                    path = path.replace(f"{{{name}}}", str(value))
                for query in ("", *QUERIES.get(route.name, ())):
                    answer = browsers[role].get(path + query.replace("{attack}", attack))
                    visited[route.name] = max(visited.get(route.name, 0), int(answer.status_code == 200))
                    if "onerror" in answer.text:
                        shown.add(route.name)
            break  # A role that may see it has.
    never = sorted(name for name, times in visited.items() if not times)
    elsewhere = [
        "enter_desk", "filing_approval", "first_run", "invitation", "marked", "oidc_back", "oidc_begin", "page_picture",
        "subject", "watched_file",
    ]
    assert never == elsewhere, "tried above and in test_own_desk; of a PDF: test_review; test_oidc"
    assert {"filing", "filing_sheet", "filing_page", "filings", "check_filing", "document", "documents", "progress",
            "organisations", "users", "audit_trail", "unit", "unit_year", "unit_version", "search", "feed",
            "api_publications", "api_account", "unit_performance"} <= shown, shown
    _documents_hold_it_literally(city)


def _documents_hold_it_literally(city: City) -> None:
    """The PDF and the DOCX print what was written: nothing of it was set, read or run."""
    public = city.browser()
    with city.site.database.reading() as session:
        row = session.scalars(select(Publication).where(Publication.current)).first()
        files = {file["name"].rpartition(".")[2]: file["name"] for file in msgspec.json.decode(row.files)}
    got = {kind: public.get(f"/units/201/2022/v{row.version}/files/{name}").content for kind, name in files.items()}
    with pypdfium2.PdfDocument(got["pdf"]) as opened:
        pdf = "".join(page.get_textpage().get_text_range() for page in opened)
    docx = "\n".join(p.text for p in OpenDocx(io.BytesIO(got["docx"])).paragraphs)
    wanted = "".join(ATTACK.split())
    assert wanted in "".join(docx.split())
    for sign in ('#read("/etc/passwd")', "$x^2$", "*乙*", "_丙_", "`丁`", "@戊", "{{7*7}}"):
        assert sign in "".join(pdf.split()), sign
    assert "root:x:0" not in pdf + docx
    with zipfile.ZipFile(io.BytesIO(got["docx"])) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
