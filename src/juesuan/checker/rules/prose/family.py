"""All rules on running text alone, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Account, Issue
from juesuan.checker.rules.prose.bases import findings_on_bases
from juesuan.checker.rules.prose.changes import findings_on_changes
from juesuan.checker.rules.prose.compositions import findings_on_compositions
from juesuan.checker.rules.prose.counts import findings_on_counts
from juesuan.checker.rules.prose.numbers import Prose
from juesuan.checker.rules.prose.rates import findings_on_rates, moved
from juesuan.checker.rules.prose.reasons import findings_on_reasons
from juesuan.checker.rules.prose.repeats import findings_on_repeats
from juesuan.statute import Statute


def findings_on_prose(account: Account, statute: Statute) -> Iterator[Issue]:
    """Contradictions within the prose of a document; nothing of an account that was compiled."""
    if not account.stated:
        return
    prose = Prose(account)
    if changed := moved(prose):
        prose = Prose(account, changed)
    yield from findings_on_rates(prose)
    yield from findings_on_changes(prose)
    yield from findings_on_compositions(prose)
    yield from findings_on_counts(prose)
    yield from findings_on_repeats(prose)
    yield from findings_on_reasons(prose)
    yield from findings_on_bases(prose, account)
