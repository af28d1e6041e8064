"""Tables whose figures stand in wrong lines throughout: one fault, not as many as equations that it breaks.

Where a block of figures was pasted a line too low, nearly every line of the table contradicts its parts and its total.
No figure of it is evidence of anything: it is said once of the whole table, and nothing else is held against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from juesuan.account import Account
from juesuan.checker.engine.relations import Decided, Outcome

MOST_BROKEN = 12
"""From so many broken equations within one table on it may be displaced; few wrong figures break fewer."""
MOST_LINES = 6
"""The equations of so many different lines are broken."""
SHARE = 3
"""And of one line in so many at least."""


def displaced_forms(outcome: Outcome) -> dict[str, list[Decided]]:
    """The forms whose figures are displaced, with the broken equations within each, in the order of its lines."""
    lines: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    broken: dict[str, list[Decided]] = defaultdict(list)
    for decided in outcome.decided:
        forms = {address.form for address in decided.instance.addresses()}
        if len(forms) != 1 or decided.instance.comparator != "=":
            continue
        form = forms.pop()
        lines[form][decided.relation.code].add(_line(decided))
        if decided.verdict.status == "不成立":
            broken[form].append(decided)
    return {form: found for form, found in broken.items() if _is_displaced(found, lines[form])}


def _is_displaced(broken: Sequence[Decided], lines: Mapping[str, set[str]]) -> bool:
    """Whether so much is broken, of what could be: a line whose parts moved with it still holds within itself."""
    wrong = {_line(each) for each in broken}
    held = {line for code in {each.relation.code for each in broken} for line in lines[code]}
    return len(broken) >= MOST_BROKEN and len(wrong) >= max(MOST_LINES, len(held) / SHARE)


def without_forms(outcome: Outcome, forms: Sequence[str]) -> Outcome:
    """The outcome without the broken relations that a figure of `forms` has a part in; they count as not decided."""
    kept = [d for d in outcome.decided if d.verdict.status != "不成立" or not _touches(d, forms)]
    return Outcome(tuple(kept), outcome.undecided + len(outcome.decided) - len(kept))


def account_without(account: Account, forms: Sequence[str]) -> Account:
    """The account without the figures of `forms`: nothing is held against a table whose figures are displaced."""
    if not forms:
        return account
    facts = {key: fact for key, fact in account.facts.items() if fact.address.form not in forms}
    tables = tuple(table for table in account.tables if table.form not in forms)
    return msgspec.structs.replace(account, facts=facts, tables=tables)


def _line(decided: Decided) -> str:
    return decided.instance.left[0].address.row


def _touches(decided: Decided, forms: Sequence[str]) -> bool:
    return any(address.form in forms for address in decided.instance.addresses())
