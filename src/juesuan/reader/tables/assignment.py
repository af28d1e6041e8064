"""Which form each grid of a document is: all grids together, so that the total of what speaks for it is highest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from juesuan.reader.tables.evidence import FormEvidence, Seen, weigh
from juesuan.statute import Statute

ENOUGH = 0.5
"""A grid for which less speaks is none of the forms."""
_CONTENT = 0.35
"""Headings and lines that speak for a form at least so much, unless the grid is empty."""
_ALONE = 0.8
"""What headings and lines must say where the title says nothing or something else."""
_TITLED = 0.6
"""From here on a title speaks for a form."""
_AHEAD = 0.15
"""A form that is ahead of every other by so much needs a little less of a title."""
_CLOSE = 0.12
"""What is less likely by more than this than the likeliest form is no interpretation."""
_FOREIGN = 0.4
"""A grid whose own title is less like a form's is none of it."""
_MANY, _ALL = 12, 0.95
"""So many labels, of which so many are those of one form, are its lines."""
LOOKS = 0.45
"""A grid that looks like a form so much, and is not placed, is worth a word."""


class Choice(msgspec.Struct, frozen=True):
    """What a grid was taken for, with the evidence: a form, or none and the form that it looks `like`."""

    seen: Seen
    evidence: tuple[FormEvidence, ...]
    form: str = ""
    title: str = ""
    like: str = ""

    @property
    def weak(self) -> bool:
        """Whether the title does not speak for the form: the figures must, then."""
        return any(entry.form == self.form and entry.title < _TITLED for entry in self.evidence)


def assign(grids: Sequence[Seen], statute: Statute, unit: str = "") -> list[Choice]:
    """The form of each grid, each form once at most, so that the most speaks for the whole."""
    weighed = [tuple(weigh(seen, statute, unit)) for seen in grids]
    usual = {form.key for form in statute.published}
    # A table that only some places add has to say that it is one.
    likely = [[e for e in entries if e.form in usual or e.title >= _TITLED] for entries in weighed]
    fit = [[e for e in entries if _fits(seen, e, entries)] for seen, entries in zip(grids, likely, strict=True)]
    chosen = _best(fit)
    chosen.update(_left_over(likely, chosen))
    taken = frozenset(entry.form for entry in chosen.values())
    return [
        _choice(seen, entries, chosen.get(number), taken)
        for number, (seen, entries) in enumerate(zip(grids, weighed, strict=True))
    ]


def _left_over(likely: Sequence[Sequence[FormEvidence]], chosen: Mapping[int, FormEvidence]) -> dict[int, FormEvidence]:
    """Grids without a form that are by their headings and lines the likeliest to be one that no other grid is.

    Their titles do not speak for it (收支决算总体情况表), so that the figures must.
    """
    taken = {entry.form for entry in chosen.values()}
    first = {n: entries[0] for n, entries in enumerate(likely) if entries and n not in chosen}
    told = {
        n: entry
        for n, entry in first.items()
        if entry.form not in taken and entry.content >= _ALONE and entry.score >= ENOUGH and not _titled_else(entry)
    }
    claims = Counter(entry.form for entry in told.values())
    return {n: entry for n, entry in told.items() if claims[entry.form] == 1}


def _choice(seen: Seen, entries: tuple[FormEvidence, ...], best: FormEvidence | None, taken: frozenset[str]) -> Choice:
    if best is not None:
        return Choice(seen, entries, best.form, best.text)
    title = next((text for text, _ in seen.titles), "")
    like = next((entry for entry in entries if _looks(seen, entry, taken)), None) if seen.amounts else None
    return Choice(seen, entries, "", like.text if like else title, like.form if like else "")


def _looks(seen: Seen, entry: FormEvidence, taken: frozenset[str]) -> bool:
    """Whether a grid that is not placed should have been this form, for all that can be seen."""
    if entry.lines == 0 or entry.score < LOOKS or _titled_else(entry):
        return False
    return entry.title >= _ALONE or (entry.form not in taken and (entry.title >= _TITLED or entry.content >= _ALONE))


def _fits(seen: Seen, entry: FormEvidence, entries: Sequence[FormEvidence]) -> bool:
    if entry.title >= 0.99 and entry.lines > 0:
        return True
    if entry.score < ENOUGH or (seen.amounts and entry.content < _CONTENT):
        return False
    if _titled_else(entry) or entry.score < max(other.score for other in entries) - _CLOSE:
        return False
    second = max((other.score for other in entries if other.form != entry.form), default=0.0)
    if entry.score >= second + _AHEAD and entry.title >= _TITLED - _AHEAD and entry.content >= ENOUGH:
        return True
    many = not seen.shape and len(seen.labels) >= _MANY and entry.lines >= _ALL
    if many and entry.lines > _lines_besides(entry, entries):
        # All lines that the form prints, and only that form has them all: its headings and title may say little.
        return True
    whole = entry.content >= _ALONE and entry.lines >= _ALONE
    best = max(other.own for other in entries)
    return entry.title >= _TITLED or (whole and entry.own >= best - _AHEAD)


def _lines_besides(entry: FormEvidence, entries: Sequence[FormEvidence]) -> float:
    """How well the lines are those of the likeliest other form."""
    return max((other.lines for other in entries if other.form != entry.form), default=0.0)


def _titled_else(entry: FormEvidence) -> bool:
    """Whether the grid bears the title of a table that is not this form's."""
    return entry.own < _FOREIGN


def _best(fit: Sequence[Sequence[FormEvidence]]) -> dict[int, FormEvidence]:
    """One form for each grid with the highest total."""
    first = {number: entries[0] for number, entries in enumerate(fit) if entries}
    if len({entry.form for entry in first.values()}) == len(first):
        return first
    return _solved(fit)


def _solved(fit: Sequence[Sequence[FormEvidence]]) -> dict[int, FormEvidence]:
    """The assignment problem proper, where two grids look most like one form."""
    from numpy import full
    from scipy.optimize import linear_sum_assignment

    forms = list(dict.fromkeys(entry.form for entries in fit for entry in entries))
    table = {(n, entry.form): entry for n, entries in enumerate(fit) for entry in entries}
    costs = full((len(fit), len(forms) + len(fit)), 0.0)
    for (number, form), entry in table.items():
        costs[number, forms.index(form)] = -entry.score
    rows, places = linear_sum_assignment(costs)
    pairs = ((int(n), forms[place]) for n, place in zip(rows, places, strict=True) if place < len(forms))
    return {n: table[n, form] for n, form in pairs if (n, form) in table}
