"""What a type cannot say about the statute: that every address leads somewhere and every formula can be read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from juesuan.account import Issue
from juesuan.statute.articulation.notation import (
    Blank,
    Name,
    NotationError,
    Place,
    Selector,
    Sum,
    parse_condition,
    parse_place,
    parse_quantity,
)
from juesuan.statute.articulation.relation import Relation
from juesuan.statute.clause import Clause, placeholders
from juesuan.statute.form import Form
from juesuan.statute.language.measure import COMMON, OF_PROJECT
from juesuan.statute.language.writing import PROJECT_TEXTS, PROJECTS
from juesuan.statute.ledger import ledger_plan
from juesuan.statute.loader.binding import FormLines
from juesuan.statute.places import ROW_WORDS
from juesuan.statute.profile import Statute
from juesuan.statute.reference import FILE
from juesuan.statute.source import Node, Sequence, mistake

WORDS = frozenset(
    {"年度", "上年", "单位", "称谓", "部门单位", "序", "机构数", "机构"}
    | {"类", "款", "项", "类名", "款名", "项名", "栏名", "行名"}
)
"""Words that a clause may use without declaring them."""


def validate(statute: Statute, law: Node, declared: Node, mistakes: list[Issue]) -> None:
    """Adds to `mistakes` what is wrong across the statute: unknown forms, lines, columns, quantities, relations.

    What is declared but could not be read has its own mistake already; references to it are no further ones.
    """
    profile = statute.profile
    named = {"order": profile.order, "also": profile.also, "optional": profile.optional}
    for name, keys in {**named, "itemised": (profile.itemised.form, *profile.itemised.used)}.items():
        for key in keys:
            if key not in law["forms"]:
                mistakes.append(mistake(f"profiles/{profile.key}.yaml", 1, f"{name} 里的“{key}”没有声明", "H104"))
    if statute.profile.scheme not in law["schemes"]:
        text = f"没有“{statute.profile.scheme}”评分办法"
        mistakes.append(mistake(f"profiles/{statute.profile.key}.yaml", 1, text, "H104"))
    _place_tables(statute, law, mistakes)
    for form in statute.forms.values():
        for code in form.equations:
            if code not in declared["relations"]:
                tree: Node = law["forms"][form.key]
                mistakes.append(mistake(*tree.at("equations"), f"{form.key} 的附注引用了没有声明的关系 {code}", "H104"))
    _references(statute, law, mistakes)
    for relation in statute.relations.values():
        _relation(relation, statute, law, mistakes)
    places = {str(tree.get("key", "")): tree for tree in _keyed_trees(law["sections"])}
    lines = FormLines(declared["forms"], statute.year)
    for section in statute.sections:
        for paragraph in section.paragraphs:
            checker = _Checker(places.get(paragraph.key), paragraph.key, statute, law, lines, mistakes)
            projects = PROJECTS in (paragraph.each, *(clause.each for clause in paragraph.clauses))
            inherited = {*COMMON, *(OF_PROJECT if projects else ()), *(PROJECT_TEXTS if projects else ())}
            inherited = checker.let(paragraph.let, inherited)
            checker.each(paragraph.each)
            for name, condition in (("when", paragraph.when), ("where", paragraph.where)):
                checker.condition(condition, inherited, checker.at(name))
            for clause in paragraph.clauses:
                _clause(clause, _Checker(places.get(clause.key), clause.key, statute, law, lines, mistakes), inherited)


def _place_tables(statute: Statute, law: Node, mistakes: list[Issue]) -> None:
    """Tables of the place, groups and the order of parts name what there is; their cells are quantities."""
    profile = statute.profile
    file = f"profiles/{profile.key}.yaml"
    lines = FormLines(law["forms"], statute.year)
    texts = {field.key for field in profile.overview}
    known = {*law["forms"], *(table.key for table in profile.tables)}
    for table in profile.tables:
        checker = _Checker(Node(file, 1), f"tables 里的“{table.key}”", statute, law, lines, mistakes)
        words = {*ROW_WORDS, *PROJECT_TEXTS, *OF_PROJECT}
        for cell in (*table.cells, *(cell for line in table.lines for cell in line.cells)):
            if cell and cell not in words:
                checker.let({"格": cell}, set(COMMON))
        if table.after and table.after not in known:
            checker.note((file, 1), f"after 写的“{table.after}”没有声明")
        if table.asked and table.asked not in texts:
            checker.note((file, 1), f"asked 写的“{table.asked}”不在 overview 里")
        if any(key != PROJECTS and key not in law["forms"] for key in table.each):
            checker.note((file, 1), "each 写的表没有声明")
    parts = {part.key for part in profile.parts}
    for key in profile.part_order:
        if key not in parts:
            mistakes.append(mistake(file, 1, f"part_order 里的“{key}”没有声明", "H104"))
    for group in profile.groups:
        for key in group.sections:
            if key not in profile.sections:
                mistakes.append(mistake(file, 1, f"groups 里的“{key}”不在 sections 里", "H104"))


def _keyed_trees(tree: Any) -> Iterator[Node]:
    """The paragraphs and clauses in a tree of sections."""
    if isinstance(tree, Node):
        if "key" in tree:
            yield tree
        for value in tree.values():
            yield from _keyed_trees(value)
    elif isinstance(tree, Sequence):
        for item in tree:
            yield from _keyed_trees(item)


def _references(statute: Statute, law: Node, mistakes: list[Issue]) -> None:
    """A basis or reference names a registered document: without it nobody could look the law up."""
    for key, scheme in statute.schemes.items():
        _registered(scheme.basis, statute, (f"schemes/{key}.yaml", 1), mistakes)
    for form in statute.forms.values():
        tree: Node = law["forms"][form.key]
        parts = [*form.rows.values(), *form.columns.values()]
        for text in (form.basis, *filter(None, (form.reference, *(part.reference for part in parts)))):
            _registered(text, statute, tree.at("basis"), mistakes)
    for relation in statute.relations.values():
        place = law["relations"][relation.code].at("basis")
        for text in filter(None, (relation.basis, relation.reference)):
            _registered(text, statute, place, mistakes)


def _registered(text: str, statute: Statute, place: tuple[str, int], mistakes: list[Issue]) -> None:
    if not statute.references(text):
        mistakes.append(mistake(*place, f"依据“{text}”没有写明 {FILE} 里登记的文件", "H105"))


def _relation(relation: Relation, statute: Statute, law: Node, mistakes: list[Issue]) -> None:
    tree: Node = law["relations"][relation.code]
    if not relation.ok or not relation.bad:
        mistakes.append(mistake(tree.file, tree.line, f"{relation.code} 缺少 ok 或 bad 例子", "H106"))
    if relation.form is not None and relation.form not in law["forms"]:
        mistakes.append(mistake(*tree.at("form"), f"{relation.code} 所属的“{relation.form}”没有声明", "H104"))
        return
    if relation.kind != "equation":
        return
    for key in ("is", "gives"):
        try:
            places = relation.equation.places() if key == "is" else tuple(filter(None, [relation.given]))
        except NotationError as error:
            mistakes.append(mistake(*tree.at(key), f"{relation.code}：{error}"))
            continue
        for address in places:
            for problem in _problems(address, relation.form, statute, law):
                mistakes.append(mistake(*tree.at(key), f"{relation.code} 的“{address}”：{problem}"))


def _problems(
    place: Place, form_key: str | None, statute: Statute, law: Node, elsewhen: Container[str] = ()
) -> Iterable[str]:
    """What is wrong with an address; `elsewhen` are names of lines and columns in other years."""
    key = place.form or form_key or ""
    form = statute.forms.get(key)
    if form is None:
        if key not in law["forms"]:
            yield f"没有“{key}”这张表"
        return
    if place.rows:
        yield from (
            f"{form.key}没有“{key}行”" for key in _named(place.rows) if not (_row_exists(form, key) or key in elsewhen)
        )
    if place.columns:
        named = (key for key in _named(place.columns) if key not in (*form.columns, "此") and key not in elsewhen)
        yield from (f"{form.key}没有“{key}栏”" for key in named)


def _named(selector: Selector) -> list[str]:
    """The keys that a selector names itself; around an ellipsis the ends only."""
    return [item.key for item in selector.items if "." not in item.key and "…" not in item.key]


def _row_exists(form: Form, key: str) -> bool:
    return key == "此" or form.layout.has(key)


class _Checker:
    """Checks the texts of one paragraph or clause, and notes mistakes at the lines where they stand."""

    def __init__(
        self, tree: Node | None, key: str, statute: Statute, law: Node, lines: FormLines, mistakes: list[Issue]
    ) -> None:
        self.tree = tree if tree is not None else Node("clauses", 1)
        self.key, self.statute, self.law, self.mistakes = key, statute, law, mistakes
        self.lines = lines

    def at(self, name: str, index: int | None = None) -> tuple[str, int]:
        """The place of a field, or of an item of it."""
        value = self.tree.get(name)
        if index is not None and isinstance(value, Sequence) and index < len(value.lines):
            return value.lines[index]
        return self.tree.at(name)

    def note(self, place: tuple[str, int], message: str) -> None:
        self.mistakes.append(mistake(*place, f"{self.key}：{message}"))

    def problems(self, place: Place) -> Iterable[str]:
        """What is wrong with an address; a line or column of another year is nothing wrong, and blank in this one."""
        return _problems(place, None, self.statute, self.law, self.lines.known(place.form or ""))

    def let(self, let: Mapping[str, str], known: set[str]) -> set[str]:
        """The names known after `let`, whose quantities may use those before them."""
        known = set(known)
        for name, text in let.items():
            tree = self.tree.get("let")
            place = tree.at(name) if isinstance(tree, Node) else self.at("let")
            try:
                quantity = parse_quantity(text)
            except NotationError as error:
                self.note(place, str(error))
            else:
                self.sum((*quantity.sum, *(quantity.divisor or ())), known, place)
            known.add(name)
        return known

    def sum(self, terms: Sum, known: set[str], place: tuple[str, int]) -> None:
        for term in terms:
            if isinstance(term.operand, Name) and term.operand.name not in known:
                self.note(place, f"“{term.operand}”没有声明")
            elif isinstance(term.operand, Place):
                for problem in self.problems(term.operand):
                    self.note(place, f"“{term.operand}”：{problem}")

    def condition(self, text: str, known: set[str], place: tuple[str, int]) -> None:
        if not text:
            return
        try:
            tests = parse_condition(text).tests
        except NotationError as error:
            self.note(place, str(error))
            return
        for test in tests:
            self.sum(test.sum if isinstance(test, Blank) else (*test.left, *test.right), known, place)

    def each(self, text: str) -> None:
        if not text or text == PROJECTS:
            return
        try:
            for problem in self.problems(parse_place(text)):
                self.note(self.at("each"), f"“{text}”：{problem}")
        except NotationError as error:
            self.note(self.at("each"), str(error))


def _clause(clause: Clause, checker: _Checker, inherited: set[str]) -> None:
    quantities = checker.let(clause.let, inherited)
    checker.each(clause.each)
    if clause.fund and clause.fund not in {fund.outlay for fund in ledger_plan().funds}:
        checker.note(checker.at("fund"), f"没有“{clause.fund}”这种资金来源")
    checker.condition(clause.where, quantities, checker.at("where"))
    for index, case in enumerate(clause.cases):
        place = checker.at("cases", index)
        checker.condition(case.when, quantities, place)
        for name in placeholders(case.text):
            kind, _, key = name.partition(":")
            if kind == "列举" and key not in clause.lists:
                checker.note(place, f"“{{{name}}}”没有在 lists 里声明")
            elif ":" in name and kind not in ("列举", "理由", "文"):
                checker.note(place, f"“{{{name}}}”：冒号前只能是理由、文、列举")
            elif ":" not in name and name not in quantities | WORDS:
                checker.note(place, f"“{{{name}}}”没有声明")
