"""Whether recognition is to be had: asked of every PDF, so that nothing heavy is loaded for one that needs none."""

from __future__ import annotations

import importlib
from typing import Any

from juesuan.account import JuesuanError

INSTALL = "请先安装文字识别组件：pip install juesuan[ocr]，再读一次；或者索取带文字的电子版。"


class NoRecognitionError(JuesuanError):
    """The packages for recognition are not installed, or not whole; the message says in Chinese what to do."""


def available() -> bool:
    """Whether the packages for recognition are installed."""
    try:
        modules()
    except NoRecognitionError:
        return False
    return True


def modules() -> tuple[Any, Any]:
    """OpenCV and the recognition. Raises NoRecognitionError."""
    try:
        return importlib.import_module("cv2"), importlib.import_module("rapidocr")
    except ImportError as error:
        raise NoRecognitionError(INSTALL) from error
