"""Proofs of what was reviewed and approved here: taken away, recomputed, void where the file is not the one."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from juesuan.inspection.proof import degrees, verify_proof
from juesuan.web.infra.models import AuditEntry, Filing, ReviewFile
from juesuan.web.review.reviews import source_of
from juesuan.web.server import FAILURES, WORKS
from juesuan.web.site.jobs import Workers

from .conftest import ONE_ENGINE, Browser, City
from .filling import take
from .publishing import work
from .samples import UNIT, account, published, wrong_account

pytestmark = ONE_ENGINE


def _upload(city: City, browser: Browser, path: Path) -> str:
    """Uploads a file, has it read, and gives its address."""
    browser.get("/documents")
    browser.post("/documents", {}, files=[("files", (path.name, path.read_bytes()))])
    Workers(city.site, WORKS, FAILURES).do_all()
    with city.site.database.reading() as session:
        return f"/documents/{session.scalars(select(ReviewFile.id).order_by(ReviewFile.id.desc())).first()}"


def _decide(browser: Browser, address: str, state: str, reason: str) -> None:
    version = re.search(r'name="version" value="(\d+)"', browser.get(address).text)
    assert version
    sent = {"state": state, "reason": reason, "version": version[1]}
    assert browser.post(f"{address}/decision", sent).status_code == 303


def test_a_reviewed_document_is_proved_until_its_file_is_another(city: City, tmp_path: Path):
    browser = city.browser("reviewer")
    address = _upload(city, browser, published(tmp_path / "1", wrong_account()))
    assert browser.get(f"{address}/proof.zip").status_code == 422, "nothing was decided yet"
    page = browser.get(address).text
    assert "审核证明" not in page
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert fingerprint
    browser.post(f"{address}/waivers", {"fingerprint": fingerprint[1], "reason": "已与单位核实"})
    _decide(browser, address, "accepted", "其余须改正后重报")
    assert "审核证明" in browser.get(address).text
    answer = browser.get(f"{address}/proof.zip")
    (tmp_path / "proof.zip").write_bytes(answer.content)

    found = verify_proof(tmp_path / "proof.zip")
    assert found.sound and not found.notes, (found.faults, found.notes)
    proof = found.proof
    assert (proof.unit, proof.year) == (UNIT, 2022)
    assert [each.waived.reason for each in proof.findings if each.waived] == ["已与单位核实"]
    last = proof.decision.signoffs[-1]
    assert (last.step, last.name, last.role, last.opinion) == ("接受", "reviewer甲", "财政审核人", "其余须改正后重报")
    with city.site.database.reading() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "proof.make")).one()
    assert found.digest in noted.after, "so that a proof written anew is found out"

    # Another file of the same unit and year comes in: the review is not of that one.
    newer = _upload(city, browser, published(tmp_path / "2", account()))
    assert "不适用于这份文件" in browser.get(newer).text
    assert "之后又收到另一份文件" in browser.get(address).text

    # Somebody replaces the file behind the server's back.
    with city.site.database.reading() as session:
        path = source_of(city.site, session.get_one(ReviewFile, int(address.rpartition("/")[2])))
    path.write_bytes(path.read_bytes() + b" ")
    assert "审核作废" in browser.get(address).text
    refused = browser.get(f"{address}/proof.zip")
    assert refused.status_code == 422 and "文件被替换或损坏" in refused.text


def test_an_approved_account_is_proved_with_its_steps_and_what_was_published(started: tuple[City, Browser, str],
                                                                          tmp_path: Path):
    city, _, address = started
    from .test_unit_desk import _unit_named_rightly

    editor = city.browser("editor")
    _unit_named_rightly(editor, address)
    key = re.findall(r'name="e\.(\w+)"', editor.get(address).text)[0]
    said = {f"e.{key}": "已与项目单位逐项核实", f"s.{key}": ""}
    assert editor.post(f"{address}/explanations", said).status_code == 303
    assert city.browser("reviewer").get(f"{address}/proof.zip").status_code == 422
    for name, key in (("editor", "submit"), ("approver", "confirm"), ("department", "pass"), ("reviewer", "approve")):
        assert take(city, name, address, key).status_code == 303
    assert work(city) == 1
    answer = city.browser("reviewer").get(f"{address}/proof.zip")
    assert answer.status_code == 200, answer.text
    (tmp_path / "proof.zip").write_bytes(answer.content)
    found = verify_proof(tmp_path / "proof.zip")
    assert found.sound, found.faults
    with zipfile.ZipFile(tmp_path / "proof.zip") as archive:
        assert "　　单位说明：已与项目单位逐项核实" in archive.read("说明.txt").decode()
    # One count: in the header, in the list, on the board, in the proof. By hand from the workbook:
    # E144 once, E151 thrice, E153 twice; four cells of E157, eight of E159 and of E161 are one each, and X432.
    counted = {name: int(number) for number, name in re.findall(
        r'<li class="(?:error|warning|notice)"><b>(\d+)</b> (错误|须说明|提示)',
        city.browser("reviewer").get(address).text)}
    assert counted == {"错误": 0, "须说明": 6, "提示": 4}
    assert degrees(found.proof) == "错误 0、须说明 6、提示 4"
    with city.site.database.reading() as session:
        row = session.scalars(select(Filing)).one()
        assert (row.errors, row.warnings, row.notices) == (0, 6, 4)
    assert found.proof.conclusion == "没有错误，有 6 处须说明、4 条提示"
    with zipfile.ZipFile(tmp_path / "proof.zip") as archive:
        words = archive.read("说明.txt").decode()
    assert "三、问题（10 处：错误 0、须说明 6、提示 4，" in words
    assert "送审时查出的是" not in words
    assert [(each.step, each.name) for each in found.proof.decision.signoffs] == [
        ("送审", "editor甲"), ("审核通过", "approver甲"), ("审核通过，报财政部门", "department甲"),
        ("批复并公开", "reviewer甲"),
    ]
    assert any(each.name.startswith("公开文件/") and each.name.endswith(".pdf") for each in found.proof.files)
    assert city.browser("stranger").get(f"{address}/proof.zip").status_code == 404
    city.site.settings = replace(city.site.settings, national=True)
    (tmp_path / "national.zip").write_bytes(city.browser("reviewer").get(f"{address}/proof.zip").content)
    found = verify_proof(tmp_path / "national.zip")
    assert found.sound and all(each.sm3 for each in (found.proof.file, *found.proof.files))
