"""A shortcut on the desktop and in the start menu, by which the desk is opened without a command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from platformdirs import user_desktop_path

NAME = "决算"


def program() -> list[str]:
    """The command that opens the desk."""
    return [sys.executable, "-m", "juesuan.cli", "desk"]


def write_shortcuts(system: str = sys.platform, home: Path | None = None) -> list[Path]:
    """Writes the shortcuts of the operating `system` for the user and gives their paths."""
    root = home or Path.home()
    desktop = root / "Desktop" if home else user_desktop_path()
    if system == "win32":
        menu = Path(os.environ.get("APPDATA", root / "AppData" / "Roaming"))
        places = [desktop, menu / "Microsoft" / "Windows" / "Start Menu" / "Programs"]
        return [_write(place / f"{NAME}.cmd", _batch()) for place in places]
    if system == "darwin":
        return [_write(desktop / f"{NAME}.command", f"#!/bin/sh\nexec {_quoted()}\n", runs=True)]
    places = [root / ".local" / "share" / "applications", *([desktop] if desktop.is_dir() else [])]
    return [_write(place / "juesuan-desk.desktop", _entry(), runs=True) for place in places]


def _batch() -> str:
    command = " ".join(f'"{part}"' if " " in part or "\\" in part else part for part in program())
    return f'@echo off\r\nchcp 65001 >nul\r\ntitle {NAME}\r\n{command}\r\nif errorlevel 1 pause\r\n'


def _entry() -> str:
    return (
        f"[Desktop Entry]\nType=Application\nName={NAME}\nComment=编制、核对决算公开\nExec={_quoted()}\n"
        "Terminal=true\nCategories=Office;\n"
    )


def _quoted() -> str:
    return " ".join(f'"{part}"' for part in program())


def _write(path: Path, text: str, *, runs: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    if runs:
        path.chmod(0o755)
    return path
