"""Rules on the words: what was left out, what was left over, years, units, names, headings."""

from juesuan.checker.rules.wording.words import findings_on_wording, is_blank

__all__ = ["findings_on_wording", "is_blank"]
