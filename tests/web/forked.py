"""What forked processes find done already when they are forked: the law read, its patterns compiled by use, and every
chart that another of them drew.
"""

from __future__ import annotations

import gc
import hashlib
import os
from functools import cache
from pathlib import Path
from uuid import uuid4

import juesuan
from juesuan.account import from_json, to_json
from juesuan.publisher import lay_out
from juesuan.publisher.charts import drawing
from juesuan.statute import load_statute

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"

_draw = drawing._svg


def _drawn_once(specification: str) -> str:
    """The chart from the cache that the processes share: the engine that draws it takes most of a second to start."""
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "charts"
    path = folder / hashlib.sha256(specification.encode()).hexdigest()
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / uuid4().hex
        made.write_text(_draw(specification), encoding="utf-8")
        made.replace(path)
    return path.read_text(encoding="utf-8")


drawing._svg = _drawn_once
drawing._helper = cache(lambda: None)

# Not published: what draws charts and sets a PDF begins threads, and a fork leaves them behind.
_made = from_json(to_json(juesuan.compile(EXAMPLE)))
lay_out(_made, load_statute(_made.profile, _made.year))
juesuan.check(_made)

gc.set_threshold(100_000, 20, 20)
gc.freeze()
