"""The command line: parse, call one function of a room, print in Chinese."""

from juesuan.cli.main import main

__all__ = ["main"]
