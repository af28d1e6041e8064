"""Self-evaluation forms (绩效自评表) laid out as their scheme declares them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

import msgspec

from juesuan.account import Figure, Indicator, PerformanceSheet, plain, printed
from juesuan.publisher.document import Align, Cell, Table, label_cell
from juesuan.scoring import execution_rate, parse_value
from juesuan.statute import MONEY_UNITS, Scheme, Statute, load_evaluation

FORM = "自评表"
"""How the keys of forms begin."""
WHOLE = "整体支出"
"""What the keys of the unit's own form call it."""
OWN = ("target", "actual", "weight", "score")
"""Columns of an indicator whose values are the account's."""
TICKED, UNTICKED = "■", "□"
_VALUE = re.compile(r"([≥≤=＞＜<>]?)(\d+(?:\.\d+)?)(\D*)")
"""A sign, a number and a unit."""


def evaluation(sheet: PerformanceSheet, statute: Statute, scheme: Scheme, year: int, unit: str) -> Table:
    """The printed form of `sheet`: amounts in the scheme's unit of money, scores in points."""
    if scheme.transfer is not None and _is_transfer(sheet):
        scheme = msgspec.structs.replace(scheme, form=scheme.transfer)
    layout = scheme.form
    width = max(len(layout.indicators), len(layout.execution) + 1)
    builder = _Builder(sheet, statute, scheme, width)
    title = layout.titles[sheet.kind].format(year=year, unit=unit, project=sheet.title)
    return Table(
        key=f"{FORM} {sheet.title}",
        title=title,
        left=f"{layout.labels.unit}：{unit}",
        right=f"{layout.labels.date}：{_date(sheet.date)}" if sheet.date else "",
        widths=builder.widths(),
        header=(),
        body=tuple(builder.rows()),
        notes=_notes(layout.notes),
        small=True,
        heading=2,
    )


def _is_transfer(sheet: PerformanceSheet) -> bool:
    return sheet.kind == "项目" and any(load_evaluation().transfer in chosen for _, chosen in sheet.attributes)


def _notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    if not notes:
        return ()
    return (f"注：1. {notes[0]}", *(f"{n}. {text}" for n, text in enumerate(notes[1:], 2)))


def _date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def points(value: Decimal | None, decimals: int = 2) -> str:
    """A score in points with its decimals, empty for none."""
    return "" if value is None else printed(value, decimals)


