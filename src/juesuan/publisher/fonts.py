"""The fonts that travel with the program: the Noto CJK faces packaged in mplfonts, and the user's own before them."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"

SERIF_FILE = "NotoSerifCJKsc-Regular.otf"
SANS_FILE = "NotoSansCJKsc-Regular.otf"


@cache
def font_directory() -> Path:
    """The folder with the packaged fonts. Raises FileNotFoundError where the package mplfonts has none.

    The package is found without being imported: importing it would load matplotlib, which takes a second.
    """
    spec = importlib.util.find_spec("mplfonts")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("缺少字体：没有安装 mplfonts 软件包")
    directory = Path(spec.origin).parent / "fonts"
    for name in (SERIF_FILE, SANS_FILE):
        if not (directory / name).is_file():
            raise FileNotFoundError(f"缺少字体文件：{directory / name}")
    return directory
