"""From entries to tables: leaves collected as the forms declare, everything else computed from the relations."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from threading import Lock

import msgspec

from juesuan.account import (
    Address,
    Fact,
    Figure,
    Issue,
    Period,
    Source,
    StatedOperand,
    printed,
    rounded,
    total,
    with_unit,
)
from juesuan.compiler.entries import Entry
from juesuan.compiler.messages import issue_under, say
from juesuan.compiler.provenance import Provenance
from juesuan.statute import (
    Expander,
    Form,
    Instance,
    Relation,
    Row,
    Statute,
    Takes,
    Verdict,
    details_missing,
    judge,
    level_of,
    solve,
)

FEW = 3
"""In a relation of no more cells than this a blank one is named too: it is what the others are compared with."""

BLANK = "空白"

PUBLISHED = Decimal(100)
"""Yuan: 0.01万元, as finely as amounts are published."""

OTHER_FUNDS = "其他资金"
LEAST = Decimal(300)
"""Yuan; differences of a few amounts that were rounded to 0.01万元 are not the outlay of another fund."""


def periods_of(statute: Statute) -> tuple[Period, ...]:
    """The periods whose tables are made from entries: this year's, and those that forms are summed for besides."""
    return tuple(dict.fromkeys(("本年", *(period for form in statute.forms.values() for period in form.periods))))


class Tables(msgspec.Struct, frozen=True):
    """The facts of all forms, which relation computed which cell, and the relations that do not hold."""

    facts: dict[Address, Fact]
    computed: dict[Address, Instance]
    faults: tuple[Issue, ...]
    held: int
    """How many expanded relations were verified and hold."""


def fill_tables(entries: Sequence[Entry], stated: Iterable[Fact], statute: Statute) -> Tables:
    """All tables of this year and of the other periods of the forms, exact in yuan, from `entries` and the facts
    stated singly.

    What only other places print is computed on the way and not kept. Zero amounts stay blank. Every relation of the
    statute is then verified; one that fails is a fault, never repaired.
    """
    seen: dict[Address, list[Fact]] = {}
    facts: dict[Address, Fact] = {}
    _state(facts, stated, seen)
    single = frozenset(facts)
    computed: dict[Address, Instance] = {}
    instances: dict[Period, list[Instance]] = {}
    provenance = Provenance(facts, computed)
    periods = periods_of(statute)
    for period in periods:
        leaves = _leaves([entry for entry in entries if entry.period == period], statute, period, provenance)
        _state(facts, leaves.values(), seen)
        instances[period] = expanded(facts, statute, period)
        given = {address: fact.figure.value for address, fact in facts.items() if address.period == period}
        amounts, giving = solve(instances[period], given)
        for address, amount in amounts.items():
            if address not in facts and amount:
                facts[address] = Fact(address, Figure(amount))
        computed.update(giving)
    lost = uncollected(entries, statute)
    facts = {address: fact for address, fact in facts.items() if address in single or _printed(address, statute)}
    faults, held = verify(facts, [i for period in periods for i in instances[period]], statute, provenance)
    return Tables(facts, computed, (*_differing(seen, statute), *lost, *faults), held)


def _printed(address: Address, statute: Statute) -> bool:
    return statute.forms[address.form].printed(address.row, address.column)


def _state(facts: dict[Address, Fact], stated: Iterable[Fact], seen: dict[Address, list[Fact]]) -> None:
    """Adds facts, zeros left blank: of several for one address the most exact. `seen` are all of each address."""
    for fact in stated:
        if not fact.figure.value:
            continue
        known = facts.get(fact.address)
        if known is None or fact.figure.resolution < known.figure.resolution or _is_rounded(known, fact):
            facts[fact.address] = fact
        seen.setdefault(fact.address, []).append(fact)


def _is_rounded(fact: Fact, other: Fact) -> bool:
    """Whether an amount is the other's as it was published, rounded to 0.01万元, though it does not say so: what was
    typed from a published document, or brought in from one, beside the exact amount of an export.
    """
    one, exact = fact.figure, other.figure
    if one.resolution or exact.resolution or one.value == exact.value:
        return False
    return one.value == rounded(exact.value / PUBLISHED, 0) * PUBLISHED


def _differing(seen: Mapping[Address, Sequence[Fact]], statute: Statute) -> Iterator[Issue]:
    """A fault for each address for which two sources state what cannot be the same amount."""
    for address, every in seen.items():
        group = [fact for fact in every if not any(_is_rounded(fact, other) for other in every)]
        for fact in every:
            if fact not in group:
                one, other = with_unit(fact.figure.value, "元"), with_unit(group[0].figure.value, "元")
                text = say("stated.rounded", what=statute.describe(address), one=one, other=other)
                yield Issue(text.code, "notice", text, (fact.source,) if fact.source else (), address=str(address))
        if max(fact.figure.low for fact in group) <= min(fact.figure.high for fact in group):
            continue
        unit = statute.forms[address.form].unit_of(address.row)
        places: dict[str, list[str]] = {}
        for fact in group:
            amount = with_unit(fact.figure.value, "元" if unit == "万元" else unit)
            places.setdefault(amount, []).append(str(fact.source or "填报"))
        named = [f"{amount}（{'；'.join(where)}）" for amount, where in places.items()]
        text = say("stated.twice", what=statute.describe(address), amounts="、".join(named))
        sources = tuple(fact.source for fact in group if fact.source)
        yield Issue(text.code, "error", text, sources, address=str(address))


