"""Findings on the equations that a document prints under its own tables: parsed, compared and held against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from juesuan.account import Account, Issue, Passage, StatedOperand, with_unit
from juesuan.checker.engine.combined_lines import regrouped
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.engine.relations import figure_at
from juesuan.statute import (
    Expander,
    Form,
    Instance,
    NotationError,
    Relation,
    Statute,
    bound_to_lines,
    judge,
    lines,
    load_rules,
    parse,
)
from juesuan.statute.articulation import split_notes

_BASIS = "表下所印公式"

Sides = tuple[frozenset[tuple[int, str]], frozenset[tuple[int, str]]]


def check_equations(context: CheckContext) -> Iterator[Issue]:
    """Printed equations that the table breaks, and those that differ from the form's own.

    An equation that the statute declares for the form is decided with the relations and not repeated here.
    """
    account, statute = context.account, context.statute
    expander = Expander(statute.forms, cache(lambda key: lines(account, statute, key)))
    for table in account.tables:
        form = statute.forms[table.form]
        printed = [(note, text) for note in table.notes for text in split_notes(note.text)]
        if not printed or not any(True for _ in account.of_form(form.key)):
            continue
        own = [instance for relation in _own(form, statute) for instance in expander.instances(relation)]
        as_printed = [regrouped(instance, account, statute) for instance in own]
        declared = {_sides(instance) for instance in (*own, *filter(None, as_printed))}
        for note, text in printed:
            numbers = dict(table.numbers)
            instances = [i for i in _instances(text, form, expander, numbers) if _sides(i) not in declared]
            if instances:
                yield from _differs(instances, text, form, note, declared)
                yield from _broken(instances, text, form, note, account, statute)


def _own(form: Form, statute: Statute) -> list[Relation]:
    return [r for r in statute.relations.values() if r.form == form.key and r.kind == "equation"]


def _sides(instance: Instance) -> Sides:
    left, right = (
        frozenset((o.sign, str(o.address)) for o in operands) for operands in (instance.left, instance.right)
    )
    return left, right


def _instances(text: str, form: Form, expander: Expander, numbers: Mapping[str, str]) -> list[Instance]:
    """The equation at every line and column that the form has; none where it is not in the notation.

    `numbers` are the table's own numbers of lines, where it has others: one that is not among them is of no known line.
    """
    if numbers and not set(re.findall(r"\d+", text)) <= set(numbers):
        return []
    try:
        text = bound_to_lines(text, form, numbers)
        equation = parse(text)
        if not equation.places() or any(place.form for place in equation.places()):
            return []
        relation = Relation(code="P101", why=_BASIS, basis=_BASIS, tolerance="S", statement=text, form=form.key)
        found = list(expander.instances(relation))
    except (NotationError, KeyError, ValueError):
        return []
    return [instance for instance in found if all(_known(a.row, a.column, form) for a in instance.addresses())]


def _known(row: str, column: str, form: Form) -> bool:
    return column in form.columns and form.layout.has(row)


def _differs(
    instances: list[Instance], text: str, form: Form, note: Passage, declared: set[Sides]
) -> Iterator[Issue]:
    totals = {left for left, _ in declared}
    if not any(_sides(instance)[0] in totals for instance in instances):
        return
    places = (note.source,) if note.source else ()
    message = f"《{form.title}》表下所印公式“{text}”与规定的表式不同。"
    yield Issue("P102", load_rules()["P102"].severity, message, places, text)


def _broken(
    instances: list[Instance], text: str, form: Form, note: Passage, account: Account, statute: Statute
) -> Iterator[Issue]:
    for instance in instances:
        addresses = instance.addresses()
        if not any(account.get(address) for address in addresses):
            continue
        verdict = judge(instance, lambda address: figure_at(account, address))
        if verdict is None or verdict.status != "不成立":
            continue
        operands = tuple(
            StatedOperand(statute.describe(a), with_unit(fact.figure.value, form.unit_of(a.row)), fact.source)
            for a in dict.fromkeys(addresses)
            if (fact := account.get(a))
        )
        gap = with_unit(abs(verdict.residual), form.unit_of(addresses[0].row))
        message = f"《{form.title}》表下写有“{text}”，本表数字不符，相差{gap}。"
        places = tuple(operand.source for operand in operands if operand.source)
        yield Issue("P101", load_rules()["P101"].severity, message, places, "", "", gap, text, operands, ("P101",))
        return
