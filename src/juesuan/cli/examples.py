"""Where the examples that come with the program are."""

from __future__ import annotations

from pathlib import Path

from juesuan.account import UnreadableSourceError


def example() -> Path:
    """The folder of the example: beside the package when installed, in the repository when developed.

    Raises UnreadableSourceError where it is missing.
    """
    package = Path(__file__).resolve().parent.parent
    for root in (package / "examples", package.parent.parent / "examples"):
        for ledger in sorted(root.glob("*/ledger.csv")):
            return ledger.parent
    raise UnreadableSourceError("没有找到示例，安装可能不完整，请重新安装 juesuan。")
