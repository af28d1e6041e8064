"""Tables whose unit of money is misprinted: 元 over amounts in 万元, so that no figure agrees with another table.

One fault of a table, not as many as there are figures that something else repeats. It shows where a table holds
within itself, disagrees with every other table that its figures are related to, and agrees with all of them once its
amounts are read ten thousand times as large, or as small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec

from juesuan.account import Account, Address, Fact, Figure, Issue, with_unit
from juesuan.checker.engine.relations import Decided, Outcome, figure_at
from juesuan.statute import MONEY_UNITS, Statute, judge, load_rules

SLIP = "D004"
_WAN = MONEY_UNITS["万元"]
_ORDER = 10
"""Amounts that are not more than so many times as much as each other are of one order of magnitude."""
_MOST_FLAWED = 5
"""A table of which more than one relation in so many fails within itself says nothing of its unit."""
_LEAST_MENDED = 2
"""So many disagreements have to vanish for each that does not."""
_LEAST_USUAL = 2
"""So many relations that only usually hold say what one that must hold says."""

Scaled = Mapping[str, Decimal]
"""What the amounts of a form have to be multiplied by."""


def money_slips(outcome: Outcome, account: Account, statute: Statute) -> Scaled:
    """The forms with a misprinted unit of money, where it shows which of two tables that disagree is meant."""
    forms = {a.form for d in outcome.decided if d.verdict.status == "不成立" for a in d.instance.addresses()}
    found: dict[str, Decimal] = {}
    for form in sorted(forms):
        for factor in (_WAN, 1 / _WAN):
            if _explains(form, factor, outcome, account, statute):
                found[form] = factor
    # Of two tables with no third one either may be wrong; of several the one that all disagreements are with.
    broken = {
        form: {id(d) for d in outcome.decided if d.verdict.status == "不成立" and _relates(d, form, account, statute)}
        for form in found
    }
    sure = [form for form in found if all(broken[form] > broken[other] for other in found if other != form)]
    return {form: found[form] for form in sure} if len(sure) == 1 else {}


def _explains(form: str, factor: Decimal, outcome: Outcome, account: Account, statute: Statute) -> bool:
    """Whether everything that relates a form to others fails as printed and holds with its amounts times `factor`."""
    own = [d for d in outcome.decided if {a.form for a in d.instance.addresses()} == {form}]
    flawed = sum(d.verdict.status == "不成立" for d in own)
    if _MOST_FLAWED * flawed > len(own):
        return False
    between = [d for d in outcome.decided if _relates(d, form, account, statute)]
    broken = [d for d in between if d.verdict.status == "不成立"]
    sure = [d for d in broken if d.relation.tolerance in "ES" and d.instance.comparator == "="]
    if (not sure and len(broken) < _LEAST_USUAL) or 2 * len(broken) < len(between):
        return False
    scaled = _figures(account, statute, {form: factor})
    if not sure and not all(_near(d, scaled) and not _near(d, _figures(account, statute, {})) for d in broken):
        # What is only not to be greater says nothing of ten thousand times as much, unless it is about as much then.
        return False
    left = [d for d in between if (verdict := judge(d.instance, scaled)) is None or verdict.status == "不成立"]
    if not left:
        return not flawed or len(broken) >= _LEAST_USUAL
    # A figure of the table may be wrong besides: most then agree, and the others come as near as a slip of digits.
    mended = len(broken) - sum(d in broken for d in left)
    printed = _figures(account, statute, {})
    return mended >= _LEAST_MENDED * len(left) and all(
        d in broken and _near(d, scaled) and not _near(d, printed) for d in left
    )


def _near(decided: Decided, figure: Callable[[Address], Figure | None]) -> bool:
    """Whether both sides of a relation are of one order of magnitude."""
    sums = [
        abs(sum((o.sign * known.value for o in side if (known := figure(o.address))), Decimal(0)))
        for side in (decided.instance.left, decided.instance.right)
    ]
    return 0 < max(sums) <= _ORDER * min(sums)


def _relates(decided: Decided, form: str, account: Account, statute: Statute) -> bool:
    """Whether a relation holds money of the form against money of other forms."""
    printed = {address.form for address in decided.instance.addresses() if account.amount(address)}
    money = all(
        statute.forms[a.form].unit_of(a.row) in MONEY_UNITS for a in decided.instance.addresses()
    )
    return money and form in printed and len(printed) > 1


def _figures(account: Account, statute: Statute, scaled: Scaled) -> Callable[[Address], Figure | None]:
    def figure(address: Address) -> Figure | None:
        known = figure_at(account, address)
        # What the table prints; last year's figures come from the text, which has its own unit.
        factor = scaled.get(address.form) if address.period == "本年" else None
        if known is None or factor is None or statute.forms[address.form].unit_of(address.row) not in MONEY_UNITS:
            return known
        return Figure(known.value * factor, known.resolution * factor)

    return figure


def in_the_right_unit(account: Account, statute: Statute, scaled: Scaled) -> Account:
    """The account with the amounts of these forms as they must be meant."""
    if not scaled:
        return account
    figure = _figures(account, statute, scaled)
    facts = {
        key: Fact(fact.address, figure(fact.address) or fact.figure, fact.source)
        for key, fact in account.facts.items()
    }
    return msgspec.structs.replace(account, facts=facts)


def slip_issue(form: str, factor: Decimal, account: Account, statute: Statute) -> Issue:
    """What is said of a table with a misprinted unit, with its largest amount as the example."""
    stated, right = ("元", "万元") if factor > 1 else ("万元", "元")
    title = statute.forms[form].title
    facts = [f for f in account.of_form(form) if statute.forms[form].unit_of(f.address.row) in MONEY_UNITS]
    largest = max(facts, key=lambda fact: abs(fact.figure.value))
    scale = MONEY_UNITS[stated]
    printed = with_unit(largest.figure.value * (_WAN / scale), "万元").removesuffix("万元")
    name = statute.describe(largest.address).removeprefix(title)
    message = (
        f"《{title}》的金额单位写作{stated}，应为{right}：{name}印的是{printed}，"
        f"按{stated}就与别的表都不相符，按{right}都相符。下面按{right}核对这张表。"
    )
    source = next((table.source for table in account.tables if table.form == form and table.source), largest.source)
    places = (source,) if source else ()
    return Issue(SLIP, load_rules()[SLIP].severity, message, places, stated, right)
