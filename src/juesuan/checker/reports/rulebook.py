"""What a code means: one text for the command line, SARIF, the HTML report and the pages of the documentation."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from juesuan.account import SEVERITY_NAMES, Issue, Severity
from juesuan.statute import CLASS_NAMES, Relation, Statute, load_rules, load_statute, profiles
from juesuan.statute.across import load_across
from juesuan.statute.clause import Clause, SectionPlan
from juesuan.statute.rollup import load_rollup
from juesuan.statute.rules import load_numbers

FAMILIES: tuple[tuple[str, str, str], ...] = (
    ("F", "structure", "文件和表的完整"),
    ("C", "codes", "科目编码和名称"),
    ("T", "inside", "表内公式"),
    ("X", "between", "表间公式"),
    ("S", "supplement", "补充数据公式"),
    ("R", "rounding", "尾数和科目层级"),
    ("D0", "together", "公式合在一起"),
    ("D", "rollup", "部门与所属单位"),
    ("P", "printed", "文件自己写明的公式"),
    ("N", "narrative", "情况说明"),
    ("Z", "prose", "正文自身"),
    ("W", "wording", "文字"),
    ("E", "evaluation", "绩效自评"),
    ("Y", "opening", "跨文件：年初与上年年末"),
    ("A", "across", "跨文件：对照上年决算和公开的预算"),
    ("B0", "baseline", "基线文件"),
    ("B", "budget", "预算公开表的公式"),
    ("M", "budget-text", "预算编制说明"),
    ("U", "unplaced", "没有归入的内容"),
)
"""Families of codes: the letters they begin with, the name of their page, and their title."""

MADE = "由 `make rules` 从法规数据写成，"
"""How the pages came to be."""


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
        )
        return ((heading, text) for heading, text in entries if text)

    def plain(self) -> str:
        """The text as the command line prints it."""
        lines = [f"{self.code}　{self.title}（{SEVERITY_NAMES[self.severity]}）"]
        return "\n".join([*lines, *(f"{heading}：{text}" for heading, text in self.parts())])

    def markdown(self) -> str:
        """The text as a section of a page."""
        lines = [f"## {self.code} {self.title}", "", f"- **程度**：{SEVERITY_NAMES[self.severity]}"]
        for heading, text in self.parts():
            shown = f"`{text}`" if heading == "规则" else text
            lines.append(f"- **{heading}**：{shown}")
        return "\n".join(lines) + "\n"


def rule_texts(statute: Statute) -> dict[str, RuleText]:
    """The texts of all rules, relations and sentences under `statute`, by code."""
    found = {}
    for rule in load_rules().values():
        found[rule.key] = RuleText(
            rule.key, rule.title, rule.severity, rule.why, rule.basis, rule.mend,
            good=_joined(rule.sound), bad=_joined(rule.example),
        )  # fmt: skip
    for relation in statute.relations.values():
        found.setdefault(relation.code, _relation(relation))
    for section, clause in statute.clauses():
        found.setdefault(clause.key, _clause(section, clause, statute))
    return found


def _joined(example: str) -> str:
    """An example of several paragraphs on one line."""
    return " ⏎ ".join(example.splitlines())


def all_rule_texts() -> dict[str, RuleText]:
    """The texts of every code of any profile, by code; where profiles differ, as in the national base."""
    found = rule_texts(load_statute("national"))
    for name in (*profiles(), *profiles(kind="预算")):
        for code, text in rule_texts(load_statute(name)).items():
            found.setdefault(code, text)
    for relation in load_across().relations.values():
        found.setdefault(relation.code, _relation(relation))
    for rule in load_rollup().rules:
        text = RuleText(rule.key, rule.title, rule.severity, rule.why, rule.basis, rule.mend, bad=rule.example)
        found.setdefault(rule.key, text)
    return found


def numbers_page() -> str:
    """The sixty-nine relations of the domain by number, and the codes that decide each."""
    by_number: dict[int, list[str]] = {}
    for name in profiles():
        for relation in load_statute(name).relations.values():
            codes = by_number.setdefault(relation.number or 0, [])
            if relation.code not in codes:
                codes.append(relation.code)
    lines = ["# 六十九条勾稽关系", "", f"{MADE}每条由哪些规则核对。", "", "| 条 | 内容 | 规则 |", "|---|---|---|"]
    texts = all_rule_texts()
    for number in range(1, 47):
        codes = sorted(by_number.get(number, []))
        lines.append(f"| {number} | {texts[codes[0]].title} | {'、'.join(codes)} |")
    for number, entry in load_numbers().items():
        lines.append(f"| {number} | {entry.title} | {'、'.join(entry.codes) or entry.note} |")
    return "\n".join(lines) + "\n"


def rule_pages() -> dict[str, str]:
    """The documentation: the text of a page for each family by file name, and of `README.md` with the list of all."""
    families: dict[tuple[str, str, str], list[RuleText]] = {}
    for text in all_rule_texts().values():
        families.setdefault(family_of(text.code), []).append(text)
    ordered = sorted(families.items(), key=lambda item: _rank(item[0][0]))
    pages = {}
    index = ["# 核对规则", "", f"{MADE}与 `juesuan rule 编号` 所印相同。", ""]
    for (letters, name, title), texts in ordered:
        texts.sort(key=lambda text: text.code)
        pages[f"{name}.md"] = f"# {title}（{letters}）\n\n" + "\n".join(text.markdown() for text in texts)
        index += [f"## [{title}]({name}.md)", "", "| 编号 | 程度 | 说明 |", "|---|---|---|"]
        index += [f"| {t.code} | {SEVERITY_NAMES[t.severity]} | {t.title} |" for t in texts] + [""]
    index += ["## [六十九条勾稽关系](numbers.md)", ""]
    pages["numbers.md"] = numbers_page()
    pages["README.md"] = "\n".join(index)
    return pages


def _rank(letters: str) -> tuple[int, str]:
    order = [family[0] for family in FAMILIES]
    return (order.index(letters) if letters in order else len(order), letters)


def family_of(code: str) -> tuple[str, str, str]:
    """The family that a code belongs to: letters, name of the page, title. An unknown letter makes its own family."""
    for family in FAMILIES:
        if code.startswith(family[0]):
            return family
    letter = code[:1]
    return letter, letter.lower(), f"{letter} 类规则"


def text_of(finding: Issue, statute: Statute) -> RuleText:
    """The text of the rule that a finding names; an unnamed text for a code that nothing declares."""
    known = texts_by_law(statute).get(finding.code)
    return known or RuleText(finding.code, finding.code, finding.severity, "", "", "")


def texts_by_law(statute: Statute) -> dict[str, RuleText]:
    """As `rule_texts`, kept for each statute."""
    key = id(statute)
    if key not in _KEPT:
        _KEPT[key] = (statute, rule_texts(statute))
    return _KEPT[key][1]


_KEPT: dict[int, tuple[Statute, dict[str, RuleText]]] = {}


def basis_of(finding: Issue, statute: Statute) -> str:
    """The act or published form that a finding rests on."""
    return text_of(finding, statute).basis


def advice_on(finding: Issue, statute: Statute) -> str:
    """What the unit should do."""
    rule = load_rules().get(finding.code)
    if rule:
        return rule.mend
    if finding.code in statute.relations:
        if finding.severity == "error":
            return f"核对账簿，将其改为{finding.expected}。" if finding.expected else "核对账簿，改正写错的数字。"
        return "核对；属实的在情况说明中写明原因。"
    if finding.expected:
        return f"核对后将正文改为{finding.expected}；表错了的改表。"
    return text_of(finding, statute).mend or "核对后改正。"


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
        _example(relation.ok),
        _example(relation.bad),
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
    )


def _example(example: dict[str, str] | tuple[str, ...]) -> str:
    if isinstance(example, tuple):
        return "、".join(example)
    return "，".join(f"{place} = {value}" for place, value in example.items())
