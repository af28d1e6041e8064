"""Forms of performance goals (绩效目标表) of a budget: indicators with targets, without attained values and scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from juesuan.account import ZERO, Figure, Fund, Indicator, PerformanceGoals, SheetKind
from juesuan.reader.amounts import Amount, money_of
from juesuan.reader.evaluation.form import rows_of
from juesuan.reader.evaluation.lines import indicator_of, read_lines
from juesuan.reader.evaluation.parts import columns_of
from juesuan.reader.evaluation.words import amount_of, bare, goals_of, header_meaning, label_meaning
from juesuan.reader.raw import RawCell, RawTable
from juesuan.statute import MONEY_UNITS, GoalForms, Statute, load_evaluation

_LEVELS = frozenset(["level1", "level2", "name"])
_ATTAINED = frozenset(["actual", "score"])
WAN = "万元"


class GoalsRead(msgspec.Struct):
    """What a grid says as a form of goals; money not yet in yuan. `left` are the cells that found no place."""

    fields: dict[str, str] = {}
    whole: Amount | None = None
    parts: list[tuple[str, Amount]] = []
    indicators: list[Indicator] = []
    unit: str = WAN
    kind: SheetKind = "项目"
    heading: str = ""
    left: list[RawCell] = []


def is_goals(table: RawTable, statute: Statute) -> bool:
    """Whether a grid is a form of goals: it has levels of indicators and targets, and nothing attained."""
    return _header(rows_of(table), statute) is not None


def _header(rows: Sequence[Sequence[RawCell]], statute: Statute) -> int | None:
    schemes = tuple(statute.schemes.values())
    for number, row in enumerate(rows):
        found = {header_meaning(cell.text, "indicators", schemes) for cell in row}
        if len(found & _LEVELS) > 1 and "target" in found:
            return None if found & _ATTAINED else number
    return None


def read_goals(table: RawTable, statute: Statute) -> GoalsRead:
    """The form that `table` is (`is_goals`)."""
    rows, words = rows_of(table), load_evaluation().goal_forms
    header = _header(rows, statute) or 0
    read = GoalsRead(unit=money_of([cell.text for row in rows[:header] for cell in row]) or WAN)
    taken: set[int] = set()
    for row in rows[:header]:
        _above([cell for cell in row if id(cell) not in taken], read, words, statute, taken)
    schemes = tuple(statute.schemes.values())
    heads = [(cell, key) for cell in rows[header] if (key := header_meaning(cell.text, "indicators", schemes))]
    columns = columns_of(heads, table.width)
    taken.update(id(cell) for cell in rows[header])
    # The label beside all indicators may stand in a row of its own where it was set in the middle.
    taken.update(id(cell) for row in rows[header:] for cell in row if bare(cell.text) == bare(words.indicators))
    lines = [[cell for cell in row if id(cell) not in taken] for row in rows[header + 1 :]]
    scheme = statute.schemes[statute.profile.scheme]
    for line in read_lines(lines, columns, scheme):
        if "name" in line.cells:
            read.indicators.append(indicator_of(line))
            taken.update(id(cell) for cell in line.cells.values())
    read.left = [cell for cell in table.cells if cell.text.strip() and id(cell) not in taken]
    return read


def _above(
    row: list[RawCell], read: GoalsRead, words: GoalForms, statute: Statute, taken: set[int]
) -> None:
    """A row above the indicators: a name, an amount of money, or the goals."""
    labels = _labels(words)
    label = ""
    for cell in row:
        text = bare(cell.text)
        meaning = labels.get(text) or label_meaning(cell.text, statute.schemes.values())
        amount = amount_of(cell.text)
        if len(row) == 1 and words.heading in text:
            read.heading = cell.text.strip()
        elif amount is not None and label:
            if label in ("whole", "budget"):
                read.whole = read.whole or amount
            else:
                read.parts.append((label, amount))
        elif text == bare(words.money) or meaning in ("whole", "project", "unit", "supervisor", "implementer", "goals"):
            label = meaning
        elif text in _parts(words):
            label = text
        elif label and label in ("project", "unit", "supervisor", "implementer", "goals"):
            read.fields[label] = cell.text.strip()
        else:
            continue
        taken.add(id(cell))
    if "unit" in read.fields and "project" not in read.fields:
        read.kind = "整体"


def _labels(words: GoalForms) -> dict[str, str]:
    names = {"whole": words.whole, "project": words.names["项目"], "unit": words.names["整体"]}
    own = {"supervisor": words.supervisor, "implementer": words.implementer, "goals": words.goals}
    return {bare(text): key for key, text in {**names, **own}.items()}


def _parts(words: GoalForms) -> set[str]:
    return {bare(label) for parts in words.parts.values() for label in parts}


def goal_decimals(forms: Iterable[GoalsRead]) -> int:
    """The decimals that the forms of a document print money with."""
    amounts = (amount for form in forms for amount in (form.whole, *(part for _, part in form.parts)) if amount)
    return max((amount.decimals for amount in amounts), default=0)


def goals_sheet(table: RawTable, read: GoalsRead, decimals: int) -> PerformanceGoals:
    """The form with its money in yuan, printed with so many decimals in the document."""
    scale = MONEY_UNITS[read.unit]
    step = scale.scaleb(-decimals)

    def figure(amount: Amount) -> Figure:
        return Figure(amount.value * scale, step)

    return PerformanceGoals(
        kind=read.kind,
        title=read.fields.get("project" if read.kind == "项目" else "unit", ""),
        budget=figure(read.whole) if read.whole else Figure(ZERO),
        parts=tuple(Fund(label, budget=figure(amount)) for label, amount in read.parts),
        goals=goals_of(read.fields.get("goals", "")),
        indicators=tuple(read.indicators),
        supervisor=read.fields.get("supervisor", ""),
        implementer=read.fields.get("implementer", ""),
        source=table.source,
        heading=read.heading,
    )
