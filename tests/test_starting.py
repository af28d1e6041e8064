"""What a command loads before it works: libraries that it does not need cost every run of it a part of its time."""

from __future__ import annotations

import subprocess
import sys

import pytest

SPREADSHEETS = ("openpyxl", "xlsxwriter", "numpy", "PIL")
CHECKING = "import juesuan.cli, juesuan.inspection, juesuan.reader.account, juesuan.reader.pdf_file"


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import juesuan", ("juesuan.statute", "lark", "yaml")),
        ("import juesuan.cli", (*SPREADSHEETS, "duckdb", "sqlalchemy", "juesuan.web.server")),
        (CHECKING, (*SPREADSHEETS, "duckdb", "sqlalchemy", "docx", "lark", "http.client", "juesuan.compiler")),
        ("import juesuan.web.server", (*SPREADSHEETS, "ldap3", "joserfc", "httpx", "rich")),
    ],
    ids=["package", "command", "check", "serve"],
)
def test_libraries_are_loaded_by_what_needs_them(code: str, unwanted: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert [name for name in unwanted if name in loaded] == []
