"""What is wrong in a workbook or ledger, said in the words that the register declares for the rule."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import msgspec

from juesuan.account import Issue, JuesuanError, Source, UnreadableSourceError
from juesuan.statute import load_rules


class Message(str):
    """A Chinese sentence, the code of the rule that declares it, and its key there."""

    __slots__ = ("code", "key")
    code: str
    key: str


class BadValueError(JuesuanError, ValueError):
    """A cell that cannot be taken as it stands.

    `remainder` is what is nevertheless usable of it: a well-formed code that is missing from our table, an amount that
    is written with words and can be no other.
    """

    def __init__(self, message: Message, remainder: str | Decimal = "") -> None:
        super().__init__(message)
        self.message = message
        self.remainder = remainder


class Suggestion(msgspec.Struct, frozen=True):
    """A code that was perhaps meant, with its name."""

    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def say(key: str, /, **values: object) -> Message:
    """The message `key` with its places filled in. Raises KeyError for a message that no rule declares."""
    code, template = _messages()[key]
    message = Message(template.format(**values))
    message.code, message.key = code, key
    return message


@cache
def _messages() -> dict[str, tuple[str, str]]:
    """Code and words of every message, by its key."""
    return {key: (rule.key, text) for rule in load_rules().values() for key, text in rule.messages.items()}


def unreadable(message: Message) -> UnreadableSourceError:
    """The error that ends the reading of a file."""
    return UnreadableSourceError(message, message.code)


def issue(message: Message, place: Source, where: str = "") -> Issue:
    """What is wrong at `place`; `where` says it in words that the place has none for (第5行, 其余各行)."""
    rule = load_rules()[message.code]
    return Issue(message.code, rule.severity, str(message), (place,), where=where)


def issue_at(cell: Source, message: Message) -> Issue:
    """What is wrong with a cell of a workbook."""
    return issue(message, cell, f"工作表“{cell.sheet}”单元格 {cell.cell}")


def issue_under(code: str, text: str, place: Source | None = None, where: str = "") -> Issue:
    """What is wrong under the rule `code`, in words of its own."""
    return Issue(code, load_rules()[code].severity, text, (place,) if place else (), where=where)
