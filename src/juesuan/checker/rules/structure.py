"""Findings on the set of tables: missing, out of order, empty without a word, of another year or unit, ill coded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from juesuan.account import (
    Account,
    Fact,
    Issue,
    Passage,
    RowLabel,
    SeenTable,
    Source,
    bare_item,
    bare_text,
    with_unit,
)
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.engine.own_sums import not_held, own_sums
from juesuan.checker.engine.relations import NOTHING
from juesuan.checker.rules.tables.titles import check_titles
from juesuan.checker.rules.wording import is_blank
from juesuan.statute import CodeTable, Form, Statute, load_rules, misnamed, missing_parents
from juesuan.statute.language import load_document_words

FEW = 3
"""With fewer forms than this a document is no final account, and nothing is missing from it."""

MANY = 3
"""More misnamed codes than this in one table have one cause and are one finding."""


_SHORTEST_CORE = 5
_LONGEST = 60
_YEAR = re.compile(r"(20\d{2})年?度")
_NOTHING = re.compile(r"0+(?:\.0*)?%?")
"""An amount of nothing, which no equation can miss."""
_ACCOUNTS = re.compile(r"决算(总|明细)?表|收支.*表")


def check_structure(context: CheckContext) -> Iterator[Issue]:
    """Everything that can be said of the tables without adding up a figure."""
    account, statute = context.account, context.statute
    understood = any(stated.status in ("可核对", "仅正文") for stated in account.stated)
    understood = understood or bool(account.sheets or account.goals or account.key_work)
    understood = understood or any(own_sums(table).held for table in account.others)
    if not account.tables and not account.facts and not understood:
        # A statement of a few sentences has no tables to be demanded of it; one that says nothing is none at all.
        yield _finding("F002", "没有认出任何公开表，也没有认出正文里的数字，没有核对。")
    if len(account.tables) >= FEW and not account.facts:
        yield _finding("F001", "公开表都没有数据，像是模板或尚未填写的文本，只核对了科目的编码和名称。")
    elif len(account.tables) >= FEW:
        yield from _missing(account, statute)
        yield from _order(account, statute)
        for table in account.tables:
            form = statute.forms[table.form]
            yield from _heading(table, form, account)
            yield from _empty(table, form, account, statute)
        yield from check_titles(account, statute)
        yield from _other_owners(account)
    coded = [(table, form) for table in account.tables if (form := statute.forms[table.form]).layout.coded]
    yield from _merged([issue for table, form in coded for issue in _codes(table, form, account, statute)])
    if len(account.tables) >= FEW and account.facts:
        yield from _unplaced(account, statute)


def _merged(issues: Sequence[Issue]) -> Iterator[Issue]:
    """One issue for what several tables say of one item in the same words: an old name, a code that is not known."""
    same: dict[tuple[str, str, str], list[Issue]] = {}
    for issue in issues:
        same.setdefault((issue.code, issue.severity, issue.message.partition("》")[2]), []).append(issue)
    for (_, _, rest), group in same.items():
        titles = "".join(dict.fromkeys(issue.message.partition("》")[0] + "》" for issue in group))
        places = tuple(dict.fromkeys(place for issue in group for place in issue.places))
        yield msgspec.structs.replace(group[0], message=titles + rest, places=places)


def _unplaced(account: Account, statute: Statute) -> Iterator[Issue]:
    """What has no place: amounts within a form, whose equations they may belong into; and what is in none."""
    unplaced = [item for item in not_held(account) if not (item.form and _NOTHING.fullmatch(item.text.strip()))]
    for key in dict.fromkeys(item.form for item in unplaced if item.form and item.amounts):
        inside = [item for item in unplaced if item.form == key and item.amounts]
        texts = "、".join(item.text.strip() for item in inside[:3]) + ("等" if len(inside) > 3 else "")
        message = (
            f"《{statute.forms[key].title}》有 {len(inside)} 个数没有认出是哪一行、哪一栏：{texts}。"
            "可能少算这些数的公式没有判定，请对照原表核对。"
        )
        yield _finding("U001", message, [item.source for item in inside], texts)
    for item in unplaced:
        if item.like:
            form = statute.forms[item.like]
            message = f"有一张表像是《{form.title}》，没有能读成这张表，表里的数没有核对：{item.text[:60]}。"
            yield _finding("F111", message, [item.source], item.text[:60], form.title)
    left = [item for item in unplaced if not item.form and not item.like and _matters(item.text)]
    if left:
        texts = "；".join(item.text[:40] for item in left[:3])
        places = [item.source for item in left]
        yield _unsure(_finding("U001", f"有 {len(left)} 处内容没有归入公开表：{texts}", places))


def _matters(text: str) -> bool:
    """Whether something without a place looks as if it should have one: a table of accounts, or a loose amount."""
    return bool(_ACCOUNTS.search(text)) if text.startswith("表格") else any(sign.isdigit() for sign in text)


def _finding(
    code: str, message: str, places: Iterable[Source | None] = (), stated: str = "", expected: str = ""
) -> Issue:
    rule = load_rules()[code]
    return Issue(code, rule.severity, message, tuple(p for p in places if p), stated, expected)


def _missing(account: Account, statute: Statute) -> Iterator[Issue]:
    seen = {table.form for table in account.tables} | {item.like for item in account.unplaced if item.like}
    for form in statute.published:
        if form.key in seen:
            continue
        if _title_stands(form, account, statute):
            message = f"有《{form.title}》的表题，没有认出下面的表，表里的数没有核对；请打开原文核对。"
            yield msgspec.structs.replace(_finding("F101", message, expected=form.title), severity="warning")
        elif form.key in statute.profile.optional:
            message = f"没有找到《{form.title}》。当地不要求公开这张表的，不需处理。"
            yield _unsure(_finding("F101", message, expected=form.title))
        else:
            yield _finding("F101", f"没有找到《{form.title}》。没有发生的也应公开空表并说明。", expected=form.title)


_WORKBOOKS = (".xlsx", ".xls", ".et")
_CELL = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
_REACH, _LEAST_CELLS = 40, 4
"""So many paragraphs below a title may be the cells of its table, and so many of them are amounts."""
_IN_BRACKETS = re.compile("[（(].*?[）)]")
_CONTENTS = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]+|\d+$|[.…·]{2,}.*$")


def _title_stands(form: Form, account: Account, statute: Statute) -> bool:
    """Whether a title like that of a form stands over a table that was not read as one, or by itself twice.

    Once it stands in the contents. Words before what the table is about may be others, but not those that make it the
    title of another form.
    """
    core = re.sub(f"^{load_document_words().tables.openings}", "", bare_text(form.title))
    if len(core) < _SHORTEST_CORE:
        core = bare_text(form.title)
    others = (other for other in statute.readable if other is not form)
    longer = [bare_text(title) for other in others for title in (other.title, *other.aliases)]
    longer = [title for title in longer if title.endswith(core) and len(title) > len(core)]

    def is_its(text: str) -> bool:
        return text.endswith(core) and not any(text.endswith(title) for title in longer)

    if any(is_its(bare_text(table.title)) or _plain(table.title) == _plain(form.title) for table in account.others):
        return True
    titles = [
        n for n, passage in enumerate(account.passages)
        if len(passage.text) < _LONGEST and is_its(bare_text(_IN_BRACKETS.sub("", _CONTENTS.sub("", passage.text))))
    ]  # fmt: skip
    return len(titles) > 1 or any(_is_over_cells(account, n) for n in titles)


def _is_over_cells(account: Account, title: int) -> bool:
    """Whether cells follow a title one by one, each in a paragraph of its own, or the note that the table is empty."""
    below = account.passages[title + 1 : title + 1 + _REACH]
    if any("本表" in passage.text and NOTHING.search(passage.text) for passage in below):
        return True
    return sum(_CELL.fullmatch(passage.text.strip()) is not None for passage in below) >= _LEAST_CELLS


def _plain(title: str) -> str:
    """A title without its brackets and the words that places put differently (部门基本支出预算表（人员类……）)."""
    return re.sub(load_document_words().tables.usual, "", bare_text(_IN_BRACKETS.sub("", title)))


def _order(account: Account, statute: Statute) -> Iterator[Issue]:
    if statute.profile.any_order:
        return
    seen = [table.form for table in account.tables if table.form in statute.profile.order]
    wanted = [key for key in statute.profile.order if key in seen]
    if seen == wanted:
        return
    titles = {form.key: form.title for form in statute.readable}
    printed = [table for table in account.tables if table.form in titles]
    moved = [table for table, key in zip(printed, wanted, strict=False) if table.form != key]
    stated, expected = ("、".join(titles[key] for key in keys) for keys in (seen, wanted))
    yield _finding("F102", f"表的顺序为{stated}，应为{expected}。", (t.source for t in moved), stated, expected)


def _heading(table: SeenTable, form: Form, account: Account) -> Iterator[Issue]:
    for year in _YEAR.findall(table.title):
        if account.year and int(year) != account.year:
            message = f"《{form.title}》的表题为{year}年度，决算年度是{account.year}年度。"
            yield _finding("F104", message, [table.source], year, str(account.year))
    yield from _owner(form.title, table.unit, table.source, account)


def _owner(title: str, unit: str, source: Source | None, account: Account) -> Iterator[Issue]:
    """F105: the unit that a table names over its lines, where it is not that of the document."""
    named = unit and account.unit.name and not is_blank(unit)
    if named and not _same_unit(bare_text(unit), bare_text(account.unit.name)):
        message = f"《{title}》的表头单位是“{unit}”，与决算单位“{account.unit.name}”不同。"
        yield _finding("F105", message, [source], unit, account.unit.name)


def _other_owners(account: Account) -> Iterator[Issue]:
    """F105 of tables that are no forms: a unit named by one of them where all others name that of the document.

    Bodies below the unit fill in tables of their own (填报单位：某中心), each of them more than one.
    """
    name = bare_text(account.unit.name)
    own = sum(bool(table.unit) and _same_unit(bare_text(table.unit), name) for table in account.tables)
    others = {other.source: other for other in account.others if other.owner}.values()
    strange = [other for other in others if not _same_unit(bare_text(other.owner), name)]
    if own >= FEW and len(strange) == 1:
        yield from _owner(strange[0].title, strange[0].owner, strange[0].source, account)


def _empty(table: SeenTable, form: Form, account: Account, statute: Statute) -> Iterator[Issue]:
    if any(True for _ in account.of_form(form.key)):
        return
    empty_notes = [note for note in table.notes if NOTHING.search(note.text)]
    if told := _told_elsewhere(form, account, statute):
        name, printed = statute.describe(told.address), _printed(told, statute)
        message = f"《{form.title}》没有数据，而{name}为{printed}。"
        yield _finding("F103", message, [table.source, told.source], "空白", printed)
        return
    if empty_notes:
        yield from _misplaced(empty_notes, form, statute)
        return
    expected = "本单位当年无……的说明"
    if form.subject and _stated_elsewhere(form.subject, account):
        message = f"《{form.title}》没有数据，正文写明了没有，表下没有说明。"
        found = _finding("F103", message, [table.source], "空白", expected)
        # The explanation that the law asks for is there, only not where its readers look first.
        yield Issue(found.code, "notice", message, found.places, found.stated, expected)
        return
    found = _finding("F103", f"《{form.title}》没有数据，表下没有说明。", [table.source], "空白", expected)
    # A workbook of tables only: what explains an empty one may stand in the text that goes with it.
    alone = not (account.narrative or account.stated)
    workbook = alone and table.source is not None and table.source.file.lower().endswith(_WORKBOOKS)
    yield msgspec.structs.replace(found, severity="warning") if workbook else found


def _printed(fact: Fact, statute: Statute) -> str:
    return with_unit(fact.figure.value, statute.forms[fact.address.form].unit_of(fact.address.row))


def _told_elsewhere(form: Form, account: Account, statute: Statute) -> Fact | None:
    """An amount of this year that another table gives of the fund of an empty one; None where none does."""
    if not form.subject:
        return None
    now = (fact for fact in account.facts.values() if fact.address.period == "本年" and fact.figure.value)
    return next((fact for fact in now if form.subject in statute.describe(fact.address).partition("“")[2]), None)


def _stated_elsewhere(subject: str, account: Account) -> bool:
    """Whether a sentence of the document says that there is nothing of what an empty table is about."""
    nothing = NOTHING.pattern
    zero = rf"{subject}[^。；\d]{{0,20}}(?<![\d.])0(?:\.0+)?(?:万?元)?(?![\d.,])"
    pattern = re.compile(f"(?:{nothing})[^。；]{{0,12}}{subject}|{subject}[^。；]{{0,30}}(?:{nothing})|{zero}")
    return any(pattern.search(bare_text(passage.text)) for passage in account.passages)


def _same_unit(first: str, second: str) -> bool:
    """Whether two names are of one unit: the same, or one with what the other leaves out (本级, the city).

    What stands behind a whole name as the name of another body (某局普查中心) is none that is left out.
    """
    shorter, longer = sorted((first, second), key=len)
    if shorter not in longer:
        return False
    behind = longer.partition(shorter)[2]
    words = load_document_words().organisations
    other = re.fullmatch(f".{{2,}}{words.sure}", behind) and re.search(f"{words.sure}$", shorter)
    return not other or any(general in behind for general in words.general)


def _misplaced(notes: Sequence[Passage], form: Form, statute: Statute) -> Iterator[Issue]:
    """The note of an empty table that speaks of another table's subject, and not of its own."""
    others = [other.subject for other in statute.readable if other.subject and other.subject != form.subject]
    for note in notes:
        named = next((subject for subject in others if subject in note.text), None)
        if form.subject and named and not any(form.subject in other.text for other in notes):
            message = f"《{form.title}》是空表，表下的说明写的却是{named}：“{note.text[:40]}”。"
            yield _finding("F110", message, [note.source], named, form.subject)


