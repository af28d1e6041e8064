"""The national algorithms where a bureau asks for them: right by the published examples, and nothing kept is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from juesuan.web.infra.audit import START, SYSTEM, Trail, digest_of, sm3_of, verify
from juesuan.web.infra.models import AuditEntry
from juesuan.web.infra.sealing import Sealer, Sm4Gcm, UnsealedError, sm3
from juesuan.web.publication.publications import files_of

from .conftest import ONE_ENGINE, City
from .publishing import publish
from .samples import account


def test_sm3_as_the_standard_has_it():
    """GB/T 32905-2016, examples 1 and 2."""
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_gcm_as_the_standard_has_it():
    """RFC 8998, A.1."""
    text = bytes.fromhex("AA" * 8 + "BB" * 8 + "CC" * 8 + "DD" * 8 + "EE" * 8 + "FF" * 8 + "EE" * 8 + "AA" * 8)
    cipher = Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    nonce = bytes.fromhex("00001234567800000000ABCD")
    owner = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    sealed = cipher.encrypt(nonce, text, owner)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15"
        "A56834CBCF98C397B4024A2691233B8D" "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert cipher.decrypt(nonce, sealed, owner) == text


def test_what_was_sealed_before_the_switch_and_after_it_is_opened_by_both():
    plain, national = Sealer(b"secret"), Sealer(b"secret", national=True)
    one, other = plain.seal("甲", "totp:1"), national.seal("甲", "totp:1")
    assert (one[:3], other[:3]) == ("s1.", "s2.")
    for sealer in (plain, national):
        assert sealer.open(one, "totp:1") == sealer.open(other, "totp:1") == "甲"
        with pytest.raises(UnsealedError):
            sealer.open(other, "totp:2")
        for stored in (other[:-4] + "AAA=", "s2.", "s2.AA"):
            with pytest.raises(UnsealedError):
                sealer.open(stored, "totp:1")
    with pytest.raises(UnsealedError):
        Sealer(b"another", national=True).open(other, "totp:1")


def test_the_trail_goes_on_in_one_chain_and_is_verified_whichever_was_asked_for(city: City):
    with city.site.database.writing() as session:
        before = session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()))
        for national in (True, True, False, True):
            Trail(city.clock, national=national).append(session, SYSTEM, "x", "y", after={"甲": 1})
    with city.site.database.reading() as session:
        assert verify(session).fault == "" and START
        added = list(session.scalars(select(AuditEntry).where(AuditEntry.id > before).order_by(AuditEntry.id)))
        assert [entry.digest == sm3_of(entry) for entry in added] == [True, True, False, True]
        assert added[2].digest == digest_of(added[2])
        added[1].after = added[1].after.replace("1", "2")
        with session.no_autoflush:
            assert added[1].digest not in (digest_of(added[1]), sm3_of(added[1])), "what is changed is found"


@ONE_ENGINE
def test_published_files_bear_both_digests(city: City):
    city.site.settings = replace(city.site.settings, national=True)
    row = publish(city, account())
    file = next(file for file in files_of(row) if file.name == "account.json")
    browser = city.browser()
    content = browser.get("/units/201/2022/v1/files/account.json").content
    assert file.sm3 == sm3(content) and file.sha256 == row.digest
    page = browser.get("/units/201/2022").text
    assert file.sm3 in page and row.digest in page
    (listed,) = browser.get("/api/v1/publications").json()["items"]
    assert (listed["fingerprint"], listed["sm3"]) == (row.digest, file.sm3)
