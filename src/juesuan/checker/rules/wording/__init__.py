"""Rules on the words: what was left out, what was left over, years, units, names, headings."""

from juesuan.checker.rules.wording.words import check_wording, is_blank

__all__ = ["check_wording", "is_blank"]
