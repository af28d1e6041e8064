"""The prose against the tables: amounts that a table prints otherwise, lines left blank, tables called empty."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import FORMER, Account, Fact, Issue, Range, StatedFigure, StatedOperand, total_range, with_unit
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose, is_word, slipped
from juesuan.checker.rules.prose.repeats import ends_longer_name, owner_of
from juesuan.statute import MONEY_UNITS, TOTAL, Statute, level_of, load_lexicon, load_rules
from juesuan.statute.language import compact, expression, load_document_words, load_prose_rules

_LEVEL = re.compile("[（(]([类款项])[）)]")
_OTHER_BODY = re.compile(r"\d+个?[家处]|[下所局]属|涉及|更新|新购|报废|处置")
"""What stands before a subject that is of some only (局属2家事业单位公用经费, 涉及财政拨款…, 更新执法执勤用车2辆)."""
_QUOTES = re.compile("[“”\"‘’]")
_YEAR = re.compile(r"20\d{2}年?度?")
_STOPS = re.compile("[，,。；;）)]")
_OUTLAY = "支出"
_NEAR = 3
"""So many paragraphs before a part its whole may be told."""
_FIGURE = re.compile(r"\d")
_LEAST_LISTED = 3
"""So many amounts of a list that the table prints show that the list is of its lines."""
_LONGEST_LIST = 60
"""A list that a copy prints one cell a line has no more paragraphs."""


def check_prose_tables(prose: Prose, account: Account, statute: Statute) -> Iterator[Issue]:
    """Z181: an amount that its table prints otherwise; Z111: lines of a list that do not add up; Z171: blank lines
    under an amount; Z172: “空表” with figures."""
    again: dict[tuple[str, Decimal], list[Issue]] = defaultdict(list)
    for number in prose.numbers:
        if number.stated.address and number.measure in (*LEVELS, *FORMER):
            again[number.stated.address, number.value].extend(_differs(prose, number, account, statute))
        yield from _denied(prose, number, account, statute)
    for same in again.values():
        # The same amount told twice of one line (…（项）135.00万元。支出决算为135.00万元) is one fault.
        places = tuple(dict.fromkeys(place for each in same for place in each.places))
        yield from (msgspec.structs.replace(each, places=places) for each in same[:1])
    if len(account.tables) <= 1:
        # The lists of a statement; beside the tables of a whole disclosure a list may be of anything.
        yield from _lists(prose)
    yield from _blank_parts(prose, account)
    yield from _called_empty(account, statute)


def _differs(prose: Prose, number: Number, account: Account, statute: Statute) -> Iterator[Issue]:
    fact = account.facts.get(number.stated.address)
    if fact is None or is_word(number) or not _of_level(prose, number, fact, statute):
        return
    form = statute.forms[fact.address.form]
    unit = form.unit_of(fact.address.row)
    if _agrees(number, fact) or (unit not in MONEY_UNITS if number.is_money else unit != number.stated.unit):
        return
    if _holds_more(prose, number, fact) or _another_agrees(prose, number, fact) or _is_of_less(prose, number, fact):
        return
    if _is_carried_of_a_fund(prose, number) or _is_of_other(prose, number, fact, account):
        return
    if _is_of_all_funds(prose, number, fact, account, statute):
        return
    if fact.address.row.isdigit() and not form.classification and _is_printed(number, account):
        # Of the total or of the year's part of it: another line of the form says which.
        return
    gap = abs(number.value - fact.figure.value)
    printed = with_unit(fact.figure.value, form.unit_of(fact.address.row))
    hint = "；数字相同，单位写错了" if slipped(number.value, fact.figure.value, number.step) else ""
    message = f"正文写{number.text}，{statute.describe(fact.address)}为{printed}{hint}。"
    if gap < number.step + fact.figure.resolution / 2:
        message = f"正文写{number.text}，表中为{printed}，只差最末一位。"
        yield issue(prose, "R002", message, (number,), stated=number.text, expected=printed)
        return
    found = issue(prose, "Z181", message, (number,), stated=number.text, expected=printed)
    yield _with_table(found, statute.describe(fact.address), printed, fact)


def _denied(prose: Prose, number: Number, account: Account, statute: Statute) -> Iterator[Issue]:
    """Z134: a fund of whose outlay the text says there is none (没有使用政府性基金…), and its table has some."""
    of_fund = is_word(number) and not number.value and number.stated.subject in load_document_words().fund_of
    if not of_fund or _OUTLAY not in number.stated.subject or number.stated.year not in (0, account.year):
        return
    for form in statute.readable:
        spent = [fact for fact in account.of_form(form.key) if fact.address.row == TOTAL and fact.figure.value
                 and any(_OUTLAY in head for head in form.columns[fact.address.column].heads)]  # fmt: skip
        if not form.subject or form.subject not in number.text or not spent:
            continue
        described, printed = statute.describe(spent[0].address), with_unit(spent[0].figure.value, form.unit_of(TOTAL))
        message = f"写的是没有，{described}为{printed}。"
        found = issue(prose, "Z134", message, (number,), stated=number.text, expected=printed)
        yield _with_table(found, described, printed, spent[0])


def _agrees(number: Number, fact: Fact) -> bool:
    """Whether two figures are one as printed: equal where both are printed as finely, else within half a last digit."""
    gap = abs(number.value - fact.figure.value)
    as_fine = number.stated.figure is not None and number.stated.figure.resolution == fact.figure.resolution
    return not gap if as_fine else gap <= (number.step + fact.figure.resolution) / 2


def _is_of_less(prose: Prose, number: Number, fact: Fact) -> bool:
    """Whether the amount is told as a part of less than the table prints: 培训费12.8万元（其中列入基本支出4.8万元）."""
    above = (n for mention in prose.ancestors(number.stated.mention) for n in prose.of(mention, *LEVELS))
    here = number.stated.passage
    return any(n.is_money and n.value < fact.figure.value and n.stated.passage == here for n in above)


def _is_carried_of_a_fund(prose: Prose, number: Number) -> bool:
    """Whether what was carried over is told beside the income of one fund: 一般公共预算财政拨款收入…，加上上年结转…."""
    carried = load_prose_rules().carried_over
    if number.stated.subject not in (carried.before, carried.after):
        return False
    beside = (n.stated for n in prose.passages[number.stated.passage] if n.stated.sentence == number.stated.sentence)
    return any(load_document_words().fund_at_start(stated.subject)[0] for stated in beside)


def _is_of_all_funds(prose: Prose, number: Number, fact: Fact, account: Account, statute: Statute) -> bool:
    """Whether the amount is told as a part of what only tables of other funds print: 人员经费 of all 基本支出, which
    the table of the general budget has a part of.
    """
    def fund(form: str) -> str:
        return load_document_words().fund_at_start(statute.forms[form].title)[0]

    own = fund(fact.address.form)
    above = [n for mention in prose.ancestors(number.stated.mention)[:1] for n in prose.levels(mention, *LEVELS)]
    for share in prose.of(number.stated.mention, "占比"):
        told = [n for n in prose.subjects.get(share.stated.base, ()) if n.measure == number.measure]
        above += [n for n in told if 0 <= number.stated.passage - n.stated.passage <= _NEAR]
    printed = {fund(f.address.form) for n in above for f in account.facts.values()
               if f.figure.value and f.address.form in statute.forms and _agrees(n, f)}  # fmt: skip
    return bool(own and printed) and own not in printed


def _is_of_other(prose: Prose, number: Number, fact: Fact, account: Account) -> bool:
    """Whether the amount is of something else than the reader took: of another body, of the year alone where the table
    has what was carried over as well, told in a reason, or not right behind the name of its subject and printed in
    another place of the tables.
    """
    if _OTHER_BODY.search(owner_of(prose, number)) or ends_longer_name(prose, number):
        return True
    whole = prose.subject_of(number.stated.within)
    carried = load_prose_rules().carried_over
    known = load_lexicon().subjects.get(whole)
    of_project = whole and (known is None or known.kind != "金额")
    if of_project and number.stated.subject in (carried.before, carried.after):
        # 某项目预算安排241.75万元，其中上年结转21.75万元: of what the project has, not of all.
        return True
    before = prose.text_of(number.stated)[: number.stated.start]
    sentence = _QUOTES.sub("", compact(re.split("[。；;]", before)[-1]))
    clause = re.split("[，,、：:]", sentence)[-1]
    if number.value < fact.figure.value and any(word in clause for word in load_prose_rules().without_carried):
        return True
    words = list(load_lexicon().find(sentence))
    if any(word.category == "reason" for _, _, word in words):
        return True
    ends = [end for _, end, word in words if word.category == "subject" and word.key == number.stated.subject]
    if ends and not _FIGURE.search(_YEAR.sub("", sentence[ends[-1] :])):
        return False
    return _is_printed(number, account)


def _is_printed(number: Number, account: Account) -> bool:
    """Whether any place of the tables prints the amount."""
    return any(_agrees(number, fact) for fact in account.facts.values() if fact.figure.value)


def _holds_more(prose: Prose, number: Number, fact: Fact) -> bool:
    """Whether brackets behind the amount say what it holds besides: 拨款3557.93万元（含上年结转8.40万元）."""
    own = number.stated
    following = next((n for n in prose.passages[own.passage] if n.stated.start >= own.end and n.is_money), None)
    if following is None:
        return False
    between = prose.text_of(own)[own.end : following.stated.start].replace("(", "（")
    held = between.startswith("（含") and not _STOPS.search(between)
    return held and number.value - following.value == fact.figure.value


def _another_agrees(prose: Prose, number: Number, fact: Fact) -> bool:
    """Whether another number of the sentence is what the line prints: this one is then of something named alike.

    (公用经费61.55万元，其中甲处公用经费12.00万元)
    """
    return any(
        other.stated.sentence == number.stated.sentence
        and other.stated.address == number.stated.address
        and _agrees(other, fact)
        for other in prose.numbers
    )


def _of_level(prose: Prose, number: Number, fact: Fact, statute: Statute) -> bool:
    """Whether the line is of the level of the classification (类、款、项) that the text names before the amount.

    The name of an item alone may be that of a project or of a task.
    """
    if not fact.address.row.isdigit():
        return True
    if not statute.forms[fact.address.form].classification:
        # Lines of fixed forms bear names that others bear too (年初结转和结余), but for the income of a fund and totals
        # of which the lexicon says where they stand (收入总计).
        subject = number.stated.subject
        known = load_lexicon().subjects.get(subject)
        stands = known is not None and fact.address.place in known.at
        of_fund = subject in load_document_words().fund_of and "收入" in subject
        return stands or of_fund or (level_of(fact.address.row) == "类" and _is_listed(prose, number, fact))
    before = prose.text_of(number.stated)[: number.stated.start]
    if re.search(rf"[（(]{fact.address.row}[)）]\D{{0,6}}$", before):
        # 食品安全监管（2013816）69.48万元: the code says which line it is.
        return True
    named = _LEVEL.findall(before)
    return (bool(named) and level_of(fact.address.row) == named[-1]) or _is_listed(prose, number, fact)


def _is_listed(prose: Prose, number: Number, fact: Fact) -> bool:
    """Whether the amount is one of a list of the table's lines, which prints others of the list as they are told."""
    same = 0
    for child in prose.children.get(number.stated.within, ()):
        for other in prose.of(child, number.measure)[:1]:
            printed = prose.account.facts.get(other.stated.address)
            alike = printed is not None and printed.address.form == fact.address.form
            same += alike and printed is not None and printed.address.column == fact.address.column and bool(
                other.value and _agrees(other, printed))  # fmt: skip
    return same >= _LEAST_LISTED


