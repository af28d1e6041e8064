"""pdfium's calls for characters and page objects, bound for bulk use.

A page has a thousand characters and hundreds of paths, each of which takes several calls, so that the cost of a call
is the cost of reading. Bound with plain addresses instead of typed pointers, and without letting go of the
interpreter's lock around calls of a microsecond, a call costs half of what it does otherwise.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_ADDRESS, _INT, _FLOAT, _UINT = ctypes.c_void_p, ctypes.c_int, ctypes.c_float, ctypes.c_uint


def address(handle: Any) -> int:
    """The address behind a handle or function of pdfium, 0 for none."""
    return ctypes.cast(handle, _ADDRESS).value or 0


def _bind(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(result, *arguments)(address(function))


char_origin = _bind(pdfium.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)
char_box = _bind(pdfium.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
char_angle = _bind(pdfium.FPDFText_GetCharAngle, _FLOAT, _ADDRESS, _INT)
char_unicode = _bind(pdfium.FPDFText_GetUnicode, _UINT, _ADDRESS, _INT)
char_generated = _bind(pdfium.FPDFText_IsGenerated, _INT, _ADDRESS, _INT)
char_object = _bind(pdfium.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)

count_page = _bind(pdfium.FPDFPage_CountObjects, _INT, _ADDRESS)
page_object = _bind(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
count_form = _bind(pdfium.FPDFFormObj_CountObjects, _INT, _ADDRESS)
form_object = _bind(pdfium.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, ctypes.c_ulong)
kind_of = _bind(pdfium.FPDFPageObj_GetType, _INT, _ADDRESS)
count_segments = _bind(pdfium.FPDFPath_CountSegments, _INT, _ADDRESS)
path_segment = _bind(pdfium.FPDFPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT)
segment_kind = _bind(pdfium.FPDFPathSegment_GetType, _INT, _ADDRESS)
segment_closes = _bind(pdfium.FPDFPathSegment_GetClose, _INT, _ADDRESS)
clip_of = _bind(pdfium.FPDFPageObj_GetClipPath, _ADDRESS, _ADDRESS)
clip_paths = _bind(pdfium.FPDFClipPath_CountPaths, _INT, _ADDRESS)
clip_segments = _bind(pdfium.FPDFClipPath_CountPathSegments, _INT, _ADDRESS, _INT)
clip_segment = _bind(pdfium.FPDFClipPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT, _INT)
_segment_point = _bind(pdfium.FPDFPathSegment_GetPoint, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
_bounds = _bind(pdfium.FPDFPageObj_GetBounds, _INT, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
_matrix = _bind(pdfium.FPDFPageObj_GetMatrix, _INT, _ADDRESS, _ADDRESS)
_draw_mode = _bind(pdfium.FPDFPath_GetDrawMode, _INT, _ADDRESS, _ADDRESS, _ADDRESS)

TEXT, PATH, IMAGE, FORM = (
    int(kind)
    for kind in (
        pdfium.FPDF_PAGEOBJ_TEXT,
        pdfium.FPDF_PAGEOBJ_PATH,
        pdfium.FPDF_PAGEOBJ_IMAGE,
        pdfium.FPDF_PAGEOBJ_FORM,
    )
)
LINE_TO, CURVE_TO, MOVE_TO = (
    int(kind) for kind in (pdfium.FPDF_SEGMENT_LINETO, pdfium.FPDF_SEGMENT_BEZIERTO, pdfium.FPDF_SEGMENT_MOVETO)
)

# One buffer for all small answers: the lock of the reader (see pdf.py) keeps it to one reader at a time.
_answer = ctypes.create_string_buffer(24)
_at = ctypes.addressof(_answer)
_two, _four, _six, _modes = (struct.Struct(form).unpack_from for form in ("2f", "4f", "6f", "2i"))


def bounds(item: int) -> Box:
    """The bounding box of a page object in the space it lies in, with the width of its stroke."""
    if not _bounds(item, _at, _at + 4, _at + 8, _at + 12):
        return (0.0, 0.0, 0.0, 0.0)
    return _four(_answer)


def matrix(item: int) -> Matrix:
    """The matrix of a page object."""
    if not _matrix(item, _at):
        return IDENTITY
    return _six(_answer)


def point(segment: int) -> tuple[float, float]:
    """The end point of a path segment, before the matrix of its path."""
    if not _segment_point(segment, _at, _at + 4):
        return (0.0, 0.0)
    return _two(_answer)


def draw_mode(item: int) -> tuple[bool, bool]:
    """Whether a path is filled, and whether it is stroked."""
    if not _draw_mode(item, _at, _at + 4):
        return (False, False)
    fill, stroke = _modes(_answer)
    return (fill != 0, stroke != 0)


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def apply(transform: Matrix, x: float, y: float) -> tuple[float, float]:
    """The point (x, y) under `transform`."""
    a, b, c, d, e, f = transform
    return (a * x + c * y + e, b * x + d * y + f)


def apply_box(transform: Matrix, box: Box) -> Box:
    """The bounding box of `box` under `transform`."""
    x0, y0 = apply(transform, box[0], box[1])
    x1, y1 = apply(transform, box[2], box[3])
    x2, y2 = apply(transform, box[0], box[3])
    x3, y3 = apply(transform, box[2], box[1])
    xs, ys = (x0, x1, x2, x3), (y0, y1, y2, y3)
    return (min(xs), min(ys), max(xs), max(ys))


def inverse(transform: Matrix) -> Matrix:
    """The inverse of a matrix without skew to nothing (turns and shifts)."""
    a, b, c, d, e, f = transform
    area = a * d - b * c
    return (
        d / area,
        -b / area,
        -c / area,
        a / area,
        (c * f - d * e) / area,
        (b * e - a * f) / area,
    )
