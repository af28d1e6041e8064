"""Errors: everything that this program raises on purpose descends from one class, with a message for a person."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
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


_OS_ERRORS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限，或文件正在 Excel、Word 中打开",
    errno.EPERM: "没有权限",
    errno.EROFS: "这个文件夹是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中间有一段是文件，不是文件夹",
    errno.EEXIST: "同名的已经存在",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EBUSY: "正在被别的程序使用",
    errno.ETXTBSY: "正在被别的程序使用",
    errno.EMFILE: "打开的文件太多",
    errno.EIO: "读写设备出错",
}


@contextmanager
def plain_os_errors() -> Iterator[None]:
    """Raises as OSError what a library has wrapped one in (a workbook that cannot be written)."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        wrapped = next((inner for inner in error.args if isinstance(inner, OSError)), None)
        if wrapped is None:
            raise
        raise wrapped from error


def os_error_text(error: OSError) -> str:
    """What the system says of a file, in Chinese; in its own words where they are rare."""
    return _OS_ERRORS.get(error.errno or 0) or error.strerror or str(error)
