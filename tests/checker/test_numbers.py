"""Every one of the sixty-nine relations of the domain is decided by rules that exist."""

from __future__ import annotations

from juesuan.statute import load_statute, profiles
from juesuan.statute.checking.rules import load_numbers
from juesuan.statute.register import all_rule_texts


def test_every_relation_has_its_rules() -> None:
    declared = {r.number for name in profiles() for r in load_statute(name).relations.values() if r.number}
    listed = load_numbers()
    assert set(range(1, 70)) <= declared | set(listed)
    codes = all_rule_texts()
    for number, entry in listed.items():
        assert entry.codes or entry.note, number
        assert [code for code in entry.codes if code not in codes] == [], number
