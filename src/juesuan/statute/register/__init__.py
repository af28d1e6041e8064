"""The register: every code that any command can print, with its title, severity, reason, basis, example and remedy."""

from juesuan.statute.register.families import Family, family_of, load_families
from juesuan.statute.register.pages import rule_pages
from juesuan.statute.register.texts import (
    RuleText,
    advice_on,
    all_rule_texts,
    basis_of,
    example_text,
    rule_texts,
    text_of,
)

__all__ = [
    "Family",
    "RuleText",
    "advice_on",
    "all_rule_texts",
    "basis_of",
    "example_text",
    "family_of",
    "load_families",
    "rule_pages",
    "rule_texts",
    "text_of",
]