def _with_table(found: Issue, name: str, printed: str, fact: Fact) -> Issue:
    places = (*found.places, fact.source) if fact.source else found.places
    operands = (*found.operands, StatedOperand(name, printed, fact.source))
    return Issue(
        found.code, found.severity, found.message, places, found.stated, found.expected, operands=operands
    )


def _lists(prose: Prose) -> Iterator[Issue]:
    """A whole in a list of cells that no composition of its parts makes up, where all of them are printed once."""
    columns: dict[tuple[object, ...], dict[str, list[Number]]] = defaultdict(lambda: defaultdict(list))
    named = {cell.stated.mention: cell.stated.subject for cell in prose.cells}
    siblings = [set(each.parts) for each in load_prose_rules().compositions]
    for cell in prose.cells:
        within = named.get(cell.stated.within, "")
        if within and any({within, cell.stated.subject} <= parts for parts in siblings):
            # (1)国内接待费，其中：外事接待费: a part of another part is not counted beside it.
            continue
        if cell.is_money and cell.measure in (*LEVELS, *FORMER):
            own = cell.stated
            columns[own.measure, own.year, own.fund, own.section][own.subject].append(cell)
    reported: set[tuple[object, ...]] = set()
    for lines in columns.values():
        once = {subject: cells[0] for subject, cells in lines.items() if len(cells) == 1}
        for whole in once.values():
            sums = [
                [once[part] for part in each.parts if part in once]
                for each in load_prose_rules().compositions
                if each.whole == whole.stated.subject and each.unless not in once and set(each.needed()) <= set(once)
            ]
            gaps = [whole.range - total_range([part.range for part in parts]) for parts in sums]
            # Lines of the level below may stand in the place of one that is blank or filled in by mistake.
            below = _through_parts(once, whole)
            holds = not gaps or any(gap.holds_zero() for gap in (*gaps, *below))
            # The column of one fund repeats the mistake of that of all.
            key = (whole.stated.subject, whole.measure, whole.value, *(part.value for part in sums[0])) if sums else ()
            if not holds and key not in reported:
                reported.add(key)
                yield _not_added(prose, whole, sums[0], gaps[0])


