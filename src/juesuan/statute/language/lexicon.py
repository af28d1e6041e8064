"""The lexicon (词表): the words by which prose says what a number is of and what it measures, found in one pass."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import Issue, item_name
from juesuan.statute.codes import Code, read_codes
from juesuan.statute.form import CODE_LENGTHS
from juesuan.statute.source import StatuteError, cached_law, read_declared

FOLDER = "lexicon"

Category = Literal[
    "subject", "item", "economic", "short", "measure", "compare", "yoy", "scope", "close", "period", "direction",
    "change", "difference", "exceeds", "becomes", "from", "share", "completion", "whole", "reason", "absence", "each",
    "level",
]  # fmt: skip
"""What a word is: a subject (`item` of the functional, `economic` of the economic classification), a measure, the
beginning and the end of a comparison, a period, a direction, the word for a share …"""

_CHOICE = re.compile(r"\[([^\[\]]*)\](\?)?|(.)(\?)?")
_MULTIPLIED = {"万": Decimal(10**4), "亿": Decimal(10**8)}
_SHORTEST = 4
_AND = str.maketrans("与", "和")
"""医疗卫生和计划生育支出 is written for the official name with 与."""
"""Names of the classification with fewer signs are words of the language as well."""

_NARROW = str.maketrans("（）", "()")


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    measures: dict[str, tuple[str, ...]]
    comparisons: tuple[str, ...]
    year_on_year: tuple[str, ...]
    same_scope: tuple[str, ...]
    closings: tuple[str, ...]
    periods: dict[str, tuple[str, ...]]
    directions: dict[str, tuple[str, ...]]
    changes: tuple[str, ...]
    differences: tuple[str, ...]
    exceeding: dict[str, tuple[str, ...]]
    becomes: tuple[str, ...]
    shares: tuple[str, ...]
    completions: tuple[str, ...]
    wholes: tuple[str, ...]
    reasons: tuple[str, ...]
    absences: tuple[str, ...]
    each: tuple[str, ...]
    fillers: tuple[str, ...]
    savings: tuple[str, ...]
    rest: tuple[str, ...]
    exclusions: tuple[str, ...]
    adjustments: tuple[str, ...]
    averages: tuple[str, ...]
    counted_beside: dict[str, tuple[str, ...]]
    counted_nouns: dict[str, str]
    counted_as: dict[str, str]
    each_alike: tuple[str, ...]
    this_project: tuple[str, ...]
    name_labels: tuple[str, ...]
    """Words behind which, after a colon, the name of a project stands."""
    reason_openings: tuple[str, ...]
    lists_of_parts: tuple[str, ...]
    """Words that begin the list of all parts, whatever stood before."""
    scored: dict[str, tuple[str, ...]]
    scored_wholes: dict[str, str]
    """Words for a score that is the whole's where nothing before them says whose it is."""
    money: dict[str, Decimal]
    rates: dict[str, Decimal]
    counts: tuple[str, ...]
    not_figures: tuple[NotFigure, ...]
    before: tuple[str, ...] = msgspec.field(name="from", default=())


class NotFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that is no figure: what it is, and how it is written."""

    why: str
    pattern: str


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What prose speaks of: an amount (金额) or a count (物量), with its words, its unit and what it is a part of."""

    kind: Literal["金额", "物量"]
    words: tuple[str, ...]
    whole: str = ""
    unit: str = ""
    at: tuple[str, ...] = ()
    """Addresses where it stands, where the labels of line and column do not say so by themselves."""


