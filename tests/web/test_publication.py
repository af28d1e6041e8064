"""Publication through the queue: versions, the same bytes, nothing half done, what is refused."""

from __future__ import annotations

import hashlib
import io
import shutil
from pathlib import Path

import msgspec
import openpyxl
import pikepdf
import pytest
from sqlalchemy import func, select

from juesuan.account import from_json, to_json
from juesuan.web.infra.limited_process import carry_out
from juesuan.web.infra.models import AuditEntry, Publication, PublishedFact, SearchPassage
from juesuan.web.publication import build
from juesuan.web.publication import publications as publication
from juesuan.web.publication.build import CONTENTS, PAGE
from juesuan.web.publication.publications import PublicationError, files_of, folder_of
from juesuan.web.site.jobs import release_all

from .conftest import ONE_ENGINE, City
from .publishing import ask, publish, renamed, work
from .samples import account, published, wrong_account


@ONE_ENGINE
def test_a_published_account_is_there_in_every_format_with_its_fingerprint(city: City):
    row = publish(city, account())
    assert (row.state, row.version, row.current, row.trouble) == ("published", 1, True, "")
    assert row.digest == hashlib.sha256(to_json(account())).hexdigest()
    folder = folder_of(city.site, row)
    names = [file.name for file in files_of(row)]
    assert names == ["account.pdf", "account.docx", "account.html", "account.xlsx", "account.json", "account.csv"]
    for file in files_of(row):
        content = (folder / file.name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size, file.sha256)
    assert next(file for file in files_of(row) if file.name == "account.json").sha256 == row.digest
    assert from_json((folder / "account.json").read_bytes()) == account()
    with pikepdf.open(folder / "account.pdf") as document:
        assert len(document.pages) > 10
    assert openpyxl.load_workbook(folder / "account.xlsx").sheetnames


@ONE_ENGINE
def test_the_same_account_gives_the_same_bytes(city: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(build, "carry_out", carry_out)  # Both are made.
    first = publish(city, account())
    folder = folder_of(city.site, first)
    one = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(folder)
    again = publication._made(city.site, first, "201")
    assert again.files == files_of(first)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == one and {PAGE, CONTENTS} <= one.keys()


def test_a_version_that_changes_nothing_is_not_published_again(city: City):
    publish(city, account())
    with pytest.raises(PublicationError, match="与已公开的第1版完全相同"):
        ask(city, account(), note="原样再公开一次")


def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(city: City):
    first = publish(city, wrong_account())
    with pytest.raises(PublicationError, match="更正说明"):
        ask(city, account())
    second = publish(city, account(), note="表1收入合计多列100万元，更正。")
    assert (second.version, second.current, second.note) == (2, True, "表1收入合计多列100万元，更正。")
    with city.site.database.reading() as session:
        old = session.get_one(Publication, first.id)
        assert not old.current and old.state == "published"
        holders = session.scalars(select(SearchPassage.publication_id).distinct()).all()
        facts = session.scalars(select(PublishedFact.publication_id).distinct()).all()
    assert holders == facts == [second.id], "the search and the figures are those of the current version"
    assert (folder_of(city.site, first) / "account.pdf").is_file()


def test_nothing_is_asked_for_that_is_no_account_of_that_year(city: City):
    with pytest.raises(PublicationError, match="不是本程序的决算"), city.site.database.writing() as session:
        publication.ask(session, city.site, None, None, 2022, b"{}")
    with pytest.raises(PublicationError, match="2022"), city.site.database.writing() as session:
        publication.ask(session, city.site, None, None, 2023, to_json(account()))


def test_a_version_in_the_making_is_not_asked_for_again(city: City):
    ask(city, account())
    with pytest.raises(PublicationError, match="正在生成"):
        ask(city, account(), note="又一次")


def test_what_fails_is_not_seen_says_why_and_can_be_asked_for_again(city: City):
    bad = renamed(account(), profile="nowhere-1999")
    row = publish(city, bad)
    assert row.state == "failed" and row.trouble and "Traceback" not in row.trouble
    assert not folder_of(city.site, row).exists()
    again = publish(city, account())
    assert (again.id, again.version, again.state) == (row.id, 1, "published"), "the number was not used up"


def test_a_server_killed_in_between_finishes_after_its_start(city: City, monkeypatch: pytest.MonkeyPatch):
    row = ask(city, account())

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publication, "index", killed)
        with pytest.raises(KeyboardInterrupt):
            work(city)
    (folder_of(city.site, row).parent / ".left-by-another").mkdir()
    with city.site.database.reading() as session:
        assert session.get_one(Publication, row.id).state == "making"
        assert session.scalar(select(func.count(SearchPassage.id))) == 0
    release_all(city.site)
    assert work(city) == 1
    with city.site.database.reading() as session:
        assert session.get_one(Publication, row.id).state == "published"
        entries = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("publication"))).all()
    assert entries == ["publication.ask", "publication.publish"]


@ONE_ENGINE
def test_what_lies_under_a_number_from_another_account_is_made_anew(city: City):
    row = ask(city, account())
    folder = folder_of(city.site, row)
    folder.mkdir(parents=True)
    stale = msgspec.json.encode({"digest": "0" * 64, "files": [], "pieces": [], "amounts": [], "indicators": {},
                                 "sheets": []})
    (folder / CONTENTS).write_bytes(stale)
    assert work(city) == 1
    assert (folder / "account.pdf").is_file()


def test_an_account_damaged_on_the_disk_is_not_published(city: City):
    row = ask(city, account())
    path = next(publication.accounts(city.site).rglob("*.json"))
    path.write_bytes(path.read_bytes().replace(b"2022", b"2021"))
    work(city)
    with city.site.database.reading() as session:
        failed = session.get_one(Publication, row.id)
    assert failed.state == "failed" and "指纹" in failed.trouble


@ONE_ENGINE
def test_an_account_that_was_read_is_published_with_its_original(city: City, tmp_path: Path):
    from juesuan.reader import read_document

    path = published(tmp_path, account())
    row = publish(city, read_document(path).account, original=path)
    assert row.state == "published", row.trouble
    names = [file.name for file in files_of(row)]
    assert names == ["original.pdf", "account.xlsx", "account.json", "account.csv"]
    assert (folder_of(city.site, row) / "original.pdf").read_bytes() == path.read_bytes()
    book = openpyxl.load_workbook(io.BytesIO((folder_of(city.site, row) / "account.xlsx").read_bytes()))
    assert book.sheetnames
    # The texts stand on the page as in the file, and no gap that a unit is to fill in.
    page = (folder_of(city.site, row) / "page.html").read_text(encoding="utf-8")
    assert "待填" not in page
    assert account().texts["主要职能"][:20] in page and account().texts["机构设置"][:20] in page
