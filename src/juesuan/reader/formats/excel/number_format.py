"""What a spreadsheet shows for a number under its number format, and what it holds where it shows less.

A cell shows 1,777.50 and may hold 1777.5049: the text read is what is shown, unless digits that are held would be lost;
then it is the exact value. Spreadsheets themselves count with fifteen digits; more, or anything below a billionth, is
noise of binary numbers (a 分 in 万元 is a millionth).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

import msgspec

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""The formats that files name by number only, as Chinese versions show them."""

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_SMALLEST = Decimal("1E-9")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|!(?P<marked>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]?|(?P<general>General|G/通用格式)'
    r"|(?P<noon>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])|(?P<date>[yYmMdDhHsSeEgGaAbB]+)|(?P<sign>.)",
    re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")


class Token(msgspec.Struct, frozen=True):
    """A piece of a format: `kind` is literal, digit, point, comma, percent, date, general, text or other."""

    kind: str
    text: str


class FormatSection(msgspec.Struct, frozen=True):
    """One of the up to four parts of a format: for positive, negative, zero, and text."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None

    def has(self, kind: str) -> bool:
        return any(token.kind == kind for token in self.tokens)


def exact(raw: str) -> Decimal | None:
    """The number a cell holds, without the noise of binary sums; None for what is no number."""
    try:
        value = Decimal(raw.strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 40:
        return None
    return Context(prec=15, rounding=ROUND_HALF_UP).plus(value).quantize(_SMALLEST, context=_EXACT)


def shown(value: Decimal, code: str, *, date1904: bool = False) -> str:
    """The text of a cell that holds `value` under the format `code`."""
    sections = _sections(code)
    section, signed = _chosen(sections, value)
    if section.has("date"):
        return _date(value, section, date1904)
    if not code or any(section.has(kind) for kind in ("general", "other", "text")):
        return _plain(value)
    if not section.has("digit"):
        return "".join(token.text for token in section.tokens if token.kind == "literal")
    return _number(value if signed else abs(value), section)


def _plain(value: Decimal) -> str:
    return format(value.normalize(_EXACT), "f") if value else "0"


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[FormatSection, ...]:
    sections: list[FormatSection] = []
    tokens: list[Token] = []
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(code[:300]):
        kind, text = match.lastgroup or "", match[0]
        if kind == "sign" and text == ";":
            sections.append(FormatSection(tuple(tokens), condition))
            tokens, condition = [], None
        elif kind == "bracket":
            if found := _CONDITION.fullmatch(match["bracket"]):
                condition = (found[1], Decimal(found[2]))
            elif match["bracket"].startswith("$"):
                tokens.append(Token("literal", match["bracket"][1:].split("-")[0]))
            elif match["bracket"].lower().strip("hms") == "" and match["bracket"]:
                tokens.append(Token("date", match["bracket"].lower()))
        elif token := _token(kind, match):
            tokens.append(token)
    sections.append(FormatSection(tuple(tokens), condition))
    return tuple(sections[:4])


def _token(kind: str, match: re.Match[str]) -> Token | None:
    text = match[0]
    if kind in ("quoted", "escaped", "marked"):
        return Token("literal", match[kind] or "")
    if kind == "sign":
        kinds = {"0": "digit", "#": "digit", "?": "digit", ".": "point", ",": "comma", "%": "percent", "@": "text"}
        return Token("other" if text == "/" else kinds.get(text, "literal"), text)
    if kind == "date":
        # Letters that are no date (a stray “元e”) are shown as they stand.
        return Token("date", text.lower()) if re.fullmatch("[ymdhsag]+", text.lower()) else Token("literal", text)
    if kind in ("general", "exponent", "noon"):
        return Token({"general": "general", "exponent": "other", "noon": "date"}[kind], text)
    return None


def _chosen(sections: tuple[FormatSection, ...], value: Decimal) -> tuple[FormatSection, bool]:
    """The section for the value, and whether the sign is still to be written."""
    compare = {
        "<": value.__lt__, "<=": value.__le__, ">": value.__gt__, ">=": value.__ge__, "=": value.__eq__,
        "<>": value.__ne__,
    }  # fmt: skip
    if any(section.condition for section in sections):
        for section in sections[:3]:
            if section.condition is None or compare[section.condition[0]](section.condition[1]):
                return section, True
        return sections[-1], True
    if len(sections) == 1 or value > 0:
        return sections[0], True
    if value < 0:
        return sections[1], False
    return (sections[2], True) if len(sections) > 2 else (sections[0], True)


def _number(value: Decimal, section: FormatSection) -> str:
    tokens = list(section.tokens)
    digits = [at for at, token in enumerate(tokens) if token.kind == "digit"]
    point = next((at for at, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    before = [at for at in digits if at < point]
    last = before[-1] if before else point
    commas = [at for at, token in enumerate(tokens) if token.kind == "comma"]
    # A comma between digits groups them; behind the last it leaves out three.
    grouped = any(before and before[0] < at < last for at in commas)
    scale = sum(1 for at in commas if at > last and (at < point or at > digits[-1]))
    percents = sum(1 for token in tokens if token.kind == "percent")
    held = _EXACT.scaleb(value, 2 * percents - 3 * scale)
    decimals = [tokens[at].text for at in digits if at > point]
    rounded = held.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _EXACT)
    split = any(tokens[at].kind == "literal" and tokens[at].text for at in range(before[0], last)) if before else False
    if rounded != held and not split:
        body = _plain(abs(held))
    else:
        body = _filled(abs(rounded), [tokens[at].text for at in before], decimals, grouped)
    if split:
        body = _interspersed(body, tokens[before[0] : last + 1])
    sign = "-" if held < 0 and (rounded or body.strip("0.")) else ""
    inner = range(digits[0] if not before else before[0], digits[-1] + 1)
    if not before:
        inner = range(point, digits[-1] + 1)
    parts: list[str] = []
    placed = False
    for at, token in enumerate(tokens):
        if at in inner or token.kind in ("digit", "point"):
            parts.append("" if placed else body)
            placed = True
        elif token.kind in ("literal", "percent"):
            parts.append(token.text)
    return sign + "".join(parts).strip()


def _filled(value: Decimal, whole: list[str], decimals: list[str], grouped: bool) -> str:
    """The digits as the places of the format ask for them: 0 always, # and ? only where there is something to show."""
    text = format(value, "f")
    head, _, tail = text.partition(".")
    head = head.lstrip("0").rjust(whole.count("0"), "0")
    if grouped:
        head = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", head)
    shown = len(tail)
    while shown and tail[shown - 1] == "0" and decimals[shown - 1] != "0":
        shown -= 1
    return f"{head}.{tail[:shown]}" if shown else head


