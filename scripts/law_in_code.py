"""Finds law in the code: `python scripts/law_in_code.py [FOLDER]` lists each place and ends with 1 where there is any.

Table numbers (公开01表), classification codes, numbers of documents (〔2020〕10号) and names of places belong into the
files of the statute, where a year or a place can change them. Strings and names in the source are looked at; docstrings
and comments are not, and neither are the statute itself and the synthetic generator, whose business they are.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "juesuan"
STATUTE = SOURCE / "statute"
EXEMPT = ("statute", "synthetic")

TABLE = re.compile(r"(?<![一-鿿])[表预]\d{1,2}(?!\d)|公开\d{2}表|财决\d{2}")
DOCUMENT = re.compile(r"〔20\d{2}〕\s*\d+\s*号|第\s*\d{3}\s*号令")
CODE = re.compile(r"(?<![\d.])\d{3}(?:\d{2}){0,2}(?![\d.])")
PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|"
    "台湾|内蒙古|广西|西藏|宁夏|新疆|武汉|广州|深圳|杭州|南京|成都"
)
SPELLED = (
    "beijing|tianjin|shanghai|chongqing|hebei|shanxi|liaoning|jilin|heilongjiang|jiangsu|zhejiang|anhui|fujian|jiangxi|"
    "shandong|henan|hubei|hunan|guangdong|hainan|sichuan|guizhou|yunnan|shaanxi|gansu|qinghai|wuhan|guangzhou|shenzhen"
)
_PLACE = re.compile(PLACES)
_SPELLED = re.compile(rf"(?:^|[^a-z])({SPELLED})(?:[^a-z]|$)")
_TIME = re.compile("北京时间|Asia/Shanghai")


@cache
def codes() -> frozenset[str]:
    """The codes of the classifications."""
    found: set[str] = set()
    for file in ("functional.csv", "economic.csv"):
        with (STATUTE / "classification" / file).open(encoding="utf-8-sig", newline="") as table:
            found |= {row["code"] for row in csv.DictReader(table)}
    return frozenset(found)


def law_in(text: str) -> Iterator[str]:
    """What of the law stands in the text of a string."""
    for pattern in (TABLE, DOCUMENT, _PLACE):
        yield from (match.group() for match in pattern.finditer(_TIME.sub("", text)))
    whole = re.fullmatch(r"[\d\s、,，|]+", text)
    for match in CODE.finditer(text):
        # Three or five digits in running text are amounts and counts; a code of the lowest level is told anywhere.
        if match.group() in codes() and (whole or len(match.group()) == 7):
            yield match.group()
    yield from _SPELLED.findall(_TIME.sub("", text).lower())


def places(source: str) -> Iterator[tuple[int, str]]:
    """Line and find for each piece of law in the strings and names of a module."""
    tree = ast.parse(source)
    documentation = {id(node) for node in _documentation(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield from ((node.lineno, found) for found in law_in(node.value))
        for name in _names(node):
            yield from ((getattr(node, "lineno", 1), found) for found in _SPELLED.findall(name.lower()))


def _documentation(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, and strings that stand alone below what they describe."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name.replace("_", " ")
        case ast.Name(id=name):
            yield name.replace("_", " ")


def modules(folder: Path) -> Iterator[Path]:
    """The modules that the check is for."""
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] not in EXEMPT:
            yield path


def main(folder: Path) -> int:
    """Prints every find and gives how many there are."""
    count = 0
    for path in modules(folder):
        for line, found in sorted(places(path.read_text(encoding="utf-8"))):
            print(f"{path.relative_to(folder)}:{line}: {found}")
            count += 1
    if count:
        print(f"{count} places: move them into the statute's files (docs/architecture.md, “The statute's files”).")
    return count


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE), 1))
