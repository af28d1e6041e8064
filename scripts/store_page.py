"""Writes the tables of docs/store.md anew from their declaration: `python scripts/store_page.py`."""

from __future__ import annotations

from pathlib import Path

from juesuan.corpus.store.schema import documentation

PAGE = Path(__file__).resolve().parents[1] / "docs" / "store.md"
MARK = "<!-- The tables below are written by scripts/store_page.py. -->"


def main() -> None:
    """Replaces what stands below the mark."""
    text = PAGE.read_text(encoding="utf-8").partition(MARK)[0].rstrip()
    tables = "\n".join(documentation()).rstrip()
    PAGE.write_text(f"{text}\n\n{MARK}\n\n{tables}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
