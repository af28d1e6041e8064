"""The terms that open data may be used by (使用许可): the bureau's own, else free use that names the source."""

from __future__ import annotations

from pathlib import Path

from juesuan.account import JuesuanError, os_error_text
from juesuan.web.infra.settings import Settings

LICENCE = Path(__file__).parent / "licence.txt"
LARGEST = 64 * 1024


class LicenceError(JuesuanError):
    """A licence cannot be taken; the message says why."""


def read_licence(path: Path) -> str:
    """The licence in a file of the bureau's, its name in the first line. Raises LicenceError."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig").strip()
    except OSError as error:
        raise LicenceError(f"使用许可读不出来：{path}（{os_error_text(error)}）。") from None
    except UnicodeDecodeError:
        raise LicenceError(f"使用许可 {path} 不是 UTF-8 文本，请另存为 UTF-8。") from None
    if not text or len(data) > LARGEST:
        raise LicenceError(
            f"使用许可 {path} 有 {len(data)} 字节。应有内容，第一行是许可的名称，不超过 {LARGEST // 1024} KB。"
        )
    return text + "\n"


def licence_of(settings: Settings) -> str:
    """The terms as a text. The first line is their name."""
    return settings.licence or LICENCE.read_text(encoding="utf-8")


def title_of(licence: str) -> str:
    """The name of a licence."""
    return licence.strip().partition("\n")[0].strip()