def spent_by_table(facts: Mapping[Address, Fact], statute: Statute) -> list[Entry]:
    """This year's outlay by item, source and nature as the tables state it, where no entries do (an official export).

    What the tables of single sources leave of the table of all expenditure is of other funds (其他资金).
    """
    found: list[Entry] = []
    whole: dict[tuple[str, str], Decimal] = {}
    for form in statute.published:
        for takes, line, column in collectors(form):
            if line or form.classification != "功能分类" or takes.record != "支出" or len(takes.natures) != 1:
                continue
            for where, fact in facts.items():
                place = (where.form, where.column, where.period)
                if place != (form.key, column, "本年") or level_of(where.row) != "项":
                    continue
                nature, amount = takes.natures[0], fact.figure.value
                left = whole.get((where.row, nature), Decimal(0))
                if takes.sources:
                    found.append(Entry("支出", takes.sources[0], amount, nature=nature, function=where.row))
                    whole[where.row, nature] = left - amount
                else:
                    whole[where.row, nature] = left + amount
    others = [
        Entry("支出", OTHER_FUNDS, amount, nature=nature, function=row) for (row, nature), amount in whole.items()
    ]
    return [*found, *(entry for entry in others if entry.amount > LEAST)]


def matches(takes: Takes, entry: Entry) -> bool:
    """Whether a collector takes an entry."""
    return (
        entry.record == takes.record
        and (not takes.sources or entry.source in takes.sources)
        and (not takes.natures or entry.nature in takes.natures)
        and (not takes.part or _of_part(takes, entry))
    )


def _of_part(takes: Takes, entry: Entry) -> bool:
    return entry.economy.startswith(takes.classes) if entry.economy else entry.part == takes.part


def collectors(form: Form) -> list[tuple[Takes, str, str]]:
    """What a form collects: the filter, the fixed line ("" for a code of the entry) and the column."""
    if form.takes:
        return [(form.takes, "", next(iter(form.columns)))]
    found = []
    for part in form.leaves():
        if part.takes:
            line = part.line if isinstance(part, Row) else ""
            found.append((part.takes, line, form.layout.columns_of(line)[0] if line else part.key))
    return found


def _leaves(
    entries: Sequence[Entry], statute: Statute, period: Period, provenance: Provenance
) -> dict[Address, Fact]:
    collected: dict[Address, list[Entry]] = {}
    for form in statute.forms.values():
        if period != "本年" and period not in form.periods:
            continue
        for takes, line, column in collectors(form):
            for entry in entries:
                row = line or form.layout.code_of(entry.function, entry.economy)
                if row and matches(takes, entry):
                    collected.setdefault(Address(form.key, row, column, period), []).append(entry)
    for address, group in collected.items():
        provenance.note(address, group)
    return {
        address: Fact(
            address,
            Figure(total(entry.amount for entry in group), total(entry.resolution for entry in group)),
            _source(group),
        )
        for address, group in collected.items()
    }


def uncollected(entries: Sequence[Entry], statute: Statute) -> list[Issue]:
    """Faults for this year's amounts that no table shows: nothing is lost without a word."""
    takers = [
        (takes, form.layout, bool(line))
        for form in statute.forms.values()
        for takes, line, _ in collectors(form)
    ]

    def shown(entry: Entry) -> bool:
        return any(
            matches(takes, entry) and (fixed or layout.code_of(entry.function, entry.economy))
            for takes, layout, fixed in takers
        )

    faults = []
    for entry in entries:
        if entry.period == "本年" and not shown(entry):
            words = " ".join(filter(None, [entry.source, entry.record, entry.nature, entry.function, entry.economy]))
            place = f"（{entry.place}）" if entry.place else ""
            message = f"没有一张表列示这笔金额：{words} {with_unit(entry.amount)}{place}"
            faults.append(issue_under("L201", message, entry.place))
    return faults


def _source(entries: Sequence[Entry]) -> Source | None:
    places = [entry.place for entry in entries if entry.place]
    if len(places) <= 1:
        return places[0] if places else None
    return Source(file=places[0].file, entries=sum(place.entries or 1 for place in places))


