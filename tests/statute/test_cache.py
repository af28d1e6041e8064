"""The law kept between runs: the same law, made anew when a file changes, never in the way."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from juesuan.account import FORGET, cache_folder
from juesuan.account.files import cached as remembered
from juesuan.statute import Kind, load_statute
from juesuan.statute.loader.cache import cached_statute
from juesuan.statute.loader.load import ROOT, _read_statute, heads, profiles


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(remembered, "cache_folder", lambda: tmp_path)
    yield tmp_path


def test_what_is_kept_is_what_was_read(folder: Path) -> None:
    known = _read_statute("wuhan-2022", None, ROOT)
    made = cached_statute("x", lambda: _read_statute("wuhan-2022", None, ROOT))
    again = cached_statute("x", lambda: pytest.fail("read again"))
    for law in (made, again):
        assert (law.forms, law.relations, law.sections) == (known.forms, known.relations, known.sections)
        assert law.functional.name("2080150", 2022) == "事业运行"
    assert len(list(folder.glob("*.statute"))) == 1


@pytest.mark.parametrize("year", [2016, 2018, 2022, 2024])
@pytest.mark.parametrize("profile", ["national", "shanghai-2024"])
def test_a_copy_of_the_law_is_the_law(profile: str, year: int) -> None:
    """A line without a number got one when the law came from the cache: the second run found other faults."""
    law = _read_statute(profile, year, ROOT)
    again = pickle.loads(pickle.dumps(law))
    assert (again.forms, again.relations, again.sections) == (law.forms, law.relations, law.sections)
    for form in law.forms.values():
        assert [msgspec.structs.replace(row) for row in form.rows.values()] == list(form.rows.values())
    if year < 2020:
        assert any(row.line.isdigit() and not row.number for row in law.forms["表1"].rows.values())


def test_a_changed_file_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached_statute("x", lambda: 1)
    monkeypatch.setattr(remembered, "_stamp", lambda: "another state of the files")
    assert cached_statute("x", lambda: 2) == 2


def test_the_stamp_is_that_of_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "statute").mkdir()
    (tmp_path / "account").mkdir()
    file = tmp_path / "statute" / "a.yaml"
    file.write_text("a: 1", encoding="utf-8")
    monkeypatch.setattr(remembered, "PACKAGE", tmp_path)
    first = remembered._stamp.__wrapped__()
    assert remembered._stamp.__wrapped__() == first
    file.write_text("a: 12", encoding="utf-8")
    assert remembered._stamp.__wrapped__() != first


@pytest.mark.parametrize("damage", [b"", b"\x80\x05", b"no pickle at all", b"\x80\x05]q\x00(K\x01K\x02e."])
def test_a_damaged_file_is_made_anew(folder: Path, damage: bytes) -> None:
    cached_statute("x", lambda: 1)
    (path,) = folder.glob("*.statute")
    path.write_bytes(damage)
    assert cached_statute("x", lambda: 2) in (1, 2)


def test_nothing_is_kept_where_that_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FORGET, "1")
    assert cache_folder.__wrapped__() is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owner here")
def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder.__wrapped__() is not None
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert cache_folder.__wrapped__() is None


def test_all_of_this_program_is_kept_beside_a_few_of_others(folder: Path) -> None:
    """Twenty places in five years were more than was kept: each took the place of the next, and all were read anew."""
    for number in range(remembered.MOST_OTHER + 5):
        (folder / f"another-{number}.statute").write_bytes(b"")
    for number in range(100):
        cached_statute(str(number), lambda: 1)
    left = sorted(path.name for path in folder.glob("*.statute"))
    assert sum(name.startswith("another") for name in left) == remembered.MOST_OTHER
    assert sum(name.startswith(remembered._stamp()) for name in left) == 100


@pytest.mark.parametrize("kind", ["决算", "预算"])
def test_heads_are_those_of_the_whole_law(kind: Kind) -> None:
    """Heads are read from the profiles alone; the whole law would take seconds before the first document is read."""
    whole = (load_statute(key).profile for key in profiles(kind=kind))
    assert [(h.key, h.place, h.places, h.year, h.since, h.until, h.title) for h in heads(kind)] == [
        (p.key, p.place, p.places, p.year, p.since, p.until, p.title) for p in whole
    ]
