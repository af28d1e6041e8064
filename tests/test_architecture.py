"""The house stays in order: doors between rooms, size of folders and files, nothing that pretends to be a function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "src" / "juesuan"
PACKAGES = {".".join(("juesuan", *path.parent.relative_to(ROOT).parts)) for path in ROOT.rglob("__init__.py")}
MODULES = {".".join(("juesuan", *path.with_suffix("").relative_to(ROOT).parts)) for path in ROOT.rglob("*.py")}


def imports_of(path: Path) -> Iterator[str]:
    """The modules and packages that a module imports from, a name that is a module itself counted as that."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("juesuan"):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_rooms_are_entered_by_their_doors() -> None:
    """Another room is imported from its `__init__` or that of one of its sub-packages, never from a module inside."""
    deep = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in ROOT.rglob("*.py")
        for name in imports_of(path)
        if name in MODULES
        and name not in PACKAGES
        and len(name.split(".")) > 2
        and name.split(".")[1] != path.relative_to(ROOT).parts[0]
    ]
    assert deep == []


def test_a_folder_holds_a_dozen_modules_at_most() -> None:
    counts = {
        str(folder.relative_to(ROOT)): sum(path.name != "__init__.py" for path in folder.glob("*.py"))
        for folder in [ROOT, *(path for path in ROOT.rglob("*") if path.is_dir())]
    }
    assert {folder: count for folder, count in counts.items() if count > 12} == {}


def test_a_module_can_be_held_in_the_head() -> None:
    lines = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in ROOT.rglob("*.py")}
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_every_package_says_what_is_in_it() -> None:
    for path in ROOT.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_the_map_of_the_rooms_is_true() -> None:
    """docs/architecture.md names each room, and after it in braces its sub-packages."""
    page = (ROOT.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = page.split("## The rooms")[1].split("`juesuan.compile`")[0]
    rooms = re.findall(r"^    (\w+)/ (.*?)(?=^    \w|\Z)", block, re.M | re.S)
    told = {room: sorted(" ".join(re.findall(r"\{([^}]*)\}", text)).split()) for room, text in rooms}
    there: dict[str, list[str]] = {path.parent.name: [] for path in ROOT.glob("*/__init__.py")}
    for path in ROOT.glob("*/*/__init__.py"):
        there[path.parent.parent.name].append(path.parent.name)
    assert told == {room: sorted(names) for room, names in there.items()}


def test_no_module_is_called() -> None:
    assert not (ROOT / "rooms.py").exists()
    assert not [path for path in ROOT.rglob("*.py") if "ModuleType" in path.read_text(encoding="utf-8")]


NAMED_FOR_THE_PUBLIC = ROOT / "web" / "portal" / "open_data.py"
"""Its classes are called as the public description of the interface calls them."""


def test_a_name_of_a_class_means_one_thing() -> None:
    where: dict[str, list[str]] = {}
    for path in ROOT.rglob("*.py"):
        if path == NAMED_FOR_THE_PUBLIC:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}


def test_the_files_that_the_documentation_names_are_there() -> None:
    """`reader/raw.py`, or `raw.py` alone, below the package or the repository."""
    repository = ROOT.parents[1]
    there = {"/" + str(path.relative_to(repository)) for path in repository.rglob("*.py") if ".venv" not in path.parts}
    gone = [
        (page.name, name)
        for page in [repository / "README.md", *(repository / "docs").glob("*.md")]
        for name in re.findall(r"`([\w/]+\.py)`", page.read_text(encoding="utf-8"))
        if not any(path.endswith("/" + name) for path in there)
    ]
    assert gone == []


def test_errors_have_a_common_root() -> None:
    """Whatever is raised on purpose and passes from one module to another is a JuesuanError."""
    bases: dict[str, list[str]] = {}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                bases[node.name] = [ast.unparse(base).rpartition(".")[2] for base in node.bases]

    def rooted(name: str) -> bool:
        return name == "JuesuanError" or any(map(rooted, bases.get(name, ())))

    assert [name for name in bases if not name.startswith("_") and not rooted(name)] == []
