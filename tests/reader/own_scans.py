"""Scans made of our own published PDF: pages rendered, turned a little, with noise, grey, as JPEG of low quality."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path

import numpy
import pypdfium2
from PIL import Image

RESOLUTION = 200
"""Dots per inch of an office scanner's usual setting."""


def rendered(path: Path, index: int, resolution: int = RESOLUTION) -> Image.Image:
    """The page as a picture in grey."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[index]
        picture = page.render(scale=resolution / 72).to_pil().convert("L")
        page.close()
    return picture


def scanned(picture: Image.Image, seed: int = 0, *, degrees: float | None = None, noise: float = 6.0) -> Image.Image:
    """The picture as a scanner would give it: turned by at most 0.8 degrees, paper not quite white, grain."""
    chance = random.Random(seed)
    turn = chance.uniform(-0.8, 0.8) if degrees is None else degrees
    turned = picture.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grain = numpy.random.default_rng(seed).normal(0.0, noise, (turned.height, turned.width))
    paper = numpy.asarray(turned, dtype=numpy.float64) * 0.9 + 12 + grain
    return Image.fromarray(numpy.clip(paper, 0, 255).astype(numpy.uint8))


def jpeg(picture: Image.Image, quality: int = 60) -> Image.Image:
    """The picture after a JPEG of that quality."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    out.seek(0)
    return Image.open(out)


def scanned_pages(path: Path, indices: Sequence[int]) -> list[Image.Image]:
    """Scans of some pages of a PDF, each turned in its own way."""
    return [jpeg(scanned(rendered(path, index), index)) for index in indices]


def picture_pdf(pages: Sequence[Image.Image], target: Path, resolution: int = RESOLUTION) -> Path:
    """A PDF whose pages are pictures and nothing else."""
    first, *rest = pages
    first.save(target, "PDF", resolution=resolution, save_all=True, append_images=rest, quality=60)
    return target
