"""The exported tables are those of the statute that they are asked of, whatever it is called."""

from __future__ import annotations

import msgspec

from juesuan.statute import Statute, load_statute
from juesuan.statute.exports import load_exports


def changed(statute: Statute) -> Statute:
    """The same profile and year in somebody's own copy, with another label in a line of the first table."""
    form = statute.forms["表1"]
    blocks = tuple(
        msgspec.structs.replace(
            block, rows=tuple(msgspec.structs.replace(row, label=f"{row.label}（本地）") for row in block.rows)
        )
        for block in form.blocks
    )
    first = msgspec.structs.replace(form, blocks=blocks)
    return msgspec.structs.replace(statute, forms={**statute.forms, "表1": first})


def labels(statute: Statute) -> set[str]:
    tables = load_exports(statute).tables.values()
    return {row.label for table in tables for row in table.form.rows.values()}


def test_a_copy_of_the_statute_with_other_lines_has_its_own_exported_tables() -> None:
    law = load_statute("national", 2023)
    own, nations = labels(changed(law)), labels(law)
    assert any(label.endswith("（本地）") for label in own)
    assert not any(label.endswith("（本地）") for label in nations)
    assert load_exports(law) is load_exports(law), "read once for a process"
