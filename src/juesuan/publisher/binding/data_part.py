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

from typing import TYPE_CHECKING, Any

from juesuan.publisher.binding.names import ITEM, NAMESPACE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument


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
