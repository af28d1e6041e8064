"""An account or a budget under review beside last year's of the unit and beside its peers (与上年、与同类单位比较)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import Account, Fact
from juesuan.corpus.compare import outlier_among, quantile, rounded
from juesuan.statute import Kind
from juesuan.statute.comparison import ComparedIndicator, load_indicators, load_key_figures
from juesuan.web.infra.models import Organisation, Publication, PublishedIndicator
from juesuan.web.publication.build import indicators_of


class PeerValue(msgspec.Struct, frozen=True):
    """A figure (in yuan) or an indicator, this year and last; None for a blank. `change` is in percent of last year's.

    `peers` are the quartiles of the peers, `count` how many there are, `remark` why the figure deserves a look.
    """

    name: str
    unit: str
    now: Decimal | None
    before: Decimal | None
    change: Decimal | None = None
    peers: tuple[Decimal, Decimal, Decimal] | None = None
    count: int = 0
    remark: str = ""


class ReviewComparison(msgspec.Struct, frozen=True):
    """The figures and indicators of an account; `year` is the one that its peers' published accounts are of."""

    figures: tuple[PeerValue, ...]
    indicators: tuple[PeerValue, ...]
    year: int


def compare(
    session: Session, account: Account, last: Account | None, organisation: Organisation, kind: Kind
) -> ReviewComparison:
    """The account beside `last` year's and beside the published accounts of organisations of the same kind.

    Peers are those of the same year where enough have published, else those of the year before.
    """
    peers, year = _peers(session, account.year, organisation, kind)
    figures = tuple(
        _figure(figure.name, account.get(figure.address), last.get(figure.address) if last else None)
        for figure in load_key_figures(kind).figures
    )
    own, old = indicators_of(account), indicators_of(last) if last else {}
    indicators = tuple(
        _indicator(plan, own.get(plan.key), old.get(plan.key), sorted(peers.get(plan.key, ())))
        for plan in load_indicators().indicators
    )
    return ReviewComparison(figures, tuple(each for each in indicators if each.now is not None), year)


def _figure(name: str, now: Fact | None, before: Fact | None) -> PeerValue:
    one, other = now.figure.value if now else None, before.figure.value if before else None
    change = rounded((one - other) * 100 / other) if one is not None and other else None
    remark = ""
    if change and abs(change) >= load_key_figures().notable_change:
        remark = f"比上年{'增加' if change > 0 else '减少'} {abs(change)}%，请看原因说明。"
    return PeerValue(name, "元", one, other, change, remark=remark)


def _indicator(plan: ComparedIndicator, now: str | None, before: str | None, peers: Sequence[Decimal]) -> PeerValue:
    value = Decimal(now) if now is not None else None
    old = Decimal(before) if before is not None else None
    if value is None or len(peers) < load_indicators().fewest:
        return PeerValue(plan.name, plan.unit, value, old, count=len(peers))
    first, median, third = (quantile(peers, Decimal(part) / 4) for part in (1, 2, 3))
    remark = outlier_among(plan, value, peers)
    return PeerValue(plan.name, plan.unit, value, old, None, (first, median, third), len(peers), remark)


def _peers(session: Session, year: int, organisation: Organisation, kind: Kind) -> tuple[dict[str, list[Decimal]], int]:
    for wanted in (year, year - 1):
        query = select(PublishedIndicator.key, PublishedIndicator.value).join(
            Publication, Publication.id == PublishedIndicator.publication_id
        ).join(Organisation, Organisation.id == Publication.organisation_id).where(
            Publication.current, Publication.kind == kind, Publication.year == wanted,
            Organisation.kind == organisation.kind, Organisation.id != organisation.id,
        )
        found: dict[str, list[Decimal]] = {}
        for key, value in session.execute(query):
            found.setdefault(key, []).append(Decimal(value))
        if any(len(values) >= load_indicators().fewest for values in found.values()):
            return found, wanted
    return {}, year
