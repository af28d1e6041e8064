"""What kind of document a text is: final account or budget, whole disclosure or statement of the 三公 expenses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

DocumentKind = Literal["决算公开", "预算公开", "三公经费说明", "三公经费汇总", "目录", "政府报告", "其他"]

_FUNDS = re.compile(
    r"(?:一般)?公共(?:财政)?预算|政府性基金预算|国有资本经营预算|预算单位|预算法|预算信息公开|预算管理|预决算"
)
_FINAL = re.compile("决算|执行比例|执行率|完成(?:年初|全年|调整)?预算")
_BUDGET = re.compile("预算")
_SHORT = 60
_OPENING = 30
_FIGURE = re.compile(r"\d(?:\.\d+)?\s*(?:万元|亿元|元|%|％|萬元|億元)")
_AREA = re.compile(
    r"[区县市州镇乡省全]本?级.{0,12}(?:部门|单位|预算)|各(?:乡|镇|部门|单位)|汇总|全[区县市省]|彙總"
)
_REPORT = re.compile(r"人民代表大会|人大常委会|转移支付|税收收入|债务限额|一般公共预算收入.{0,12}亿元")
_PUBLISHED = re.compile(
    r"/t?(20\d{2})(?:0[1-9]|1[0-2])(?:[0-3]\d)?[/_]|(?:发布|公开|成文)(?:时间|日期)\W{0,3}(20\d{2})"
)
_ARRANGED = re.compile("安排.{0,4}三公|三公经费安排")
"""What a budget says of its amounts; a final account says that they were spent."""
_SECTIONS = re.compile(
    "收入支出决算总表|收入决算表|支出决算表|收支总表|收入总表|支出总表|部门概况|单位概况|机构设置|名词解释"
    "|总收入|总支出|决算情况说明|预算情况说明|收支|收入支出|收入合计|支出合计|基本支出"
)


def is_budget(texts: Sequence[str]) -> bool:
    """Whether the words of a document that prints no statutory table are those of a budget."""
    plain = [_FUNDS.sub("", text) for text in texts]
    titles = [text for text in plain[:_OPENING] if len(text) <= _SHORT and "，" not in text and "。" not in text]
    final = sum(4 * bool(_FINAL.search(text)) for text in titles) + sum(len(_FINAL.findall(text)) for text in plain)
    budget = sum(4 * bool(_BUDGET.search(text)) for text in titles if not _FINAL.search(text))
    budget += sum(len(_BUDGET.findall(text)) for text in plain)
    # A final account speaks of its budget in every sentence, a budget hardly ever of final accounts.
    if not final and not budget:
        return any(_ARRANGED.search(text) for text in texts) or _published_early(texts)
    return budget > 3 * final


def _published_early(texts: Sequence[str]) -> bool:
    """Whether the text was published in the year that it is of: no final account can be."""
    published = {int(year) for text in texts for pair in _PUBLISHED.findall(text) for year in pair if year}
    stated = Counter(int(year) for text in texts for year in re.findall(r"(20\d{2})年", text))
    return bool(published and stated) and max(published) <= stated.most_common(1)[0][0]


def document_kind(texts: Sequence[str], tables: int, budget: bool) -> DocumentKind:
    """What kind of document `texts` are, of which `tables` statutory tables were recognised."""
    whole = "".join(texts)
    figures = len(_FIGURE.findall(whole))
    expenses = whole.count("三公") + whole.count("接待") + whole.count("出国") + whole.count("出國")
    sections = len(set(_SECTIONS.findall(whole)))
    if tables > 1:
        return "预算公开" if budget else "决算公开"
    if not figures:
        return "目录" if sections > 2 else "其他"
    if len(_REPORT.findall(whole)) > 3:
        return "政府报告"
    if sections > 2 or (sections and not expenses):
        return "预算公开" if budget else "决算公开"
    if expenses > 2:
        return "三公经费汇总" if _AREA.search(whole) else "三公经费说明"
    return "其他"