def _interspersed(body: str, places: list[Token]) -> str:
    """Digits with literals among them: the format 0"."0, shows 12,345,678 as 1234.6."""
    rest, out = list(body.replace(",", "")), ""
    first = next(at for at, token in enumerate(places) if token.kind == "digit")
    for at in range(len(places) - 1, -1, -1):
        token = places[at]
        if token.kind == "literal":
            out = token.text + out
        elif token.kind == "digit":
            if at == first:
                out = "".join(rest) + out
            elif rest:
                out = rest.pop() + out
            elif token.text == "0":
                out = "0" + out
    return out if out[:1].isdigit() else "0" + out


def _date(value: Decimal, section: FormatSection, date1904: bool) -> str:
    start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
    try:
        at = start + timedelta(seconds=round(float(value) * 86400))
    except (OverflowError, ValueError):
        return _plain(value)
    letters = "".join(token.text for token in section.tokens if token.kind == "date")
    parts: list[str] = []
    clock = False
    for token in section.tokens:
        if token.kind != "date":
            parts.append("" if token.kind in ("digit", "percent") else token.text)
            continue
        for run in re.findall(r"(([a-z])\2*)", token.text):
            text, letter = run
            clock = letter in "hs" or (clock and letter == "m")
            parts.append(_date_part(at, letter, len(text), clock and "h" in letters))
    return "".join(parts).strip(" .:-/")


def _date_part(at: datetime, letter: str, width: int, clock: bool) -> str:
    if letter == "y":
        return f"{at.year:04d}" if width > 2 else f"{at.year % 100:02d}"
    number = {"m": at.minute if clock else at.month, "d": at.day, "h": at.hour, "s": at.second}.get(letter)
    if number is None or (letter == "d" and width > 2):
        return ""
    return f"{number:02d}" if width == 2 else str(number)
