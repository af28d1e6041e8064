"""Statements of prose made by hand as the reader gives them, and what is found on a short text read from a file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from juesuan.account import Account, Figure, Passage, Source, StatedFigure, StatedMeasure, Unit
from juesuan.checker import check
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.prose.family import check_prose
from juesuan.reader import read_document
from juesuan.statute import load_statute

SCALES = {"万元": Decimal(10000), "元": Decimal(1), "%": Decimal("0.01")}


class Made:
    """A document under construction; each call of `tell` adds a mention of a subject in one paragraph."""

    def __init__(self) -> None:
        self.stated: list[StatedFigure] = []
        self.text = ""
        self.source = Source(paragraph=1)
        self.mentions = 0

    def tell(self, subject: str, *numbers: tuple[StatedMeasure, str, str], within: int = -1) -> int:
        """A mention of `subject` with numbers (measure, text with unit, base); gives its number."""
        mention = self.mentions
        self.mentions += 1
        self.text += subject
        for measure, said, base in numbers:
            words = {"变动额": "增加", "变动率": "增长", "占比": "占"}.get(measure, "为")
            number = said.lstrip("-")
            if said.startswith("-"):
                words = {"增加": "减少", "增长": "下降"}[words]
            self.text += words
            start = len(self.text)
            self.text += number
            self._add(subject, measure, number, base, words, mention, within, start)
            self.text += "，"
        self.text = self.text.rstrip("，") + "。"
        return mention

    def _add(
        self, subject: str, measure: StatedMeasure, number: str, base: str, words: str,
        mention: int, within: int, start: int,
    ) -> None:  # fmt: skip
        digits = number.rstrip("万元%辆批次人")
        unit = number[len(digits) :]
        scale = SCALES.get(unit, Decimal(1))
        value = Decimal(digits) * scale
        direction = {"减少": -1, "下降": -1, "增加": 1, "增长": 1}.get(words)
        if measure in ("变动额", "变动率") and direction:
            value *= direction
        step = scale.scaleb(-len(digits.partition(".")[2]))
        self.stated.append(
            StatedFigure(
                number, measure, subject, Figure(value, step), unit, base, 2024, direction=direction, wording=words,
                mention=mention, within=within, sentence=mention, status="仅正文", passage=0,
                start=start, end=start + len(number), source=self.source,
            )
        )  # fmt: skip

    def found(self) -> list[tuple[str, str]]:
        """Code and severity of what the rules on prose find."""
        account = Account("national", 2024, Unit("某市财政局"), stated=tuple(self.stated))
        account.passages = (Passage(self.text, self.source),)
        return [(f.code, f.severity) for f in check_prose(CheckContext(account, load_statute("national")))]

    def messages(self) -> Sequence[str]:
        """What the findings say."""
        account = Account("national", 2024, Unit("某市财政局"), stated=tuple(self.stated))
        account.passages = (Passage(self.text, self.source),)
        return [f.message for f in check_prose(CheckContext(account, load_statute("national")))]


def found(text: str, folder: Path) -> set[str]:
    """Codes of the errors and warnings on a text."""
    (folder / "text.txt").write_text(text, encoding="utf-8")
    reading = read_document(folder / "text.txt")
    report = check(reading.account, statute=reading.statute)
    return {finding.code for finding in report.findings if finding.severity != "notice"}
