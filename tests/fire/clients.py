"""A unit and those who review it, over HTTP: whatever is not acknowledged may or may not have been done."""

from __future__ import annotations

import html
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import httpx

from fire.server import PASSWORD, YEAR, Server, unit_name

WORKBOOK = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"
WAY = (("editor", "submit"), ("approver", "confirm"), ("department", "pass"), ("reviewer", "approve"))
FIELDS = (("三公经费", "0.b6"), ("文字说明", "0.主要职能"), ("文字说明", "0.绩效管理工作"))
"""What is changed over and over; none of it makes an account wrong."""

LINES = "重点工作"


class LostError(Exception):
    """The server went away before it answered: nobody knows what it did."""


class LeavingError(Exception):
    """Nothing more is to be done."""


class FaultError(AssertionError):
    """The server did what it must not do."""


class Person:
    """Somebody signed in, from an address of their own."""

    def __init__(self, server: Server, name: str, place: int) -> None:
        self._server, self.name, self._csrf = server, name, ""
        self.answers = 0
        headers = {"x-forwarded-for": f"10.0.{place // 250}.{place % 250 + 1}"}
        self._client = httpx.Client(base_url=server.address, headers=headers, timeout=300)

    def sign_in(self) -> None:
        """Signs in, as often as it takes."""
        while True:
            try:
                # Where the answer to a sign-in was lost the page would have two forms, each with a token of its own.
                self._client.cookies.clear()
                self.get("/sign-in")
                if self.post("/sign-in", {"name": self.name, "password": PASSWORD}).status_code != 303:
                    raise FaultError(f"{self.name} cannot sign in")
                self.get("/account")
                return
            except LostError:
                continue

    def get(self, path: str) -> str:
        """A page; its forms' token is remembered. Raises LostError."""
        answer = self._send("GET", path)
        if answer.status_code != 200:
            raise FaultError(f"{self.name}: {path} answers {answer.status_code}")
        token = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        if token:
            self._csrf = token[1]
        return answer.text

    def post(self, path: str, data: dict[str, str], **more: object) -> httpx.Response:
        """Sends a form. Raises LostError."""
        return self._send("POST", path, data={"csrf": self._csrf, **data}, **more)

    def _send(self, method: str, path: str, **more: object) -> httpx.Response:
        self._server.up.wait(300)
        try:
            answer = self._client.request(method, path, **more)  # the browser of one person
        except httpx.TransportError:
            raise LostError(path) from None
        self.answers += 1
        if answer.status_code >= 500 or answer.status_code == 429:
            raise FaultError(f"{self.name}: {method} {path} answers {answer.status_code}: {answer.text[:300]}")
        return answer


