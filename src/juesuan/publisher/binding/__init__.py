"""How a DOCX of ours is tied to its account: names of content controls, and the data part that says what it prints."""

from juesuan.publisher.binding.data_part import attach
from juesuan.publisher.binding.names import (
    ALIAS_LOCKED,
    ALIAS_OPEN,
    ITEM,
    MAPPING,
    NAME_LENGTH,
    NAMESPACE,
    PATH,
    TAG_LOCKED,
    TAG_OPEN,
)
from juesuan.publisher.binding.record import (
    Printed,
    PrintedParagraph,
    PrintedPiece,
    PrintedTable,
    from_xml,
    place_of,
    printed,
    to_xml,
)
from juesuan.publisher.binding.regions import regions, together

__all__ = [
    "ALIAS_LOCKED",
    "ALIAS_OPEN",
    "ITEM",
    "MAPPING",
    "NAMESPACE",
    "NAME_LENGTH",
    "PATH",
    "TAG_LOCKED",
    "TAG_OPEN",
    "Printed",
    "PrintedParagraph",
    "PrintedPiece",
    "PrintedTable",
    "attach",
    "from_xml",
    "place_of",
    "printed",
    "regions",
    "to_xml",
    "together",
]