def _codes(table: SeenTable, form: Form, account: Account, statute: Statute) -> Iterator[Issue]:
    labels = {label.row: label for label in account.labels if label.form == form.key and label.row.isdigit()}
    codes = statute.codes(form.classification)
    for code, parent in missing_parents(labels):
        name = codes.name(parent, statute.year)
        message = f"《{form.title}》列示了 {code}{labels[code].text}，没有列示它的上级科目 {parent}{name}。"
        yield _finding("C101", message, [labels[code].source or table.source])
    if account.year:
        yield from _misnamed(labels, codes, form, account)
    yield from _misprinted(labels, form)
    unknown = [code for code in labels if code not in codes]
    if unknown:
        listed = "、".join(f"{code}{labels[code].text}" for code in unknown)
        message = f"《{form.title}》的科目 {listed} 不在本程序的科目表中，请核对。"
        yield _finding("C103", message, (labels[code].source for code in unknown))


def _misnamed(labels: Mapping[str, RowLabel], codes: CodeTable, form: Form, account: Account) -> Iterator[Issue]:
    """Codes beside names that they do not bear: each by itself, many of one table in one."""
    named = {code: label.text for code, label in labels.items() if label.text.strip()}
    found: list[Issue] = []
    for code, printed, official in misnamed(named, codes, account.year):
        if bare_text(printed) == bare_text(official):
            continue
        sure = any(entry.sure for entry in codes.of_year(account.year) if entry.code == code)
        message = f"《{form.title}》的 {code} 写作“{printed}”，{account.year}年度科目名称为“{official}”"
        siblings = (each for each in codes.of_year(account.year) if each.code[:-2] == code[:-2] and each.code != code)
        own = next((each.code for each in siblings if bare_text(each.name) == bare_text(printed)), "")
        message += f"；“{printed}”的编码是 {own}，编码和名称有一个错。" if own else "。"
        finding = _finding("C102", message, [labels[code].source], printed, official)
        # A cell too narrow for its name shows the beginning of it.
        cut = bare_text(official).startswith(bare_text(printed)) and len(bare_text(printed)) >= _SHORTEST_CORE
        slip = not cut and _is_slip(printed, official, [label.text for label in account.labels if label.row == code])
        if (own or slip) and not sure:
            finding = msgspec.structs.replace(finding, severity="warning")
        found.append(finding if (sure or own or slip) and not cut else _unsure(finding))
    sure_ones = [issue for issue in found if issue.severity == "error"]
    if len(sure_ones) <= MANY:
        yield from found
        return
    yield from (issue for issue in found if issue.severity != "error")
    pairs = "、".join(
        f"{code}“{text}”（应为“{codes.name(code, account.year)}”）"
        for code, text in named.items()
        if any(issue.stated == text and codes.name(code, account.year) == issue.expected for issue in sure_ones)
    )
    message = f"《{form.title}》有 {len(sure_ones)} 个科目的编码与名称不符：{pairs}。"
    yield _finding("C102", message, (place for issue in sure_ones for place in issue.places), pairs)


