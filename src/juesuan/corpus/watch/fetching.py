"""Fetching politely: what robots.txt allows, not often, not much, not for long, nothing inside a private network."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import msgspec

from juesuan.account import JuesuanError
from juesuan.version import VERSION

AGENT = f"juesuan/{VERSION} (budget disclosure watch)"
NAME = "juesuan"
"""What robots.txt calls this program."""

MOST_REDIRECTS = 5
LONGEST_DELAY = 60.0
"""Seconds that a robots.txt may ask for between two requests."""

ROBOTS_SIZE = 512 * 1024
BLOCK = 64 * 1024

Outcome = Literal["ok", "same", "gone", "forbidden", "failed"]
"""Fetched; not changed since (304); not there (404, 410); robots.txt says no; anything else, with its reason."""


class FetchLimits(msgspec.Struct, frozen=True):
    """What one fetch may cost: bytes, seconds in all, seconds between two requests to one host. `private` are hosts
    inside a private network that may be asked all the same."""

    size: int = 60 * 1024 * 1024
    seconds: float = 60.0
    pause: float = 2.0
    private: frozenset[str] = frozenset()


class Fetched(msgspec.Struct, frozen=True):
    """What came of asking for an address; `etag` and `modified` are to be sent along the next time."""

    outcome: Outcome
    content: bytes = b""
    reason: str = ""
    url: str = ""
    etag: str = ""
    modified: str = ""


class _RefusedError(JuesuanError):
    """An address is not asked, or was not answered as it must be; the message is for people."""


class Fetcher:
    """Fetches addresses one after another, and remembers what hosts allow and when they were asked last."""

    def __init__(
        self, limits: FetchLimits | None = None, *, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._clock = clock
        self._sleep = sleep
        self._asked: dict[str, float] = {}
        self._rules: dict[str, RobotFileParser | None] = {}

    def fetch(self, url: str, etag: str = "", modified: str = "") -> Fetched:
        """What is at `url`; `etag` and `modified` are those of what is known already."""
        until = self._clock() + self._limits.seconds
        headers = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        try:
            for _ in range(MOST_REDIRECTS + 1):
                parts = urlsplit(url)
                if not self._allowed(parts, until):
                    return Fetched("forbidden", reason="网站的 robots.txt 不许可", url=url)
                status, answer, content = self._ask(parts, headers, self._limits.size, until)
                if status in (301, 302, 303, 307, 308):
                    url = urljoin(url, answer.get("location", ""))
                    continue
                return _of(status, answer, content, url)
            return Fetched("failed", reason=f"转向超过 {MOST_REDIRECTS} 次", url=url)
        except _RefusedError as error:
            return Fetched("failed", reason=str(error), url=url)
        except TimeoutError:
            return Fetched("failed", reason=f"{self._limits.seconds:g} 秒没有取完", url=url)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Fetched("failed", reason=f"连不上或答复有误（{type(error).__name__}）", url=url)

    def _allowed(self, parts: SplitResult, until: float) -> bool:
        """Whether the host's robots.txt lets this program ask; a host that has none lets everybody."""
        host = parts.netloc
        if host not in self._rules:
            robots = parts._replace(path="/robots.txt", query="", fragment="")
            status, _, content = self._ask(robots, {}, ROBOTS_SIZE, until)
            rules = RobotFileParser()
            if status >= 500 or status == 429:
                self._rules[host] = None
            else:
                rules.parse(content.decode("utf-8", "replace").splitlines() if status == 200 else [])
                self._rules[host] = rules
        known = self._rules[host]
        return known is not None and known.can_fetch(NAME, parts.geturl())

    def _wait(self, host: str) -> None:
        known = self._rules.get(host)
        delay = float(known.crawl_delay(NAME) or 0) if known else 0.0
        pause = max(self._limits.pause, min(delay, LONGEST_DELAY))
        rest = self._asked.get(host, -pause) + pause - self._clock()
        if host in self._asked and rest > 0:
            self._sleep(rest)
        self._asked[host] = self._clock()

    def _ask(
        self, parts: SplitResult, headers: Mapping[str, str], most: int, until: float
    ) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers, and at most `most` bytes. Raises _RefusedError and OSError."""
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _RefusedError(f"只取 http、https 的网址，这里是 {parts.scheme or '空'}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self._wait(parts.netloc)
        connection = _connection(parts, port, self._address(parts.hostname, port), self._left(until))
        # Once the answer has begun the connection may no longer know its socket.
        wire = connection.sock
        try:
            path = parts.path or "/"
            target = f"{path}?{parts.query}" if parts.query else path
            sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close", **headers}
            connection.request("GET", _quoted(target), headers=sent)
            answer = connection.getresponse()
            known = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, known, self._content(answer, wire, known, most, until)
        finally:
            connection.close()

    def _content(
        self, answer: http.client.HTTPResponse, wire: socket.socket, headers: Mapping[str, str], most: int,
        until: float,
    ) -> bytes:
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > most:
            raise _RefusedError(f"文件有 {int(length) // 1024 // 1024} MB，超过 {most // 1024 // 1024} MB，没有取")
        parts: list[bytes] = []
        size = 0
        while block := answer.read1(BLOCK):
            parts.append(block)
            size += len(block)
            if size > most:
                raise _RefusedError(f"文件超过 {most // 1024 // 1024} MB，没有取")
            wire.settimeout(self._left(until))
        if length.isdigit() and size < int(length) and answer.status == 200:
            raise _RefusedError("没有取完就断了")
        return b"".join(parts)

    def _left(self, until: float) -> float:
        left = until - self._clock()
        if left <= 0:
            raise _RefusedError(f"{self._limits.seconds:g} 秒没有取完")
        return left

    def _address(self, host: str, port: int) -> str:
        """An address of the host, the one that is then connected to. Raises _RefusedError for a private one."""
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if host not in self._limits.private and not all(_is_public(each) for each in found):
            raise _RefusedError(f"{host} 是内部网络的地址，没有取；确实要取的用 --private {host} 写明")
        return found[0]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast


def _connection(parts: SplitResult, port: int, address: str, seconds: float) -> http.client.HTTPConnection:
    """A connection to the very address that was looked at: a name may mean another the next time."""
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    plain = socket.create_connection((address, port), timeout=seconds)
    if parts.scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    else:
        connection.sock = plain
    return connection


def _quoted(target: str) -> str:
    return quote(target, safe="/?&=%:@!$'()*+,;~-._#[]")


def _of(status: int, headers: Mapping[str, str], content: bytes, url: str) -> Fetched:
    if status == 304:
        return Fetched("same", url=url)
    if status in (404, 410):
        return Fetched("gone", reason=f"网站答复 {status}，没有这个文件", url=url)
    if status != 200:
        return Fetched("failed", reason=f"网站答复 {status}", url=url)
    return Fetched("ok", content, "", url, headers.get("etag", ""), headers.get("last-modified", ""))
