"""What running text can be held against by itself, as data: wholes and parts, counts and amounts, reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import Severity
from juesuan.statute.source import demand_declared

PROSE_FILE = "prose.yaml"


class Composition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole and all that it is made up of; complete where every part of `core` (else of `parts`) is told."""

    whole: str
    parts: tuple[str, ...]
    basis: str
    core: tuple[str, ...] = ()
    unless: str = ""
    """Not asked where this subject is told: its own parts are held against it."""
    unique: bool = False
    """A document has one such figure only, so that every paragraph speaks of the same."""

    related: bool = False
    """Whole and parts stand beside each other in one paragraph, without a word that makes them parts."""
    severity: Severity | None = None
    alone: bool = False
    """One of the parts may be all of the whole, beside which the others stand (在职人员 of 实有人数)."""
    listed: bool = False
    """Two parts that are told behind their whole are all of them, or what is missing has to be explained."""

    def needed(self) -> tuple[str, ...]:
        """The parts without which the parts are not all told."""
        return self.core or self.parts


class CountRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount and a count that are nothing together; `only` one way: something bought for nothing (spent), or money
    for nothing (unspent)."""

    amount: str
    count: str
    severity: Severity
    say: str
    only: Literal["", "spent", "unspent"] = ""
    unless: tuple[str, ...] = ()
    """Not asked where one of these is more than nothing."""


class GroupRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Groups and their members: no group is without a member."""

    group: str
    members: str


class UnitCost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one of a count may cost, in yuan; `mean` is the subject by which the text states the average itself."""

    amount: str
    count: str
    least: Decimal
    most: Decimal
    each: str
    mean: str = ""


class Balance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two totals that are equal by definition."""

    one: str
    other: str


class CarriedOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was carried over and received is spent or carried on, where none of `also` is told."""

    before: str
    received: str
    spent: str
    after: str
    also: tuple[str, ...]


class StatedParts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parts that a text about the whole has to mention, each with the words that mention it."""

    of: str
    says: tuple[str, ...]
    """Words by which a text is known to be about the whole."""
    parts: tuple[str, ...]
    families: tuple[tuple[str, ...], ...]
    """Each part with what it is made up of and counted by."""
    words: tuple[tuple[str, ...], ...]

    def part_of(self, text: str) -> str:
        """The one part that `text` mentions; empty where it mentions none or several."""
        named = zip(self.parts, self.words, strict=True)
        found = [part for part, words in named if any(word in text for word in words)]
        return found[0] if len(found) == 1 else ""


class Leaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of a reason for one direction; with one of `unless` it speaks of the other as well."""

    says: tuple[str, ...]
    unless: tuple[str, ...]

    def holds(self, reason: str) -> bool:
        """Whether the reason speaks of this direction only."""
        rest = reason
        for word in sorted(self.says, key=len, reverse=True):
            rest = rest.replace(word, "")
        return rest != reason and not any(word in rest for word in self.unless)


class Reasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How reasons and purposes are worded, and what in a reason says that money grew or shrank."""

    given: tuple[str, ...]
    money: tuple[str, ...]
    up: tuple[str, ...]
    down: tuple[str, ...]
    fresh: tuple[str, ...]
    """Words for what there was not before."""
    leaning_up: Leaning
    leaning_down: Leaning
    """Reasons that say nothing of money, and yet are only for what grew or shrank."""
    opposite: tuple[str, ...]
    """Subjects that shrink where money is spent."""
    former: tuple[str, ...]
    """Words by which a reason speaks of another year."""
    use: tuple[str, ...]
    after: tuple[str, ...]

    def direction(self, reason: str) -> int:
        """+1 where all that a reason says of money is that it grew, -1 where it shrank, 0 where neither or both.

        Only money counts (经费增加): that people or work became fewer may well make an outlay grow. Money that was not
        spent (结转资金增加) does not count.
        """
        found = {1 if match.group("up") else -1 for match in _moved(self).finditer(reason)}
        return found.pop() if len(found) == 1 else 0

    def leans(self, reason: str) -> int:
        """+1 where a reason is only for what grew (新增车辆), -1 where only for what shrank (厉行节约), else 0."""
        return self.leaning_up.holds(reason) - self.leaning_down.holds(reason)

    def speaks_of_former(self, reason: str) -> bool:
        """Whether a reason speaks of another year (上年一次性购置), so that its words say nothing of this one."""
        return any(word in reason for word in self.former)


class Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say that the outlay is less or more than the budget."""

    less: tuple[str, ...]
    more: tuple[str, ...]


class ProjectLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words by which tables of projects are known, and how the prose counts projects."""

    tables: tuple[str, ...]
    totals: tuple[str, ...]
    units: tuple[str, ...]
    counted: tuple[str, ...]


