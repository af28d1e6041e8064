"""What was left over: instructions of the template, fields of the word processor, reasons without words."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Issue, Passage
from juesuan.checker.rules.wording.found import around, wording_issue
from juesuan.checker.rules.wording.missing import punctuated
from juesuan.statute.language import expression, load_prose_rules, load_residue


def check_residue(text: str, passage: Passage) -> Iterator[Issue]:
    """Instructions (W111), empty reasons (W112), fields and error values (W113), purposes given as reasons (W114)."""
    text = punctuated(text)
    wording = load_residue()
    says = {
        "W111": (wording.instructions, "是模板的填写说明，没有删去"),
        "W112": (wording.empty_reasons, "后面没有写内容"),
        "W113": (wording.fields, "是文字处理软件的域代码或出错提示，没有更新"),
        "W114": (wording.purposes_as_reasons, "写的是用途，没有写原因"),
    }
    for code, (phrases, what) in says.items():
        match = expression(phrases).search(text)
        if match and not (code == "W114" and _moves(match[0])):
            message = f"“{around(passage, *match.span())}”里的“{match[0]}”{what}。"
            yield wording_issue(code, message, passage.source, match[0])


def _moves(text: str) -> bool:
    """Whether the words say that something grew or shrank: then the purpose is that of what is new."""
    reasons = load_prose_rules().reasons
    return any(word in text for word in (*reasons.up, *reasons.down, *reasons.fresh))
