"""Years in the words: of another account than the document's, in titles, and comparisons unlike all others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from juesuan.account import Issue, Passage
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording.found import around, wording_issue
from juesuan.checker.rules.wording.odd_years import check_odd_years
from juesuan.statute.language import ResidueWords, compact

MOST_YEARS = 6
"""More wrong years than this are no slips."""

USUAL_COMPARISONS = 2
"""So many comparisons with the year before make another year one to be explained."""

LEAST_BEGINNINGS = 2
"""So many paragraphs begin with an amount of the document's year, or another year says nothing."""

MOST_TITLES = 3
"""A title in so many of another year is a slip."""
LONGEST_TITLE = 60
_SENTENCE = re.compile("[，。；：]")
_PARTS = re.compile("[。；]")
TITLE_LINES = 3
_OPEN = re.compile(r"20\d{2}年度?$")
_OPENING = re.compile(r"20\d{2}年度?(?!\d)")
_NEXT_TITLE = re.compile(r"20\d{2}年|目录|第[一二三四五六七八九十]+部分|[（(]?[一二三四五六七八九十\d]+[、)）.．]")


def check_years(context: CheckContext, wording: ResidueWords) -> Iterator[Issue]:
    """W103: a year that is not that of the account (or the one before); W117: a comparison unlike all others."""
    account = context.account
    if not account.year:
        return
    years = [finding for passage, _ in context.texts for finding in _years(context, passage, wording)]
    known = {place for finding in years for place in finding.places}
    yield from (finding for finding in _under_tables(context) if not known & set(finding.places))
    yield from years if len(years) <= MOST_YEARS else [_other_year(years, account.year)]
    reported = {place for finding in years for place in finding.places}
    yield from (issue for issue in check_titles(context, wording) if not reported & set(issue.places))
    others = [*_other_comparisons(context, wording), *_successive(context, wording)]
    others += [issue for issue in _beginnings(context, wording) if not reported & set(issue.places)]
    reported |= {place for issue in others for place in issue.places}
    others += check_odd_years(context, reported)
    yield from {(issue.places, issue.stated): issue for issue in others}.values()


def check_titles(context: CheckContext, wording: ResidueWords) -> Iterator[Issue]:
    """W103: a title of another year than nearly all others."""
    whole = bool(context.account.tables)
    year = context.account.year
    if not year:
        return
    expression, not_of = wording.titles.expression(), wording.titles.others()
    right, wrong = 0, []
    name = compact(context.account.unit.name)
    for number, (passage, text) in enumerate(context.texts):
        if len(text) > LONGEST_TITLE or _SENTENCE.search(text):
            continue
        title = _whole_title([text for _, text in context.texts[number : number + TITLE_LINES]], name, expression)
        for match in expression.finditer(title):
            if int(match[1]) == year:
                right += 1
            elif not not_of.search(title):
                wrong.append((passage, match))
    if len(wrong) * MOST_TITLES > right:
        wrong = wrong if len(wrong) == 1 and right and whole else []
    for passage, match in wrong:
        message = f"标题“{compact(passage.text)}”里的年度为{match[1]}年，别处都是{year}年。"
        finding = wording_issue("W103", message, passage.source, match[1], str(year))
        # A statement may well be of two years; of a list of contents the one of another year has to be explained.
        yield finding if whole else msgspec.structs.replace(finding, severity="warning")


def _whole_title(lines: Sequence[str], name: str, expression: re.Pattern[str]) -> str:
    """A line without the unit's name; where it begins or ends with a year, with the lines that complete the title.

    The name may stand between year and kind in lines of its own (2024年度 / 某局 / 部门决算), or be broken over two.
    """
    title = first = lines[0].replace(name, "") if name else lines[0]
    if expression.search(title) or not (_OPEN.search(title) or _OPENING.match(title)):
        return title
    joined = lines[0]
    for line in lines[1:]:
        if len(line) > LONGEST_TITLE or _SENTENCE.search(line) or _NEXT_TITLE.match(line):
            break
        joined += line
        title = joined.replace(name, "") if name else joined
        if expression.search(title):
            return title
    return first


_NOTHING_OF = re.compile(
    r"(?<![与比较同和])(20\d{2})年度?[，,]?[^。；;，,\d]{0,25}?(?:无|没有)[^。；;，,\d]{2,40}?(?:收支|收入|支出|拨款|经费|预算)"
)


def _under_tables(context: CheckContext) -> Iterator[Issue]:
    """W103: another year in the note that says why a table is empty (本部门2020年无国有资本经营预算财政拨款收支)."""
    year = context.account.year
    for table in context.account.tables:
        for note in table.notes:
            match = _NOTHING_OF.search(compact(note.text))
            if match and int(match[1]) != year:
                title = context.statute.forms[table.form].title
                message = f"《{title}》下的说明“{match[0]}”里的年度为{match[1]}年，应为{year}年。"
                yield wording_issue("W103", message, note.source, match[1], str(year))


