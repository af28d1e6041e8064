"""A place that calls a table or a section otherwise: what it was called stays known, for documents that say that."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.statute.source import Node, Sequence


def keep_titles(base: Node, law: Node) -> Node:
    """`law` with the titles of `base` among the aliases, where an overlay changed a title and no aliases."""
    known = dict(_titled(base))
    for key, tree in _titled(law):
        before = known.get(key)
        if before is None or tree.get("aliases") != before.get("aliases"):
            continue
        old, new = before.get("title"), tree.get("title")
        if isinstance(old, str) and isinstance(new, str) and old != new:
            aliases = Sequence()
            aliases.add(old, before.at("title"))
            for alias in before.get("aliases", Sequence()):
                aliases.add(alias, before.at("title"))
            tree.put("aliases", aliases, *tree.at("title"))
    return law


def _titled(law: Node) -> Iterator[tuple[str, Node]]:
    """The forms and sections, by a key of both."""
    for key, tree in law["forms"].items():
        if isinstance(tree, Node):
            yield f"forms/{key}", tree
    for tree in law["sections"]:
        if isinstance(tree, Node):
            yield f"sections/{tree.get('key', '')}", tree
