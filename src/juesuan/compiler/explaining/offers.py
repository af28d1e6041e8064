"""What there is to write a reason from: the parts that make the difference, last year's reason, common phrases."""

from __future__ import annotations

import msgspec

from juesuan.account import Account
from juesuan.compiler.explaining.former import former_reasons
from juesuan.statute import Statute
from juesuan.statute.language import PartOfChange, ReasonAsked, parts_of, phrases_for, wording_of

MOST_PARTS = 4
"""So many parts of a difference are named one by one."""


NAMED_PHRASES = 5
"""So many kinds of reasons are named in a brief offer."""


class Offer(msgspec.Struct, frozen=True):
    """What a reason can be written from. Nothing of it is taken over unasked."""

    key: str
    difference: str
    """The difference in words."""
    parts: str = ""
    """What it comes from, with amounts; empty where the figures do not say."""
    last: str = ""
    """The reason that last year's account gave at this place."""
    phrases: tuple[tuple[str, str], ...] = ()
    """What is commonly said: the kind of reason, and its wording for this direction."""

    def lines(self, *, full: bool = False) -> list[str]:
        """The offer as lines of text: in brief, or with the wording of every phrase."""
        found = []
        if self.parts:
            found.append(f"差额来自：{self.parts}")
        if self.last:
            found.append(f"上年写的是：{self.last}")
        if self.phrases:
            named = [f"{name}——{text}" for name, text in self.phrases]
            brief = "、".join(name for name, _ in self.phrases[:NAMED_PHRASES])
            found.append("可参考的说法：" + ("；".join(named) if full else brief))
        return found


def offer_for(asked: ReasonAsked, account: Account, statute: Statute, former: Account | None = None) -> Offer:
    """What the reason that is `asked` for can be written from; `former` is last year's account where it is known."""
    parts = parts_of(asked, account, statute, former)
    last = former_reasons(former, statute).get(asked.key, "") if former is not None else ""
    phrases = tuple((phrase.name, wording_of(phrase, asked)) for phrase in phrases_for(asked, parts, statute.year))
    return Offer(asked.key, asked.described(statute), _listed(parts, asked, statute), last, phrases)


def _listed(parts: tuple[PartOfChange, ...], asked: ReasonAsked, statute: Statute) -> str:
    """The parts with their amounts, those that are printed as nothing left out: 项目支出 减少 4.77 万元."""
    shown = []
    for part in parts:
        amount = statute.amount_text(abs(part.change), asked.unit, table=False)
        if amount.strip("0.,"):
            shown.append(f"{part.name} {'增加' if part.change > 0 else '减少'} {amount}")
    text = "、".join(shown[:MOST_PARTS])
    if len(shown) > MOST_PARTS:
        text += f"，另有 {len(shown) - MOST_PARTS} 项"
    return f"{text}（{asked.unit}）" if text else ""
