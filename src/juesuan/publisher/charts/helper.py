"""A process that draws charts beside the one that writes documents: its engine takes a second to start.

Run as a script with the folder of fonts it reads one specification a line and answers one JSON line each, with the SVG
text or nothing where it cannot be drawn (the asker then tries itself and gets the reason). It loads nothing else of
this program.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from functools import lru_cache
from typing import Any

WARM_UP = {"data": {"values": [{"数": 1}]}, "mark": "bar", "encoding": {"y": {"field": "数", "type": "quantitative"}}}


@lru_cache(maxsize=1)
def converter() -> Any:
    """The drawing engine with the packaged fonts."""
    from juesuan.publisher.fonts import font_directory

    return _engine(str(font_directory()))


def _engine(fonts: str) -> Any:
    import vl_convert

    vl_convert.register_font_directory(fonts)
    return vl_convert


class ChartHelper:
    """The process, started when this is made and ended with its owner. Where it cannot be had, nothing is drawn."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        if getattr(sys, "frozen", False):
            # In a bundled executable sys.executable is the program itself, not Python.
            return
        from juesuan.publisher.fonts import font_directory

        try:
            self._process = subprocess.Popen(
                # -P: the modules beside this script are no libraries.
                [sys.executable, "-P", __file__, str(font_directory())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        except OSError:
            return
        atexit.register(self.close)

    def draw(self, specification: str) -> str | None:
        """The SVG of a specification, or None where the process could not draw it."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(specification + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            return str(json.loads(answer)["svg"]) if answer else None
        except (OSError, ValueError, KeyError):
            self.close()
            return None

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def serve(fonts: str) -> None:
    """Draws what is asked for on standard input until it ends, with the fonts of a folder."""
    engine = _engine(fonts)
    engine.vegalite_to_svg(WARM_UP)
    for line in sys.stdin:
        try:
            answer = {"svg": engine.vegalite_to_svg(line)}
        except ValueError:
            answer = {}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    for stream in (sys.stdin, sys.stdout):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8")
    serve(sys.argv[1])
