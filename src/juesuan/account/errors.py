"""Errors: everything that this program raises on purpose descends from one class, with a message for a person."""

from __future__ import annotations

from pathlib import Path


class JuesuanError(Exception):
    """The root of all errors that are raised on purpose; the message is Chinese and fit for the user."""

    code = ""
    """The code in the register of what is wrong, where it has one."""

    @property
    def coded(self) -> str:
        """The message with its code, as a command prints it."""
        return f"[{self.code}] {self}" if self.code else str(self)


class UnreadableFileError(JuesuanError):
    """A published file cannot be read: it is damaged, locked, empty, too large or of another kind."""

    code = "Q201"


class UnreadableSourceError(JuesuanError):
    """A workbook or ledger cannot be read at all; `code` is that of the rule that says why."""

    def __init__(self, message: str, code: str = "Q104") -> None:
        super().__init__(message)
        self.code = code


class FaultyAccountsError(JuesuanError):
    """The accounts cannot be published as they are; `messages` are all that is wrong or missing, one sentence each."""

    def __init__(self, messages: list[str]) -> None:
        self.messages = messages
        super().__init__("\n".join(messages))


class PublishError(JuesuanError):
    """Some formats could not be written; `failures` says which and why, `written` what is there all the same."""

    def __init__(self, failures: list[tuple[str, str]], written: list[Path]) -> None:
        self.failures = failures
        self.written = written
        super().__init__("；".join(f"{name}：{reason}" for name, reason in failures))
