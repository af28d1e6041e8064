"""Lists of names (主要包括：基本工资、津贴补贴……) held against the lines of their table."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

import msgspec

from juesuan.account import WAN, Account, Issue, Source, bare_text, excerpt, total
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.names import called_otherwise, stem
from juesuan.statute import Listing, Statute, level_of, lines, load_rules
from juesuan.statute.language import NUMBER, EconomicList, listed_names, load_prose_rules

MOST_SLIPS = 3
"""A list with more names too many than this was not written for this unit."""
_LEAST_NAMES = 3
_MOST_STRANGE = 0.3
"""The share of the names of a list that may be none of the classification; with more it is no list of its items."""
_ECONOMIC = "经济分类"
_STEP = Decimal(100)
"""The step of an amount in prose, in yuan: 0.01万元."""
_AMOUNT = re.compile(rf"{NUMBER}(?:万元|元)")
_OPEN = re.compile(r"等(?:支出|费用|方面|内容)?$")


class NameList:
    """The lines of a form that a list of the text is to name."""

    def __init__(self, account: Account, statute: Statute, listing: Listing, row: str = "") -> None:
        self.title = statute.forms[listing.form].title
        possible = listed_names(account, statute, listing, row, possible=True)
        self.allowed = {bare_text(name) for name in possible}
        self.expected = {bare_text(name): name for name in listed_names(account, statute, listing, row)}

    def compared(self, text: str, sentence: str, source: Source | None, *, strict: bool = True) -> Iterator[Issue]:
        """Findings on the list `text` of `sentence`: N60 for names too many, missing and repeated, N64 for a name that
        differs from the official one by the word 支出; warnings where the list is not `strict`ly that of the law.
        """
        text = _AMOUNT.sub("", text)
        is_open = _OPEN.search(text) is not None
        names = re.split("[、，]", _OPEN.sub("", text))
        each = [name for written in names for name in _coordinated(written, self.allowed)]
        written = {bare_text(name): name for name in each}
        # 其他交通费 is 其他交通费用: only the word for money at the end differs.
        extra = _without(written, self.allowed)
        missing = [] if is_open else _without(self.expected, written)
        places = (source,) if source else ()
        yield from _short_names(extra, missing, places)
        twice = sorted({name for name in each if each.count(name) > 1})
        yield from self._of_nothing(written, sentence, places)
        faults = [
            f"{words}{'、'.join(found)}"
            for words, found in (("多列了", extra), ("漏列了", missing), ("重复列了", twice)) if found
        ]  # fmt: skip
        if not faults:
            return
        message = f"正文“{excerpt(sentence)}”与《{self.title}》有数字的科目不一致：{'；'.join(faults)}。"
        stated, right = "、".join(each), "、".join(self.expected.values())
        # A list of everything that there might be, taken over from a template, is no claim about this unit's figures.
        template = is_open or len(extra) > MOST_SLIPS or not strict
        yield Issue("N60", "warning" if template else load_rules()["N60"].severity, message, places, stated, right)

    def _of_nothing(self, written: Mapping[str, str], sentence: str, places: tuple[Source, ...]) -> Iterator[Issue]:
        """N60 as a notice: a name whose amount the table prints as 0.00, which may be some yuan or nothing."""
        nothing = [name for plain, name in written.items() if plain in self.allowed and plain not in self.expected]
        if nothing:
            names = "、".join(nothing)
            message = f"正文“{excerpt(sentence)}”列了{names}，《{self.title}》里的金额印作0.00，没有发生的不应列出。"
            yield Issue("N60", "notice", message, places, names)


def check_lists(context: CheckContext, known: Container[str]) -> Iterator[Issue]:
    """Lists of economic items that no clause words: of the section that the sentence names, where its amount is theirs.

    `known`: the forms of which every line is known.
    """
    account, statute = context.account, context.statute
    listings = {name: listing for name, listing in _listings(statute) if listing.form in known}
    if not listings:
        return
    recognised = {text for statement in account.statements for _, text in statement.lists}
    for passage, text in context.texts:
        for rule in load_prose_rules().economic_lists:
            listing = listings.get(rule.lines)
            for match in _sentence(rule).finditer(text) if listing else ():
                if listing is None or match["names"] in recognised:
                    continue
                part = msgspec.structs.replace(listing, under=rule.under) if rule.under else listing
                if _is_of(match, part, account, statute):
                    found = NameList(account, statute, part)
                    yield from found.compared(match["names"], match[0], passage.source, strict=False)


def _listings(statute: Statute) -> Iterator[tuple[str, Listing]]:
    """The lists of economic items that the clauses of the place declare, by name (人员, 公用)."""
    for section in statute.sections:
        for paragraph in section.paragraphs:
            for clause in paragraph.clauses:
                for name, listing in clause.lists.items():
                    if statute.forms[listing.form].classification == _ECONOMIC:
                        yield name, listing


@cache
def _sentence(rule: EconomicList) -> re.Pattern[str]:
    words = "|".join(map(re.escape, rule.words))
    return re.compile(
        rf"(?<![\u4e00-\u9fff])(?:{words})(?:支出|预算|决算|共计|共|为)*(?P<amount>{NUMBER})万元[^。；：]{{0,30}}?"
        rf"(?:主要)?(?:包括|用于|有)[:：]?(?P<names>[^。；:：]+)"
    )


def _is_of(match: re.Match[str], listing: Listing, account: Account, statute: Statute) -> bool:
    """Whether the names are items of the classification, and the amount of the sentence is that of their lines."""
    names = [_AMOUNT.sub("", name) for name in re.split("[、，]", _OPEN.sub("", match["names"]))]
    items = {_core(bare_text(entry.name)) for entry in statute.economic.of_year(statute.year)}
    strange = sum(_core(bare_text(name)) not in items for name in names)
    if len(names) < _LEAST_NAMES or strange > _MOST_STRANGE * len(names):
        return False
    rows = [row for row in lines(account, statute, listing.form) if level_of(row) == listing.level]
    rows = [row for row in rows if not listing.under or row.startswith(listing.under)]
    facts = [fact for row in rows if (fact := account.facts.get(f"{listing.form}!{row}行{listing.column}栏"))]
    gap = total(fact.figure.value for fact in facts) - Decimal(match["amount"].replace(",", "")) * WAN
    return bool(facts) and abs(gap) <= _STEP * (len(facts) + 1) / 2


def _without(names: Mapping[str, str], others: Collection[str]) -> list[str]:
    """The names whose plain forms, or what is left of them without the word for money, are none of `others`."""
    close = {_core(plain) for plain in others}
    return [name for plain, name in names.items() if plain not in others and _core(plain) not in close]


def _short_names(extra: list[str], missing: list[str], places: tuple[Source, ...]) -> Iterator[Issue]:
    """Takes out of both lists what is one item, written with or without the word 支出 at its end, and says that."""
    by_stem = {stem(name): name for name in missing}
    for written in list(extra):
        official = by_stem.get(stem(written))
        if official is not None:
            extra.remove(written)
            missing.remove(official)
            yield called_otherwise(written, official, "与表中科目只差“支出”两个字", places, "notice")


def _coordinated(name: str, known: Container[str]) -> Sequence[str]:
    """The items of one name that coordinates two: 公务用车运行维护费及购置费 is the first, and one more of its kind.

    水电费 is 水费 and 电费.
    """
    each = [f"{sign}费" for sign in bare_text(name).removesuffix("费")]
    if bare_text(name) not in known and len(each) > 1 and all(item in known for item in each):
        return each
    for place, sign in enumerate(name):
        head, tail = name[:place], name[place + 1 :]
        if sign in "及和与" and bare_text(name) not in known and bare_text(head) in known:
            return (head, tail) if bare_text(tail) in known else (head,)
    return (name,)


def _core(name: str) -> str:
    """A name without the word for money that it ends with; a bare 奖金 or 补助 has none."""
    return re.sub("(?<=..)(?:费用|费)$", "", name)
