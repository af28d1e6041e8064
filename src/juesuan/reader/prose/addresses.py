"""The address of a stated figure: the cell of the statutory tables that it repeats."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from juesuan.account import BUDGETS, ORDINAL, Account, Address, Fact, Figure
from juesuan.reader.prose.grammar.frames import Draft
from juesuan.statute import CODE_LENGTHS, Form, Lexicon, Statute, level_of, plain_name
from juesuan.statute.language import load_document_words

_ORDER = re.compile(f"^(?:{ORDINAL}|其中:?)+")
_TOTALS = ("合计", "总计", "总额", "金额", "数")
"""Rows, by key or name, that stand for the whole of their form."""

_ALIKE = (frozenset(("预算", "全年预算", "调整预算")), frozenset(("预算", "年初预算")))
"""A budget of which the text does not say which may be either."""

_LEAST_SIBLINGS = 3
"""So many parts of a whole repeat the figures of one column, or its other parts need not stand there."""
Column = tuple[str, str, str]
"""A form, the period of its figures, and one of its columns."""


class TableFigure(msgspec.Struct, frozen=True):
    """A figure of a table with what its words say: the names of its line and column, its measure."""

    fact: Fact
    names: frozenset[str]
    measure: str
    title: str
    scope: str
    """Title and heading, which say of which funds it is."""
    functional: bool
    """It is a line of the functional classification."""
    total: bool
    """It stands in the line of totals, or its line is the only one."""
    section: str = ""
    """The name of the section (款) of an item."""
    whole: bool = False
    """It stands in the first column of amounts, which is that of the whole, in a line of the functional
    classification."""


class Places:
    """The figures of an account by the subjects that their lines and columns name."""

    def __init__(self, account: Account, statute: Statute, lexicon: Lexicon, tabled: frozenset[str]) -> None:
        self.tabled = tabled
        self.facts = account.facts
        at = defaultdict(list)
        for name, subject in lexicon.subjects.items():
            for address in subject.at:
                at[address].append(name)
        self.lexicon = lexicon
        self.kind = statute.profile.kind
        self.by_name: dict[str, list[TableFigure]] = defaultdict(list)
        self._names: dict[str, tuple[frozenset[str], str]] = {}
        for fact in account.facts.values():
            form = statute.forms[fact.address.form]
            place = self._place(fact, form, statute)
            for name in (*place.names, *at.get(fact.address.place, ())):
                self.by_name[name].append(place)

    def _place(self, fact: Fact, form: Form, statute: Statute) -> TableFigure:
        row = statute.name_of(form, fact.address.row)
        column = form.columns[fact.address.column].label if fact.address.column in form.columns else ""
        names, stated = self._words(row)
        others, measure = self._words(column)
        of_all = fact.address.row in _TOTALS or row in _TOTALS
        # The title speaks for the line of the total only: 服务 of 政府采购支出 is not 政府采购支出总额.
        named = names or others or (self._titled(form.title) if of_all else frozenset())
        period = fact.address.period
        if period == "本年":
            budget = measure in BUDGETS or (stated in BUDGETS) or self.kind == "预算"
            measure = (measure or stated or "预算") if budget else "决算"
        else:
            last = "上年决算" if self.kind == "决算" else "上年预算"
            measure = {"上年": last, "上年执行": "上年决算", "年初预算": "年初预算"}[period]
        total = of_all or not names
        functional = form.classification == "功能分类" or fact.address.row.startswith("2")
        names = named | (others if total else frozenset())
        code = fact.address.row if functional and level_of(fact.address.row) == "项" else ""
        section = statute.functional.name(code[: CODE_LENGTHS["款"]], statute.year) if code else ""
        whole = form.classification == "功能分类" and fact.address.column == next(iter(form.columns))
        return TableFigure(fact, names, measure, form.title, f"{form.title}{column}", functional, total, section, whole)

    def _words(self, label: str) -> tuple[frozenset[str], str]:
        known = self._names.get(label)
        if known is None:
            text = _ORDER.sub("", plain_name(label))
            word = self.lexicon.exact(text)
            if word and word.category in ("subject", "item", "economic"):
                known = frozenset((word.key,)), ""
            else:
                words = [w for _, _, w in self.lexicon.find(text)]
                subjects = frozenset(w.key for w in words if w.category in ("subject", "item", "economic"))
                measures = [w.key for w in words if w.category == "measure"]
                known = subjects, measures[-1] if measures else ""
            self._names[label] = known
        return known

    def _titled(self, title: str) -> frozenset[str]:
        """What a title says that a table is of; 财政拨款 before “三公”经费 only says which money pays it."""
        named = self._words(title)[0]
        return named - set(load_document_words().fund_of) or named

    def tells(self, subject: str, measures: Sequence[str]) -> bool:
        """Whether a table gives an amount of `subject`."""
        places = self.by_name.get(subject, ())
        return any(place.measure in measures and str(place.fact.address) in self.tabled for place in places)

    def beside(self, subject: str, column: Column) -> Fact | None:
        """The figure of `subject` in a column of a form and period; None where it has none or several."""
        found = {
            str(place.fact.address): place.fact for place in self.by_name.get(subject, ())
            if (place.fact.address.form, place.fact.address.period, place.fact.address.column) == column
        }  # fmt: skip
        return next(iter(found.values())) if len(found) == 1 else None

    def of_item(self, draft: Draft, item: Address) -> Fact | None:
        """The figure of an item that `draft` tells as a part of its amount: …（项）260万元（其中基本支出186万元）."""
        for place in self.by_name.get(draft.subject, ()):
            own = place.fact.address
            if place.total and own.form == item.form and own.period == item.period and place.measure == draft.measure:
                return self.facts.get(str(msgspec.structs.replace(own, row=item.row)))
        return None

    def find(self, draft: Draft) -> tuple[Fact | None, str]:
        """The figure that `draft` repeats; none, and why, where several are in question and no value decides."""
        figure = draft.figure()
        alike = {draft.measure, *(m for group in _ALIKE if draft.measure in group for m in group)}
        if draft.measure == "数量":
            alike.add("决算")
        places = [p for p in self.by_name.get(draft.subject, ()) if p.measure in alike]
        if draft.path and any(place.section == draft.path[-1] for place in self.by_name.get(draft.subject, ())):
            # 政府办公厅（室）及相关机构事务（款）行政运行（项）: other sections have an item of that name as well.
            places = [place for place in places if place.section in ("", draft.path[-1])]
        if figure is None or not places:
            return None, ""
        ranked = sorted(places, key=lambda p: (-self._context(p, draft),))
        equal = [place for place in ranked if _same(place.fact.figure, figure)]
        if equal:
            return equal[0].fact, ""
        if draft.fund and not any(self._of_fund(place, draft) for place in ranked):
            # 一般公共预算的基本支出 is not in a table of all funds: only its equal would show that it is the same.
            return None, ""
        best = [place for place in ranked if self._context(place, draft) == self._context(ranked[0], draft)]
        if all(_same(place.fact.figure, best[0].fact.figure) for place in best):
            return best[0].fact, ""
        known = self.lexicon.subjects.get(draft.subject)
        # Where no fund is named, the whole of a form that the law knows by that name stands before those named alike.
        among = best if draft.fund else ranked
        declared = [place for at in (known.at if known else ()) for place in among if place.fact.address.place == at]
        if declared:
            # Equal to none of the places where it may stand: it is held against the first of them.
            return declared[0].fact, ""
        wholes = [place for place in ranked if place.whole]
        if wholes and all(_same(place.fact.figure, wholes[0].fact.figure) for place in wholes):
            # 群众文化（项）…: an item has one amount in all tables, and parts of it beside.
            return wholes[0].fact, ""
        return None, "表里有几个同名的数，都与正文不同"

    def _of_fund(self, place: TableFigure, draft: Draft) -> bool:
        scope = plain_name(place.scope)
        return any(word in scope for word in load_document_words().fund_titles.get(draft.fund, ()))

    def _context(self, place: TableFigure, draft: Draft) -> int:
        """How much of what the text says around the number is said of the figure as well."""
        title = plain_name(place.title)
        return (
            2 * any(word in title for word in load_document_words().fund_titles.get(draft.fund, ()))
            + 2 * place.total
            + 3 * bool(draft.path and place.functional)
            + sum(name in place.names for name in draft.path)
            + bool(draft.section and _shared(title, draft.section))
            + (place.measure == draft.measure)
        )


def _shared(title: str, section: str) -> bool:
    return any(word in title and word in section for word in load_document_words().topics)


def _same(fact: Figure, figure: Figure) -> bool:
    return abs(fact.value - figure.value) <= (fact.resolution + figure.resolution) / 2


def address_all(
    drafts: Sequence[Draft], account: Account, statute: Statute, lexicon: Lexicon, tabled: frozenset[str]
) -> None:
    """Give every amount that a table repeats its address; changes and rates get that of what changed.

    What stands at an address that is not among the `tabled` ones was taken from the prose itself: it decides nothing.
    """
    if not account.facts:
        return
    places = Places(account, statute, lexicon, tabled)
    levels: dict[int, str] = {}
    items: dict[int, Address] = {}
    again: dict[tuple[int, str], str] = {}
    for draft in drafts:
        if draft.status == "不是数据" or draft.measure in ("", "变动额", "变动率", "占比", "完成率"):
            continue
        item = items.get(draft.within)
        fact, why = (places.of_item(draft, item), "") if item else places.find(draft)
        if fact is not None:
            draft.address = str(fact.address)
            if draft.address in tabled:
                draft.status, draft.why = "可核对", ""
            levels.setdefault(draft.mention, draft.address)
            if not item and statute.forms[fact.address.form].classification and fact.address.row.isdigit():
                items.setdefault(draft.mention, fact.address)
            again.setdefault((draft.mention, draft.measure), draft.address)
        elif why and (draft.mention, draft.measure) in again:
            # The same amount told again of the same subject: of the same place, whatever its value.
            draft.address = again[draft.mention, draft.measure]
            draft.status, draft.why = ("可核对", "") if draft.address in tabled else (draft.status, "")
        elif why:
            draft.status, draft.why = "无从核对", why
    _beside_siblings(drafts, places, levels)
    for draft in drafts:
        if draft.measure in ("变动额", "变动率", "占比", "完成率") and draft.mention in levels:
            draft.address = levels[draft.mention]
        if draft.status == "无从核对" and draft.measure in ("占比", "完成率"):
            _by_tables(draft, places)


def _beside_siblings(drafts: Sequence[Draft], places: Places, levels: dict[int, str]) -> None:
    """Give a part that repeats no figure the place beside those that the other parts of its whole repeat.

    支出包括：一般公共服务支出715.40万元、卫生健康支出72.32万元、住房保障支出76.38万元: the column of the other two has
    another amount in the line of the second.
    """
    columns: dict[tuple[int, str], Counter[Column]] = defaultdict(Counter)
    for draft in drafts:
        fact = places.facts.get(draft.address) if draft.within >= 0 and draft.value else None
        figure = draft.figure()
        if fact is not None and figure is not None and draft.address in places.tabled and _same(fact.figure, figure):
            address = fact.address
            columns[draft.within, draft.measure][address.form, address.period, address.column] += 1
    for draft in drafts:
        found = columns.get((draft.within, draft.measure))
        figure = draft.figure()
        known = places.facts.get(draft.address)
        if not found or figure is None or draft.word or (known is not None and _same(known.figure, figure)):
            continue
        column, times = found.most_common(1)[0]
        fact = places.beside(draft.subject, column)
        if times >= _LEAST_SIBLINGS and fact is not None and str(fact.address) in places.tabled:
            draft.address, draft.status, draft.why = str(fact.address), "可核对", ""
            levels[draft.mention] = draft.address


def _by_tables(draft: Draft, places: Places) -> None:
    """A share or completion whose other amount only the tables give."""
    now = "预算" if places.kind == "预算" else "决算"
    own = places.tells(draft.subject, (now,))
    other = places.tells(draft.base, (now,)) if draft.measure == "占比" else places.tells(draft.subject, BUDGETS)
    if own and other:
        draft.status, draft.why = "可核对", ""
