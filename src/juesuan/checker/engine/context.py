"""What the rules of one check share: the account, the law, and what is derived from them, each computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar, cast

from juesuan.account import Account, Paragraph, Passage, Section
from juesuan.statute import Statute
from juesuan.statute.language import compact

Result = TypeVar("Result")


class CheckContext:
    """One account under the law of its profile and year, as every family of rules is given it."""

    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self._derived: dict[Callable[[CheckContext], Any], Any] = {}

    def derived(self, compute: Callable[[CheckContext], Result]) -> Result:
        """What `compute` gives of this context, computed when first asked for and then shared."""
        if compute not in self._derived:
            self._derived[compute] = compute(self)
        return cast(Result, self._derived[compute])

    @cached_property
    def texts(self) -> tuple[tuple[Passage, str], ...]:
        """The paragraphs of a document that was read, each with its text without spaces."""
        return tuple((passage, compact(passage.text)) for passage in self.account.passages)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The paragraphs of a document that was read, else those of the narrative that was compiled."""
        return tuple(self.account.passages) or tuple(
            Passage(paragraph.text, paragraph.source) for _, paragraph in self.paragraphs()
        )

    def paragraphs(self, section: str = "") -> Iterator[tuple[Section, Paragraph]]:
        """The paragraphs of the narrative with their section; only those of the section with the key `section`."""
        for each in self.account.narrative:
            if not section or each.key == section:
                yield from ((each, paragraph) for paragraph in each.paragraphs)
