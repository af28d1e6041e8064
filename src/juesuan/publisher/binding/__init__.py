"""How a DOCX of ours is tied to its account: names of content controls, and the data part that says what it prints."""

from juesuan.publisher.binding.data_part import (
    ALIAS_LOCKED,
    ALIAS_OPEN,
    ITEM,
    MAPPING,
    NAME_LENGTH,
    NAMESPACE,
    PATH,
    TAG_LOCKED,
    TAG_OPEN,
    PrintedRecord,
    attach,
    cell,
    figure,
    open_text,
    words,
)

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
    "PrintedRecord",
    "attach",
    "cell",
    "figure",
    "open_text",
    "words",
]
