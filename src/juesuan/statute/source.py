"""YAML of the statute as plain trees that remember file and line, and the overlay of one tree on another.

Scalars stay strings until a declaration's type says what they are: an amount never passes through a float, and
`key: 01` keeps its zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from juesuan.account import Issue, JuesuanError, Source, cached

Declared = TypeVar("Declared")
Result = TypeVar("Result")
_DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d-\d\d)?")
EVER = "1900"
"""The date from which a value holds that was given without one."""
FOLDER = Path(__file__).parent
"""The law of the package."""


def mistake(file: str, line: int, message: str, code: str = "H102") -> Issue:
    """Something wrong in the statute: file, line and a Chinese sentence that says what; `code` as registered."""
    return Issue(code, "error", message, (Source(file=file, line=line),))


class StatuteError(JuesuanError):
    """The statute's files contain mistakes; `mistakes` lists every one with file, line and code."""

    def __init__(self, mistakes: list[Issue]) -> None:
        self.mistakes = sorted(set(mistakes), key=lambda found: (found.place.file, found.place.line, found.message))
        super().__init__("\n".join(str(found) for found in self.mistakes))


class Node(dict[str, Any]):
    """A YAML mapping that knows its file and the line of each of its keys."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, tuple[str, int]] = {}
        self.unread = False
        """Whether the file is no YAML, so that only the names at its left edge are known."""

    def put(self, key: str, value: Any, file: str, line: int) -> None:
        """Set `key`, noting where it was written."""
        self[key] = value
        self.lines[key] = (file, line)

    def at(self, key: str) -> tuple[str, int]:
        """File and line of `key`."""
        return self.lines.get(key, (self.file, self.line))


class Sequence(list[Any]):
    """A YAML sequence that knows the lines of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, int]] = []

    def add(self, value: Any, place: tuple[str, int]) -> None:
        """Append `value`, noting where it was written."""
        self.append(value)
        self.lines.append(place)


def read_yaml(path: Path, name: str, mistakes: list[Issue]) -> Node:
    """The mapping in the file at `path`, called `name` in messages; what cannot be read is added to `mistakes`."""
    import yaml  # Not by a run that finds all it needs in the cache.

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.append(mistake(name, line, f"不是合格的 YAML：{error.problem}", "H101"))
        return _salvage(path.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        mistakes.append(mistake(name, 1, f"读不出来：{error}", "H101"))
        return Node(name, 1)
    if root is None:
        return Node(name, 1)
    tree = _tree(root, name, mistakes)
    if not isinstance(tree, Node):
        mistakes.append(mistake(name, 1, "最外层应是“名称: 内容”的形式", "H101"))
        return Node(name, 1)
    return tree


def _salvage(text: str, name: str) -> Node:
    """What can be told of a file that is no YAML, so that it does not bring down what refers to it."""
    tree = Node(name, 1)
    tree.unread = True
    for line, found in enumerate(text.splitlines(), 1):
        match = re.match(r"([^\s#:]+):\s*(\S*)", found)
        if match:
            tree.put(match.group(1), match.group(2), name, line)
    return tree


def _tree(node: Any, name: str, mistakes: list[Issue]) -> Any:
    import yaml

    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping = Node(name, line)
        for key_node, value_node in node.value:
            key, at = str(key_node.value), key_node.start_mark.line + 1
            if key in mapping:
                mistakes.append(mistake(name, at, f"“{key}”写了两次，前一次在第{mapping.at(key)[1]}行", "H103"))
            mapping.put(key, _tree(value_node, name, mistakes), name, at)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence()
        for item in node.value:
            sequence.add(_tree(item, name, mistakes), (name, item.start_mark.line + 1))
        return sequence
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def overlay(base: Any, change: Any) -> Any:
    """`base` with `change` laid over it: mappings are merged key by key, lists whose items have a `key` item by item.

    An item of such a list with `drop: true` takes the base's item away, `before: KEY` puts a new one in front of
    another; any other list, and any scalar, replaces what stood there.
    """
    if isinstance(base, Node) and isinstance(change, Node):
        merged = Node(base.file, base.line)
        merged.unread = base.unread
        for key, value in base.items():
            merged.put(key, value, *base.at(key))
        for key, value in change.items():
            if value is None:
                merged.pop(key, None)
            else:
                merged.put(key, overlay(merged.get(key), value), *change.at(key))
        return merged
    if isinstance(base, Sequence) and isinstance(change, Sequence) and _keyed(base) and _keyed(change):
        return _overlay_items(base, change)
    if isinstance(base, str) and is_dated(change):
        since_ever = Node(change.file, change.line)
        since_ever.put(EVER, base, *change.at(EVER))
        return overlay(since_ever, change)
    return change


def is_dated(tree: Any) -> bool:
    """Whether `tree` gives a value by date: a mapping whose keys are all years (2026) or days (2026-03-01)."""
    return isinstance(tree, Node) and bool(tree) and all(_DATE.fullmatch(str(key)) for key in tree)


def _keyed(sequence: Sequence) -> bool:
    return bool(sequence) and all(isinstance(item, Node) and "key" in item for item in sequence)


def _overlay_items(base: Sequence, change: Sequence) -> Sequence:
    items = dict(zip((item["key"] for item in base), zip(base, base.lines, strict=True), strict=True))
    order = list(items)
    for item, line in zip(change, change.lines, strict=True):
        key = item["key"]
        if item.get("drop") == "true":
            items.pop(key, None)
            order = [other for other in order if other != key]
            continue
        before = item.pop("before", None)
        if key not in items:
            order.insert(order.index(before) if before in order else len(order), key)
        items[key] = (overlay(items[key][0], item) if key in items else item, line)
    merged = Sequence()
    for key in order:
        merged.add(*items[key])
    return merged


def convert(tree: Any, kind: type[Declared], place: tuple[str, int], mistakes: list[Issue]) -> Declared | None:
    """`tree` as a declaration of type `kind`, or None with the mistake noted at the line it stands on."""
    try:
        return msgspec.convert(_plain(tree), kind, strict=False)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `")
        unknown = re.search("unknown field `(.+)`", text)
        field = f".{unknown.group(1)}" if unknown else ""
        mistakes.append(mistake(*_locate(tree, path.rstrip("`") + field, place), _in_chinese(text)))
        return None


def _plain(tree: Any) -> Any:
    """The tree without files, lines and dates: a text that carries its date could not be written out again."""
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_plain(value) for value in tree]
    return str(tree) if isinstance(tree, str) else tree