class Unit(threading.Thread):
    """One unit whose account is saved, sent in, approved and corrected so many times.

    `stands` holds for each field what may stand in it: one value where the last save was acknowledged; `lines` each new
    line by its mark, and whether it was acknowledged; `approved` how many approvals came through.
    """

    def __init__(self, server: Server, number: int, sequences: int, seed: int) -> None:
        super().__init__(name=unit_name(number), daemon=True)
        self._random = Random(f"{seed}/{number}")
        self._sequences = sequences
        self.code = str(300 + number)
        names = {"editor": f"editor{number}", "approver": f"approver{number}"}
        self._people = {
            role: Person(server, names.get(role, role), 10 * number + place)
            for place, role in enumerate(("editor", "approver", "department", "reviewer"))
        }
        self.stands: dict[tuple[str, str], set[str]] = {}
        self.lines: dict[str, bool] = {}
        self.approved = 0
        self.counts: Counter[str] = Counter()
        self.fault = ""
        self.address = ""
        self.enough = threading.Event()
        """Set by whoever wants no further sequence to be begun."""
        self.leaving = threading.Event()
        """Set by whoever wants nothing more to be done."""

    @property
    def answers(self) -> int:
        """How many answers its people have had."""
        return sum(person.answers for person in self._people.values())

    def run(self) -> None:
        """Does all sequences; what goes wrong is kept in `fault`."""
        try:
            for person in self._people.values():
                person.sign_in()
            self.address = self._begun()
            self._until(self._imported)
            self._until(lambda: self._save("单位信息", "0.name", self.name))
            self._until(lambda: self._save("单位信息", "0.code", self.code))
            for number in range(self._sequences):
                if self.enough.is_set():
                    return
                if number:
                    self._step("approver", "reopen", f"更正第{number}次")
                for _ in range(self._random.randint(2, 5)):
                    self._until(self._saved)
                self._until(self._added)
                for role, key in WAY:
                    self._step(role, key)
                self.approved += 1
        except LeavingError:
            return
        except Exception as error:
            self.fault = f"{self.name}: {type(error).__name__}: {error}"

    def _until(self, work: Callable[[], None]) -> None:
        """Tries until it is acknowledged."""
        while True:
            if self.leaving.is_set():
                raise LeavingError
            try:
                work()
                return
            except LostError:
                self.counts["lost"] += 1

    def _begun(self) -> str:
        editor = self._people["editor"]
        while True:
            try:
                found = re.search(rf'href="(/filings/\d+)">{self.name}<', editor.get("/filings"))
                if found:
                    return found[1]
                editor.post("/filings", {"year": str(YEAR)})
                self.counts["begun"] += 1
            except LostError:
                self.counts["lost"] += 1

    def _imported(self) -> None:
        editor = self._people["editor"]
        revision = re.search(r'name="revision" value="(\d+)"', editor.get(self.address))
        assert revision
        files = {"file": (WORKBOOK.name, WORKBOOK.read_bytes())}
        page = editor.post(f"{self.address}/import", {"revision": revision[1]}, files=files).text
        if "已从 workbook.xlsx 读入" not in page:
            raise FaultError("the workbook is not taken in")

    def _saved(self) -> None:
        sheet, field = self._random.choice(FIELDS)
        amount = 7000 + self._random.randint(1, 900)
        self._save(sheet, field, str(amount) if sheet == "三公经费" else f"第{amount}次修改的文字。")

    def _save(self, sheet: str, field: str, value: str) -> None:
        editor, place = self._people["editor"], (sheet, field)
        was = self._seen(editor.get(f"{self.address}/sheets/{sheet}"), place)
        known = self.stands.get(place, {was})
        if was not in known:
            raise FaultError(f"an acknowledged save is lost: {place} holds {was!r}, not one of {known}")
        self.stands[place] = {was, value}
        answer = editor.post(
            f"{self.address}/sheets/{sheet}", {f"w.{field}": was, f"c.{field}": value},
            headers={"accept": "application/json"},
        )
        told = answer.json()
        if answer.status_code != 200 or (was != value and told["saved"] != [field]):
            raise FaultError(f"a save is refused: {told}")
        self.stands[place] = {value}
        self.counts["saved"] += 1

    @staticmethod
    def _seen(page: str, place: tuple[str, str]) -> str:
        found = re.search(rf'name="w\.{re.escape(place[1])}" value="([^"]*)"', page)
        if not found:
            raise FaultError(f"{place} is not to be edited")
        return html.unescape(found[1])

    def _added(self) -> None:
        editor = self._people["editor"]
        page = editor.get(f"{self.address}/sheets/{LINES}")
        for mark, acknowledged in self.lines.items():
            there = page.count(f'name="w.{self._line_of(page, mark)}"') if mark in page else 0
            if acknowledged and not there:
                raise FaultError(f"an acknowledged line is lost: {mark}")
        mark = f"事项{len(self.lines) + 1}号"
        self.lines[mark] = False
        new = {"n.0.matter": mark, "n.0.goal": "目标", "n.0.outcome": "完成"}
        if editor.post(f"{self.address}/sheets/{LINES}", new).status_code != 303:
            raise FaultError("a line is refused")
        self.lines[mark] = True
        self.counts["added"] += 1

    @staticmethod
    def _line_of(page: str, mark: str) -> str:
        found = re.search(rf'name="w\.(\d+\.matter)" value="{mark}"', page)
        if not found:
            raise FaultError(f"a line is half there: {mark}")
        return found[1]

    def _step(self, role: str, key: str, reason: str = "") -> None:
        """Takes a step; where the answer is lost, the page tells whether it was taken."""
        person, lost = self._people[role], False
        while True:
            if self.leaving.is_set():
                raise LeavingError
            try:
                page = person.get(self.address)
                if key == "approve" and f'href="{self.address}/approval"' in page:
                    page = person.get(f"{self.address}/approval")
                if f'action="{self.address}/{key}"' not in page:
                    if not lost:
                        raise FaultError(f"{key} is not offered to {role}")
                    self.counts[f"{key} found done"] += 1
                    return
                revision = re.search(r'name="revision" value="(\d+)"', page)
                account = re.search(r'name="account" value="(\w+)"', page)
                assert revision
                sent = {"revision": revision[1], "reason": reason, "account": account[1] if account else ""}
                answer = person.post(f"{self.address}/{key}", sent)
            except LostError:
                self.counts["lost"] += 1
                lost = True
                continue
            if answer.status_code == 303:
                self.counts[key] += 1
                return
            trouble = re.search(r'class="trouble"[^>]*>(.*?)</', answer.text, re.DOTALL)
            told = trouble[1].strip() if trouble else answer.text[-500:]
            if "正在生成" not in told:
                raise FaultError(f"{key} is refused: {told}")
            time.sleep(0.5)
