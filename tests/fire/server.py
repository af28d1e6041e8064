"""A made-up city and a real `juesuan serve` process for it, which can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

from juesuan.web import Settings
from juesuan.web.auth.organisations import import_organisations
from juesuan.web.auth.users import add_user
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Season
from juesuan.web.migration import migrate
from juesuan.web.site.site import Site

PASSWORD = "Lotus-pond-42!"
YEAR, PROFILE = 2022, "wuhan-2022"


def unit_name(number: int) -> str:
    """The name of a unit of the city."""
    return f"测试市第{number}信息中心"


def found_city(data: Path, database: str, units: int) -> None:
    """A bureau, a department, `units` units with an editor and an approver each; the year is open for filling in."""
    site = Site(replace(Settings(data, database), password_memory=64, password_rounds=1))
    migrate(site.database, site.sealer)
    lines = ["代码,名称,类型,上级代码", "100,测试市财政局,财政部门,", "200,测试市人力资源局,主管部门,100"]
    lines += [f"{300 + number},{unit_name(number)},预算单位,200" for number in range(units)]
    people = [("reviewer", "bureau_reviewer", "100"), ("department", "department", "200")]
    for number in range(units):
        people.append((f"editor{number}", "unit_editor", f"{300 + number}"))
        people.append((f"approver{number}", "unit_approver", f"{300 + number}"))
    with site.database.writing() as session:
        import_organisations(session, site.trail, SYSTEM, "\n".join(lines).encode())
        for name, role, code in people:
            add_user(session, site.trail, site.passwords, SYSTEM, name=name, full_name=name, role=role,
                     organisation=code, password=PASSWORD)
        session.add(Season(year=YEAR, profile=PROFILE, approved="2023-08-10", creator="reviewer", created=""))
    site.database.close()


class Server:
    """A server on a folder and a database. `up` is set while it answers."""

    def __init__(self, data: Path, database: str, log: Path) -> None:
        self.data, self.database = data, database
        self.up = threading.Event()
        self._log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it as an administrator does, and waits until it answers. Raises RuntimeError where it does not."""
        words = ["serve", "--data", str(self.data), "--port", str(self.port)]
        words += ["--database", self.database] if self.database else []
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "juesuan.cli", *words], stderr=log, stdout=log, env=dict(os.environ)
            )
        deadline = time.monotonic() + 120
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=5):
                    self.up.set()
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the server does not start: {self._log.read_text(encoding='utf-8')[-2000:]}")

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends the server, without a warning unless told otherwise; what it has started goes on."""
        self.up.clear()
        if self._process:
            self._process.send_signal(how)
            self._process.wait(60)
