"""The wheel as a user has it: in an environment outside the tree, with the packages of an extra and with no others.

To be quick the packages themselves come from the environment of the tests; all that a user would not have is hidden
from imports.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

HIDING = '''\
"""Hides the modules that the file at JUESUAN_HIDDEN names, one a line."""
import os, sys

class Hiding:
    def __init__(self, names):
        self.names = names
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

if os.environ.get("JUESUAN_HIDDEN"):
    with open(os.environ["JUESUAN_HIDDEN"], encoding="utf-8") as file:
        sys.meta_path.insert(0, Hiding(frozenset(file.read().split())))
'''


def tracked() -> list[str]:
    """The paths of the files that belong to the tree; empty where it is no repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [path for path in done.stdout.split("\0") if path and (ROOT / path).is_file()]


@contextmanager
def once(mark: Path) -> Iterator[bool]:
    """Whether something is still to be made; workers of the tests that come later wait until it is."""
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not mark.exists()
        mark.touch()


def build(folder: Path) -> tuple[Path, Path]:
    """The sdist of the tree's files, and the wheel that is built from it, as `make dist` does."""
    with once(folder / "built") as wanted:
        if wanted:
            tree = folder / "tree"
            for path in tracked():
                target = tree / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((ROOT / path).read_bytes())
            command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", tree]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (sdist,), (wheel,) = (folder / "dist").glob("*.tar.gz"), (folder / "dist").glob("*.whl")
    return sdist, wheel


def _needs(requirements: Iterable[str], extras: Iterable[str]) -> set[str]:
    """All that the requirements come to with `extras`, by their normal names."""
    found: set[str] = set()
    waiting = [(Requirement(line), frozenset(extras)) for line in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement, wanted = waiting.pop()
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in (*wanted, "")):
            continue
        key = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if key not in seen:
            seen.add(key)
            found.add(key[0])
            waiting.extend((Requirement(line), key[1]) for line in _requires(key[0]))
    return found


@cache
def _distributions() -> Mapping[str, list[str]]:
    """The packages that each module of this environment comes from: looked up once, for every command is run without."""
    return metadata.packages_distributions()


@cache
def _requires(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def hidden_modules(requirements: Iterable[str], extras: Iterable[str]) -> list[str]:
    """The modules of this environment that no requirement of a user with these extras brings along."""
    known = _needs(requirements, extras)
    return sorted(
        module for module, names in _distributions().items()
        if module != "juesuan" and not {canonicalize_name(name) for name in names} & known
        and module.isidentifier() and module not in sys.stdlib_module_names
    )


class Environment:
    """A clean environment with the wheel in it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        self.python = folder / "venv" / "bin" / "python"
        self.juesuan = folder / "venv" / "bin" / "juesuan"
        paths = {"base": str(folder / "venv"), "platbase": str(folder / "venv")}
        site = Path(sysconfig.get_path("purelib", "venv", paths))
        with once(folder / "installed") as wanted:
            if wanted:
                self._install(wheel, site)
        (described,) = site.glob("juesuan-*.dist-info")
        self.requirements = metadata.Distribution.at(described).requires or []

    def _install(self, wheel: Path, site: Path) -> None:
        venv.create(self.folder / "venv", symlinks=True)
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet", "--no-deps", "--no-index",
               "--no-compile", "--disable-pip-version-check", wheel]
        subprocess.run(pip, check=True, capture_output=True)
        (site / "juesuan_tests_hiding.py").write_text(HIDING, encoding="utf-8")
        shared = [path for path in sys.path if Path(path).name == "site-packages"]
        lines = ["import juesuan_tests_hiding", *shared]
        (site / "zz_juesuan_tests.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def variables(self, extras: Iterable[str]) -> Mapping[str, str]:
        """What a user's environment is, with these extras installed."""
        extras = sorted(extras)
        names = self.folder / f"hidden-{'-'.join(extras)}.txt"
        names.write_text("\n".join(hidden_modules(self.requirements, extras)), encoding="utf-8")
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home), "JUESUAN_HIDDEN": str(names),
        }

    def run(self, *command: str | Path, extras: Iterable[str] = (), cwd: Path | None = None) -> tuple[int, str]:
        """What `juesuan COMMAND` ends with and says, on both streams."""
        done = subprocess.run(
            [self.juesuan, *command], cwd=cwd or self.folder, env=self.variables(extras), capture_output=True,
            encoding="utf-8", timeout=300, check=False,
        )
        return done.returncode, done.stdout + done.stderr
