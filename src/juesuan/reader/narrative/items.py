"""Which item a sentence is of by the names that it writes: as the tables print them, else as declared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from juesuan.account import Account, item_name
from juesuan.statute import CODE_LENGTHS, CodeTable, Statute
from juesuan.statute.language import compact

_ORDER = re.compile(r"^\W*\d*\W*")
ALIKE = 0.85
"""How alike the written name of an item and that of the one item meant must be."""
LISTED_ALIKE = 0.75
"""How alike where the tables of the document have the item."""

Names = tuple[str, ...]


class ItemNames:
    """The items of a classification by their names from the 类 down, those of the document's own tables first."""

    def __init__(self, account: Account, statute: Statute) -> None:
        table, year = statute.functional, statute.year
        self._declared = _declared(table, year)
        form = statute.profile.itemised.form
        self._listed = {fact.address.row for fact in account.of_form(form) if fact.address.row.isdigit()}
        self._printed: dict[Names, str] = {}
        for label in account.labels:
            if label.row in self._listed:
                above = [length for length in CODE_LENGTHS.values() if length < len(label.row)]
                names = [_plain(table.name(label.row[:length], year)) for length in above]
                self._printed.setdefault((*names, _plain(label.text)), label.row)

    def code(self, names: Sequence[str]) -> str:
        """The code of the item that the names mean; empty where it is none that is known.

        A name that the table of the document prints beside a code means that line, whatever the classification says;
        one that is written almost as it should be (其它 for 其他) means the one item of its 类 and 款 that is alike.
        """
        plain = tuple(_plain(name) for name in names)
        return self._printed.get(plain, "") or self._declared.get(plain, "") or self._alike(plain)

    def _alike(self, names: Names) -> str:
        found = [
            (SequenceMatcher(None, names[-1], known[-1]).ratio(), code)
            for known, code in self._declared.items()
            if len(known) == len(names) and known[:-1] == names[:-1]
        ]
        if self._listed:
            # Of what the tables do not have nothing is told: another item is meant, or one that is not there.
            listed = [code for ratio, code in found if ratio >= LISTED_ALIKE and code in self._listed]
            return listed[0] if len(listed) == 1 else ""
        alike = [code for ratio, code in found if ratio >= ALIKE]
        return alike[0] if len(alike) == 1 else ""


@lru_cache(maxsize=16)
def _declared(table: CodeTable, year: int) -> dict[Names, str]:
    """The codes of the classification by their names from the 类 down: the same for every document of the year."""
    found: dict[Names, str] = {}
    for entry in table.of_year(year):
        lengths = [length for length in CODE_LENGTHS.values() if length <= len(entry.code)]
        found[tuple(_plain(table.name(entry.code[:length], year)) for length in lengths)] = entry.code
    return found


@lru_cache(maxsize=8192)
def _plain(name: str) -> str:
    return item_name(_ORDER.sub("", compact(name)))