def _is_slip(printed: str, official: str, everywhere: Sequence[str]) -> bool:
    """Whether a name is the official one misprinted: its signs in another order, or right in another table.

    Where the official name is known from practice only, another name alone may be right as well.
    """
    name, right = bare_item(printed), bare_item(official)
    if name in right or right in name:
        return False
    return sorted(name) == sorted(right) or any(bare_item(text) == right for text in everywhere)


def _lost_zeros(printed: str, code: str) -> bool:
    return len(printed) < len(code) and printed.replace("0", "") == code.replace("0", "")


def _misprinted(labels: Mapping[str, RowLabel], form: Form) -> Iterator[Issue]:
    """Codes that are misprinted: what stands there, and what name and neighbours say it must be."""
    wrong = [label for label in labels.values() if label.printed]
    if not wrong:
        return
    listed = "、".join(f"“{label.text}”的编码印作“{label.printed}”，应为 {label.row}" for label in wrong)
    message = f"《{form.title}》{listed}；已按更正后的编码核对。"
    finding = _finding("C104", message, (label.source for label in wrong))
    zeros = all(_lost_zeros(label.printed.replace(" ", ""), label.row) for label in wrong)
    yield msgspec.structs.replace(finding, severity="warning") if zeros else finding


def _unsure(finding: Issue) -> Issue:
    """The same as a notice: the official name is known from practice, not from a published list."""
    return Issue(finding.code, "notice", finding.message, finding.places, finding.stated, finding.expected)
