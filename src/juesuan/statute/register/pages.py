"""The pages of the documentation on the rules (docs/rules), from the register."""

from __future__ import annotations

from juesuan.statute.checking.rules import load_numbers
from juesuan.statute.loader.load import load_statute, profiles
from juesuan.statute.register.families import Family, family_of, load_families
from juesuan.statute.register.texts import RuleText, all_rule_texts

MADE = "由 `make rules` 从法规数据写成，"
"""How the pages came to be."""


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
    families: dict[Family, list[RuleText]] = {}
    for text in all_rule_texts().values():
        families.setdefault(family_of(text.code), []).append(text)
    pages = {}
    index = ["# 规则登记册", "", f"{MADE}与 `juesuan rule 编号` 所印相同。", ""]
    for family in load_families():
        texts = sorted(families.get(family, []), key=lambda text: text.code)
        pages[f"{family.page}.md"] = f"# {family.title}（{family.letters}）\n\n" + "\n".join(
            text.markdown() for text in texts
        )
        index += [f"## [{family.title}]({family.page}.md)", "", "| 编号 | 程度 | 说明 |", "|---|---|---|"]
        index += [f"| {text.code} | {text.degree} | {text.title} |" for text in texts] + [""]
    index += ["## [六十九条勾稽关系](numbers.md)", ""]
    pages["numbers.md"] = numbers_page()
    pages["README.md"] = "\n".join(index)
    return pages
