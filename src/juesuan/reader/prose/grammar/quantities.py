"""What a number measures by its unit and by the words before it."""

from __future__ import annotations

from juesuan.account import BUDGETS, StatedMeasure
from juesuan.reader.prose.grammar.frames import Pending

NOT_FIGURES = frozenset(("年", "天", "小时", "周", "个月", "级", "度", "分", "倍", "学时", "课时", "起"))
"""Units of time and degree: a number in them is no figure of the accounts, unless the text compares it."""

SCORE = "分"

_LONGEST = 40
_EMPTY = " ,:;、()[]|/-%‰"


def decimals_of(number: str) -> int:
    """How many decimals a number is printed with."""
    return len(number.partition(".")[2])


def measure_of_rate(pending: Pending, moved: bool, before: StatedMeasure, of: StatedMeasure) -> StatedMeasure:
    """What a percentage measures; `before` is the measure of the number before it in the sentence, `of` the document's.

    A budget has no outlay yet: 占支出预算的71% is a share there, and a completion in an account.
    """
    budget = pending.measure in BUDGETS and of not in BUDGETS
    if pending.completion or (pending.share and budget and not pending.share_of):
        return "完成率"
    if pending.share:
        return "占比"
    if moved:
        return "变动率"
    if budget and not pending.subjects:
        return "完成率"
    if before in ("变动额", "变动率") and not pending.subjects and not pending.words:
        return "变动率"
    return ""


def clean_words(text: str, fillers: frozenset[str]) -> str:
    """`text` without the empty words and marks at its ends; what is left names something."""
    at = True
    text = text[-_LONGEST:].strip(_EMPTY)
    while at and text:
        at = False
        for length in range(min(5, len(text)), 0, -1):
            if text[:length] in fillers:
                text, at = text[length:], True
                break
            if text[-length:] in fillers:
                text, at = text[:-length], True
                break
        text = text.strip(_EMPTY)
    return text
