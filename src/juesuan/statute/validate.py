"""What a type cannot say about the statute: that every address leads somewhere and every formula can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from juesuan.statute.clause import Clause, placeholders
from juesuan.statute.form import Form
from juesuan.statute.measure import COMMON, OF_PROJECT
from juesuan.statute.notation import NotationError, Place, Selector, parse_condition, parse_place, parse_quantity
from juesuan.statute.profile import Statute
from juesuan.statute.relation import Relation
from juesuan.statute.source import Mistake, Node, Sequence
from juesuan.statute.writing import PROJECT_TEXTS, PROJECTS

WORDS = frozenset(
    {"年度", "上年", "单位", "称谓", "部门单位", "序", "机构数", "机构"}
    | {"类", "款", "项", "类名", "款名", "项名", "栏名", "行名"}
)
"""Words that a clause may use without declaring them."""


def validate(statute: Statute, law: Node, mistakes: list[Mistake]) -> None:
    """Adds to `mistakes` what is wrong across the statute: unknown forms, lines, columns, quantities, relations."""
    for key in statute.profile.order:
        if key not in statute.forms:
            mistakes.append(Mistake(f"profiles/{statute.profile.key}.yaml", 1, f"order 里的“{key}”没有声明"))
    if statute.profile.scheme not in statute.schemes:
        mistakes.append(Mistake(f"profiles/{statute.profile.key}.yaml", 1, f"没有“{statute.profile.scheme}”评分办法"))
    for form in statute.forms.values():
        place: tuple[str, int] = law["forms"].at(form.key)
        for code in form.equations:
            if code not in statute.relations:
                mistakes.append(Mistake(*place, f"{form.key} 的附注引用了没有声明的关系 {code}"))
    for relation in statute.relations.values():
        _relation(relation, statute, law["relations"].at(relation.code), mistakes)
    places = dict(_clause_places(law["sections"]))
    for section in statute.sections:
        for paragraph in section.paragraphs:
            projects = PROJECTS in (paragraph.each, *(clause.each for clause in paragraph.clauses))
            inherited = {*paragraph.let, *COMMON}
            if projects:
                inherited |= {*OF_PROJECT, *PROJECT_TEXTS}
            for clause in paragraph.clauses:
                _clause(clause, statute, places.get(clause.key, ("clauses", 1)), inherited, mistakes)


def _clause_places(tree: Any) -> Iterator[tuple[str, tuple[str, int]]]:
    """The keys of the clauses in a tree of sections, with the file and line of each."""
    if isinstance(tree, Node):
        if "cases" in tree:
            yield str(tree.get("key", "")), tree.at("key")
        for value in tree.values():
            yield from _clause_places(value)
    elif isinstance(tree, Sequence):
        for item in tree:
            yield from _clause_places(item)


def _relation(relation: Relation, statute: Statute, place: tuple[str, int], mistakes: list[Mistake]) -> None:
    if not relation.ok or not relation.bad:
        mistakes.append(Mistake(*place, f"{relation.code} 缺少 ok 或 bad 例子"))
    if relation.form is not None and relation.form not in statute.forms:
        mistakes.append(Mistake(*place, f"{relation.code} 所属的“{relation.form}”没有声明"))
        return
    if relation.kind != "equation":
        return
    try:
        places = (*relation.equation.places(), *([relation.given] if relation.given else []))
    except NotationError as error:
        mistakes.append(Mistake(*place, f"{relation.code}：{error}"))
        return
    for address in places:
        for problem in _problems(address, relation.form, statute):
            mistakes.append(Mistake(*place, f"{relation.code} 的“{address}”：{problem}"))


def _problems(place: Place, form_key: str | None, statute: Statute) -> Iterable[str]:
    form = statute.forms.get(place.form or form_key or "")
    if form is None:
        yield f"没有“{place.form or form_key}”这张表"
        return
    if place.rows:
        yield from (f"{form.key}没有“{key}行”" for key in _named(place.rows) if not _row_exists(form, key))
    if place.columns:
        yield from (f"{form.key}没有“{key}栏”" for key in _named(place.columns) if key not in (*form.columns, "此"))


def _named(selector: Selector) -> list[str]:
    """The keys that a selector names itself; around an ellipsis the ends only."""
    return [item.key for item in selector.items if "." not in item.key and "…" not in item.key]


def _row_exists(form: Form, key: str) -> bool:
    return key == "此" or form.has_row(key)


def _clause(
    clause: Clause, statute: Statute, place: tuple[str, int], inherited: set[str], mistakes: list[Mistake]
) -> None:
    def note(message: str) -> None:
        mistakes.append(Mistake(*place, f"{clause.key}：{message}"))

    try:
        for text in clause.let.values():
            quantity = parse_quantity(text)
            for term in (*quantity.sum, *(quantity.divisor or ())):
                if isinstance(term.operand, Place):
                    for problem in _problems(term.operand, None, statute):
                        note(f"“{term.operand}”：{problem}")
        for condition in filter(None, [clause.where, *(case.when for case in clause.cases)]):
            parse_condition(condition)
        if clause.each and clause.each != PROJECTS:
            parse_place(clause.each)
    except NotationError as error:
        note(str(error))
    for case in clause.cases:
        for name in placeholders(case.text):
            if name.startswith("列举:") and name.removeprefix("列举:") not in clause.lists:
                note(f"“{{{name}}}”没有在 lists 里声明")
    known = {*clause.let, *inherited, *WORDS}
    for case in clause.cases:
        for name in placeholders(case.text):
            if ":" not in name and name not in known:
                note(f"“{{{name}}}”没有声明")
