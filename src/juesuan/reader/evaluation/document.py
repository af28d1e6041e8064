"""The self-evaluation forms (绩效自评表) and the key work table (重点工作完成情况表) of a document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from juesuan.account import ZERO, Figure, Fund, KeyWork, PerformanceGoals, PerformanceSheet, Unplaced
from juesuan.reader.amounts import Amount, blank
from juesuan.reader.evaluation.form import captions_of, goals_in, is_form, read_form
from juesuan.reader.evaluation.goals import GoalsRead, goal_decimals, goals_sheet, is_goals, read_goals
from juesuan.reader.evaluation.key_work import is_key_work, read_key_work
from juesuan.reader.evaluation.lines import ReadLine
from juesuan.reader.evaluation.parts import FundLine, RawForm
from juesuan.reader.evaluation.words import amount_of, date_of, note_lines, rate_of, score_of
from juesuan.reader.raw import RawDocument, RawTable, RawText
from juesuan.statute import MONEY_UNITS, Statute, load_evaluation

TITLE_DISTANCE = 6
_LONGEST_TITLE = 80
_ENDS = ("", "。", "；", "：")
"""How many paragraphs above a form its title and its captions may stand."""
_NOT_PRINTED = Figure(ZERO)
"""Stands for an amount that the form does not print: `places` has no place for it then."""
_TOTAL_WORDS = ("总额", "合计", "总计", "小计")


class Evaluations(msgspec.Struct):
    """What was found: forms, key work, and what of them has no place. `taken` are the grids, by identity."""

    sheets: tuple[PerformanceSheet, ...] = ()
    goals: tuple[PerformanceGoals, ...] = ()
    key_work: tuple[KeyWork, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    notes: tuple[str, ...] = ()
    taken: frozenset[int] = frozenset()
    scored: frozenset[int] = frozenset()
    """Those of `taken` that are self-evaluation forms or key work, behind which no table goes on."""


def read_evaluations(raw: RawDocument, statute: Statute) -> Evaluations:
    """Every self-evaluation form of `raw` and its key work table, recognised by their words.

    Amounts have the resolution that the forms of this document print money with.
    """
    forms: list[tuple[RawTable, RawForm]] = []
    goals: list[tuple[RawTable, GoalsRead]] = []
    key_work: list[KeyWork] = []
    taken: set[int] = set()
    goes_on = False
    for number, block in enumerate(raw.blocks):
        if not isinstance(block, RawTable):
            goes_on = goes_on and len(block.text) < 3
            continue
        if is_form(block):
            form = read_form(block, statute)
            _around(form, raw.blocks, number)
            forms.append((block, form))
            taken.add(id(block))
        elif is_goals(block, statute):
            goals.append((block, read_goals(block, statute)))
        elif is_key_work(block) or goes_on:
            lines = read_key_work(block, key_work if goes_on else ())
            if lines:
                key_work = lines
                taken.add(id(block))
        goes_on = id(block) in taken and not is_form(block)
    decimals = _decimals([form for _, form in forms])
    sheets = tuple(_sheet(table, form, decimals) for table, form in forms)
    cells = [cell for _, form in forms for cell in form.left] + [cell for _, read in goals for cell in read.left]
    left = tuple(Unplaced(cell.text, cell.source) for cell in cells)
    set_goals = tuple(goals_sheet(table, read, goal_decimals(read for _, read in goals)) for table, read in goals)
    notes = tuple(note for _, form in forms for note in form.notes)
    scored = frozenset(taken)
    taken.update(id(table) for table, _ in goals)
    return Evaluations(sheets, set_goals, tuple(key_work), left, notes, frozenset(taken), scored)


def indicator_lines(table: RawTable, statute: Statute) -> tuple[ReadLine, ...]:
    """The lines of indicators of a form of self-evaluation or of goals, with their cells; none of any other grid."""
    if is_form(table):
        return tuple(read_form(table, statute).lines)
    return tuple(read_goals(table, statute).lines) if is_goals(table, statute) else ()


def _around(form: RawForm, blocks: Sequence[RawText | RawTable], number: int) -> None:
    """The title and the captions above the form, and the remarks below it."""
    above: list[RawText] = []
    for block in reversed(blocks[max(0, number - TITLE_DISTANCE) : number]):
        if isinstance(block, RawTable):
            break
        above.append(block)
    for place, text in enumerate(above):
        title = _title(text.text.strip(), above[place + 1].text.strip() if place + 1 < len(above) else "")
        if not form.heading and title:
            form.heading = title
            if text.source:
                form.places.setdefault("heading", text.source)
            break
        for key, value in captions_of(text.text):
            if f"caption.{key}" not in form.fields:
                form.fields[f"caption.{key}"] = value
                if text.source:
                    form.places.setdefault(key, text.source)
    below: list[str] = []
    for block in blocks[number + 1 :]:
        if isinstance(block, RawTable):
            break
        below.append(block.text)
    notes = list(note_lines(below))
    if not notes and form.fields.get("remarks"):
        notes = [form.fields["remarks"]]
    form.fields["notes"] = "\n".join(notes)


def _title(text: str, higher: str) -> str:
    """The title of a form that a paragraph is, or of which it is the rest where that takes two lines; else nothing."""
    headings = load_evaluation().headings
    whole = higher + text
    one = len(whole) < _LONGEST_TITLE and headings.form in whole and headings.form not in higher
    if one and higher[-1:] not in _ENDS:
        kinds = (*headings.whole, *headings.project)
        broken = headings.form not in text or not any(word in text for word in kinds)
        if broken and any(word in higher for word in kinds):
            return whole
    return text if headings.form in text and len(text) < _LONGEST_TITLE else ""


def _main_fund(form: RawForm) -> int | None:
    """Which row of money is the whole of it: the one called 总额, else the first."""
    if not form.funds:
        return None
    named = (n for n, line in enumerate(form.funds) if any(word in line.label for word in _TOTAL_WORDS))
    return next(named, 0)


def _decimals(forms: Sequence[RawForm]) -> dict[str, int]:
    """The decimals that the forms of a document print amounts with, by their unit of money."""
    found: dict[str, int] = {}
    for form in forms:
        unit = _money(form)
        amounts = [*form.amounts.values(), *(a for line in form.funds for a in _amounts(line).values())]
        found[unit] = max([found.get(unit, 0), *(amount.decimals for amount in amounts)])
    return found


def _money(form: RawForm) -> str:
    return form.money or form.scheme.form.money


def _amounts(line: FundLine) -> dict[str, Amount]:
    keys = ("initial", "budget", "outlay")
    return {key: a for key in keys if key in line.cells and (a := amount_of(line.cells[key].text)) is not None}


def _sheet(table: RawTable, form: RawForm, decimals: dict[str, int]) -> PerformanceSheet:
    scale = MONEY_UNITS[_money(form)]
    step = scale.scaleb(-decimals[_money(form)])

    def figure(amount: Amount | None) -> Figure | None:
        return None if amount is None else Figure(amount.value * scale, step)

    main = _main_fund(form)
    line = form.funds[main] if main is not None else FundLine("", {})
    money = {key: figure(amount) for key, amount in _amounts(line).items()}
    places = {key: cell.source for key, cell in line.cells.items() if cell.source}
    renamed = {"rate": "stated_rate", "score": "execution_score"}
    places = {renamed.get(key, key): source for key, source in places.items()} | form.places
    fields = form.fields
    kind = _kind(form)
    return PerformanceSheet(
        kind=kind,
        title=fields.get("project" if kind == "项目" else "unit") or form.heading or fields.get("caption.unit", ""),
        scheme=form.scheme.key,
        budget=money.get("budget") or _NOT_PRINTED,
        outlay=money.get("outlay") or _NOT_PRINTED,
        indicators=tuple(form.indicators),
        basic=figure(form.amounts.get("basic")),
        project=figure(form.amounts.get("project")),
        initial=money.get("initial"),
        execution_score=_score(line),
        score=form.score,
        date=fields.get("caption.date", "") or date_of(fields.get("date", "")),
        supervisor=fields.get("supervisor", ""),
        implementer=fields.get("implementer", ""),
        goals=goals_in(form),
        attributes=tuple(form.attributes),
        deviation=_deviation(form, line),
        improvement=fields.get("improvement", ""),
        source=table.source,
        heading=form.heading,
        unit=fields.get("caption.unit", "") or fields.get("unit", ""),
        stated_rate=rate_of(line.cells["rate"].text) if "rate" in line.cells else None,
        execution_points=form.execution_points,
        execution_formula=form.execution_headers,
        allotments=form.allotments,
        funds=tuple(_fund(other, scale, step) for n, other in enumerate(form.funds) if n != main),
        goals_done=fields.get("goals_done", ""),
        grade=fields.get("grade", ""),
        notes=tuple(filter(None, fields.get("notes", "").split("\n"))),
        places=tuple(sorted(places.items())),
        full=form.full,
    )


def _kind(form: RawForm) -> Literal["整体", "项目"]:
    if form.kind:
        return "项目" if form.kind == "项目" else "整体"
    headings = load_evaluation().headings
    return "整体" if any(word in form.heading for word in headings.whole) else "项目"


def _score(line: FundLine) -> Decimal | None:
    return score_of(line.cells["score"].text) if "score" in line.cells else None


def _deviation(form: RawForm, line: FundLine) -> str:
    """The reasons of the form, also where they stand beside the money."""
    reason = line.cells["reason"].text.strip() if "reason" in line.cells else ""
    if reason == load_evaluation().elsewhere.format(form.scheme.form.labels.deviation):
        reason = ""
    return "；".join(text for text in (form.fields.get("deviation", ""), reason) if not blank(text))


def _fund(line: FundLine, scale: Decimal, step: Decimal) -> Fund:
    amounts = {key: Figure(amount.value * scale, step) for key, amount in _amounts(line).items()}
    source = next((cell.source for cell in line.cells.values() if cell.source), None)
    return Fund(line.label, amounts.get("initial"), amounts.get("budget"), amounts.get("outlay"), source)
