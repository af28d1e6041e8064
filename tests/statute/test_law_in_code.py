"""The lint that keeps the law out of the code: it finds what it is for, and leaves the rest alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "law_in_code.py"


def run(folder: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, str(SCRIPT), str(folder)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('TOTAL = Address("表1", "27", "1")', "表1"),
        ('title = "公开05表"', "公开05表"),
        ('BASIS = "财预〔2020〕10号"', "〔2020〕10号"),
        ('OFFICE = "2080108"', "2080108"),
        ('text = f"科目 {name} 应为 2210201"', "2210201"),
        ('STAFF = ("301", "303")', "301"),
        ('place = "武汉市"', "武汉"),
        ('key = "wuhan-2022"', "wuhan"),
        ("def of_shanghai(): ...", "shanghai"),
    ],
)
def test_law_is_found_with_its_line(tmp_path: Path, line: str, found: str) -> None:
    (tmp_path / "checker").mkdir()
    (tmp_path / "checker" / "rule.py").write_text(f'"""A rule."""\n\n{line}\n', encoding="utf-8")
    status, output = run(tmp_path)
    assert status == 1
    assert output.startswith(f"checker/rule.py:3: {found}\n")


def test_documentation_the_statute_and_plain_numbers_are_left_alone(tmp_path: Path) -> None:
    text = (
        '"""Table 表1, 财预〔2020〕10号, 武汉."""\n# 表1\nWIDTH = "200"\nn = 301\n'
        'zone = "Asia/Shanghai"\ntext = "相差 301 元"\n'
    )
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "page.py").write_text(text, encoding="utf-8")
    (tmp_path / "statute").mkdir()
    (tmp_path / "statute" / "form.py").write_text('KEY = "表1"\n', encoding="utf-8")
    assert run(tmp_path) == (0, "")


def test_our_own_code_has_none() -> None:
    assert run(SCRIPT.parents[1] / "src" / "juesuan") == (0, "")