def _through_parts(once: Mapping[str, Number], whole: Number) -> Iterator[Range]:
    """What is left of the whole by the compositions that have the parts of a part, though that part is printed too."""
    for each in load_prose_rules().compositions:
        if each.whole == whole.stated.subject and each.unless in once and set(each.needed()) <= set(once):
            yield whole.range - total_range([once[part].range for part in each.parts if part in once])


def _not_added(prose: Prose, whole: Number, parts: Sequence[Number], gap: Range) -> Issue:
    added = amount(total_range([part.range for part in parts]).value, whole)
    names = "、".join(f"{part.stated.subject}{part.text}" for part in parts)
    difference = amount(abs(gap.value), whole)
    message = f"表中{name_of(whole)}为{whole.text}，各部分（{names}）之和为{added}，相差{difference}。"
    return issue(
        prose, "Z111", message, (whole, *parts), stated=whole.text, expected=added, difference=difference,
        equation=f"{whole.stated.subject}={'+'.join(part.stated.subject for part in parts)}",
    )  # fmt: skip


def _blank_parts(prose: Prose, account: Account) -> Iterator[Issue]:
    """All parts of a whole blank in a list that prints the whole: nobody can tell which of them it is."""
    blank = {(each.subject, each.measure): each for each in account.stated if _is_blank(each)}
    for composition in load_prose_rules().compositions:
        for measure in ("决算", "预算"):
            parts = [blank.get((part, measure)) for part in composition.parts]
            lines = [*prose.subjects.get(composition.whole, ()), *prose.cells]
            wholes = [n for n in lines if n.stated.subject == composition.whole and n.measure == measure and n.value]
            whole = next((n for n in wholes if all(part and _in_one_list(n.stated, part) for part in parts)), None)
            if whole is None or not all(parts) or any(_is_stated(prose, part, measure) for part in composition.parts):
                continue
            names = "、".join(composition.parts)
            message = f"{composition.whole}{measure}{whole.text}，下级的{names}都空着，看不出是哪一项。"
            yield issue(prose, "Z171", message, (whole,), stated=whole.text)
            break


