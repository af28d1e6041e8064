"""The marks of Markdown, HTML and LaTeX inside a line of text or a cell taken out, and what they mean kept."""

from __future__ import annotations

import html
import re

from juesuan.reader.formats.spacing import tidy

_MARKS = frozenset("<$*~\\&[")
MOST_LINE = 50_000
"""Signs of a line whose marks are looked for: a longer one is no line of text."""
_BLOCK_TAG = re.compile(r"</?(?:p|br|ol|ul|li|div|tr|h[1-6]|center|blockquote|section)\b[^<>]*>", re.I)
_INPUT = re.compile(r"<input\b[^<>]*>", re.I)
_MATH_TAG = re.compile(r"<math\b[^<>]*>(.{0,300}?)</math>", re.I | re.S)
_INLINE_TAG = re.compile(
    r"</?(?:span|b|i|u|s|em|strong|sub|sup|math|font|a|img|code|small|big|ins|del|mark|o:p|td|th|table|tbody|thead)"
    r"(?:\s[^<>]*)?/?>",
    re.I,
)
_DOLLARS = re.compile(r"\$\$?([^$\n]{1,200}?)\$\$?")
_MACRO = re.compile(r"\\([A-Za-z]+|[,;:!% _#&{}$])\s?")
_MACROS = {
    "geq": "≥", "ge": "≥", "geqslant": "≥", "leq": "≤", "le": "≤", "leqslant": "≤", "times": "×", "div": "÷", "pm": "±",
    "neq": "≠", "ne": "≠", "approx": "≈", "sim": "~", "cdot": "·", "gt": ">", "lt": "<", "to": "→", "rightarrow": "→",
    "sum": "∑", "circ": "°", "checkmark": "√", "square": "□", "blacksquare": "■", "ldots": "…", "cdots": "…",
    "triangle": "△", "bigtriangleup": "△", "left": "", "right": "", "quad": " ", "qquad": " ", ",": "", ";": "",
    ":": "", "!": "", " ": " ", "%": "%", "_": "_", "#": "#", "&": "&", "$": "$", "{": "", "}": "", "displaystyle": "",
    "text": "", "mathrm": "", "mathbf": "", "rm": "", "textbf": "", "boxed": "",
}  # fmt: skip
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRUCK = re.compile(r"~~(?=\S)([^~]{1,200})(?<=\S)~~")
_IMAGE = re.compile(r"!\[([^\]\n]{0,200})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\]\n]{0,200})\]\([^()\n]{0,2000}\)")


def plain(text: str, *, marked: bool = True) -> str:
    """The text without its marks, tidy; `marked` says that it is Markdown, not merely text with bits of HTML."""
    if _MARKS.isdisjoint(text) or len(text) > MOST_LINE:
        return tidy(text)
    if "<" in text:
        text = _MATH_TAG.sub(lambda match: formula(html.unescape(match[1])), text)
        text = _INPUT.sub(_ticked, text)
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", text))
    if marked:
        text = _LINK.sub(r"\1", _IMAGE.sub("", text)) if "](" in text else text
        text = _DOLLARS.sub(_of_dollars, text) if "$" in text else text
        # Bold print begins and ends with two stars, and some files have lost one end; a product is written with one.
        text = _STRUCK.sub(r"\1", text).replace("**", "")
        text = _ESCAPED.sub(r"\1", text)
    return tidy(html.unescape(text) if "&" in text else text)


def formula(text: str) -> str:
    r"""A LaTeX formula as plain text: `\geq X` is ≥X, `\frac{a}{b}` is a/b; unknown macros stay as they stand."""
    text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", text)
    text = re.sub(r"\^\s*\{?\s*\\circ\s*\}?", "°", text)
    text = _MACRO.sub(lambda match: _MACROS.get(match[1], match[0]), text)
    return re.sub(r"[{}]|\s+(?=[≥≤×÷≠≈])|(?<=[≥≤×÷≠≈])\s+", "", text).strip()


def _of_dollars(match: re.Match[str]) -> str:
    # Between two prices in dollars stands text, not a formula.
    inner = match[1]
    return formula(inner) if re.search(r"[\\^_{}=<>+]|^[\w./\s%,-]{1,20}$", inner) else match[0]


def _ticked(match: re.Match[str]) -> str:
    tag = match[0].lower()
    if "checkbox" not in tag and "radio" not in tag:
        return ""
    return "☑" if re.search(r"\schecked\b", tag) else "□"
