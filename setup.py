"""Puts the examples into the built package, where `juesuan demo` looks for them; the rest is in pyproject.toml."""

from pathlib import Path
from shutil import copytree, ignore_patterns

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithExamples(build_py):
    """The ordinary build, and the examples beside the package's own files."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "juesuan" / "examples"
        copytree("examples", target, dirs_exist_ok=True, ignore=ignore_patterns("__pycache__", "*.py"))


setup(cmdclass={"build_py": BuildWithExamples})