class SubjectFamily(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One matter whose money and counts are told by the unit: 公务接待 10 批次, 100 人次, 1.3 万元."""

    of: tuple[str, ...]
    units: dict[str, str]
    money: str = ""


class _Subjects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    subjects: dict[str, Subject]
    short: dict[str, str]
    pairs: dict[str, tuple[str, str]]
    families: tuple[SubjectFamily, ...]


class Word(msgspec.Struct, frozen=True):
    """What a word of the lexicon is: its category and what it stands for (公车 → 公务用车…; 下降 → down)."""

    category: Category
    key: str


class Lexicon:
    """All words, and the longest of them at every place of a text, found in one pass."""

    def __init__(
        self,
        words: _Words,
        subjects: _Subjects,
        entries: dict[str, Word],
        classes: frozenset[str],
        codes: frozenset[str],
    ) -> None:
        self.subjects = subjects.subjects
        self.classes = classes
        """The names of the functional classes (类), those of all years."""
        self.codes = codes
        """The codes of both classifications, those of all years."""
        self.families = {name: family for family in subjects.families for name in family.of}
        self.short = subjects.short
        self.pairs = subjects.pairs
        """What two numbers told of one name are of: 收支总计分别为…."""
        self.not_figures = words.not_figures
        self.fillers = frozenset(words.fillers)
        self.savings = frozenset(words.savings)
        """Words that compare with the budget where outlay and budget are stated: 节约2.00万元."""
        self.exclusions = words.exclusions
        """Words that leave something out of both years: 剔除这一因素."""
        self.adjustments = frozenset(words.adjustments)
        """Words that change the budget within the year: 追加2.00万元."""
        self.averages = words.averages
        """How the names of means begin, which are told by the way: 人均150元."""
        self.rest = words.rest
        self.each_alike = words.each_alike
        self.this_project = words.this_project
        self.name_labels = words.name_labels
        self.reason_openings = words.reason_openings
        self.lists_of_parts = frozenset(words.lists_of_parts)
        self.scored = words.scored
        self.scored_wholes = words.scored_wholes
        self.counted_beside = words.counted_beside
        self.counted_nouns = words.counted_nouns
        self.counted_as = words.counted_as
        """Words of an activity, by the outlay whose groups and persons they count: 接待30批次."""
        self.money = words.money
        self.rates = words.rates
        self.counts = frozenset(words.counts)
        units = sorted((*self.money, *self.rates, *self.counts), key=len, reverse=True)
        multiplied = "|".join(re.escape(unit) for unit in units if unit in self.counts)
        self._units = re.compile("|".join(map(re.escape, units)))
        self._many = re.compile(f"[万亿](?:{multiplied})")
        self._exact = entries
        lengths: dict[str, set[int]] = {}
        for text in entries:
            lengths.setdefault(text[:2], set()).add(len(text))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        """How long the words are that begin with two signs, the longest first; a word of one sign is its own start."""

    def find(self, text: str) -> Iterator[tuple[int, int, Word]]:
        """The words in `text` (normal form) from left to right, the longest at each place: start, end, word."""
        at, end = 0, len(text)
        while at < end:
            word = None
            for length in self._lengths.get(text[at : at + 2], ()):
                if at + length <= end and (word := self._exact.get(text[at : at + length])):
                    break
            else:
                length, word = 1, self._exact.get(text[at])
            if word:
                yield at, at + length, word
            at += length

    def led(self, word: str) -> str:
        """The way that a word of what something becomes says it went: `up` for 增加到, `down` for 降至, else empty."""
        heads = (self._exact.get(word[:end]) for end in range(len(word) - 1, 0, -1))
        return next((head.key for head in heads if head and head.category == "direction"), "")

    def score(self, words: str) -> tuple[str, str]:
        """What `words` before a number of 分 say: whose score or full marks, and which of both; empty for neither."""
        for key, endings in self.scored.items():
            for ending in endings:
                if words.endswith(ending):
                    return words.removesuffix(ending) or self.scored_wholes.get(ending, ""), key
        return "", ""

    def unit_at(self, text: str, at: int) -> str:
        """The longest unit that stands in `text` at the offset `at` (万人 rather than 万); empty for none."""
        found = [match[0] for match in (self._units.match(text, at), self._many.match(text, at)) if match]
        return max(found, key=len, default="")

    def scale(self, unit: str) -> Decimal:
        """How much one `unit` is in base units: yuan, a ratio of one, the plain count."""
        if unit in self.money:
            return self.money[unit]
        if unit in self.rates:
            return self.rates[unit]
        return _MULTIPLIED.get(unit[:1], Decimal(1)) if unit not in self.counts else Decimal(1)

    def is_unit(self, text: str) -> bool:
        """Whether `text` is a unit."""
        return bool(text) and self.unit_at(text, 0) == text

    def exact(self, text: str) -> Word | None:
        """What `text` is as a whole, with brackets of either kind; None where it is no word of the lexicon."""
        return self._exact.get(text.translate(_NARROW))

    def counted(self, subject: str, unit: str) -> str:
        """What `subject` is called where it is told in `unit`: 公务接待费 in 批次 is 公务接待批次."""
        family = self.families.get(subject)
        if family is None:
            return subject
        if unit in self.money:
            return family.money or subject
        return family.units.get(unit, subject)

    def part_of(self, part: str, whole: str) -> bool:
        """Whether the lexicon tells `part` to be a part of `whole`, directly or by way of others."""
        return whole in self.wholes_of(part)

    def wholes_of(self, part: str) -> list[str]:
        """What the lexicon tells `part` to be a part of, the nearest first."""
        found: list[str] = []
        while part := (self.subjects[part].whole if part in self.subjects else ""):
            found.append(part)
        return found


def expanded(notation: str) -> list[str]:
    """Every text that a notation with choices stands for: `公车[购置|运行]费?`."""
    parts: list[tuple[str, ...]] = []
    for match in _CHOICE.finditer(notation):
        choices = tuple(match[1].split("|")) if match[1] is not None else (match[3],)
        parts.append((*choices, "") if match[2] or match[4] else choices)
    return ["".join(parts) for parts in itertools.product(*parts)]


def _entries(words: _Words, subjects: _Subjects, codes: list[Code]) -> Iterator[tuple[str, Word]]:
    """Words by text; a later one replaces an earlier one of the same text."""
    # 一般公共服务 is the class 201 rather than the 款 21901 of 援助其他地区支出; 住房公积金 is an item.
    for code in sorted(codes, key=lambda each: (each.code.startswith("2"), -len(each.code))):
        joined = code.name.translate(_AND)
        for name in (code.name, item_name(code.name), code.name.replace("其他", "其它"), joined, item_name(joined)):
            plain = plain_name(name)
            if len(code.code) == CODE_LENGTHS["类"]:
                # 教育(类)支出2405.33万元, 国有资本经营预算(类)支出0.00元
                yield f"{plain}(类)", Word("item", code.name)
            if len(plain) >= _SHORTEST:
                yield plain, Word("economic" if code.code.startswith(("30", "31")) else "item", code.name)
    plainly: list[tuple[Category, tuple[str, ...]]] = [
        ("reason", words.reasons), ("absence", words.absences), ("each", words.each), ("whole", words.wholes),
        ("close", words.closings), ("compare", words.comparisons), ("yoy", words.year_on_year),
        ("scope", words.same_scope), ("change", words.changes), ("difference", words.differences),
        ("from", words.before), ("becomes", words.becomes), ("share", words.shares), ("completion", words.completions),
    ]  # fmt: skip
    for category, texts in plainly:
        for text in texts:
            yield text, Word(category, text)
    keyed: list[tuple[Category, dict[str, tuple[str, ...]]]] = [
        ("period", words.periods), ("exceeds", words.exceeding), ("direction", words.directions),
        ("measure", words.measures),
    ]  # fmt: skip
    for category, groups in keyed:
        for key, notations in groups.items():
            for text in itertools.chain.from_iterable(map(expanded, notations)):
                yield text, Word(category, key)
    for text in subjects.short:
        yield text, Word("short", text)
    for name, subject in subjects.subjects.items():
        for text in itertools.chain.from_iterable(map(expanded, subject.words)):
            if text not in words.fillers:
                yield text, Word("subject", name)
    for level in ("(类)", "(款)", "(项)", "(目)"):
        yield level, Word("level", level[1])


def plain_name(name: str) -> str:
    """A name in the normal form of the texts that the lexicon is looked for in: half-width brackets, no quotes."""
    return re.sub(r"[\s“”\"'‘’]", "", name).replace("（", "(").replace("）", ")")


@cache
def load_lexicon(root: Path = Path(__file__).parent.parent) -> Lexicon:
    """The lexicon. Raises StatuteError with file and line of every mistake."""
    return Lexicon(*_words_of(root))


@cached_law
def _words_of(root: Path) -> tuple[_Words, _Subjects, dict[str, Word], frozenset[str], frozenset[str]]:
    mistakes: list[Issue] = []
    words = read_declared(root, f"{FOLDER}/words.yaml", _Words, mistakes)
    subjects = read_declared(root, f"{FOLDER}/subjects.yaml", _Subjects, mistakes)
    codes: list[Code] = []
    for name in ("economic", "functional"):
        codes += read_codes(root / "classification" / f"{name}.csv", f"{name}.csv", mistakes)
    if mistakes or words is None or subjects is None:
        raise StatuteError(mistakes)
    widest = (code for code in codes if len(code.code) == CODE_LENGTHS["类"])
    classes = frozenset(code.name for code in widest if code.code.startswith("2"))
    same: dict[Word, Word] = {}
    entries = {text: same.setdefault(word, word) for text, word in _entries(words, subjects, codes)}
    return words, subjects, entries, classes, frozenset(code.code for code in codes)
