"""The examples of the rules on words and on prose, read as documents: the wrong one is found, the sound one is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.reader.account import to_account
from juesuan.reader.files import read_raw
from juesuan.statute import Rule, load_rules

RULES = [rule for key, rule in sorted(load_rules().items()) if rule.sound]


def _head(text: str) -> str:
    """The title of the document that an example is from: its year is the one after the year compared with."""
    compared, named = re.search(r"与(20\d\d)年", text), re.search(r"(20\d\d)年", text)
    year = int(compared[1]) + 1 if compared else int(named[1]) if named else 2023
    kind = "预算" if "预算安排" in text else "决算"
    return f"某市某某中心{year}年度部门{kind}情况说明\n"


def _found(text: str, folder: Path) -> list[str]:
    path = folder / "说明.txt"
    path.write_text(_head(text) + "\n".join(text.splitlines()) + "\n", encoding="utf-8")
    reading = to_account(read_raw(path))
    return [finding.code for finding in check(reading.account, statute=reading.statute).findings]


@pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
def test_the_example_breaks_its_rule_and_the_sound_one_does_not(rule: Rule, tmp_path: Path) -> None:
    assert rule.key in _found(rule.example, tmp_path)
    assert rule.key not in _found(rule.sound, tmp_path)


@pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
def test_the_sound_example_breaks_no_rule_on_prose(rule: Rule, tmp_path: Path) -> None:
    assert [code for code in _found(rule.sound, tmp_path) if code[0] in "ZW"] == []
