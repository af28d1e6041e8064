"""Where the examples that come with the program are."""

from __future__ import annotations

from pathlib import Path

from juesuan.account import UnreadableSourceError


def example(name: str) -> Path:
    """The folder of the example `name`: beside the package when installed, in the repository when developed.

    Raises UnreadableSourceError where it is missing.
    """
    package = Path(__file__).resolve().parent.parent
    for root in (package / "examples", package.parent.parent / "examples"):
        if (root / name / "ledger.csv").is_file():
            return root / name
    raise UnreadableSourceError(f"没有找到示例“{name}”，安装可能不完整，请重新安装 juesuan。")
