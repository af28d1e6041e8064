"""The register of codes: what each means, for every command, for SARIF, the HTML report and the documentation.

A code stands for a rule (rules/, rollup.yaml), a relation or a sentence of the statute, and belongs to a family
(families.yaml). Nothing prints a code that is not here.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from juesuan.account import SEVERITY_NAMES, Issue, Severity
from juesuan.statute.articulation.relation import CLASS_NAMES, Relation
from juesuan.statute.checking.across import load_across
from juesuan.statute.checking.rollup import load_rollup
from juesuan.statute.checking.rules import Fix, Rule, load_rules
from juesuan.statute.clause import Clause, SectionPlan
from juesuan.statute.loader.load import load_statute, profiles
from juesuan.statute.profile import Statute
from juesuan.statute.register.families import family_of

_FIXES: dict[Fix, str] = {
    "": "",
    "safe": "能确定正确值时，juesuan fix 以修订方式更正",
    "unsafe": "能推定正确值时，juesuan fix --unsafe 以修订方式更正，须经人确认",
}


class RuleText(msgspec.Struct, frozen=True):
    """Everything there is to say about a code; empty parts are left out."""

    code: str
    title: str
    severity: Severity
    why: str
    basis: str
    mend: str
    statement: str = ""
    kind: str = ""
    good: str = ""
    bad: str = ""
    filling: Severity | None = None
    """How severe it is in a form that is still being filled in, where that differs."""
    places: tuple[str, ...] = ()
    """The places whose statute declares it, where not all do."""
    fix: Fix = ""
    """Whether `juesuan fix` may correct it."""

    @property
    def degree(self) -> str:
        """How severe it is, in words."""
        name = SEVERITY_NAMES[self.severity]
        return f"{name}；填报时{SEVERITY_NAMES[self.filling]}" if self.filling else name

    @property
    def applies(self) -> str:
        """When and where it is decided."""
        always = family_of(self.code).applies
        return f"{always}；口径：{'、'.join(self.places)}" if self.places else always

    def parts(self) -> Iterator[tuple[str, str]]:
        """Heading and text of every part that is not empty, in the order they are read."""
        entries = (
            ("为什么", self.why),
            ("规则", self.statement),
            ("类别", self.kind),
            ("依据", self.basis),
            ("正确的例子", self.good),
            ("有问题的例子", self.bad),
            ("怎样改", self.mend),
            ("自动更正", _FIXES[self.fix]),
            ("适用", self.applies),
        )
        return ((heading, text) for heading, text in entries if text)

    def plain(self) -> str:
        """The text as the command line prints it."""
        lines = [f"{self.code}　{self.title}（{self.degree}）"]
        return "\n".join([*lines, *(f"{heading}：{text}" for heading, text in self.parts())])

    def markdown(self) -> str:
        """The text as a section of a page."""
        lines = [f"## {self.code} {self.title}", "", f"- **程度**：{self.degree}"]
        for heading, text in self.parts():
            shown = f"`{text}`" if heading == "规则" else text
            lines.append(f"- **{heading}**：{shown}")
        return "\n".join(lines) + "\n"


def rule_texts(statute: Statute) -> dict[str, RuleText]:
    """The texts of all rules, relations and sentences under `statute`, by code."""
    found = {}
    for rule in load_rules().values():
        found[rule.key] = _rule(rule)
    for relation in statute.relations.values():
        found.setdefault(relation.code, _relation(relation))
    for section, clause in statute.clauses():
        found.setdefault(clause.key, _clause(section, clause, statute))
    return found


def _joined(example: str) -> str:
    """An example of several paragraphs on one line."""
    return " ⏎ ".join(example.splitlines())


def all_rule_texts() -> dict[str, RuleText]:
    """The text of every code that any command can print; where profiles differ, as in the national base."""
    found = rule_texts(load_statute("national"))
    declared: dict[str, list[str]] = {}
    for kind in (None, "预算"):
        names = profiles(kind=kind) if kind else profiles()
        for name in names:
            statute = load_statute(name)
            for code, text in rule_texts(statute).items():
                found.setdefault(code, text)
                declared.setdefault(code, []).append(statute.profile.title)
    everywhere = len(profiles()), len(profiles(kind="预算"))
    for code, places in declared.items():
        if len(places) not in (*everywhere, sum(everywhere)):
            found[code] = msgspec.structs.replace(found[code], places=tuple(places))
    for relation in load_across().relations.values():
        found.setdefault(relation.code, _relation(relation))
    for rule in load_rollup().rules:
        text = RuleText(rule.key, rule.title, rule.severity, rule.why, rule.basis, rule.mend, bad=rule.example)
        found.setdefault(rule.key, text)
    return found


def text_of(issue: Issue, statute: Statute) -> RuleText:
    """The text of the rule that an issue comes under; an unnamed text for a code that nothing declares."""
    known = texts_by_law(statute).get(issue.code)
    return known or RuleText(issue.code, issue.code, issue.severity, "", "", "")


def texts_by_law(statute: Statute) -> dict[str, RuleText]:
    """As `rule_texts`, kept for each statute."""
    key = id(statute)
    if key not in _KEPT:
        _KEPT[key] = (statute, rule_texts(statute))
    return _KEPT[key][1]


_KEPT: dict[int, tuple[Statute, dict[str, RuleText]]] = {}


def basis_of(issue: Issue, statute: Statute) -> str:
    """The act or published form that an issue rests on."""
    return issue.basis or text_of(issue, statute).basis


def advice_on(issue: Issue, statute: Statute) -> str:
    """What the unit should do."""
    if issue.advice:
        return issue.advice
    rule = load_rules().get(issue.code)
    if rule:
        return rule.mend
    if issue.code in statute.relations:
        if issue.severity == "error":
            return f"核对账簿，将其改为{issue.expected}。" if issue.expected else "核对账簿，改正写错的数字。"
        return "核对；属实的在情况说明中写明原因。"
    if issue.expected:
        return f"核对后将正文改为{issue.expected}；表错了的改表。"
    return text_of(issue, statute).mend or "核对后改正。"


def _rule(rule: Rule) -> RuleText:
    return RuleText(
        rule.key, rule.title, rule.severity, rule.why, rule.basis, rule.mend,
        good=_joined(rule.sound), bad=_joined(rule.example), filling=rule.filling,
        fix=rule.fix,
    )  # fmt: skip


def _relation(relation: Relation) -> RuleText:
    severity = relation.severity
    advice = "核对账簿，改正写错的数字。" if severity == "error" else "核对；属实的在情况说明中写明原因。"
    form = f"{relation.form}　" if relation.form and relation.kind == "equation" else ""
    return RuleText(
        relation.code,
        relation.why.rstrip("。"),
        severity,
        relation.why,
        relation.basis,
        advice,
        f"{form}{relation.printed}",
        f"{relation.tolerance}（{CLASS_NAMES[relation.tolerance]}）",
        example_text(relation.ok),
        example_text(relation.bad),
        fix=family_of(relation.code).fix if relation.kind == "equation" else "",
    )


def _clause(section: SectionPlan, clause: Clause, statute: Statute) -> RuleText:
    wordings = "；".join(case.text for case in clause.cases if case.text)
    return RuleText(
        clause.key,
        f"{section.title}：正文与表不符",
        "error",
        clause.why or "正文的数字、比率和增减说法，应与公开表中的数字一致。",
        clause.basis or section.basis or statute.profile.basis,
        "按表中的数字改写正文；表错了的改表。",
        wordings,
        fix=family_of(clause.key).fix,
    )


def example_text(example: dict[str, str] | tuple[str, ...]) -> str:
    """An example of a relation in one line: addresses with their values, or what stands there."""
    if isinstance(example, tuple):
        return "、".join(example)
    return "，".join(f"{place} = {value}" for place, value in example.items())
