"""Forms of performance goals (绩效目标表) of a budget: indicators with targets, without attained values and scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import ZERO, Figure, Fund, FundSum, Indicator, PerformanceGoals, SheetKind
from juesuan.reader.amounts import Amount, money_of
from juesuan.reader.evaluation.form import rows_of
from juesuan.reader.evaluation.lines import ReadLine, indicator_of, read_lines
from juesuan.reader.evaluation.parts import columns_of
from juesuan.reader.evaluation.words import amount_of, bare, goals_of, header_meaning, label_meaning, score_of
from juesuan.reader.raw import RawCell, RawTable
from juesuan.statute import MONEY_UNITS, GoalForms, GoalSum, Statute, load_evaluation

_LEVELS = frozenset(["level1", "level2", "name"])
_TOTAL_CELLS = 3
"""The line of the total has no more cells than these; more of them are an indicator."""
_ATTAINED = frozenset(["actual", "score"])
WAN = "万元"


class GoalMoney(msgspec.Struct):
    """A total with its parts as they are printed; `yearly` where it is the budget of the year, at its `column`."""

    of: GoalSum
    label: str
    column: int
    total: Amount | None = None
    parts: list[tuple[str, Amount]] = []

    @property
    def amounts(self) -> list[Amount]:
        """Every amount of it."""
        return [*([self.total] if self.total else []), *(part for _, part in self.parts)]


class GoalsRead(msgspec.Struct):
    """What a grid says as a form of goals; money not yet in yuan. `left` are the cells that found no place."""

    fields: dict[str, str] = {}
    sums: list[GoalMoney] = []
    indicators: list[Indicator] = []
    lines: list[ReadLine] = []
    """The lines that the indicators were read from."""
    unit: str = WAN
    kind: SheetKind = "项目"
    heading: str = ""
    full: Decimal | None = None
    left: list[RawCell] = []


def is_goals(table: RawTable, statute: Statute) -> bool:
    """Whether a grid is a form of goals: it has levels of indicators and targets, and nothing attained."""
    return _header(rows_of(table), statute) is not None


def _header(rows: Sequence[Sequence[RawCell]], statute: Statute) -> int | None:
    schemes = tuple(statute.schemes.values())
    for number, row in enumerate(rows):
        found = {header_meaning(cell.text, "indicators", schemes) for cell in row}
        # A form without levels names its indicators and weighs them.
        levels = len(found & _LEVELS) > 1 or {"name", "weight"} <= found
        if levels and "target" in found:
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
    total = next((n for n in range(header + 1, len(rows)) if _is_total(rows[n])), len(rows))
    for cell in rows[total] if total < len(rows) else ():
        taken.add(id(cell))
        read.full = read.full or score_of(cell.text)
    lines = [[cell for cell in row if id(cell) not in taken] for row in rows[header + 1 : total]]
    scheme = statute.schemes[statute.profile.scheme]
    for line in read_lines(lines, columns, scheme):
        if "name" in line.cells:
            read.indicators.append(indicator_of(line))
            read.lines.append(line)
            taken.update(id(cell) for cell in line.cells.values())
    read.left = [cell for cell in table.cells if cell.text.strip() and id(cell) not in taken]
    return read


def _is_total(row: Sequence[RawCell]) -> bool:
    """Whether a row is the line of the total (权重合计 | 100)."""
    return bool(row) and bare(row[0].text) in map(bare, load_evaluation().goal_forms.full) and len(row) <= _TOTAL_CELLS


def _above(
    row: list[RawCell], read: GoalsRead, words: GoalForms, statute: Statute, taken: set[int]
) -> None:
    """A row above the indicators: a name, an amount of money, or the goals."""
    labels = _labels(words)
    label, group = "", None
    for cell in row:
        text = bare(cell.text).removeprefix("其中").lstrip(":：")
        meaning = labels.get(text) or label_meaning(cell.text, statute.schemes.values())
        amount = amount_of(cell.text)
        begun = _group(text, cell, read, words)
        if len(row) == 1 and words.heading in text:
            read.heading = cell.text.strip()
        elif amount is not None and group is not None:
            if label in group.of.whole and group.total is None:
                group.total = amount
            elif label in group.of.parts:
                group.parts.append((label, amount))
        elif begun is not None:
            label, group = text, begun
        elif text in words.dates:
            label, group = "dates", None
        elif meaning in ("project", "unit", "supervisor", "implementer", "goals"):
            label, group = meaning, None
        elif label in ("project", "unit", "supervisor", "implementer", "goals"):
            read.fields.setdefault(label, cell.text.strip())
            label = ""
        elif label != "dates" and text != bare(words.money):
            continue
        taken.add(id(cell))
    if "unit" in read.fields and "project" not in read.fields:
        read.kind = "整体"


def _group(text: str, cell: RawCell, read: GoalsRead, words: GoalForms) -> GoalMoney | None:
    """The total that `text` is the label of, or of a part of: a part belongs to the nearest total on its left."""
    for each in words.sums:
        if text in each.whole:
            read.sums.append(GoalMoney(each, text, cell.column))
            return read.sums[-1]
    before = [known for known in read.sums if text in known.of.parts and known.column <= cell.column]
    return max(before, key=lambda known: known.column, default=None)


def _labels(words: GoalForms) -> dict[str, str]:
    names = {"project": words.names["项目"], "unit": words.names["整体"]}
    own = {"supervisor": words.supervisor, "implementer": words.implementer, "goals": words.goals}
    return {bare(text): key for key, text in {**names, **own}.items()}


def goal_decimals(forms: Iterable[GoalsRead]) -> int:
    """The decimals that the forms of a document print money with."""
    amounts = (amount for form in forms for each in form.sums for amount in each.amounts)
    return max((amount.decimals for amount in amounts), default=0)


def goals_sheet(table: RawTable, read: GoalsRead, decimals: int) -> PerformanceGoals:
    """The form with its money in yuan, printed with so many decimals in the document."""
    scale = MONEY_UNITS[read.unit]
    step = scale.scaleb(-decimals)

    def figure(amount: Amount) -> Figure:
        return Figure(amount.value * scale, step)

    def funds(of: GoalMoney) -> tuple[Fund, ...]:
        return tuple(Fund(label, budget=figure(amount)) for label, amount in of.parts)

    stated = [(each, each.total) for each in read.sums if each.total is not None]
    yearly = next(((each, total) for each, total in stated if each.of.yearly), None)
    return PerformanceGoals(
        kind=read.kind,
        title=read.fields.get("project" if read.kind == "项目" else "unit", ""),
        budget=figure(yearly[1]) if yearly else Figure(ZERO),
        parts=funds(yearly[0]) if yearly else (),
        sums=tuple(FundSum(each.label, figure(total), funds(each)) for each, total in stated),
        goals=goals_of(read.fields.get("goals", "")),
        indicators=tuple(read.indicators),
        supervisor=read.fields.get("supervisor", ""),
        implementer=read.fields.get("implementer", ""),
        source=table.source,
        heading=read.heading,
        full=read.full,
    )