def expanded(facts: Iterable[Address], statute: Statute, period: Period) -> list[Instance]:
    """Every relation that holds in `period`, expanded over the lines that `facts` have."""
    codes: dict[str, set[str]] = {}
    for address in facts:
        if address.period == period:
            codes.setdefault(address.form, set()).add(address.row)
    rows = {form.key: form.layout.listed(codes.get(form.key, ())) for form in statute.forms.values()}
    fixed = _fixed(statute, period)
    own = frozenset(form for form, listed in rows.items() if listed != fixed.rows[form])
    expander = Expander(statute.forms, lambda form: rows[form], period)
    found: list[Instance] = []
    for code, (relation, forms) in fixed.relations.items():
        if not own.isdisjoint(forms):
            found.extend(expander.instances(relation))
            continue
        if code not in fixed.instances:
            fixed.instances[code] = tuple(expander.instances(relation))
        found.extend(fixed.instances[code])
    return found


class _Fixed(msgspec.Struct, frozen=True):
    """The relations that hold in a period with the forms they are about, the lines that these have of themselves, and
    the instances over those lines alone: the same for every account, and expanded only once.
    """

    statute: Statute
    rows: Mapping[str, Sequence[str]]
    relations: dict[str, tuple[Relation, frozenset[str]]]
    instances: dict[str, tuple[Instance, ...]]


_FIXED: OrderedDict[tuple[int, int, Period], _Fixed] = OrderedDict()
_MOST_FIXED = 8
_FINDING = Lock()


def _fixed(statute: Statute, period: Period) -> _Fixed:
    """What is the same for all accounts of a place and year; the codes that a unit declares itself change no form."""
    key = id(statute.forms), id(statute.relations), period
    with _FINDING:
        # It holds the statute, so that no other can have come to the same place meanwhile.
        found = _FIXED.get(key)
        if found is None:
            rows = {form.key: form.layout.listed(()) for form in statute.forms.values()}
            relations = {
                code: (relation, _forms_of(relation)) for code, relation in statute.relations.items()
                if _applies(relation, statute, period)
            }
            found = _FIXED[key] = _Fixed(statute, rows, relations, {})
        _FIXED.move_to_end(key)
        while len(_FIXED) > _MOST_FIXED:
            _FIXED.popitem(last=False)
    return found


def _forms_of(relation: Relation) -> frozenset[str]:
    """The forms whose lines a relation is about."""
    if relation.kind != "equation":
        return frozenset()
    equation = relation.equation
    places = [*equation.body.places(), *(equation.guard.places() if equation.guard else ())]
    places += [relation.given] if relation.given else []
    return frozenset(place.form or relation.form or "" for place in places)


def _applies(relation: Relation, statute: Statute, period: Period) -> bool:
    if period == "本年":
        return True
    return relation.form is not None and period in statute.forms[relation.form].periods


def verify(
    facts: dict[Address, Fact], instances: Iterable[Instance], statute: Statute, provenance: Provenance | None = None
) -> tuple[list[Issue], int]:
    """The faults of the instances that can be decided over `facts`, and how many hold.

    With `provenance` each fault names the cells that its operands come from.
    """
    faults: list[Issue] = []
    held = 0

    def figure(address: Address) -> Figure | None:
        fact = facts.get(address)
        return fact.figure if fact else None

    for instance in instances:
        involved = [address for address in instance.addresses() if figure(address)]
        relation = statute.relations[instance.relation]
        if not involved or (not relation.filling and details_missing(instance, statute.forms, figure)):
            continue
        verdict = judge(instance, figure)
        if verdict is None:
            continue
        if verdict.status == "不成立":
            faults.append(_fault(instance, verdict, facts, statute, provenance))
        else:
            held += 1
    return faults, held


def _fault(
    instance: Instance, verdict: Verdict, facts: dict[Address, Fact], statute: Statute, provenance: Provenance | None
) -> Issue:
    """What is wrong in words; the relation as the law writes it, and every figure in it, stand beside."""
    relation = statute.relations[instance.relation]
    named: list[StatedOperand] = []
    addresses = dict.fromkeys(instance.addresses())
    for address in addresses:
        fact = facts.get(address)
        if fact:
            unit = statute.forms[address.form].unit_of(address.row)
            amount = with_unit(fact.figure.value, "元" if unit == "万元" else unit)
            named.append(StatedOperand(statute.describe(address), amount, fact.source))
        elif len(addresses) <= FEW:
            named.append(StatedOperand(statute.describe(address), BLANK))
    gap = printed(abs(verdict.residual), 2, grouping=True)
    parts = (f"{one.name} {one.stated}{f'（{one.source}）' if one.source else ''}" for one in named)
    return Issue(
        relation.code,
        relation.severity,
        f"{relation.why.rstrip('。')}，现相差 {gap}。其中：{'；'.join(parts)}",
        provenance.of(instance.addresses()) if provenance else (),
        difference=gap,
        equation=relation.printed,
        operands=tuple(named),
        basis=relation.basis,
    )