def _years(context: CheckContext, passage: Passage, wording: ResidueWords) -> Iterator[Issue]:
    account, statute = context.account, context.statute
    text, name = compact(passage.text), compact(account.unit.name)
    # Without the unit's name a year and what it is the year of stand together.
    nameless = text.replace(name, "") if name else text
    kind = statute.profile.kind
    reported: set[int] = set()
    for phrase in (each for each in wording.years if not each.kinds or kind in each.kinds):
        wanted = account.year + phrase.offset
        for match in phrase.expression().finditer(nameless):
            found = int(match.group(1))
            if found == wanted or _older(found, wanted, phrase.offset) or found - account.year in phrase.allowed(kind):
                continue
            words = match.string[match.start(1) : match.end()]
            if found == account.year and kind == "决算" and any(word in words for word in phrase.own):
                continue
            if not account.tables and found != account.year and _of_two_years(context, words, found):
                continue
            start = _with_name(match.start(1), text, name)
            if start in reported:
                continue
            reported.add(start)
            end = start + len(match.group(1))
            message = f"“{around(passage, start, end)}”里的年度为{found}年，应为{wanted}年。"
            issue = wording_issue("W103", message, passage.source, str(found), str(wanted))
            # A statement without the statutory tables may well tell of two years, each in a part of its own.
            yield issue if account.tables else msgspec.structs.replace(issue, severity="warning")


def _of_two_years(context: CheckContext, words: str, year: int) -> bool:
    """Whether the same words stand elsewhere with the year of the account: a statement of both, one after the other."""
    other = words.replace(str(year), str(context.account.year))
    return any(other in text for _, text in context.texts)


def _other_comparisons(context: CheckContext, wording: ResidueWords) -> Iterator[Issue]:
    """W117: another year than the one before where the document names that one everywhere else (与2020年度相比)."""
    last, kind = context.account.year - 1, context.statute.profile.kind
    groups = (
        [each.expression() for each in wording.years if each.offset < 0],
        [each.expression() for each in wording.former if kind in each.kinds],
    )
    for expressions in groups:
        usual, others = 0, []
        for passage, text in context.texts:
            for part in _PARTS.split(text):
                matches = list(chain.from_iterable(each.finditer(part) for each in expressions))
                named = {int(match[1]) for match in matches}
                usual += last in named
                others += [(passage, match) for match in matches if int(match[1]) < last and last not in named]
        if usual < USUAL_COMPARISONS or len(others) * 2 > usual:
            continue
        for passage, match in others:
            message = f"“{match.string[: match.end() + 12][-40:]}”写的是{match[1]}年，别处都是{last}年，请核对年度。"
            yield wording_issue("W117", message, passage.source, match[1], str(last))


def _successive(context: CheckContext, wording: ResidueWords) -> Iterator[Issue]:
    """W117: a budget held against one that is not of the year before (2024年预算安排5万元，比2024年执行数增加)."""
    kind = context.statute.profile.kind
    for phrase in (each for each in wording.successive if kind in each.kinds):
        for passage, text in context.texts:
            for match in phrase.expression().finditer(text):
                first, second = int(match[1]), int(match[2])
                if first != second + phrase.apart:
                    message = f"“{around(passage, *match.span())}”里的{first}年与{second}年不是相邻的两年，请核对年度。"
                    right = str(first - phrase.apart)
                    yield wording_issue("W117", message, passage.source, str(second), right)


_BEGINNING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]+)?(?:[^，。；：\d]{0,20}：)?(20\d{2})年度?(?![末底初前])[^，。；]{0,40}?"
    r"\d[\d,.]*(?:万元|元)"
)


def _beginnings(context: CheckContext, wording: ResidueWords) -> Iterator[Issue]:
    """W117: a paragraph that tells an amount of last year, where all others tell theirs of the year of the document.

    4.政府采购情况：2022年本部门政府采购预算总额520万元, below 3.…：2023年本部门会议费预算6万元.
    """
    year = context.account.year
    name = compact(context.account.unit.name)
    own, others = 0, []
    for passage, text in context.texts:
        match = _BEGINNING.match(text.replace(name, "") if name else text)
        if match is None or any(word in match[0] for word in wording.compared):
            continue
        own += int(match[1]) == year
        if int(match[1]) == year - 1 and str(year) not in text:
            others.append((passage, match))
    if own >= LEAST_BEGINNINGS and len(others) == 1:
        for passage, match in others:
            message = f"“{match[0][-40:]}”写的是{match[1]}年，别处写的都是{year}年的数，请核对年度。"
            yield wording_issue("W117", message, passage.source, match[1], str(year))


def _with_name(position: int, text: str, name: str) -> int:
    """Where the sign at `position` of the text without `name` stands in the whole text."""
    start = text.find(name) if name else -1
    while 0 <= start <= position:
        position += len(name)
        start = text.find(name, start + len(name))
    return position


def _other_year(findings: Sequence[Issue], year: int) -> Issue:
    """One finding where so many years differ that it may be the year of the account that was taken wrongly."""
    years = "、".join(dict.fromkeys(f"{finding.stated}年" for finding in findings))
    message = f"按{year}年度核对，正文有 {len(findings)} 处写的是{years}，请先确认是哪一年度的文件。"
    places = tuple(place for finding in findings[:4] for place in finding.places)
    return Issue("W103", "warning", message, places, years, f"{year}年")


def _older(found: int, wanted: int, offset: int) -> bool:
    """Whether a comparison reaches further back than the year before, as texts may (较2019年增长)."""
    return offset < 0 and found < wanted


