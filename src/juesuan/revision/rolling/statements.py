"""Numbers of the prose that no clause knows, renewed by what they say: of which figure, measured how, against what.

A reading is taken only where last year's figures give the number that stands there.
"""

from __future__ import annotations

from decimal import Decimal

from juesuan.account import Account, Source, StatedFigure
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.figures import Sentences
from juesuan.revision.rolling.wording import Doubt, Put
from juesuan.revision.texts import Texts
from juesuan.statute import TOTAL, load_lexicon
from juesuan.statute.language import compact, load_revision_words

LEVELS = ("决算", "预算", "年初预算", "全年预算", "调整预算", "数量")
BEFORE = {"上年": "上年!", "年初预算": "年初预算!", "预算": "年初预算!"}
"""The period that a change is against, by the word for it."""


def loose_numbers(
    last: Account, texts: Texts, old: Sentences, new: Sentences
) -> dict[Source, list[Put | Doubt]]:
    """The changes of every number whose figure is known, by paragraph."""
    found: dict[Source, list[Put | Doubt]] = {}
    for stated in last.stated:
        source = stated.source
        if source is None or not stated.address or stated.figure is None or not texts.of(source):
            continue
        passage = last.passages[stated.passage] if 0 <= stated.passage < len(last.passages) else None
        if passage is None or passage.source != source:
            continue
        text = texts.of(source)[0]
        start = len(compact(passage.text[: stated.start]))
        number = next((each for each in numbers_in(text) if each.start == start), None)
        if number is None:
            continue
        made = _renewed(stated, old, new)
        if made is None:
            continue
        lexicon = load_lexicon()
        scale = lexicon.scale(number.unit) if number.unit else Decimal(1)
        printed = texts.style(source, number.unit).printed(abs(made) / scale)
        changes = found.setdefault(source, [])
        changes.append(Put(number.start, number.end, printed))
        changes.extend(_turned(stated, text, number.start, made))
    return found


def _turned(stated: StatedFigure, text: str, start: int, value: Decimal) -> list[Put]:
    """The word of direction in front of a change, turned round where the change has the other sign now."""
    words = load_revision_words()
    way = words.direction(stated.wording) if stated.measure in ("变动额", "变动率") else 0
    at = text.rfind(stated.wording, max(0, start - 8), start) if way else -1
    if at < 0 or not value or (value > 0) == (way > 0):
        return []
    return [Put(at, at + len(stated.wording), words.opposite(stated.wording), "增减方向与上年不同，请改写原因")]


def _renewed(stated: StatedFigure, old: Sentences, new: Sentences) -> Decimal | None:
    if stated.measure == "占比":
        return _share(stated, old, new)
    before = _value(stated, old)
    figure = stated.figure
    if before is None or figure is None or abs(abs(before) - abs(figure.value)) > figure.resolution:
        return None
    return _value(stated, new)


def _share(stated: StatedFigure, old: Sentences, new: Sentences) -> Decimal | None:
    """A share of the total that last year's figures show it to be of; None where several would do and differ now."""
    fact, figure = old.account.facts.get(stated.address), stated.figure
    if fact is None or figure is None:
        return None
    own = fact.address
    wholes = [
        other.address
        for other in old.account.of_form(own.form, own.period)
        if other.figure.value
        and (other.address.row, other.address.column) != (own.row, own.column)
        and (other.address.row == own.row or other.address.column == own.column or other.address.row == TOTAL)
        and abs(fact.figure.value / other.figure.value - figure.value) <= figure.resolution
    ]
    part = new.value(stated.address)
    shares = [part / whole for at in wholes if part is not None and (whole := new.value(str(at)))]
    step = figure.resolution or Decimal("0.0001")
    return shares[0] if shares and max(shares) - min(shares) < step else None


def _value(stated: StatedFigure, sentences: Sentences) -> Decimal | None:
    """What a stated number comes to on an account, by its own meaning."""
    address = stated.address
    own = sentences.value(address)
    if stated.measure in LEVELS:
        return own
    if stated.measure in ("变动额", "变动率"):
        prior = sentences.value(BEFORE.get(stated.base, "上年!") + address)
        if own is None or prior is None:
            return None
        return own - prior if stated.measure == "变动额" else (own - prior) / prior if prior else None
    if stated.measure == "完成率":
        plain = address.rpartition("年初预算!")[2]
        actual, budget = sentences.value(plain), sentences.value(f"年初预算!{plain}")
        return actual / budget if actual is not None and budget else None
    return None
