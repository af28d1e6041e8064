"""Departments against their units (relation 50): the published account must be the sum less the internal transfers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from juesuan.account import ZERO, Account, Address, Fact, Issue, Source, StatedOperand, total, with_unit
from juesuan.compiler import collectors
from juesuan.corpus.jurisdiction.organisation import OrganisationList
from juesuan.corpus.jurisdiction.response import Responses
from juesuan.statute import TOTAL, Statute
from juesuan.statute.checking import Transfer, load_rollup

LISTED = 30
"""How many units a finding lists with their figures."""

INTERNAL = "内部往来"


class UnitTransfers(msgspec.Struct, frozen=True):
    """What a unit books as transfers within the department, at the cells that collect them."""

    unit: str
    transfer: str
    what: str
    cells: dict[Address, Decimal]

    @property
    def amount(self) -> Decimal:
        """The amount booked, in yuan: that of any one table."""
        forms = {address.form for address in self.cells}
        return max((total(v for a, v in self.cells.items() if a.form == form) for form in forms), default=ZERO)


class RollupDifference(msgspec.Struct, frozen=True):
    """A cell in which a department and its units differ: what is published, what is expected, what explains it."""

    address: Address
    published: Fact | None
    expected: Decimal
    residual: Decimal
    cause: str


def check_department(
    published: Account, units: Mapping[str, Account], organisation: OrganisationList, statute: Statute, code: str
) -> list[Issue]:
    """`published` of the department `code` against the accounts of its `units` (by code), most telling first.

    A difference is an error beyond half the sum of the resolutions of all printed figures (DESIGN, rule 2). One that is
    exactly a unit's figure, or exactly the internal transfers, is said to be that.
    """
    members = [member for member in organisation.departments.get(code, ()) if member in units]
    findings = list(_absent(organisation, units, code))
    if not members:
        return findings
    parts = list(_internal(units, members, organisation, statute, code))
    findings.extend(_unequal(parts, units, organisation))
    taken = _taken(parts, statute)
    differences = list(_differences(published, units, members, taken, statute))
    findings.extend(_findings(differences, published, units, members, taken, organisation, statute))
    return findings


def _finding(key: str, message: str, places: tuple[Source | None, ...] = (), **more: object) -> Issue:
    rule = load_rollup().rule(key)
    found = Issue(key, rule.severity, message, tuple(place for place in places if place), because=(key,))
    return msgspec.structs.replace(found, **more)


def _absent(organisation: OrganisationList, units: Mapping[str, Account], code: str) -> Iterator[Issue]:
    above = {member.superior for member in organisation.members}
    for unit in organisation.departments.get(code, ()):
        if unit not in units and unit not in above and unit != code:
            name = organisation.by_code[unit].name
            yield _finding("D503", f"没有{unit} {name}的决算，部门与单位的差额里可能有它的数。")


def _internal(
    units: Mapping[str, Account], members: list[str], organisation: OrganisationList, statute: Statute, code: str
) -> Iterator[UnitTransfers]:
    sides = organisation.sides(organisation.departments[code])
    for transfer in load_rollup().transfers:
        for unit in members:
            if transfer.received in sides[unit]:
                yield from _part(unit, units[unit], transfer, transfer.income, statute)
            if transfer.paid in sides[unit]:
                yield from _part(unit, units[unit], transfer, transfer.outlay, statute)


def _part(unit: str, account: Account, transfer: Transfer, what: str, statute: Statute) -> Iterator[UnitTransfers]:
    cells: dict[Address, Decimal] = {}
    for form in statute.published:
        for takes, line, column in collectors(form):
            if takes.sources != (what,) and takes.natures != (what,):
                continue
            here = {f.address.row: f for f in account.of_form(form.key) if f.address.column == column}
            rows = [line] if line else [row for row in here if not _has_parts(row, here)]
            cells.update({here[row].address: here[row].figure.value for row in rows if row in here})
    if cells:
        yield UnitTransfers(unit, transfer.key, what, cells)


def _has_parts(row: str, rows: Mapping[str, Fact]) -> bool:
    if row == TOTAL:
        return len(rows) > 1
    return any(other != row and other.startswith(row) for other in rows)


def _unequal(
    parts: list[UnitTransfers], units: Mapping[str, Account], organisation: OrganisationList
) -> Iterator[Issue]:
    for transfer in load_rollup().transfers:
        paid = [part for part in parts if part.transfer == transfer.key and part.what == transfer.outlay]
        received = [part for part in parts if part.transfer == transfer.key and part.what == transfer.income]
        gap = total(part.amount for part in paid) - total(part.amount for part in received)
        figures = [units[p.unit].get(a) for p in (*paid, *received) for a in p.cells]
        if abs(gap) <= total(fact.figure.resolution for fact in figures if fact) / 2:
            continue
        operands_text = "；".join(
            f"{_name(organisation, part.unit)} {part.what} {with_unit(part.amount, '万元')}"
            for part in (*paid, *received)
        )
        places = tuple(fact.source for fact in figures if fact)
        yield _finding(
            "D502", f"{transfer.outlay}与{transfer.income}相差 {with_unit(abs(gap), '万元')}：{operands_text}。", places
        )


def _name(organisation: OrganisationList, code: str) -> str:
    member = organisation.by_code.get(code)
    return f"{code} {member.name}" if member else code


def _taken(parts: list[UnitTransfers], statute: Statute) -> dict[Address, Decimal]:
    """By how much the internal transfers swell each cell of the sum."""
    responses = Responses((), {address for part in parts for address in part.cells}, statute)
    taken: dict[Address, Decimal] = {}
    for part in parts:
        for leaf, amount in part.cells.items():
            for address, times in responses.of_cell(leaf).items():
                taken[address] = taken.get(address, ZERO) + amount * times
    return taken


def _differences(
    published: Account, units: Mapping[str, Account], members: list[str], taken: Mapping[Address, Decimal],
    statute: Statute,
) -> Iterator[RollupDifference]:  # fmt: skip
    forms = {fact.address.form for fact in published.facts.values()} & set(statute.profile.order)
    places: dict[Address, None] = {}
    for account in (published, *(units[unit] for unit in members)):
        for operands_text in account.facts.values():
            if operands_text.address.period == "本年" and operands_text.address.form in forms:
                places.setdefault(operands_text.address)
    for address in places:
        own = published.get(address)
        parts = {unit: fact for unit in members if (fact := units[unit].get(address))}
        expected = total(part.figure.value for part in parts.values()) - taken.get(address, ZERO)
        residual = (own.figure.value if own else ZERO) - expected
        limit = total(printed.figure.resolution for printed in (*parts.values(), own) if printed) / 2
        if abs(residual) > limit:
            cause = _cause(residual, limit, parts, taken.get(address, ZERO))
            yield RollupDifference(address, own, expected, residual, cause)


def _cause(residual: Decimal, limit: Decimal, parts: Mapping[str, Fact], internal: Decimal) -> str:
    """The unit whose figure the difference is, the internal transfers, or nothing that can be said."""
    if internal and abs(residual - internal) <= limit:
        return INTERNAL
    near = [unit for unit, fact in parts.items() if abs(abs(residual) - abs(fact.figure.value)) <= limit]
    return near[0] if len(near) == 1 else ""


def _findings(
    differences: list[RollupDifference], published: Account, units: Mapping[str, Account], members: list[str],
    taken: Mapping[Address, Decimal], organisation: OrganisationList, statute: Statute,
) -> Iterator[Issue]:  # fmt: skip
    """One finding for each cause: what a cell that others are computed from explains, those others need not say."""
    causes = {d.cause for d in differences if d.cause}
    common = {cause: [d for d in differences if d.cause == cause] for cause in causes}
    # A unit that explains most of the differences was left out or counted twice: one cause.
    main = max(common, key=lambda cause: len(common[cause]), default="")
    first = common.get(main, []) if len(common.get(main, [])) > 1 else []
    rest = [d for d in differences if d not in first]
    if first:
        yield _difference(first, main, units, members, taken, organisation, statute)
    responses = Responses((), [d.address for d in rest], statute)
    explained = {
        address
        for d in rest
        for address, times in responses.of_cell(d.address).items()
        if address != d.address and times
    }
    everything = Responses((), [d.address for d in rest if d.address not in explained], statute)
    for d in rest:
        covered = any(
            d.address != other.address and d.address in everything.of_cell(other.address)
            for other in rest
            if other.address in everything.stated
        )
        if not covered:
            yield _difference([d], d.cause, units, members, taken, organisation, statute)


def _difference(
    differences: list[RollupDifference], cause: str, units: Mapping[str, Account], members: list[str],
    taken: Mapping[Address, Decimal], organisation: OrganisationList, statute: Statute,
) -> Issue:  # fmt: skip
    d = max(differences, key=lambda each: abs(each.residual))
    unit_of_row = statute.forms[d.address.form].unit_of(d.address.row)
    stated = with_unit(d.published.figure.value, unit_of_row) if d.published else "空白"
    parts = [(unit, fact) for unit in members if (fact := units[unit].get(d.address))]
    source = d.published.source if d.published else None
    operands = [StatedOperand(f"部门公开：{statute.describe(d.address)}", stated, source)]
    parts.sort(key=lambda part: (part[0] != cause, -abs(part[1].figure.value), part[0]))
    for unit, fact in parts[:LISTED]:
        operands.append(
            StatedOperand(_name(organisation, unit), with_unit(fact.figure.value, unit_of_row), fact.source)
        )
    internal = taken.get(d.address, ZERO)
    if internal:
        operands.append(StatedOperand("减：内部往来", with_unit(internal, unit_of_row)))
    guess = ""
    if cause == INTERNAL:
        guess = "差额恰为内部往来，似没有抵销。"
    elif cause:
        guess = f"差额恰为{_name(organisation, cause)}的数，似{'漏汇' if d.residual < 0 else '重汇'}该单位。"
    more = f"同一原因的差额共 {len(differences)} 处。" if len(differences) > 1 else ""
    gap = with_unit(abs(d.residual), unit_of_row)
    expected = with_unit(d.expected, unit_of_row)
    message = (
        f"{statute.describe(d.address)}，部门公开为{stated}，所属 {len(members)} 个单位合计"
        f"{'减内部往来' if internal else ''}为{expected}，相差{gap}。{guess}{more}"
    )
    equation = f"{d.address} = Σ单位{' - 内部往来' if internal else ''}"
    return _finding(
        "D501", message, tuple(o.source for o in operands), stated=stated, expected=expected, difference=gap,
        equation=equation, operands=tuple(operands),
    )  # fmt: skip
