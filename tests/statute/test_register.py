"""The register is whole: every code that the program can give is declared, documented, and exercised by a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from juesuan.account import SEVERITY_NAMES
from juesuan.statute import load_rules
from juesuan.statute.checking.rollup import load_rollup
from juesuan.statute.register import RuleText, all_rule_texts, family_of, load_families

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[A-Z]\d{2,3}")
NO_CODES = {"S256", "E12"}
"""Texts that only look like a code: the name of a method of signing, the beginning of several codes."""

UNMET: set[str] = set()
"""Rules whose documents nobody has made yet; to be emptied."""


@pytest.fixture(scope="module")
def register() -> dict[str, RuleText]:
    return all_rule_texts()


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text in the Python files below a folder, with the file."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, path.relative_to(folder).as_posix()


@pytest.fixture(scope="module")
def given() -> dict[str, set[str]]:
    """The codes and the names of messages in the program, with the modules that give them."""
    found: dict[str, set[str]] = {}
    for text, file in texts_of(ROOT / "src" / "juesuan"):
        found.setdefault(text, set()).add(file)
    return found


def rules() -> dict[str, tuple[str, ...]]:
    """The rules that are no relation and no sentence, with the names of the messages that each has."""
    declared = {code: tuple(rule.messages) for code, rule in load_rules().items()}
    return declared | {rule.key: () for rule in load_rollup().rules}


def test_what_the_program_gives_is_registered(register: dict[str, RuleText], given: dict[str, set[str]]) -> None:
    unknown = {text: files for text, files in given.items() if CODE.fullmatch(text) and text not in register}
    assert {text for text in unknown if text not in NO_CODES} == set(), unknown


def test_what_is_registered_is_given_by_a_function(given: dict[str, set[str]]) -> None:
    idle = [code for code, messages in rules().items() if code not in given and not set(messages) & set(given)]
    assert idle == []


def test_every_message_is_said_somewhere(given: dict[str, set[str]]) -> None:
    assert [name for messages in rules().values() for name in messages if name not in given] == []


def test_every_code_is_documented_once(register: dict[str, RuleText]) -> None:
    pages = {family.page: (ROOT / "docs" / "rules" / f"{family.page}.md") for family in load_families()}
    for code, text in register.items():
        page = pages[family_of(code).page].read_text(encoding="utf-8")
        assert page.count(f"## {code} ") == 1, code
        assert text.title and text.why and text.basis and text.mend and text.applies, code
        assert text.severity in SEVERITY_NAMES, code


def test_every_rule_has_an_example(register: dict[str, RuleText]) -> None:
    assert [code for code in rules() if not register[code].bad] == []


def test_every_rule_is_exercised_by_a_test() -> None:
    """By its code in a test; rules with a sound example are read as documents (checker/prose/test_examples.py)."""
    named: set[str] = set()
    for text, file in texts_of(ROOT / "tests"):
        if file != "statute/test_register.py":
            named.update(re.findall(CODE, text))
    sound = {code for code, rule in load_rules().items() if rule.sound}
    assert sorted(set(rules()) - named - sound - UNMET) == []


def test_one_code_is_one_rule(register: dict[str, RuleText]) -> None:
    assert all(code == text.code for code, text in register.items())
    assert not set(load_rules()) & {rule.key for rule in load_rollup().rules}
