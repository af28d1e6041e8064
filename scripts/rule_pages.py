"""Write docs/rules from the statute; run after a change of rules, relations or clauses (`make rules`)."""

from __future__ import annotations

from pathlib import Path

from juesuan.statute.register import rule_pages

TARGET = Path(__file__).parent.parent / "docs" / "rules"


def main() -> None:
    """Write every page, and remove pages of families that are no more."""
    TARGET.mkdir(parents=True, exist_ok=True)
    pages = rule_pages()
    for path in TARGET.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (TARGET / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{TARGET}: {len(pages)} pages")


if __name__ == "__main__":
    main()
