"""The data part (自定义 XML 数据部件) of our DOCX: whose account it is, the values of its controls, what it printed.

Whoever takes an edited document back compares it with what was printed: that is written here paragraph by paragraph and
cell by cell, each with what of the account it is.

    <account xmlns="urn:juesuan:account" unit="…" code="…" year="2022" profile="…">
      <v>1,777.5</v>
      <p key="总体.1">2022年度收、支<f key="N101.总计">总计1,777.5万元</f>。主要原因：<x key="收支总计变动">…</x>。</p>
      <t key="表1"><f row="3" column="2" key="表1!1行1栏">1,777.5</f><c row="3" column="3">一、一般公共服务支出</c></t>
    </account>

A `v` is what a bound control shows: programs write there what was typed into it. What was printed stands in `f`, a
figure or what follows from figures, in `x`, a text of the unit, and between them and in `c`, fixed words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from juesuan.publisher.document import Document, printable

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

NAMESPACE = "urn:juesuan:account"
ITEM = "{5B1F6C1E-8C0D-4B57-9E62-3D0A6F5C7A21}"
"""The identifier of the data part, the same in every document, by which controls name it."""
MAPPING = f"xmlns:j='{NAMESPACE}'"
PATH = "/j:account[1]/j:v[{}]"
"""Where the value of a bound control stands, by its number."""
ALIAS_LOCKED = "决算数 "
ALIAS_OPEN = "填写 "
"""How the titles of controls begin: those bound to the account, and those to write in."""
TAG_LOCKED = "f"
TAG_OPEN = "x"
"""How their tags begin; the number of the control and what it holds follow (f12:表1!1行1栏)."""
NAME_LENGTH = 64
"""Word takes no longer title or tag."""


class PrintedRecord:
    """What a document prints, gathered while it is written."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def paragraph(self, pieces: Iterable[str], key: str = "") -> None:
        """Notes a paragraph; `pieces` are made by `words`, `figure` and `open_text`."""
        self._parts.append(f"<p{_key(key)}>{''.join(pieces)}</p>")

    def table(self, cells: Iterable[str], key: str) -> None:
        """Notes a table; `cells` are made by `cell`."""
        self._parts.append(f"<t{_key(key)}>{''.join(cells)}</t>")

    def xml(self, document: Document, values: Iterable[str]) -> bytes:
        """The whole data part: `values` are what the bound controls show, in order."""
        attributes = {
            "unit": document.author,
            "code": document.code,
            "year": str(document.year),
            "profile": document.profile,
        }
        head = "".join(f" {name}={quoteattr(printable(value))}" for name, value in attributes.items())
        listed = "".join(f"<v>{words(text)}</v>" for text in values)
        body = f'<account xmlns="{NAMESPACE}"{head}>{listed}{"".join(self._parts)}</account>'
        return f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n{body}'.encode()


def words(text: str) -> str:
    """Fixed words of a paragraph."""
    return escape(printable(text))


def figure(key: str, text: str) -> str:
    """What follows from the account in a paragraph."""
    return f"<f{_key(key)}>{words(text)}</f>"


def open_text(key: str, text: str) -> str:
    """A text of the unit in a paragraph."""
    return f"<x{_key(key)}>{words(text)}</x>"


def cell(row: int, column: int, text: str, *, key: str = "", editable: bool = False) -> str:
    """A cell of a table: a figure or what follows from some (with a `key`), a text of the unit, or fixed words."""
    tag = "c" if not key else "x" if editable else "f"
    return f'<{tag} row="{row}" column="{column}"{_key(key)}>{words(text)}</{tag}>'


def _key(key: str) -> str:
    return f" key={quoteattr(printable(key))}" if key else ""


def attach(word: WordDocument, content: bytes) -> None:
    """Puts the data part into the package, beside the main part."""
    from docx.opc.constants import RELATIONSHIP_TYPE as KINDS
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package: Any = word.part.package
    item = Part(PackURI("/customXml/item1.xml"), "application/xml", content, package)
    properties = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<ds:datastoreItem ds:itemID="{ITEM}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    described = Part(
        PackURI("/customXml/itemProps1.xml"),
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        properties.encode(),
        package,
    )
    item.relate_to(described, KINDS.CUSTOM_XML_PROPS)
    word.part.relate_to(item, KINDS.CUSTOM_XML)