def read_declared(root: Path, name: str, kind: type[Declared], mistakes: list[Issue]) -> Declared | None:
    """The declaration of type `kind` that the whole file `name` below `root` is, or None with the mistakes noted."""
    tree = read_yaml(root / name, name, mistakes)
    return convert(tree, kind, (name, 1), mistakes) if isinstance(tree, Node) else None


def demand_declared(
    root: Path, name: str, kind: type[Declared], check: Callable[[Declared], Iterable[str]] = lambda _: ()
) -> Declared:
    """The declaration of type `kind` that the whole file `name` below `root` is.

    Raises StatuteError with file and line of every mistake, and with what `check` says is wrong with it.
    """

    def read() -> Declared:
        mistakes: list[Issue] = []
        found = read_declared(root, name, kind, mistakes)
        mistakes.extend(mistake(name, 1, text) for text in (check(found) if found else ()))
        if mistakes or found is None:
            raise StatuteError(mistakes)
        return found

    return cached(f"{name.replace('/', '-')}-{kind.__name__}", read) if root == FOLDER else read()


def cached_law(read: Callable[[Path], Result]) -> Callable[..., Result]:
    """`read`, which gives what a folder declares, by default the package: what that declares is cached between runs."""

    def reading(root: Path = FOLDER) -> Result:
        return cached(read.__name__, partial(read, root)) if root == FOLDER else read(root)

    return update_wrapper(reading, read)


def _locate(tree: Any, path: str, place: tuple[str, int]) -> tuple[str, int]:
    for step in path.removeprefix("$").replace("[", ".[").split("."):
        if not step:
            continue
        if step.startswith("[") and isinstance(tree, Sequence) and step[1:-1].isdigit():
            index = int(step[1:-1])
            place, tree = tree.lines[index], tree[index]
        elif isinstance(tree, Node) and step in tree:
            place, tree = tree.at(step), tree[step]
        elif isinstance(tree, Node):
            return tree.file, tree.line
    return place


def _in_chinese(text: str) -> str:
    for english, chinese in (
        ("Object missing required field ", "缺少必填的 "),
        ("Object contains unknown field ", "不认识的 "),
        ("Invalid enum value ", "不能取的值 "),
        ("Expected ", "应为 "),
        (", got ", "，写的是 "),
    ):
        text = text.replace(english, chinese)
    return text