class Tallied(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A count and the counts by kind that make it up, known by words of their subjects."""

    wholes: tuple[str, ...]
    parts: tuple[str, ...]


class CountBound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A count that is part of another one, and so never more."""

    part: str
    whole: str
    say: str


class Scores(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How scores are told, and how many marks there are."""

    score: str
    marks: str
    wholes: tuple[str, ...]
    execution: tuple[str, ...]
    all_marks: int
    execution_marks: int
    means: tuple[str, ...]
    """How the names of mean scores begin."""
    counted: tuple[str, ...]
    """Units in which what was scored is counted."""
    pairs: str
    """Full marks and the score behind them, as a regular expression."""
    totals: str
    """The score of the whole, as a regular expression."""
    grades: tuple[str, ...]
    """What stands behind a score that has a grade."""


class DifferenceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Three amounts told one after the other: the first less the second leaves the third, by the words before each."""

    of: tuple[str, ...]
    less: tuple[str, ...]
    leaves: tuple[str, ...]
    unless: str = ""
    """A subject whose amount adds to what is left; asked only where the text tells of none and there are no tables."""

    def names(self, words: Sequence[str]) -> bool:
        """Whether the words before three amounts are those of this rule."""
        plain = [text.rstrip("为是共达约：: ") for text in words]
        return all(text.endswith(own) for text, own in zip(plain, (self.of, self.less, self.leaves), strict=True))


class CountedRate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rate told behind the two counts that it is of: what there was, and how much of it was done."""

    of: tuple[str, ...]
    done: tuple[str, ...]
    rate: tuple[str, ...]

    def names(self, before: Sequence[str]) -> bool:
        """Whether the words before two counts and a rate are those of this rule."""
        of, done, rate = before
        return (
            any(word in of for word in self.of) and any(word in done for word in self.done)
            and rate.rstrip("为达是到： ").endswith(self.rate)
        )  # fmt: skip


class LimitRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a text says that nothing exceeds its limit.

    `used` and `limits` are words in the names of what is held against each other; without `used` it is the outlay and
    the budget of one subject.
    """

    says: tuple[str, ...]
    limit: str
    used: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


class EconomicList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Economic items that a text may list under a name; `lines`: the list of the clauses that they are of."""

    words: tuple[str, ...]
    lines: str
    under: tuple[str, ...] = ()


class Disjoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Amounts told several times, each of another part of the whole."""

    whole: str
    part: str
    say: str


class ProseRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    compositions: tuple[Composition, ...]
    explained: tuple[str, ...]
    natures: tuple[tuple[str, ...], ...]
    """Parts that are told of any amount as all that it is made up of (基本支出, 项目支出)."""
    tallied: tuple[Tallied, ...]
    short_named: tuple[str, ...]
    """Subjects that texts call by words that other names end with too (购置费)."""
    complements: tuple[tuple[str, str], ...]
    """Words of two parts that leave nothing of their whole (地上, 地下)."""
    listed_units: tuple[str, ...]
    bounds: tuple[CountBound, ...]
    disjoint: tuple[Disjoint, ...]
    economic_lists: tuple[EconomicList, ...]
    scores: Scores
    differences: tuple[DifferenceRule, ...]
    counted_rates: tuple[CountedRate, ...]
    limits: tuple[LimitRule, ...]
    planned: tuple[str, ...]
    """Words before a count that was planned, and before the one that came of it."""
    carried_out: tuple[str, ...]
    counts: tuple[CountRule, ...]
    groups: tuple[GroupRule, ...]
    unit_costs: tuple[UnitCost, ...]
    balances: tuple[Balance, ...]
    mirrored: tuple[Balance, ...]
    carried_over: CarriedOver
    stated_parts: tuple[StatedParts, ...]
    reasons: Reasons
    comparisons: Sizes
    repeated: tuple[str, ...]
    """What stands before an amount that says again what its paragraph is about (2024年预算安排)."""
    classified: tuple[str, ...]
    """What begins a list of all that there is (按支出功能分类)."""
    later_budgets: tuple[str, ...]
    """Words for a budget that is not the approved one."""
    projects: ProjectLists
    shares_of_outlay: tuple[str, ...]
    """Kinds of outlay whose items are only a share of what they name (项目支出 of 公务用车运行维护费)."""
    presences: tuple[str, ...]
    """Words that tell that something has been: 有购置车辆的情况."""
    emptied: tuple[str, ...]
    """What a sentence says of a table behind 故 that has no figures."""
    arranged: tuple[str, ...]
    """What is said to be arranged, without an amount."""
    without_carried: tuple[str, ...]
    """Words that leave what was carried over out of an income (当年拨款收入)."""
    listed_changes: tuple[str, ...]
    """What stands between a change and the list of those that it comes from."""
    beyond_whole: tuple[str, ...]
    """Words for a whole that its part may exceed (年初预算, 上年), or that may be below zero (结余)."""
    presence_openings: tuple[str, ...]
    """What may stand before them in their clause."""
    empty_tables: tuple[str, ...]
    """Notes that say that a table is empty."""


@cache
def _moved(words: Reasons) -> re.Pattern[str]:
    up, down = "|".join(words.up), "|".join(words.down)
    unspent = "".join(rf"(?<!{word})" for word in words.opposite)
    return re.compile(
        rf"{unspent}(?:{'|'.join(words.money)})(?:有所|相应|也|均|略有|同比)?(?:(?P<up>{up})|(?P<down>{down}))"
    )


@cache
def load_prose_rules(root: Path = Path(__file__).parents[1]) -> ProseRules:
    """What running text is held against. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, PROSE_FILE, ProseRules, _mistakes)


def _mistakes(rules: ProseRules) -> Iterator[str]:
    for composition in rules.compositions:
        if set(composition.core) - set(composition.parts):
            yield f"“{composition.whole}”的 core 应都在 parts 里。"


@cache
def disjoint_parts() -> tuple[frozenset[str], ...]:
    """Subjects that are parts of one whole of which a document tells one figure only: none is a part of another.

    Parts of a part are told in each other (国内接待费，其中：外事接待费).
    """
    unique = [each for each in load_prose_rules().compositions if each.unique]
    parts = {part for each in unique for part in each.parts}
    return tuple(frozenset(each.parts) for each in unique if each.whole not in parts)


@cache
def unique_subjects() -> frozenset[str]:
    """The subjects of which a document tells one figure of a kind only."""
    unique = (composition for composition in load_prose_rules().compositions if composition.unique)
    return frozenset(name for composition in unique for name in (composition.whole, *composition.parts))
