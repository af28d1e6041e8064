"""Every text that the law writes: what it does not know of is somebody's own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from juesuan.statute.loader.load import ROOT

_WORDED = ("clauses", "forms", "profiles", "lexicon", "classification", "relations")
"""The folders whose files hold sentences, titles, labels, names and the words of prose."""
_FILES = ("phrasings.yaml", "aliases.yaml", "prose.yaml", "residue.yaml")


def law_texts(root: Path = ROOT) -> Iterator[str]:
    """The files of the law that have words which documents print."""
    for folder in _WORDED:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".yaml", ".csv"):
                yield path.read_text(encoding="utf-8")
    for name in _FILES:
        yield (root / name).read_text(encoding="utf-8")
