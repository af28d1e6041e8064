"""What changed in the law between two years of account, in words, with where each change is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Literal, TypeVar

import msgspec

from juesuan.statute.codes import CodeTable
from juesuan.statute.form import Form
from juesuan.statute.profile import Statute
from juesuan.statute.reference import LegalDocument

LawPart = Literal["科目", "表", "公式", "语句", "名词解释"]
Declared = TypeVar("Declared")

NEW, GONE, CHANGED = "新增", "不再使用", "改为"


class LawChange(msgspec.Struct, frozen=True):
    """A change: the part of the law, where it is, what changed in a Chinese sentence, and what it rests on.

    `known` is 文件 where somebody has seen the text, 知识 where the entry was written from general knowledge.
    """

    part: LawPart
    where: str
    text: str
    basis: str = ""
    known: str = ""


def law_changes(first: Statute, second: Statute) -> Iterator[LawChange]:
    """What the statute of the year of `second` has other than that of `first`, of the same profile: codes of the
    classifications, tables with their lines and columns, relations, sentences and terms."""
    for name, mine, theirs in (
        ("功能分类", first.functional, second.functional), ("经济分类", first.economic, second.economic),
    ):  # fmt: skip
        yield from _codes(name, mine, theirs, first.year, second.year)
    for key, form in second.forms.items():
        yield from _form(first.forms.get(key), form, first, second)
    yield from _order(first, second)
    yield from _relations(first, second)
    yield from _sentences(first, second)
    terms = ({term.key: term for term in law.glossary} for law in (first, second))
    yield from _texts("名词解释", *terms, said=lambda term: f"{term.term}：{term.text}", named=lambda term: term.term)


def not_seen(law: Statute) -> tuple[LegalDocument, ...]:
    """The documents that are issued every year and whose edition of the year of `law` was not taken into the data."""
    return tuple(
        document for document in law.documents
        if document.through and document.through < law.year and document.kind in ("", law.profile.kind)
    )  # fmt: skip


def _codes(name: str, mine: CodeTable, theirs: CodeTable, before: int, after: int) -> Iterator[LawChange]:
    old = {entry.code: entry for entry in mine.of_year(before)}
    new = {entry.code: entry for entry in theirs.of_year(after)}
    for code in sorted({*old, *new}):
        was, now = old.get(code), new.get(code)
        entry = now or was
        if entry is None:
            continue
        known = "文件" if entry.sure else "知识"
        if was and now and mine.name(code, before) == theirs.name(code, after):
            if was.valid_from and was.valid_from > date(before, 1, 1):
                # A budget of the year before was made without it.
                text = f"{code} {entry.name}，{was.valid_from.isoformat()} 起使用的，{after} 年度预算编制时就用"
                yield LawChange("科目", name, text, known=known)
            continue
        if was is None:
            day = f"（{entry.valid_from.isoformat()} 起）" if entry.valid_from and entry.valid_from.month > 1 else ""
            yield LawChange("科目", name, f"{NEW} {code} {entry.name}{day}", known=known)
        elif now is None:
            yield LawChange("科目", name, f"{GONE} {code} {entry.name}", known=known)
        else:
            change = f"{code} {mine.name(code, before)} {CHANGED} {theirs.name(code, after)}"
            yield LawChange("科目", name, change, known=known)


def _form(was: Form | None, now: Form, first: Statute, second: Statute) -> Iterator[LawChange]:
    where = f"{now.key} {now.title}"
    published = was is not None and was.in_force(first.year), now.in_force(second.year)
    if published[0] != published[1]:
        yield _of_law("表", where, "开始公开" if published[1] else "不再公开", now.reference or now.basis, second)
    if was is None:
        return
    if was.title != now.title:
        yield _of_law("表", where, f"表名由“{was.title}”{CHANGED}“{now.title}”", now.reference or now.basis, second)
    for name, parts in (("行", _rows), ("栏", _columns)):
        old, new = parts(was), parts(now)
        for key in dict.fromkeys((*old, *new)):
            yield from _line(where, name, old.get(key), new.get(key), now, second)


_Line = tuple[str, str, str]
"""What a line or column is called, the number printed beside it, and its reference."""


def _rows(form: Form) -> dict[str, _Line]:
    return {r.line: (r.label, r.number, r.reference) for block in form.blocks for r in block.rows if r.label}


def _columns(form: Form) -> dict[str, _Line]:
    return {c.key: ("—".join(c.heads), c.number, c.reference) for block in form.blocks for c in block.columns}


def _line(
    where: str, name: str, was: _Line | None, now: _Line | None, form: Form, law: Statute
) -> Iterator[LawChange]:
    label, _, reference = now or was or ("", "", "")
    basis = reference or form.basis
    if was is None or now is None:
        yield _of_law("表", where, f"{NEW if was is None else GONE}“{label}”{name}", basis, law)
        return
    if was[0] != now[0]:
        yield _of_law("表", where, f"“{was[0]}”{name}{CHANGED}“{now[0]}”", basis, law)
    if was[1] != now[1]:
        yield _of_law("表", where, f"“{now[0]}”{name}的编号由 {was[1] or '无'} {CHANGED} {now[1] or '无'}", basis, law)


def _order(first: Statute, second: Statute) -> Iterator[LawChange]:
    """The tables that both years publish, where they come one after another otherwise."""
    both = {form.key for form in first.published} & {form.key for form in second.published}
    was, now = ([form.key for form in law.published if form.key in both] for law in (first, second))
    if was == now:
        return
    moved = [key for key in now if was.index(key) != now.index(key)]
    texts = [f"《{second.forms[key].title}》由第 {was.index(key) + 1} 张到第 {now.index(key) + 1} 张" for key in moved]
    yield _of_law("表", "表的次序", "，".join(texts), second.profile.order_reference, second)


def _relations(first: Statute, second: Statute) -> Iterator[LawChange]:
    for code in dict.fromkeys((*first.relations, *second.relations)):
        was, now = first.relations.get(code), second.relations.get(code)
        relation = now or was
        if relation is None or (was and now and was.printed == now.printed):
            continue
        text = f"{NEW} {relation.printed}" if was is None else f"{GONE} {relation.printed}"
        if was and now:
            text = f"{was.printed} {CHANGED} {now.printed}"
        yield _of_law("公式", code, text, relation.reference or relation.basis, second)


def _sentences(first: Statute, second: Statute) -> Iterator[LawChange]:
    sections = ({clause.key: clause for _, clause in law.clauses()} for law in (first, second))
    yield from _texts(
        "语句", *sections, said=lambda clause: "／".join(case.text for case in clause.cases if case.text),
        named=lambda clause: clause.key,
    )  # fmt: skip


def _texts(
    part: LawPart,
    old: Mapping[str, Declared],
    new: Mapping[str, Declared],
    *,
    said: Callable[[Declared], str],
    named: Callable[[Declared], str],
) -> Iterator[LawChange]:
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was is None and now is not None:
            yield LawChange(part, named(now), f"{NEW} {said(now)}")
        elif was is not None and now is None:
            yield LawChange(part, named(was), f"{GONE} {said(was)}")
        elif was is not None and now is not None and said(was) != said(now):
            yield LawChange(part, named(now), f"{said(was)} {CHANGED} {said(now)}")


def _of_law(part: LawPart, where: str, text: str, basis: str, law: Statute) -> LawChange:
    found = law.references(basis)
    return LawChange(part, where, text, basis, found[0].document.known if found else "")
