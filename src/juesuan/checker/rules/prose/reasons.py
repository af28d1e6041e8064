"""What the text gives as reason, and words that compare: held against the direction of the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from juesuan.account import BUDGETS, ZERO, Issue, Severity, spaceless
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute import load_lexicon
from juesuan.statute.language import expression, load_prose_rules, simplified

_NEAR = 12
"""A reason begins so many signs after what it is given for."""
_SENTENCE_END = re.compile(r"[。！？!?]|\n")
_LISTED = re.compile("[一二三四五六七八九十]是|[（(]?[0-9一二三四五]+[）)、.]")
_PARTS = re.compile(r"[，；]其中[^，。；]*?\d")
_CLAUSE_END = re.compile(r"[。；;！!？?]|\n|$")

_YEAR = re.compile(r"20\d{2}")


def check_reasons(prose: Prose) -> Iterator[Issue]:
    """Z161: a reason against the direction; Z125: less than the budget (小于预算) where it is more."""
    for numbers in prose.passages.values():
        text = prose.text_of(numbers[0].stated)
        if not text:
            continue
        plain = _brackets(text).translate(simplified())
        yield from _reasons(prose, plain, numbers)
        yield from _sizes(prose, plain, numbers)
        yield from _too_little(prose, plain, numbers)


def _brackets(text: str) -> str:
    return text.replace("(", "（").replace(")", "）").replace(",", "，").replace(":", "：").replace(";", "；")


def _reasons(prose: Prose, text: str, numbers: list[Number]) -> Iterator[Issue]:
    words = load_prose_rules().reasons
    changes = [n for n in numbers if n.measure in ("变动额", "变动率") and (not n.stated.unchosen or _way(prose, n))]
    done: set[int] = set()
    for match in expression(words.given).finditer(text):
        before = [n for n in changes if n.stated.end <= match.start()]
        if not before or before[-1].stated.start in done:
            continue
        number = before[-1]
        ended = _CLAUSE_END.search(text, number.stated.end, match.start())
        if ended and not _same_subject(text, number, match.start()):
            continue
        done.add(number.stated.start)
        reason = _of_one(text, match.end(), numbers)
        direction = words.direction(reason) or _named_direction(text, match.start())
        if any(word in number.stated.subject for word in words.opposite) or words.speaks_of_former(reason):
            continue
        way = _way(prose, number)
        if direction and way and way != direction:
            yield _against(prose, number, way, reason)
        elif not words.direction(reason) and _of_money(number) and way * words.leans(reason) < 0:
            yield _against(prose, number, way, reason, severity="warning")
        elif direction and not number.value and _is_nothing(prose, number):
            yield _for_nothing(prose, number, reason)
        # 公务接待费持平。减少的主要原因是…: of what shrank before.
        elif _is_unchanged(number) and direction and not (ended and any(n.value for n in before)):
            yield _for_unchanged(prose, number, reason)


def _way(prose: Prose, number: Number) -> int:
    """The direction of a change: +1, -1, 0 for none; of a difference that has no word of its own (差值) that of its
    amounts. A second rate of a list (各下降23.51%、38.28%) bears no direction of its own.
    """
    own = number.stated
    if own.unchosen:
        outlays, budgets = prose.of(own.mention, "决算"), prose.of(own.mention, *BUDGETS)
        gap = outlays[0].value - budgets[0].value if outlays and budgets and number.measure == "变动额" else ZERO
        return (gap > 0) - (gap < 0)
    return 0 if own.direction is None else (number.value > 0) - (number.value < 0)


def _rest(text: str, start: int) -> str:
    """What stands from `start` to the end of its sentence."""
    end = _SENTENCE_END.search(text, start)
    return text[start : end.start() if end else len(text)]


def _of_one(text: str, start: int, numbers: list[Number]) -> str:
    """The reason that begins at `start`, without what follows of another amount (原因是…；公务用车运行费 3 万元…)."""
    reason = _rest(text, start)
    following = next((n.stated.start for n in numbers if start <= n.stated.start < start + len(reason)), None)
    cut = text.rfind("；", start, following) if following is not None else -1
    reason = reason if cut < 0 or _LISTED.match(text, cut + 1) else text[start:cut]
    # …，主要原因是厉行节约，其中一般公共预算3986380.52元: what the whole is made up of is no reason.
    return _PARTS.split(reason)[0]


def _same_subject(text: str, number: Number, until: int) -> bool:
    """Whether the reason after a full stop still speaks of the change before it (。主要原因是：…)."""
    between = text[number.stated.end : until]
    return len(between) <= 8 and between.count("。") <= 1


def _is_unchanged(number: Number) -> bool:
    return number.measure == "变动额" and not number.value and number.is_money


def _of_money(number: Number) -> bool:
    return number.is_money or number.measure == "变动率"


def _is_nothing(prose: Prose, number: Number) -> bool:
    """Whether the amount that did not change is nothing, so that there was nothing to grow or shrink."""
    levels = prose.of(number.stated.mention, "决算", *BUDGETS)
    return bool(levels) and not any(level.value for level in levels)


def _against(prose: Prose, number: Number, way: int, reason: str, severity: Severity | None = None) -> Issue:
    word = "增加" if way > 0 else "减少"
    message = f"{name_of(number)}是{word}，原因却写“{_short(reason)}”，方向相反。"
    return issue(prose, "Z161", message, (number,), stated=_short(reason), severity=severity)


def _for_nothing(prose: Prose, number: Number, reason: str) -> Issue:
    message = f"本年和上年都是零，没有增减，原因却写“{_short(reason)}”。"
    return issue(prose, "Z161", message, (number,), stated=_short(reason))


def _for_unchanged(prose: Prose, number: Number, reason: str) -> Issue:
    message = f"{name_of(number)}为零（{number.text}），原因却写“{_short(reason)}”，请说明。"
    return issue(prose, "Z161", message, (number,), stated=_short(reason), severity="warning")


def _named_direction(text: str, start: int) -> int:
    """The direction in the words that a reason is given with: 下降的原因是…."""
    words = load_prose_rules().reasons
    before = text[max(0, start - 4) : start].removesuffix("主要").removesuffix("的")
    return 1 if before.endswith(words.up) else -1 if before.endswith(words.down) else 0


def _short(reason: str) -> str:
    text = spaceless(reason).lstrip("：:，是为").partition("；")[0]
    return text if len(text) <= 40 else text[:40] + "…"


# Words that compare outlay and budget


def _sizes(prose: Prose, text: str, numbers: list[Number]) -> Iterator[Issue]:
    sizes = load_prose_rules().comparisons
    for sign, phrases in ((-1, sizes.less), (1, sizes.more)):
        for match in expression(phrases).finditer(text):
            year = _YEAR.search(match[0])
            if year and int(year[0]) != prose.account.year:
                continue
            found = _budget_and_outlay(prose, text, match, numbers)
            if found is None:
                yield from _against_completion(prose, text, match, numbers, sign)
                continue
            outlay, budget = found
            gap = outlay.range - budget.range
            if (sign < 0 and gap.low > 0) or (sign > 0 and gap.high < 0):
                right = "大于" if gap.value > 0 else "小于"
                message = f"后面写“{match[0]}”，而决算{outlay.text}{right}预算{budget.text}。"
                yield issue(
                    prose, "Z125", message, (outlay, budget), stated=match[0],
                    expected=f"{right}预算{amount(abs(gap.value), outlay)}",
                )  # fmt: skip


def _against_completion(
    prose: Prose, text: str, match: re.Match[str], numbers: list[Number], sign: int
) -> Iterator[Issue]:
    """Words that compare outlay and budget beside a completion alone: 完成年初预算的80%，决算数大于预算数."""
    before = [n for n in numbers if n.stated.end <= match.start() and n.stated.mention >= 0]
    subject = _named_since(text, numbers, match.start())
    if not before or (subject and subject != before[-1].stated.subject):
        return
    rates = [n for n in before if n.measure == "完成率" and n.stated.mention == before[-1].stated.mention]
    named = [name for name in BUDGETS[1:] if name in match[0]]
    if not rates or (named and rates[-1].stated.base in BUDGETS[1:] and rates[-1].stated.base not in named):
        return
    rate = rates[-1]
    gap = rate.range.shifted(Decimal(-1))
    if (sign < 0 and gap.low > 0) or (sign > 0 and gap.high < 0):
        message = f"后面写“{match[0]}”，而完成率是{rate.text}。"
        yield issue(prose, "Z125", message, (rate,), stated=match[0])
    elif rate.value == 1 and not any(n.stated.base in BUDGETS for n in prose.of(rate.stated.mention, "变动额")):
        message = f"后面写“{match[0]}”，而完成率是{rate.text}，说明两者相等，请核对。"
        yield issue(prose, "Z125", message, (rate,), stated=match[0], severity="warning")


def _budget_and_outlay(
    prose: Prose, text: str, match: re.Match[str], numbers: list[Number]
) -> tuple[Number, Number] | None:
    before = [n for n in numbers if n.stated.end <= match.start() and n.measure == "决算"]
    if subject := _named_since(text, numbers, match.start()):
        before = [n for n in before if n.stated.subject == subject]
    if not before:
        return None
    outlay, words = before[-1], match[0]
    budgets = prose.of(outlay.stated.mention, *BUDGETS)
    named = [name for name in BUDGETS[1:] if name in words]
    if named:
        budgets = [n for n in budgets if n.measure in (named[0], "预算")]
    values = {n.value for n in budgets}
    same = [n for n in budgets if n.stated.passage == outlay.stated.passage]
    return (outlay, same[0]) if len(values) == 1 and same else None


def _named_since(text: str, numbers: list[Number], at: int) -> str:
    """The subject named after the last number: 公务接待费为0万元。“三公”经费支出决算数小于预算数 is of the whole."""
    last = max((n.stated.end for n in numbers if n.stated.end <= at), default=0)
    between = re.sub(r"[“”\"\s]", "", text[last:at])
    subjects = [word.key for _, _, word in load_lexicon().find(between) if word.category == "subject"]
    return subjects[-1] if subjects else ""


# Reasons that name one part of the whole


def _too_little(prose: Prose, text: str, numbers: list[Number]) -> Iterator[Issue]:
    """Z163: the difference to the budget is put down to one part, which makes less than half of it."""
    sizes = load_prose_rules().comparisons
    for match in expression((*sizes.less, *sizes.more)).finditer(text):
        given = expression(load_prose_rules().reasons.given).search(text, match.end(), match.end() + _NEAR)
        found = _budget_and_outlay(prose, text, match, numbers)
        if found is None or given is None:
            continue
        reason = _rest(text, given.end())
        outlay, budget = found
        for parts in load_prose_rules().stated_parts:
            part = parts.part_of(reason) if outlay.stated.subject == parts.of else ""
            gap, whole = _gap_of(prose, part), abs(outlay.value - budget.value)
            if part and gap is not None and abs(gap) * 2 < whole:
                quoted = _short(text[match.start() : given.end() + len(reason)])
                message = (
                    f"决算与预算相差{amount(whole, outlay)}，写的是“{quoted}”，"
                    f"而{part}只差{amount(abs(gap), outlay)}，不到一半。"
                )
                yield issue(prose, "Z163", message, (outlay, budget), stated=_short(reason))


def _gap_of(prose: Prose, subject: str) -> Decimal | None:
    """Outlay less budget of a subject, where the document tells both, each with one value."""
    amounts = [n for n in prose.subjects.get(subject, ()) if n.is_money]
    outlays = {n.value for n in amounts if n.measure == "决算"}
    budgets = {n.value for n in amounts if n.measure in BUDGETS}
    return outlays.pop() - budgets.pop() if len(outlays) == 1 == len(budgets) else None
