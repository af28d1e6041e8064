"""The grammar of values in self-evaluation forms: one LALR grammar for targets and actual values alike."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from juesuan.account import parser_cache

if TYPE_CHECKING:
    from lark import Lark

# The terminals are told apart by what may stand at a place (contextual lexer) and by priority; a unit is free Chinese
# text of up to six characters that stops where a closing word (以上, 以内 …) begins. Longer text is a sentence.
_GRAMMAR = r"""
start: LEAD* measure? SIGN? amount closing? note?            -> single
     | LEAD* measure? SIGN? amount DASH amount closing? note? -> interval
     | LEAD* measure? SIGN? EVERY LEAD* SIGN? amount closing? note? -> frequency
     | LEAD* SIGN? NUMBER TIME? STAR NUMBER TIME? closing? note? -> product
     | LEAD* SIGN? NUMBER TIME NUMBER TIME closing? note?     -> product
     | LEAD* SIGN? NUMBER TIME MANNER note?                   -> manner
     | LEAD* SIGN? DATE EDGE? TAIL? note?                     -> deadline

measure: MEASURE LEAD*
amount: MINUS? NUMBER MORE? SCALE? MORE? (PERCENT | TIME | UNIT)?
closing: (BOUND | AROUND) TAIL? | DONE
note: NOTE

LEAD.9: /达到|达|完成|实现|共计|共|累计|新增|开展|控制在|保持在|确保|力争|为/
MEASURE.9: /(同比|环比|较上年|比上年)?(增长率?|提高|提升|增加|上升|下降率?|降低|减少|压缩|压减|节约)(了|到)?/
SIGN.9: /[≥≤><=≈]|大于(或?等于)?|小于(或?等于)?|不少于|不低于|不小于|至少|不超过|不高于|不大于|不多于|至多/
      | /超过|高于|多于|低于|少于|等于|大约|约/
EVERY.9: /每年|每季度?|每月|每周|每天|每日|年均|月均|周均|日均/
DATE.8: /((19|20)\d\d年)?(1[0-2]|0?[1-9])月(份|\d{1,2}[日号]|底|末)?/
      | /(19|20)\d\d年(底|末|内|上半年)?(?!度)/
      | /(19|20)\d\d[-.\/](1[0-2]|0?[1-9])[-.\/]\d{1,2}(?!\d)/
      | /(本|当)?年(底|末|内)|上半年/
NUMBER.7: /\d{1,3}(,\d{3})+(\.\d+)?(?!\d)|\d+(\.\d+)?/
SCALE.8: /万亿|[十百千]?[万亿]|[百千](?!米|克|瓦|伏|帕|卡|分)/
PERCENT.8: /[%‰]|百分比/
TIME.8: /(个工作日|工作日|个小时|小时|分钟|秒钟|秒|个月|个季度|季度|星期|周|天|日|年)TIME_ENDS/
BOUND.9: /(及|或)?以上|(及|或)?以下|以内|之内|内/
AROUND.9: /左右|上下/
MANNER.9: /不间断.*|不停机|连续.*|全天候.*/
EDGE.9: /之前|以前|前|之后|以后|后/
MORE.9: /余|多/
DASH.9: /-|~|至|到/
STAR.9: /\*/
MINUS.9: /-/
UNIT.5: /(?!年|月)(UNIT_CHAR){1,6}(\/(UNIT_CHAR){1,6})?/
DONE.3: /完成|达成|达标|到位|覆盖|办结/
TAIL.3: /[^\d()]+/
NOTE.4: /\([^()]*\)/
"""
# What must follow a unit of time for it to be one (年 in 年度 is not), and what a free unit is made of.
_ENDS = {
    "TIME_ENDS": r"(?=$|内|以|之内|及|左右|上下|不|全天|连续|[(*~\-]|至\d|到\d|\d)",
    "UNIT_CHAR": (
        r"(?!以上|以下|以内|之内|及以|或以|左右|上下|不间断|内$|至\d|到\d)[^\d\s≥≤><=≈~()*,，。;；、:：%‰\/\-]"
    ),
}

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = str.maketrans({
    **{chr(k): chr(v) for k, v in _FULL_WIDTH.items()},
    "﹪": "%", "～": "~", "〜": "~", "∼": "~", "–": "-", "—": "-", "−": "-", "―": "-", "×": "*", "✕": "*", "✖": "*",
    "⩾": "≥", "≧": "≥", "⩽": "≤", "≦": "≤", "\u3000": " ", "\xa0": " ",
})
_SPELLINGS = (
    (re.compile(r"\\geq?(slant)?"), "≥"), (re.compile(r"\\leq?(slant)?"), "≤"), (re.compile(r"\\times"), "*"),
    (re.compile(r"\\sim"), "~"), (re.compile(r"\\%"), "%"), (re.compile(r"\$"), ""),
    (re.compile(r">=|=>"), "≥"), (re.compile(r"<=|=<"), "≤"), (re.compile(r"-{2,}"), "-"),
    (re.compile(r"(?<=\d)\s*[xX]\s*(?=\d)"), "*"),
    # “95%（含）以上” says what 以上 says in a Chinese statute anyway.
    (re.compile(r"\(含[^()]*\)"), ""),
    # White space between two digits is kept: it may separate two numbers, and joining them would invent a third.
    (re.compile(r"(?<!\d)\s+|\s+(?!\d)"), ""),
    (re.compile(r"^[:;,。、]+|[;,。、]+$"), ""),
)


def normalise(text: str) -> str:
    """`text` with one spelling for each sign and without the white space of layout; digits stay as they are."""
    result = text.translate(_SIGNS)
    for pattern, replacement in _SPELLINGS:
        result = pattern.sub(replacement, result)
    return result


@cache
def parser() -> Lark:
    """The parser of normalised values; built once."""
    from lark import Lark

    grammar = _GRAMMAR
    for name, pattern in _ENDS.items():
        grammar = grammar.replace(name, pattern)
    kept = parser_cache("values")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False, cache=kept)
