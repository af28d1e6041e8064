"""What kind of document a text is: final account or budget, whole disclosure or statement of the 三公 expenses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from juesuan.statute.language import load_document_words

DocumentKind = Literal["决算公开", "预算公开", "三公经费说明", "三公经费汇总", "目录", "政府报告", "其他"]

_SHORT = 60
_OPENING = 30
_SURE = 3
"""So many titles of one kind and none of the other say what a document is."""
_FIGURE = re.compile(r"\d(?:\.\d+)?\s*(?:万元|亿元|元|%|％|萬元|億元)")


def is_budget(texts: Sequence[str]) -> bool:
    """Whether the words of a document that prints no statutory table are those of a budget."""
    words = load_document_words().kinds
    plain = [re.sub(words.not_budget, "", text) for text in texts]
    titles = [text for text in plain[:_OPENING] if len(text) <= _SHORT and "，" not in text and "。" not in text]
    final = sum(4 * bool(words.found("final", text)) for text in titles)
    final += sum(len(words.found("final", text)) for text in plain)
    budget = sum(4 * bool(words.found("budget", text)) for text in titles if not words.found("final", text))
    budget += sum(len(words.found("budget", text)) for text in plain)
    # A final account speaks of its budget in every sentence, a budget hardly ever of final accounts.
    if not final and not budget:
        return any(words.found("arranged", text) for text in texts) or _published_early(texts)
    return budget > 3 * final


def kind_of_titles(texts: Sequence[str]) -> Literal["预算", "决算", ""]:
    """The kind that the titles of a document name, where they name only one; empty where both or none are named.

    The tables of both kinds bear titles alike (收支总表, 财政拨款收支总表): what the document calls itself goes before.
    """
    words = load_document_words().kinds
    short = [re.sub(words.not_budget, "", text) for text in texts if len(text) <= _SHORT and "。" not in text]
    final = sum(bool(words.found("final", text)) for text in short)
    budget = sum(bool(words.found("budget", text)) for text in short)
    if max(final, budget) < _SURE or min(final, budget):
        return ""
    return "预算" if budget else "决算"


def _published_early(texts: Sequence[str]) -> bool:
    """Whether the text was published in the year that it is of: no final account can be."""
    says = re.compile(load_document_words().kinds.published)
    published = {int(year) for text in texts for pair in says.findall(text) for year in pair if year}
    stated = Counter(int(year) for text in texts for year in re.findall(r"(20\d{2})年", text))
    return bool(published and stated) and max(published) <= stated.most_common(1)[0][0]


def document_kind(texts: Sequence[str], tables: int, budget: bool) -> DocumentKind:
    """What kind of document `texts` are, of which `tables` statutory tables were recognised."""
    whole = "".join(texts)
    figures = len(_FIGURE.findall(whole))
    words = load_document_words().kinds
    expenses, sections = len(words.found("expenses", whole)), len(set(words.found("sections", whole)))
    if tables > 1:
        return "预算公开" if budget else "决算公开"
    if not figures:
        return "目录" if sections > 2 else "其他"
    if len(words.found("report", whole)) > 3:
        return "政府报告"
    if sections > 2 or (sections and not expenses):
        return "预算公开" if budget else "决算公开"
    if expenses > 2:
        return "三公经费汇总" if words.found("area", whole) else "三公经费说明"
    return "其他"
