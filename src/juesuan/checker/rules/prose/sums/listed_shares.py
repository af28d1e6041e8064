"""Shares of a list that names no whole, against the table whose lines it lists: the others show of what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from juesuan.account import Account, Address, Issue, Range, range_of, ratio, with_unit
from juesuan.checker.rules.prose.model.found import issue, name_of, rate
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.statute import TOTAL, Statute

_LEAST = 3
"""So many shares of a list are those of one column's total, or another need not be."""
_FUNCTIONAL = "功能分类"


def check_listed_shares(prose: Prose, account: Account, statute: Statute) -> Iterator[Issue]:
    """Z103: 一般公共服务支出1995.21万元，占78.07%；…；住房保障支出126.28万元，占14.94%: one of them is no share of the
    whole that all others are shares of, which only the table prints.
    """
    columns = [
        (form.key, column) for form in statute.readable if form.classification == _FUNCTIONAL for column in form.columns
    ]
    lists: dict[tuple[str, str, str], list[tuple[Number, Range, str]]] = defaultdict(list)
    for number in prose.numbers:
        if number.measure != "占比" or number.stated.unchosen:
            continue
        code = _code(number, account, statute)
        for form, column in columns:
            expected = _share(prose, number, account, code, Address(form, TOTAL, column)) if code else None
            if expected is not None:
                unit = statute.forms[form].unit_of(TOTAL)
                total = account.facts[str(Address(form, TOTAL, column))].figure.value
                lists[number.stated.section, form, column].append((number, expected, with_unit(total, unit)))
    reported: set[int] = set()
    for shares in lists.values():
        wrong = [each for each in shares if not each[0].range.meets(each[1])]
        if len(shares) - len(wrong) < _LEAST or len(wrong) != 1:
            continue
        number, expected, whole = wrong[0]
        if number.stated.base or id(number) in reported:
            continue
        reported.add(id(number))
        right = rate(expected.value, number)
        message = f"{name_of(number)}写作{number.text}，按同列其他各项，是占表中合计{whole}的比重，应为{right}。"
        yield issue(prose, "Z103", message, (number,), stated=number.text, expected=right)


def _code(number: Number, account: Account, statute: Statute) -> str:
    """The code of the item that a share is told of; empty where it is of none."""
    fact = account.facts.get(number.stated.address)
    if fact is None or not fact.address.row.isdigit():
        return ""
    form = statute.forms[fact.address.form]
    lines = {line: code for code, line in form.row_of_code.items()}
    return lines.get(fact.address.row, "" if lines and not form.classification else fact.address.row)


def _share(prose: Prose, number: Number, account: Account, code: str, total: Address) -> Range | None:
    """What share of a column's total the line of `code` is; None where the amount told with `number` is another."""
    parts = [n for n in prose.of(number.stated.mention, *LEVELS) if n.stated.passage == number.stated.passage]
    fact = account.facts.get(str(msgspec.structs.replace(total, row=code)))
    whole = account.facts.get(str(total))
    if fact is None or whole is None or not any(part.range.meets(range_of(fact.figure)) for part in parts):
        return None
    return ratio(range_of(fact.figure), range_of(whole.figure))
