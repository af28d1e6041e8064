"""The recognition of printed text in pictures: lines found, lines read.

The models come with the package, nothing is fetched. The packages are an extra (`pip install juesuan[ocr]`), loaded
only when a page is a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from juesuan.reader.recognition import INSTALL, NoRecognitionError, modules

Picture = NDArray[numpy.uint8]
"""Grey levels by row and column; in colour, blue, green and red of each."""

PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, rows counted from above."""

THREADS = 2
"""Threads of this process that recognition may use."""

_BATCH = 16
_WIDER = 1.4
"""Lines of a batch are padded to its widest: one wider than this, against the narrowest, begins another batch."""
_LINE_HEIGHT = 48
"""Pixels that the model wants a line to be high."""
_NARROWEST = 2.0
"""No canvas is narrower than twice its height: most cells hold a few figures, and need none as wide as prose."""
_LARGEST_SIDE = 1600
"""Lines are looked for at this size: finding needs less detail than reading."""


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """What a picture of a line was read as, and how sure that is, from 0 to 1."""

    text: str
    confidence: float


@cache
def _engine() -> Any:
    """The models, loaded once in a process. Raises NoRecognitionError."""
    vision, package = modules()
    vision.setNumThreads(THREADS)
    models = Path(str(package.__file__)).parent / "models"
    parameters: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.max_side_len": _LARGEST_SIDE,
        "Global.use_cls": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Rec.rec_batch_num": _BATCH,
        "Rec.rec_img_shape": [3, _LINE_HEIGHT, round(_LINE_HEIGHT * _NARROWEST)],
    }
    for task in ("det", "rec"):
        found = sorted(models.glob(f"*_{task}_*.onnx"))
        if not found:
            raise NoRecognitionError(f"文字识别组件不完整（缺少{task}模型）。{INSTALL}")
        # Named, so that the package has no reason to look for another in the net.
        parameters[f"{task.capitalize()}.model_path"] = str(found[0])
    return package.RapidOCR(params=parameters)


def find_lines(picture: Picture) -> list[PixelBox]:
    """The boxes of the lines of text in a grey picture, from top to bottom; they reach a little beyond the ink."""
    found = _engine()(_coloured(picture), use_det=True, use_rec=False, use_cls=False)
    boxes = getattr(found, "boxes", None)
    if boxes is None:
        return []
    height, width = picture.shape[:2]
    return [
        (
            max(int(box[:, 0].min()), 0),
            max(int(box[:, 1].min()), 0),
            min(int(box[:, 0].max()) + 1, width),
            min(int(box[:, 1].max()) + 1, height),
        )
        for box in boxes
    ]


def read_lines(pictures: Sequence[Picture]) -> list[RecognisedText]:
    """What each grey picture of one line says; empty where nothing was recognised."""
    if not pictures:
        return []
    engine = _engine()
    read: dict[int, RecognisedText] = {}
    for batch in _batches([picture.shape[1] / picture.shape[0] for picture in pictures]):
        found = engine.recognize_txt([_coloured(pictures[number]) for number in batch])
        for number, text, score in zip(batch, found.txts, found.scores, strict=True):
            read[number] = RecognisedText(str(text), float(score))
    return [read[number] for number in range(len(pictures))]


def _batches(shapes: Sequence[float]) -> list[list[int]]:
    """The numbers of lines that are read together, by the ratio of width to height of each."""
    batches: list[list[int]] = []
    for number in sorted(range(len(shapes)), key=lambda number: shapes[number]):
        narrowest = max(shapes[batches[-1][0]], _NARROWEST) if batches else 0.0
        if batches and len(batches[-1]) < _BATCH and shapes[number] <= _WIDER * narrowest:
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches


def _coloured(picture: Picture) -> Picture:
    return numpy.repeat(picture[:, :, None], 3, axis=2) if picture.ndim == 2 else picture
