"""Puts examples and guide into the built package, where the program looks for them; the rest is in pyproject.toml."""

from pathlib import Path
from shutil import copy, copytree, ignore_patterns

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithExamples(build_py):
    """The ordinary build, and examples and guide beside the package's own files."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "juesuan" / "examples"
        copytree("examples", target, dirs_exist_ok=True, ignore=ignore_patterns("__pycache__", "*.py"))
        guide = Path(self.build_lib) / "juesuan" / "guide"
        copytree("docs/images", guide / "images", dirs_exist_ok=True)
        for page in Path("docs").glob("*.zh-CN.md"):
            copy(page, guide / page.name)


setup(cmdclass={"build_py": BuildWithExamples})
