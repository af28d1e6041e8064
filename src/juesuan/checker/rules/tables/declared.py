"""Findings on the tables: contradictions within and between them, one for each cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from juesuan.account import Account, Address, Figure, Issue, StatedOperand, rounded, with_unit
from juesuan.checker.engine.diagnosis import Cause, components, diagnose
from juesuan.checker.engine.misprinted.displaced import without_forms
from juesuan.checker.engine.relations import Decided, Outcome, figure_at
from juesuan.checker.engine.slips import asked_for, likeliest
from juesuan.statute import TOTAL, Instance, Relation, Statute, load_rules

"""How severe a broken relation of each class is: what must be so, what is to be explained, what is usual."""

ROUNDING = "R001"
IMPOSSIBLE = "D001"
DISPLACED = "D002"


FEW = 3
"""In a relation of no more cells than this a blank one is named too: it is what the others are compared with."""

Corrections = dict[Address, Figure]
"""Figures that a cause says are wrong, as they should be, where the others determine them."""


def check_tables(
    outcome: Outcome, account: Account, statute: Statute, displaced: Mapping[str, Sequence[Decided]]
) -> tuple[list[Issue], Corrections]:
    """One finding for each cause of broken equations, one for each broken inequality, one for all rounding gaps.

    One for each table that is `displaced`, whose broken equations have no other.
    With them the corrections that would make the equations hold, so that the narrative is held against right figures.
    """
    corrections: Corrections = {}
    outcome = without_forms(outcome, list(displaced))
    failed = [d for d in outcome.decided if d.verdict.status == "不成立"]
    equations = [d for d in outcome.decided if d.instance.comparator == "=" and d.relation.tolerance in "ES"]
    broken = [d for d in failed if d in equations]
    found = [_displaced(form, group, account, statute) for form, group in displaced.items()]
    usual = [d for d in failed if d.relation.tolerance in "BW" and d.instance.comparator in "=≈"]
    found.extend(_causes(broken, equations, usual, account, statute, corrections))
    found.extend(_single(d, account, statute) for d in failed if d not in equations)
    gaps = [d for d in outcome.decided if d.verdict.status == "尾数内成立" and d.relation.tolerance in "ES"]
    if gaps:
        found.append(_rounding(gaps))
    return found, corrections


def _displaced(form: str, broken: Sequence[Decided], account: Account, statute: Statute) -> Issue:
    """A whole table whose figures contradict each other line by line: where that begins, and how far it goes."""
    lines = dict.fromkeys(d.instance.left[0].address.row for d in broken)
    facts = [fact for fact in account.of_form(form) if fact.address.row in lines and fact.source]
    # The first line that contradicts itself is where the figures begin to be displaced.
    first = next((f.address.row for f in facts if f.address.row != TOTAL), next(iter(lines)))
    name = statute.name_of(statute.forms[form], first)
    message = (
        f"《{statute.forms[form].title}》有{len(lines)}行的数字互相矛盾（公式{len(broken)}处不成立，从“{name}”起），不像个别数字写错，"
        "多半是整段数字错了行。请对照账簿重新核对整张表；更正以前，没有用这张表的数核对别的表和正文。"
    )
    places = tuple(dict.fromkeys(f.source for f in facts if f.source))[:3]
    codes = tuple(dict.fromkeys(d.relation.code for d in broken))
    return Issue(DISPLACED, load_rules()[DISPLACED].severity, message, places, because=codes)


def _causes(
    broken: Sequence[Decided],
    equations: Sequence[Decided],
    usual: Sequence[Decided],
    account: Account,
    statute: Statute,
    corrections: Corrections,
) -> Iterable[Issue]:
    if not broken:
        return
    relation_of = {id(d.instance): d.relation for d in equations}
    for group in components([d.instance for d in broken], [d.instance for d in equations]):
        inside = {id(instance) for instance in group}
        mine = [d for d in broken if id(d.instance) in inside]
        figures = {a: figure_at(account, a) for instance in group for a in instance.addresses()}
        causes = diagnose(group, [d.instance for d in mine], figures)
        if causes is None:
            yield from (_single(d, account, statute) for d in mine)
            continue
        for cause in causes:
            if cause.others:
                yield _ambiguous(cause, relation_of, usual, account, statute)
            else:
                corrections.update(_corrected(cause, account))
                yield from _determined(cause, relation_of, account, statute)


def _corrected(cause: Cause, account: Account) -> Iterable[tuple[Address, Figure]]:
    for address, span in zip(cause.addresses, cause.ranges, strict=True):
        figure = figure_at(account, address)
        step = figure.resolution if figure and figure.resolution else Decimal(100)
        if span is not None and span[1] - span[0] <= 4 * step:
            yield address, Figure(rounded((span[0] + span[1]) / 2 / step, 0) * step, step)


def _determined(
    cause: Cause, relation_of: dict[int, Relation], account: Account, statute: Statute
) -> Iterable[Issue]:
    for address, span in zip(cause.addresses, cause.ranges, strict=True):
        # What has to change only because another figure of the cause does, is told with the equations of the cause.
        broken = [i for i in cause.broken if address in i.addresses()] or list(cause.broken)
        codes = tuple(dict.fromkeys(relation_of[id(i)].code for i in broken))
        figure = figure_at(account, address)
        unit = statute.forms[address.form].unit_of(address.row)
        stated = with_unit(figure.value, unit, figure.resolution) if figure else "空白"
        expected = _expected(span, figure, unit)
        should = f"，应为{expected}" if expected else ""
        if span is not None and span[0] < 0 < span[1] and "至" in expected:
            should = f"，应接近零（{expected}）"
        should += _copied_whole(address, broken, account, statute)
        equations = "；".join(_printed(i, relation_of[id(i)], statute) for i in broken)
        reasons = _reasons(broken, relation_of, account, statute)
        fact = account.get(address)
        yield Issue(
            code=codes[0] if codes else IMPOSSIBLE,
            severity="error",
            message=f"{statute.describe(address)}为{stated}{should}：{reasons}。按此更正后，这些关系都成立。",
            places=(fact.source,) if fact and fact.source else (),
            stated=stated,
            expected=expected,
            difference=_difference(span, figure, unit),
            equation=equations,
            operands=tuple(operand for i in broken for operand in _operands(i, account, statute)),
            because=codes,
        )


_MOST_NAMED = 4
"""Of more figures that would have to change together the first are named, and how many there are."""


def _choice(addresses: Sequence[Address], account: Account, statute: Statute) -> str:
    """The figures of one possible repair, in words."""
    many = len(addresses) > _MOST_NAMED
    named = "、".join(_stated(a, account, statute) for a in addresses[: _MOST_NAMED - 1 if many else None])
    return f"{named}等{len(addresses)}处" if many else named


def _ambiguous(
    cause: Cause, relation_of: dict[int, Relation], usual: Sequence[Decided], account: Account, statute: Statute
) -> Issue:
    """Several smallest repairs: the broken equations, and which figures may be wrong."""
    choices = [cause.addresses, *cause.others]
    names = "；或".join(dict.fromkeys(_choice(choice, account, statute) for choice in choices[:3]))
    codes = tuple(dict.fromkeys(relation_of[id(i)].code for i in cause.broken))
    equations = "；".join(_printed(i, relation_of[id(i)], statute) for i in cause.broken)
    reasons = _reasons(cause.broken, relation_of, account, statute)
    more = "等" if len(choices) > 3 else ""
    likely, hint = _likely(cause, usual, account, statute)
    ordered = [*([likely] if likely else []), *(a for choice in choices for a in choice)]
    sources = [fact.source for a in ordered if (fact := account.get(a)) and fact.source]
    return Issue(
        code=codes[0] if codes else IMPOSSIBLE,
        severity="error",
        message=f"{reasons}。需更正的可能是：{names}{more}，仅凭本表不能确定是哪一个{hint}，请核对账簿。",
        places=tuple(dict.fromkeys(sources)),
        equation=equations,
        operands=tuple(operand for i in cause.broken for operand in _operands(i, account, statute)),
        because=codes,
    )


def _likely(
    cause: Cause, usual: Sequence[Decided], account: Account, statute: Statute
) -> tuple[Address | None, str]:
    """Which of several figures is the wrong one for all that can be seen, and how that is said; else none and nothing.

    Of a few the one that a slip of the hand explains. Of many some figure may always be explained so by chance: there
    it is the one that a relation which only usually holds asks for as well.
    """
    if len(cause.addresses) != 1:
        return None, ""
    every = list(dict.fromkeys(address for instance in cause.broken for address in instance.addresses()))
    figures = {address: figure_at(account, address) for d in usual for address in d.instance.addresses()}
    figures.update({address: figure_at(account, address) for address in every})
    choices = [choice[0] for choice in (cause.addresses, *cause.others)]
    slip = likeliest(choices, cause.broken, figures) if len(choices) <= FEW else None
    asked = [found for d in usual if (found := asked_for(every, cause.broken, d.instance, figures)) is not None]
    address, what, meant = asked[0] if len({each[0] for each in asked}) == 1 else slip or (None, "", Decimal(0))
    figure = figures.get(address) if address else None
    if address is None or figure is None:
        return None, ""
    unit = statute.forms[address.form].unit_of(address.row)
    stated, right = (with_unit(value, unit, figure.resolution) for value in (figure.value, meant))
    return address, f"；最像的是{statute.describe(address)}：印作{stated}，{what}应为{right}"


def _single(decided: Decided, account: Account, statute: Statute) -> Issue:
    instance, relation = decided.instance, decided.relation
    operands = _operands(instance, account, statute)
    unit = statute.forms[instance.left[0].address.form].unit_of(instance.left[0].address.row)
    parts = "，".join(f"{operand.name} {operand.stated}" for operand in operands)
    advice = "" if relation.tolerance in "ESP" else "如属实请说明原因。"
    return Issue(
        code=relation.code,
        severity=relation.severity,
        message=f"{relation.why.rstrip('。')}：{parts}。{advice}",
        places=tuple(operand.source for operand in operands if operand.source),
        difference=with_unit(abs(decided.verdict.residual), unit),
        equation=_printed(instance, relation, statute),
        operands=operands,
        because=(relation.code,),
    )


def _rounding(gaps: Sequence[Decided]) -> Issue:
    codes = tuple(dict.fromkeys(d.relation.code for d in gaps))
    return Issue(
        code=ROUNDING,
        severity="notice",
        message=f"有 {len(gaps)} 处合计与分项相差在尾数以内（{'、'.join(codes)}），由元转换为万元所致，不需更正。",
        because=codes,
    )


def _copied_whole(address: Address, broken: Iterable[Instance], account: Account, statute: Statute) -> str:
    """A hint where a part has the very amount of what it is a part of: a total put into the line of a part."""
    own = account.amount(address)
    for instance in broken:
        whole = instance.left[0].address
        parts = {operand.address for operand in instance.right}
        if own and address in parts and len(parts) > 1 and account.amount(whole) == own:
            return f"（与{statute.describe(whole)}的数相同，似把合计填在了这里）"
    return ""


def _expected(span: tuple[Decimal, Decimal] | None, figure: Figure | None, unit: str) -> str:
    """The value a figure should have, where the others determine it to within its own precision; else empty."""
    if span is None:
        return ""
    low, high = span
    step = figure.resolution if figure and figure.resolution else Decimal(100)
    value = rounded((low + high) / 2 / step, 0) * step
    if high - low <= 4 * step:
        return with_unit(value, unit, step)
    return f"{with_unit(low, unit)}至{with_unit(high, unit)}之间"


def _difference(span: tuple[Decimal, Decimal] | None, figure: Figure | None, unit: str) -> str:
    if span is None or figure is None:
        return ""
    return with_unit(abs(figure.value - (span[0] + span[1]) / 2), unit)


def _reasons(
    broken: Iterable[Instance], relation_of: dict[int, Relation], account: Account, statute: Statute
) -> str:
    """Why each broken relation should hold, in the words of the law, and by how much it does not."""
    reported: dict[str, list[str]] = {}
    for instance in broken:
        reported.setdefault(relation_of[id(instance)].why.rstrip("。"), []).append(_gap(instance, account, statute))
    return "；".join(
        f"{why}，现相差{'、'.join(dict.fromkeys(gap for gap in gaps if gap))}" if any(gaps) else why
        for why, gaps in reported.items()
    )


def _gap(instance: Instance, account: Account, statute: Statute) -> str:
    """By how much the two sides of an equation differ as printed; empty for what is no equation."""
    if instance.comparator != "=":
        return ""
    amount = -instance.constant
    for sign, side in ((1, instance.left), (-1, instance.right)):
        for operand in side:
            figure = figure_at(account, operand.address)
            amount += sign * operand.sign * (figure.value if figure else 0)
    first = instance.left[0].address
    return with_unit(abs(amount), statute.forms[first.form].unit_of(first.row)) if amount else ""


def _printed(instance: Instance, relation: Relation, statute: Statute) -> str:
    form = f"{relation.form}!" if relation.form else ""
    rows = {statute.forms[o.address.form].number_of(o.address.row) for o in instance.left}
    where = f"（{'、'.join(sorted(rows))}行）" if "各" in relation.statement else ""
    return f"{form}{relation.printed}{where}"


def _operands(instance: Instance, account: Account, statute: Statute) -> tuple[StatedOperand, ...]:
    found = []
    addresses = dict.fromkeys(instance.addresses())
    for address in addresses:
        fact = account.get(address)
        if fact:
            unit = statute.forms[address.form].unit_of(address.row)
            found.append(StatedOperand(statute.describe(address), with_unit(fact.figure.value, unit), fact.source))
        elif len(addresses) <= FEW:
            found.append(StatedOperand(statute.describe(address), "空白"))
    return tuple(found)


def _stated(address: Address, account: Account, statute: Statute) -> str:
    figure = figure_at(account, address)
    unit = statute.forms[address.form].unit_of(address.row)
    return f"{statute.describe(address)}（{with_unit(figure.value, unit) if figure else '空白'}）"