class _Builder:
    def __init__(self, sheet: PerformanceSheet, statute: Statute, scheme: Scheme, width: int) -> None:
        self.sheet = sheet
        self.statute = statute
        self.scheme = scheme
        self.labels = scheme.form.labels
        self.width = width
        """Grid columns beside the label at the left."""

    def widths(self) -> tuple[float, ...]:
        wide = {"name": 26.0, "level1": 10.0, "level2": 12.0, "reason": 18.0, "target": 14.0, "actual": 14.0}
        keys = [column.key for column in self.scheme.form.indicators]
        named = [wide.get(key, 9.0) for key in keys]
        return (12.0, *named, *[9.0] * (self.width - len(named)))

    def rows(self) -> list[tuple[Cell, ...]]:
        rows = [*self._heading(), *self._execution()]
        if self.labels.goals and self.sheet.goals:
            goals = [f"{n}. {text}" for n, text in enumerate(self.sheet.goals, 1)]
            rows.append(self._line(self.labels.goals, "\n".join(goals), text="goals"))
        if self.labels.goals_done and self.sheet.goals_done:
            rows.append(self._line(self.labels.goals_done, self.sheet.goals_done))
        rows.extend(self._indicators())
        total = points(self.sheet.score, self.scheme.decimals)
        score = Cell(
            f"{total}分" if total else "", "center", self.width, amount=self.sheet.score, role="total",
            key=self._key("total"),
        )  # fmt: skip
        rows.append((label_cell(self.labels.total), score))
        for key, text in (("deviation", self._deviation()), ("improvement", self.sheet.improvement)):
            label: str = getattr(self.labels, key)
            if label and (text.strip() or key not in self.scheme.form.if_given):
                rows.append(self._line(label, text, text=key if text == getattr(self.sheet, key) else ""))
        return rows

    def _key(self, *parts: object) -> str:
        """What of the account a cell prints, as keys say it: 自评:整体支出:total."""
        subject = self.sheet.title if self.sheet.kind == "项目" else WHOLE
        return ":".join(map(str, (FORM, subject, *parts)))

    def _deviation(self) -> str:
        """The reasons of the whole form, and those of single indicators where they have no column of their own."""
        if any(column.key == "reason" for column in self.scheme.form.indicators):
            return self.sheet.deviation
        single = [f"“{i.name}”：{i.reason.strip()}" for i in self.sheet.indicators if i.reason.strip()]
        return "\n".join(filter(None, (self.sheet.deviation.strip(), *single)))

    def _line(self, label: str, content: str, align: Align = "left", text: str = "") -> tuple[Cell, ...]:
        """A label and what stands beside it: a text of the unit, where `text` names one."""
        key = self._key(text) if text else ""
        return (label_cell(label), Cell(content, align, colspan=self.width, key=key, editable=bool(text)))

    def _pair(self, first: tuple[str, Cell], second: tuple[str, Cell]) -> tuple[Cell, ...]:
        left = self.width // 2
        spans = (left - 1, self.width - left)
        cells = (msgspec.structs.replace(cell, colspan=n) for (_, cell), n in zip((first, second), spans, strict=True))
        return tuple(part for label, cell in zip((first[0], second[0]), cells, strict=True)
                     for part in (label_cell(label), cell))

    def _heading(self) -> list[tuple[Cell, ...]]:
        sheet, labels = self.sheet, self.labels
        if sheet.kind == "项目":
            rows = [self._line(labels.project, sheet.title, "center")]
            names = (labels.supervisor, sheet.supervisor), (labels.implementer, sheet.implementer)
            rows.append(self._pair(*((label, Cell(name, "center")) for label, name in names)))
            rows.extend(self._line(name, self._ticks(name, chosen)) for name, chosen in sheet.attributes)
            return rows
        rows = [self._line(labels.unit, sheet.title, "center")]
        if labels.basic_outlay:
            basic, project = self._money(sheet.basic, "basic"), self._money(sheet.project, "project")
            rows.append(self._pair((labels.basic_outlay, basic), (labels.project_outlay, project)))
        return rows

    def _ticks(self, name: str, chosen: str) -> str:
        options = [
            option
            for plan in self.statute.workbook.sheets
            for cell in plan.cells
            if cell.label == name
            for option in cell.options
        ]
        return "    ".join(f"{n}. {o}{TICKED if o == chosen else UNTICKED}" for n, o in enumerate(options, 1))

    def _money(self, figure: Figure | None, role: str = "") -> Cell:
        if figure is None:
            return Cell("", "center")
        text = self.statute.amount_text(figure.value, self.scheme.form.money, table=True)
        amount = figure.value / MONEY_UNITS[self.scheme.form.money]
        key = self._key(role) if role else ""
        return Cell(text, "center", amount=amount if text else None, role=role, key=key)

    def _points(self, value: Decimal | None, role: str, full: Decimal) -> Cell:
        text = points(value, self.scheme.decimals)
        return Cell(text, "center", amount=value, role=role, full=full, key=self._key(role))

    def _execution(self) -> list[tuple[Cell, ...]]:
        layout, execution = self.scheme.form, self.scheme.execution
        span = self.width - len(layout.execution)
        label = f"{execution.label}\n（{layout.money}）\n（{plain(execution.points)}分）"
        heads = [label_cell(column.header) for column in layout.execution]
        rate = execution_rate(self.sheet)
        exact = None if rate is None else Decimal(rate.numerator) / Decimal(rate.denominator)
        percent = "" if exact is None else printed(exact * 100, 2) + "%"
        cells = {
            "initial": self._money(self.sheet.initial, "initial"),
            "budget": self._money(self.sheet.budget, "budget"),
            "outlay": self._money(self.sheet.outlay, "outlay"),
            "rate": Cell(percent, "center", amount=exact, role="rate", key=self._key("rate")),
            "weight": Cell(plain(execution.points), "center", amount=execution.points, role="points"),
            "score": self._points(self.sheet.execution_score, "execution", execution.points),
            "reason": Cell(self._execution_reason(rate), "center"),
        }
        fund = layout.total_funds[self.sheet.kind]
        return [
            (label_cell(label, rowspan=2), Cell("", colspan=span), *heads),
            (Cell(fund, "center", colspan=span), *(cells[column.key] for column in layout.execution)),
        ]

    def _execution_reason(self, rate: Fraction | None) -> str:
        """Where the reason of a low rate is written: in the row for reasons of the whole form, which has the room."""
        low = rate is not None and rate < Fraction(self.scheme.execution.reason_below)
        given = self.sheet.deviation.strip()
        return load_evaluation().elsewhere.format(self.labels.deviation) if low and given else ""

    def _indicators(self) -> list[tuple[Cell, ...]]:
        layout = self.scheme.form.indicators
        extra = self.width - len(layout)
        lines = self.sheet.indicators
        heads = [label_cell(c.header, colspan=1 + (extra if c.key == "name" else 0)) for c in layout]
        label = label_cell(self.labels.indicators, rowspan=len(lines) + 1)
        rows: list[tuple[Cell, ...]] = [(label, *heads)]
        for _, group in groupby(lines, key=lambda line: line.level1):
            rows.extend(self._group(list(group), extra))
        return rows

    def _group(self, group: list[Indicator], extra: int) -> list[tuple[Cell, ...]]:
        rows = []
        position = {id(line): number for number, line in enumerate(self.sheet.indicators, 1)}
        sizes = {key: len(list(part)) for key, part in groupby(group, key=lambda line: line.level2)}
        seen: set[str] = set()
        for index, line in enumerate(group):
            cells = []
            for column in self.scheme.form.indicators:
                if column.key == "level1":
                    if index == 0:
                        cells.append(self._spanned(line.level1, group, len(group)))
                elif column.key == "level2":
                    if line.level2 not in seen:
                        seen.add(line.level2)
                        part = [other for other in group if other.level2 == line.level2]
                        cells.append(self._spanned(line.level2, part, sizes[line.level2]))
                else:
                    span = 1 + (extra if column.key == "name" else 0)
                    align: Align = "left" if column.key in ("name", "reason") else "center"
                    number = {"weight": line.weight, "score": line.score}.get(column.key)
                    role = column.key if number is not None else ""
                    own = column.key in OWN
                    key = self._key(position[id(line)], column.key) if own or column.key == "reason" else ""
                    text = self._value(line, column.key)
                    editable = column.key == "reason"
                    cells.append(
                        Cell(text, align, span, amount=number, role=role, key=key if text else "", editable=editable)
                    )
            rows.append(tuple(cells))
        return rows

    def _weighed(self) -> bool:
        return any(column.key == "weight" for column in self.scheme.form.indicators)

    def _spanned(self, name: str, group: list[Indicator], span: int) -> Cell:
        weight = "" if self._weighed() else f"\n（{plain(sum((i.weight for i in group), Decimal(0)))}分）"
        return Cell(name + weight, "center", rowspan=span)

    def _apart(self, line: Indicator) -> tuple[str, str, str, str]:
        """Sign, number and unit of the target, and the actual value, where the form has columns for each.

        Values that could not be put together again stay whole.
        """
        keys = {column.key for column in self.scheme.form.indicators}
        target, actual = _VALUE.fullmatch(line.target), _VALUE.fullmatch(line.actual)
        parsed = parse_value(line.target)
        plain_unit = target is not None and target[3] == parsed.scale + parsed.unit
        # “95%以上”, “24小时不间断”: what follows the number is no unit alone.
        if not {"sign", "unit"} <= keys or target is None or not plain_unit:
            return "", line.target, "", line.actual
        sign, number, unit = target.groups()
        if actual is not None and not actual[1] and actual[3] == unit:
            return sign, number, unit, actual[2]
        bare = actual is not None and not actual[3]
        return ("", line.target, "", line.actual) if bare else (sign, number, unit, line.actual)

    def _value(self, line: Indicator, key: str) -> str:
        name = line.name if self._weighed() else f"{line.name}（{plain(line.weight)}分）"
        sign, target, unit, actual = self._apart(line)
        return {
            "name": name,
            "sign": sign,
            "target": target,
            "unit": unit,
            "actual": actual,
            "weight": plain(line.weight),
            "score": points(line.score, self.scheme.decimals),
            "reason": line.reason,
        }[key]
