"""What is told to have been (有购置车辆的情况), and of which another place tells that there was nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from juesuan.account import Account, Issue, Passage, Source
from juesuan.checker.rules.prose.model.found import name_of
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute import Statute, load_lexicon, load_rules
from juesuan.statute.language import compact, expression, load_prose_rules

_YEAR = re.compile(r"20\d{2}年度?")
_STOPS = "，,。；;：:、（()）"


def check_presence(prose: Prose, account: Account, statute: Statute) -> Iterator[Issue]:
    """Z134: 有…的情况, where all that the document tells of it this year is nothing, or its table is empty."""
    says = expression(load_prose_rules().presences)
    nothing_there = _nothing_there(load_prose_rules().emptied)
    for passage in account.passages:
        text = compact(passage.text)
        for match in expression(load_prose_rules().arranged).finditer(text):
            if not _told(prose, match[0]):
                message = f"“{match[0]}”：写的是安排了，没有写数，似漏了“未”或“没有”。"
                yield Issue("Z134", "warning", message, _at(passage), match[0])
        for match in says.finditer(text):
            if not _begins(text[: match.start()].replace(compact(account.unit.name), "")):
                continue
            if denied := nothing_there.match(text, match.end()):
                message = f"“{match[0]}{denied[0]}”：写的是有，后面又说表是空的，似漏了“没有”。"
                yield Issue("Z134", load_rules()["Z134"].severity, message, _at(passage), match[0])
                continue
            told = _told(prose, match[0])
            if told and not any(number.value for number in told):
                nothing = told[0]
                message = f"“{match[0]}”：写的是有，另一处{name_of(nothing)}为{nothing.text}。"
                places = tuple(each for each in (passage.source, nothing.stated.source) if each)
                yield Issue("Z134", load_rules()["Z134"].severity, message, places, match[0], nothing.text)
            elif not told and (title := _empty_table(match[0], account, statute)):
                message = f"“{match[0]}”：写的是有，《{title}》没有数据。"
                yield Issue("Z134", load_rules()["Z134"].severity, message, _at(passage), match[0])


@cache
def _nothing_there(words: tuple[str, ...]) -> re.Pattern[str]:
    """…，故一般公共预算财政拨款“三公”经费支出决算表为空: with one of `words`."""
    return re.compile(rf"[^。；;]{{0,20}}[，,]故[^。；;]{{0,40}}?(?:{'|'.join(map(re.escape, words))})")


def _at(passage: Passage) -> tuple[Source, ...]:
    return (passage.source,) if passage.source else ()


def _empty_table(words: str, account: Account, statute: Statute) -> str:
    """The title of the table of the fund that `words` name, where it is printed without an amount."""
    for table in account.tables:
        form = statute.forms[table.form]
        if form.subject and form.subject in words and not any(f.figure.value for f in account.of_form(form.key)):
            return form.title
    return ""


def _begins(before: str) -> bool:
    """Whether a clause begins here, but for a year and words for the unit itself."""
    clause = re.split(f"[{_STOPS}]", before)[-1]
    clause = _YEAR.sub("", clause)
    for word in load_prose_rules().presence_openings:
        clause = clause.replace(word, "")
    return not clause


def _told(prose: Prose, words: str) -> list[Number]:
    """All that the document tells of this year's amounts and counts of what `words` name."""
    lexicon = load_lexicon()
    subjects = [word.key for *_, word in lexicon.find(words) if word.category == "subject"]
    family = lexicon.families.get(subjects[0]) if len(subjects) == 1 else None
    names = {*subjects, *(family.of if family and subjects[0] == family.money else ())}
    year = prose.account.year
    return [n for name in sorted(names) for n in prose.subjects.get(name, ())
            if n.measure in ("决算", "预算", "数量") and n.stated.year in (0, year)]  # fmt: skip
