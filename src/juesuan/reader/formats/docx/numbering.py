"""Automatic numbers of Word paragraphs (一、 （一） 1.): they are printed, but stand nowhere in the text."""

from __future__ import annotations

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"

_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def number(value: object, otherwise: int = 0) -> int:
    """The whole number an attribute gives, `otherwise` where it gives none (damaged files hold anything)."""
    text = str(value or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else otherwise


def counted(value: int, kind: str) -> str:
    """A number as Word's kind of numbering writes it."""
    if kind in ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand",
                "ideographTraditional", "taiwaneseCounting"):  # fmt: skip
        return _chinese(value)
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(value)).replace("零", "〇")
    if kind == "chineseLegalSimplified":
        return "".join(_FORMAL[int(digit)] for digit in str(value)) if value > 10 else _FORMAL[value % 10] or "拾"
    if kind in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= value <= 20:
        return chr(0x245F + value)
    if kind in ("lowerLetter", "upperLetter") and value >= 1:
        letter = chr(97 + (value - 1) % 26) * min(1 + (value - 1) // 26, 5)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and value < 4000:
        text, rest = "", value
        for worth, sign in _ROMAN:
            text, rest = text + sign * (rest // worth), rest % worth
        return text.upper() if kind == "upperRoman" else text
    if kind == "decimalZero":
        return f"{value:02d}"
    if kind in ("none", "bullet"):
        return ""
    return str(value)


def _chinese(value: int) -> str:
    if not 0 < value < 1000:
        return str(value)
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


class Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, root: Any) -> None:
        """`root` is the root of numbering.xml, None where the document has none."""
        self._lists: dict[str, str] = {}
        self._levels: dict[tuple[str, int], tuple[int, str, str]] = {}
        self._styled: dict[str, tuple[str, int]] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        for abstract in root.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId", "")
            for level in abstract.iter(f"{W}lvl"):
                self._level(key, level)
        for instance in root.iter(f"{W}num"):
            self._instance(instance)

    def _level(self, key: str, level: Any) -> None:
        depth = number(level.get(f"{W}ilvl"))
        texts = {child.tag: child.get(VAL, "") for child in level}
        start = number(texts.get(f"{W}start"), 1)
        self._levels[key, depth] = (start, texts.get(f"{W}numFmt", "decimal"), texts.get(f"{W}lvlText", ""))
        if style := texts.get(f"{W}pStyle"):
            self._styled[style] = (key, depth)

    def _instance(self, instance: Any) -> None:
        name, key = instance.get(f"{W}numId", ""), instance.find(f"{W}abstractNumId")
        if key is None:
            return
        self._lists[name] = key.get(VAL, "")
        for override in instance.iter(f"{W}lvlOverride"):
            depth = number(override.get(f"{W}ilvl"))
            start = override.find(f"{W}startOverride")
            if start is not None:
                self._restarts[name, depth] = number(start.get(VAL), 1)

    def label(self, name: str, depth: int, style: str = "") -> str:
        """The number that the next paragraph of list `name` at this depth carries; "" for none or a mere bullet."""
        key = self._lists.get(name, "")
        if style in self._styled and self._styled[style][0] == key:
            depth = self._styled[style][1]
        if (key, depth) not in self._levels:
            return ""
        counts = self._counts.setdefault(key, {})
        start, kind, pattern = self._levels[key, depth]
        if (name, depth) in self._restarts and (name, depth) not in self._begun:
            counts[depth] = self._restarts[name, depth]
        else:
            counts[depth] = counts.get(depth, start - 1) + 1
        self._begun.add((name, depth))
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if kind == "bullet":
            return ""

        def shown(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            first, form, _ = self._levels.get((key, level), (1, "decimal", ""))
            return counted(counts.get(level, first), form)

        return re.sub(r"%([1-9])", shown, pattern)
