"""Files that are not what they say, are too much, or lead elsewhere: refused with what to do, nothing left behind."""

from __future__ import annotations

import errno
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec
import openpyxl
import pytest
from sqlalchemy import select

from juesuan.web.filing.attachments import ALL_ATTACHMENTS, attachments_of
from juesuan.web.filing.filings import content_of
from juesuan.web.infra.models import Filing
from juesuan.web.infra.settings import MEBIBYTE, Settings
from juesuan.web.review import uploads

from .client import Client
from .conftest import ONE_ENGINE, City, Clock
from .filling import WORKBOOK, begin, open_season, revision, save


def _package(parts: dict[str, bytes], base: bytes = b"") -> bytes:
    file = io.BytesIO(base)
    with zipfile.ZipFile(file, "a" if base else "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def _workbook(*rows: tuple[object, ...]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">'
    + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha" * 10) for n in range(9))
    + b"]><workbook>&e8;&x;</workbook>"
)


def refused() -> dict[str, tuple[str, bytes]]:
    """What no kind of data is; each is tried as a workbook to import and as data."""
    return {
        "a PDF called a workbook": ("甲.xlsx", b"%PDF-1.7\n1 0 obj"),
        "a page called a table": ("甲.csv", b"<html><script>alert(1)</script>"),
        "a page with a byte order mark": ("甲.csv", b"\xef\xbb\xbf <!DOCTYPE html><script>alert(1)</script>"),
        "rich text called a table": ("甲.csv", b"{\\rtf1 hello}"),
        "a program": ("甲.csv", b"MZ\x90\x00\x03\x00\x00"),
        "an old workbook": ("甲.xls", OLE),
        "an old workbook called new": ("甲.xlsx", OLE),
        "a workbook with a password": ("甲.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
        "a workbook with macros": ("甲.xlsm", _package({"xl/vbaProject.bin": b"x"}, _workbook(("甲",)))),
        "macros under another name": ("甲.xlsx", _package({"xl/vbaProject.bin": b"x"}, _workbook(("甲",)))),
        "a bomb": (
            "甲.xlsx", _package({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"0" * (60 * MEBIBYTE)}),
        ),
        "many parts": ("甲.xlsx", _package({"xl/workbook.xml": b"", **{f"{n}": b"" for n in range(5001)}})),
        "a package in pieces": ("甲.xlsx", b"PK\x03\x04" + b"\xff" * 200),
        "nothing": ("甲.xlsx", b""),
        "blanks": ("甲.csv", b" \n \n"),
        "no name but a path": ("../../../", b"a,b\n1,2\n"),
        "an unknown kind": ("甲.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    }


def read_in_vain() -> dict[str, tuple[str, bytes]]:
    """What looks right at first: the process that reads it says no."""
    return {
        "entities": ("甲.xlsx", _package({"xl/workbook.xml": ENTITIES, "[Content_Types].xml": b"<Types/>"})),
        "a workbook without sheets": ("甲.xlsx", _package({"xl/workbook.xml": b"<w/>"})),
        "no ledger": ("甲.csv", "姓名,年龄\n甲,1\n".encode()),
        "an account that is none": ("甲.json", b'{"a": [[[[' + b"[" * 3000),
        "parquet in pieces": ("甲.parquet", b"PAR1" + b"\xff" * 100),
        "parts that lead out": ("甲.xlsx", _package({"../../../../evil.txt": b"x", "/tmp/juesuan-evil.txt": b"x"},
                                                     _workbook(("姓名",), ("甲",)))),
    }



def _on_disk(city: City) -> set[str]:
    """All files of the server but those that its database and its caches are in."""
    return {
        str(path.relative_to(city.settings.data)) for path in city.settings.data.rglob("*")
        if path.is_file() and not path.name.startswith("juesuan.sqlite") and "cache" not in path.parts
    }


def _filing(city: City) -> Filing:
    with city.site.database.reading() as session:
        return session.scalars(select(Filing)).one()


@ONE_ENGINE
def test_files_that_cannot_be_taken_say_why_and_leave_nothing(city: City):
    open_season(city)
    browser, address = begin(city)
    before, there = _on_disk(city), _filing(city)
    cases = [(what, "data", file) for what, file in refused().items()]
    cases += [(what, "import", file) for what, file in (refused() | read_in_vain()).items()]
    for what, where, file in cases:
        seen = revision(browser, address)
        answer = browser.post(f"{address}/{where}", {"revision": seen}, files={"file": file})
        assert answer.status_code == 400, (what, where, answer.status_code)
        told = re.findall(r'class="trouble" role="alert">([^<]+)', answer.text)
        assert told and re.search("请|应|没有", told[0]), (what, told)
        assert "Traceback" not in answer.text and str(city.settings.data) not in answer.text
        assert _on_disk(city) == before, what
    now = _filing(city)
    assert (now.content, now.attachments, now.revision) == (there.content, there.attachments, there.revision)
    assert browser.get(address).status_code == 200
    assert not Path("/tmp/juesuan-evil.txt").exists()


@ONE_ENGINE
def test_names_of_data_lead_nowhere(city: City):
    open_season(city)
    browser, address = begin(city)
    for name in ("../../../etc/cron.d/a.csv", "..\\..\\a.csv", "/etc/a.csv", "C:\\a.csv", ".a.csv"):
        browser.post(f"{address}/data", files={"file": (name, b"a\n1\n")})
    names = set(attachments_of(_filing(city)))
    assert names == {"a.csv"}, "the last part of the name, without what means something to a file system"
    assert browser.get(f"{address}/page").status_code == 200
    assert browser.post(f"{address}/data/end", {"name": "../a.csv"}).status_code == 303
    assert set(attachments_of(_filing(city))) == {"a.csv"}, "only what is there by this very name goes"


@ONE_ENGINE
def test_one_unit_cannot_fill_the_disk(city: City):
    open_season(city)
    browser, address = begin(city)
    for number in range(50):
        assert browser.post(f"{address}/data", files={"file": (f"{number}.csv", b"a\n1\n")}).status_code == 303
    told = browser.post(f"{address}/data", files={"file": ("51.csv", b"a\n1\n")})
    assert told.status_code == 400 and "最多放 50 个" in told.text
    assert browser.post(f"{address}/data", files={"file": ("7.csv", b"a\n2\n")}).status_code == 303, "replaces its like"
    with city.site.database.writing() as session:
        row = session.scalars(select(Filing)).one()
        digest, kind = attachments_of(row)["0.csv"]
        row.attachments = msgspec.json.encode({"0.csv": (digest, kind)}).decode()
    path = uploads.stored_path(city.settings.files / "data", digest, kind)
    with path.open("r+b") as file:
        file.truncate(ALL_ATTACHMENTS)
    told = browser.post(f"{address}/data", files={"file": ("2.csv", b"b\n1\n")})
    assert told.status_code == 400 and "500 MB" in told.text


@ONE_ENGINE
def test_what_is_too_large_is_told_in_chinese(settings: Settings, clock: Clock):
    city = City(replace(settings, upload_limit=100_000), clock)
    open_season(city)
    browser, address = begin(city)
    answer = browser.post(f"{address}/import", files={"file": ("a.csv", b"a" * 200_000)})
    assert answer.status_code == 413 and "太大" in answer.text
    assert browser.get(address).status_code == 200
    city.site.database.close()


@ONE_ENGINE
def test_a_full_disk_is_told_and_keeps_no_half_file(city: City, monkeypatch: pytest.MonkeyPatch):
    open_season(city)
    browser, address = begin(city)
    before = _on_disk(city)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    browser.client = Client(city.application, raising=False, cookies=browser.client.cookies)
    answer = browser.post(f"{address}/data", files={"file": ("a.csv", b"a\n1\n")})
    assert answer.status_code == 507 and "磁盘满了" in answer.text
    assert _on_disk(city) == before and attachments_of(_filing(city)) == {}


@ONE_ENGINE
def test_a_step_asked_for_twice_is_taken_once(city: City):
    open_season(city)
    browser, address = begin(city)
    old = revision(browser, address)
    seen = revision(browser, address)
    sent = {"file": (WORKBOOK.name, WORKBOOK.read_bytes())}
    first = browser.post(f"{address}/import", {"revision": seen}, files=sent)
    assert "已从 workbook.xlsx 读入" in first.text
    there = content_of(_filing(city)).page("单位信息").cells["name"]
    assert save(browser, address, "单位信息", **{"0.name": (there, "测试市第一中学")}).status_code == 200
    content = _filing(city).content
    for number in (old, "0", "-1", "999999999", "99999999999999999999", "", "一"):
        for key in ("submit", "import") if number in (old, "") else ("import",):
            files = {"file": (WORKBOOK.name, WORKBOOK.read_bytes())} if key == "import" else None
            assert browser.post(f"{address}/{key}", {"revision": number}, files=files).status_code == 400, (key, number)
    assert _filing(city).content == content and _filing(city).state == "drafting"
    seen = revision(browser, address)
    assert [browser.post(f"{address}/submit", {"revision": seen}).status_code for _ in range(2)] == [303, 400]
