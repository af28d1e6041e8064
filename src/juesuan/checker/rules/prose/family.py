"""All rules on running text alone, in the order in which they are asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from juesuan.account import Account, Issue, Source
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.prose.bases import check_bases
from juesuan.checker.rules.prose.changes import check_changes
from juesuan.checker.rules.prose.copies import check_copies
from juesuan.checker.rules.prose.counts import check_counts
from juesuan.checker.rules.prose.limits import check_limits
from juesuan.checker.rules.prose.model.numbers import Prose
from juesuan.checker.rules.prose.presence import check_presence
from juesuan.checker.rules.prose.rates import check_rates, moved
from juesuan.checker.rules.prose.reasons import check_reasons
from juesuan.checker.rules.prose.repeats import check_repeats
from juesuan.checker.rules.prose.shares import check_shares
from juesuan.checker.rules.prose.sums.cells import check_cells
from juesuan.checker.rules.prose.sums.compositions import check_compositions
from juesuan.checker.rules.prose.sums.differences import check_differences
from juesuan.checker.rules.prose.sums.flipped import check_flipped
from juesuan.checker.rules.prose.sums.listed_shares import check_listed_shares
from juesuan.checker.rules.prose.sums.marks import check_marks
from juesuan.checker.rules.prose.sums.projects import check_projects
from juesuan.checker.rules.prose.sums.scores import check_scores
from juesuan.checker.rules.prose.sums.tallies import check_exhaustive, check_tallies
from juesuan.checker.rules.prose.tables import check_prose_tables

SUMS = ("Z111", "Z112", "Z113")
"""Rules on sums."""
ON_WORDS = ("Z121", "Z125")
"""Rules on words: the sentences that clauses word have rules of their own for them."""

AGAINST_TABLES = ("Z181",)
"""Rules that hold the prose against the tables: the table says which of two figures is wrong."""

_NOTHING = re.compile(r"^0(\.0*)?\D*$|无$")


def check_prose(context: CheckContext) -> Iterator[Issue]:
    """Contradictions within the prose of a document; nothing of an account that was compiled."""
    account = context.account
    prose = Prose(account)
    if changed := moved(prose):
        prose = Prose(account, changed)
    yield from _amid_rounded(list(_check_amounts(prose)), account, changed)
    yield from check_cells(prose)
    yield from check_tallies(prose)
    yield from check_exhaustive(prose)
    yield from check_marks(prose)
    yield from check_scores(prose, context.statute.schemes.get("national"))
    yield from check_differences(prose)
    yield from check_projects(prose, account, context.statute.profile.kind)
    yield from check_limits(prose, account)
    yield from check_counts(prose)
    yield from check_repeats(prose)
    yield from check_presence(prose, account, context.statute)
    yield from check_reasons(prose)
    yield from check_copies(prose, account)
    yield from check_bases(prose, account)
    yield from check_prose_tables(prose, account, context.statute)
    yield from check_listed_shares(prose, account, context.statute)


def _check_amounts(prose: Prose) -> Iterator[Issue]:
    yield from check_rates(prose)
    yield from check_shares(prose)
    yield from check_changes(prose)
    flipped = list(check_flipped(prose))
    yield from flipped
    # One change that goes the wrong way says more than changes that do not add up.
    known = [set(each.places) for each in flipped]
    yield from (
        each for each in check_compositions(prose)
        if each.code != "Z112" or not any(places <= set(each.places) for places in known)
    )  # fmt: skip


def _amid_rounded(found: Sequence[Issue], account: Account, changed: Mapping[int, int]) -> Iterator[Issue]:
    """The findings on amounts; one that ends where 119.5万元 may be 119.53万元 is only a notice, and says so."""
    if not any(each.severity == "error" for each in found):
        yield from found
        return
    remains = {(each.code, each.places, each.stated) for each in _check_amounts(Prose(account, changed, rounded=True))}
    for each in found:
        if each.severity == "error" and (each.code, each.places, each.stated) not in remains:
            message = f"{each.message}小数位数少的数如果是四舍五入得来的，可以成立。"
            each = msgspec.structs.replace(each, severity="notice", message=message)
        yield each


def without_repeated(found: Sequence[Issue], before: Sequence[Issue]) -> list[Issue]:
    """The findings but those that one of `before` has made: on a figure, or on words, that it blames at that place.

    A figure that its table shows to be wrong is not told again because the prose contradicts it too.
    """
    words = {place for each in before for place in each.places if not each.stated and each.severity == "error"}
    new = [each for each in found if not _is_repeated(each, _figures(before), words)]
    tables = _figures([each for each in new if each.code in AGAINST_TABLES])
    return [each for each in new if each.code in AGAINST_TABLES or not _is_repeated(each, tables, set())]


def _figures(issues: Iterable[Issue]) -> set[tuple[Source, str]]:
    return {(place, _plain(each.stated)) for each in issues for place in each.places if each.stated}


def _is_repeated(each: Issue, figures: set[tuple[Source, str]], words: set[Source]) -> bool:
    figures_of = {(place, _plain(each.stated)) for place in each.places[:1]}
    figures_of |= {(operand.source, _plain(operand.stated)) for operand in each.operands if operand.source}
    # A part told by a word (公务接待费无预算安排) that is blamed already: the sum that misses it has the same cause.
    denied = [operand for operand in each.operands if operand.source in words and _NOTHING.search(operand.stated)]
    if each.code in SUMS and denied:
        return True
    return bool(figures_of & figures) or (each.code in ON_WORDS and any(place in words for place in each.places))


def _plain(stated: str) -> str:
    """A figure without the ways in which it may be written: 1,787.50万元 is 1787.5万元."""
    text = stated.replace(",", "")
    return re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", text).replace(".万", "万").replace(".%", "%")
