"""The worked examples of docs/howto.md run as printed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from juesuan.statute import ROOT

PAGE = Path(__file__).parents[2] / "docs" / "howto.md"
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.M | re.S))
BLOCKS = re.compile(r"^```(yaml|python)([^\n]*)\n(.*?)^```", re.M | re.S)


def lay_over(root: Path, place: str, text: str) -> None:
    """Writes a new file of the statute, or adds to one: at its end (`+`, `rules`) or to the list of a heading."""
    name, _, how = place.strip().partition(" ")
    path = root / name
    if not how:
        path.write_text(text, encoding="utf-8")
        return
    present = path.read_text(encoding="utf-8")
    if how.startswith("heading="):
        first = how.partition("=")[2]
        changed = re.sub(rf"^(  - \[{re.escape(first)}, )", rf"\g<1>{text.strip()}, ", present, count=1, flags=re.M)
        assert changed != present, first
    else:
        changed = present.rstrip("\n") + ("\n\n" if how == "+" else "\n") + text
    path.write_text(changed, encoding="utf-8")


@pytest.mark.parametrize("title", SECTIONS)
def test_the_worked_example_runs(title: str, tmp_path: Path) -> None:
    root, folder = tmp_path / "statute", tmp_path / "folder"
    shutil.copytree(ROOT, root)
    folder.mkdir()
    names: dict[str, Any] = {"root": root, "folder": folder}
    ran = 0
    for language, place, text in BLOCKS.findall(SECTIONS[title]):
        if language == "yaml":
            lay_over(root, place, text)
        else:
            exec(compile(text, f"{PAGE.name}: {title}", "exec"), names)
            ran += 1
    assert ran, title
