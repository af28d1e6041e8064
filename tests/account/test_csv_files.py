"""CSV: no text of others becomes a formula, no number stops being one, and nothing is changed by a way out and back."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan.account import CsvWriter, bare, csv_lines, sheltered

SOURCES = Path(__file__).parents[2] / "src"
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "'=", "''@", "")
FOR_THE_DATABASE = {"ledger/files.py", "jurisdiction/ledger.py"}
"""They write copies that only DuckDB reads, and take them away again."""

texts = st.builds(str.__add__, st.sampled_from(BEGINNINGS), st.text(max_size=20))


@given(texts)
def test_a_text_comes_back_as_it_was_and_never_begins_as_a_formula(text: str) -> None:
    written = sheltered(text)
    assert bare(written) == text
    assert written == text or written == f"'{text}"
    number = text.strip(" -+0123456789.,%eE\t\r\n") == ""
    assert number or not written.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"])
def test_what_others_open_is_text(text: str) -> None:
    assert sheltered(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5.00", "-1,234.50", "+3", "-0.5%", "-1e5", "-", "--", "甲-乙", "a=b", "“=”", ""])
def test_numbers_dashes_and_common_texts_are_left_alone(text: str) -> None:
    assert sheltered(text) == text


@given(st.lists(st.lists(texts, min_size=2, max_size=4), max_size=5))
def test_a_file_comes_back_line_by_line(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    CsvWriter(file, "\r\n").lines(rows)
    assert list(csv_lines(io.StringIO(file.getvalue(), newline=""))) == rows


def test_nobody_else_writes_csv() -> None:
    """A writer that forgets the rule cannot come in unseen."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter") and isinstance(
                node.value, ast.Name
            ) and node.value.id == "csv":
                found.add("/".join(path.parts[-2:]))
    assert found == {"files/csv_files.py", *FOR_THE_DATABASE}
