"""Official exports taken in: every figure at its address in the disclosure, or listed as having no place there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from juesuan.account import Fact, Issue, Source
from juesuan.compiler import issue, say
from juesuan.reader.exports import OpenedFile, SheetTable, StrangeTable, read_sheets
from juesuan.statute import Statute
from juesuan.statute.exports import load_exports, with_exports


class TakenTables(msgspec.Struct, frozen=True):
    """The figures of some exports by their addresses in the disclosure.

    `problems` keep from publishing, `notes` do not.
    """

    facts: tuple[Fact, ...]
    forms: tuple[str, ...]
    answered: frozenset[str]
    """The forms, and the single addresses, that the tables speak of, be it by a blank."""
    problems: tuple[Issue, ...]
    notes: tuple[Issue, ...]


def take_exports(files: Sequence[OpenedFile], statute: Statute) -> TakenTables:
    """What the exported tables of `files` say, those of one table beside those of another where they overlap."""
    read = read_sheets(files, with_exports(statute))
    facts: list[Fact] = []
    problems: list[Issue] = []
    notes = [_strange(table) for table in read.strange]
    for table in read.tables:
        if table.facts and not table.money and any(_is_money(fact, statute) for fact in table.facts):
            problems.append(issue(say("export.money", title=table.title), table.source))
            continue
        placed, unused = _placed(table, statute)
        facts.extend(placed)
        for key, cells in (("export.unused", unused), ("export.loose", [c.source for c in table.loose if c.source])):
            if cells:
                message = say(key, title=table.title, count=len(cells), cells=listed(cells))
                notes.append(issue(message, table.source))
    forms = tuple(table.form for table in read.tables)
    return TakenTables(tuple(facts), forms, _answered(forms, statute), tuple(problems), tuple(notes))


def _answered(forms: Sequence[str], statute: Statute) -> frozenset[str]:
    tables = load_exports(statute).tables
    found = {form for form in forms if form not in tables}
    for form in forms:
        for address in tables[form].addresses() if form in tables else ():
            found.add(address.form if statute.forms[address.form].published else str(address))
    return frozenset(found)


def _is_money(fact: Fact, statute: Statute) -> bool:
    form = with_exports(statute).forms[fact.address.form]
    return form.unit_of(fact.address.row) in ("元", "万元")


def _placed(table: SheetTable, statute: Statute) -> tuple[list[Fact], list[Source]]:
    """The figures of a table at their addresses in the disclosure, and the cells that have none."""
    export = load_exports(statute).tables.get(table.form)
    found: list[Fact] = []
    unused: list[Source] = []
    printed = {form.key: {c.key for block in form.blocks for c in block.columns} for form in statute.forms.values()}
    for fact in table.facts:
        address = export.address(fact.address.row, fact.address.column) if export else fact.address
        if address is None or address.column not in printed[address.form]:
            unused.extend([fact.source] if fact.source and fact.figure.value else [])
        else:
            found.append(msgspec.structs.replace(fact, address=address))
    return found, unused


def _strange(table: StrangeTable) -> Issue:
    cells = [cell.source for cell in table.cells if cell.source]
    return issue(say("export.strange", title=table.title, count=len(cells), cells=listed(cells)), table.source)


def listed(places: Iterable[Source]) -> str:
    """Cells in brief: runs of neighbouring cells of one line as C5:F5, the rest one by one."""
    by_line: dict[int, list[int]] = {}
    for place in places:
        letters = place.cell.rstrip("0123456789")
        by_line.setdefault(int(place.cell[len(letters) :] or 0), []).append(_number(letters))
    areas: list[list[int]] = []
    latest: dict[tuple[int, int], list[int]] = {}
    for line in sorted(by_line):
        for run in _runs(sorted(by_line[line])):
            area = latest.get(run)
            if area is not None and area[1] == line - 1:
                area[1] = line
            else:
                latest[run] = [line, line, *run]
                areas.append(latest[run])
    return "、".join(_area(*area) for area in areas)


def _runs(columns: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for column in columns:
        if found and found[-1][1] == column - 1:
            found[-1] = (found[-1][0], column)
        else:
            found.append((column, column))
    return found


def _area(top: int, bottom: int, first: int, last: int) -> str:
    start, end = f"{_letters(first)}{top}", f"{_letters(last)}{bottom}"
    return start if start == end else f"{start}:{end}"


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    name = ""
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name