def _in_one_list(whole: StatedFigure, part: StatedFigure) -> bool:
    """Whether two lines may be of one list: of a grid, or copied not far from each other."""
    return min(whole.passage, part.passage) < 0 or abs(whole.passage - part.passage) <= _LONGEST_LIST


def _is_blank(stated: StatedFigure) -> bool:
    """Whether a cell of a list was left blank."""
    return stated.figure is None and not stated.text.strip() and bool(stated.subject)


def _is_stated(prose: Prose, subject: str, measure: str) -> bool:
    stated = [*prose.subjects.get(subject, ()), *(n for n in prose.cells if n.stated.subject == subject)]
    return any(n.measure == measure and n.value for n in stated)


def _called_empty(account: Account, statute: Statute) -> Iterator[Issue]:
    """A table with figures whose note says that it is empty."""
    says = expression(load_prose_rules().empty_tables)
    # What only the prose states of a column that the table has not is no figure of the table.
    told = {claim.source for statement in account.statements for claim in statement.claims if claim.source}
    for table in account.tables:
        form = statute.forms.get(table.form)
        filled = [f for f in account.of_form(table.form) if f.figure.value and f.source not in told]
        if form is None or not filled:
            continue
        for note in table.notes:
            match = says.search(compact(note.text))
            if match:
                first = statute.describe(filled[0].address)
                amount = with_unit(filled[0].figure.value, form.unit_of(filled[0].address.row))
                message = f"《{form.title}》下写“{match[0]}”，表中却有数字（{first}{amount}等 {len(filled)} 个）。"
                places = tuple(place for place in (note.source, filled[0].source) if place)
                yield Issue("Z172", load_rules()["Z172"].severity, message, places, match[0])
                break
