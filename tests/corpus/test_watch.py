"""What was posted, watched: against a server of our own that answers, changes, redirects, stalls and forbids."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

import juesuan
from juesuan.account import Account, Address, Fact, Figure, to_json
from juesuan.cli import main
from juesuan.corpus.watch import (
    BadAddressesError,
    CheckedPosting,
    Fetcher,
    FetchLimits,
    PostedAddress,
    Posting,
    check_posted,
    differences,
    look,
    read_addresses,
    read_state,
    write_state,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"
NOW = datetime(2023, 9, 20, 10)


class Site:
    """A web site whose pages and robots.txt tests set; it notes what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                if status == 200 and headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, path: str, body: bytes, **headers: str) -> str:
        """Puts a page, and gives its address."""
        self.pages[path] = (200, {name.replace("_", "-"): value for name, value in headers.items()}, body)
        return self.root + path

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def _fetcher(**other: object) -> Fetcher:
    return Fetcher(FetchLimits(pause=0, private=frozenset(["127.0.0.1"]), **other))


def _unread(path: Path, approved: Account | None) -> CheckedPosting:
    return CheckedPosting("甲单位", 2022)


def _place(url: str, due: str = "") -> PostedAddress:
    return PostedAddress("甲单位", "决算", 2022, url, due)


# fetching


def test_a_private_network_is_not_asked_whatever_the_name(site: Site):
    for url in (site.root, "http://localhost:1/", "http://169.254.169.254/", "http://[::1]/", "http://10.0.0.1/"):
        fetched = Fetcher(FetchLimits(pause=0, seconds=5)).fetch(url)
        assert fetched.outcome == "failed" and "内部网络" in fetched.reason, url
    assert site.asked == []
    assert Fetcher(FetchLimits(pause=0)).fetch("file:///etc/passwd").outcome == "failed"


def test_a_redirect_into_a_private_network_is_not_followed(site: Site):
    site.pages["/a"] = (302, {"Location": "http://10.1.2.3/secret"}, b"")
    assert "内部网络" in _fetcher(seconds=5).fetch(f"{site.root}/a").reason
    site.pages["/b"] = (302, {"Location": "/b"}, b"")
    assert "转向超过 5 次" in _fetcher().fetch(f"{site.root}/b").reason
    site.pages["/c"] = (301, {"Location": "/d"}, b"")
    site.put("/d", b"there")
    assert _fetcher().fetch(f"{site.root}/c").content == b"there"


def test_what_robots_txt_forbids_is_not_asked(site: Site):
    site.put("/robots.txt", b"User-agent: juesuan\nDisallow: /no/\n")
    url = site.put("/no/a.pdf", b"x")
    assert _fetcher().fetch(url).outcome == "forbidden"
    assert [path for path, _ in site.asked] == ["/robots.txt"]
    assert _fetcher().fetch(site.put("/yes", b"y")).content == b"y"
    site.pages["/robots.txt"] = (503, {}, b"")
    assert _fetcher().fetch(f"{site.root}/yes").outcome == "forbidden", "in doubt it is not asked"


def test_one_host_is_not_asked_often(site: Site):
    site.put("/robots.txt", b"User-agent: *\nCrawl-delay: 7\n")
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    fetcher = Fetcher(FetchLimits(pause=2, private=frozenset(["127.0.0.1"])), clock=lambda: now[0], sleep=sleep)
    for name in ("/1", "/2"):
        fetcher.fetch(site.put(name, b"x"))
    assert slept == [7.0, 7.0], "robots.txt is read once, then it is waited as long as it says"


def test_too_much_or_too_long_is_given_up(site: Site):
    assert "超过" in _fetcher(size=1000).fetch(site.put("/big", b"x" * 5000)).reason
    site.pages["/lie"] = (200, {"Content-Length": "10"}, b"x" * 10)
    assert _fetcher(size=1000).fetch(f"{site.root}/lie").outcome == "ok"
    site.pages["/cut"] = (200, {"Content-Length": "5000", "Connection": "close"}, b"half")
    assert _fetcher(seconds=1).fetch(f"{site.root}/cut").outcome == "failed"


def test_a_site_that_drips_is_given_up_when_the_time_is_over():
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        for answer in (b"HTTP/1.1 404 no\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 ok\r\n\r\n"):
            wire = listener.accept()[0]
            wire.recv(4096)
            wire.sendall(answer)
            with suppress(OSError):
                while b"200" in answer:
                    wire.sendall(b"x")
                    time.sleep(0.05)
            wire.close()

    threading.Thread(target=drip, daemon=True).start()
    fetched = _fetcher(seconds=0.5).fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/a")
    listener.close()
    assert fetched.outcome == "failed" and "0.5 秒没有取完" in fetched.reason


# watching


def test_seen_changed_gone_and_back(site: Site, tmp_path: Path):
    url = site.put("/a.pdf", b"%PDF one", ETag='"1"')
    place, fetcher = _place(url), _fetcher()
    posting = look(place, None, tmp_path, fetcher, NOW, check=_unread)
    assert [each.event for each in posting.seen] == ["first"] and posting.name == "a.pdf"
    posting = look(place, posting, tmp_path, fetcher, NOW, check=_unread)
    assert site.asked[-1][1]["if-none-match"] == '"1"' and len(posting.seen) == 1, "304: nothing is new"
    site.put("/a.pdf", b"%PDF two", ETag='"2"')
    posting = look(place, posting, tmp_path, fetcher, NOW, check=_unread)
    del site.pages["/a.pdf"]
    for _ in range(2):
        posting = look(place, posting, tmp_path, fetcher, NOW, check=_unread)
    site.put("/a.pdf", b"%PDF two", ETag='"2"')
    write_state(tmp_path, {url: posting})
    posting = look(place, read_state(tmp_path)[url], tmp_path, fetcher, NOW, check=_unread)
    assert [each.event for each in posting.seen] == ["first", "changed", "gone", "back"], "told once each"
    kept = sorted(path.read_bytes() for path in tmp_path.rglob("a.pdf"))
    assert kept == [b"%PDF one", b"%PDF two"], "what was posted before is kept"


def test_late_is_told_and_not_yet_due_is_not_missing(site: Site, tmp_path: Path):
    place = _place(f"{site.root}/a.pdf", "2023-09-15")
    posting = look(place, None, tmp_path, _fetcher(), datetime(2023, 9, 10), check=_unread)
    assert posting.seen[-1].event == "absent"
    assert posting.late(datetime(2023, 9, 15).date()) == 0 and posting.late(NOW.date()) == 5
    site.put("/a.pdf", b"%PDF one")
    posting = look(place, posting, tmp_path, _fetcher(), NOW, check=_unread)
    assert posting.late(datetime(2023, 12, 1).date()) == 5, "by how much it came late does not grow"


@pytest.fixture(scope="module")
def approved() -> Account:
    return juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])


def _with(account: Account, more: int) -> Account:
    made = msgspec.structs.replace(account, facts=dict(account.facts))
    address = Address("表1", "27", "1")
    made.put(Fact(address, Figure(account.amount(address) + more)))
    return made


@pytest.fixture(scope="module")
def posted(approved: Account, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path,) = juesuan.publish(_with(approved, 1_000_000), tmp_path_factory.mktemp("posted"), ["docx"])
    return path


def test_the_posted_file_is_held_against_the_approved_version_figure_by_figure(approved: Account, posted: Path):
    found = check_posted(posted, approved)
    assert [(each.approved, each.posted) for each in found.differences] == [("1,777.50万元", "1,877.50万元")]
    assert "本年收入合计" in found.differences[0].what and found.compared > 100 and found.errors
    assert check_posted(posted, None).compared == 0
    (posted.parent / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert check_posted(posted.parent / "broken.pdf", approved).trouble


def test_what_lies_within_rounding_is_the_same(approved: Account):
    """Printed to 0.01 万元: 49 yuan are within it, 51 are not."""
    address = Address("表1", "27", "1")
    for more, count in ((49, 0), (51, 1)):
        printed = msgspec.structs.replace(approved, facts={
            key: msgspec.structs.replace(fact, figure=Figure(
                fact.figure.value + (more if fact.address == address else 0), Figure(100).value
            )) for key, fact in approved.facts.items()
        })
        assert len(differences(approved, printed)[0]) == count, more


# the list and the command


def test_a_list_names_every_line_that_is_wrong(tmp_path: Path):
    good = "单位,类别,年度,网址,期限\n甲,决算,2022,https://a.example/1.pdf,2023-09-15\n"
    assert read_addresses(good.encode("gb18030"))[0] == PostedAddress(
        "甲", "决算", 2022, "https://a.example/1.pdf", "2023-09-15"
    )
    bad = good + "乙,决算,22,https://a.example/2\n丙,其他,2022,https://a.example/3\n丁,决算,2022,ftp://a\n" \
        "戊,决算,2022,https://u:p@a.example/4\n己,决算,2022,https://a.example/1.pdf\n庚,决算,2022,https://a.example/5,九月\n"
    with pytest.raises(BadAddressesError) as told:
        read_addresses(bad.encode())
    assert [f"第{number}行" in str(told.value) for number in range(3, 9)] == [True] * 6
    with pytest.raises(BadAddressesError, match="第1行应为"):
        read_addresses(b"a,b\n")


def test_the_command_tells_and_ends_accordingly(site: Site, approved: Account, posted: Path, tmp_path: Path):
    url = site.put("/2022.docx", posted.read_bytes())
    (tmp_path / "批复.json").write_bytes(to_json(approved))
    head = "单位,类别,年度,网址,期限,批复稿\n"
    unit = approved.unit.name
    (tmp_path / "清单.csv").write_text(
        f"{head}{unit},决算,2022,{url},2023-09-15,批复.json\n乙单位,决算,2022,{site.root}/none,2999-01-01,\n", "utf-8"
    )
    own = ["--pause", "0", "--private", "127.0.0.1"]
    command = ["watch", str(tmp_path / "清单.csv"), "-o", str(tmp_path / "看"), *own]
    first = CliRunner().invoke(main, command)
    assert first.exit_code == 1, first.output
    assert "第一次看到" in first.output and "不同 1 个" in first.output and "张贴 1,877.50万元" in first.output
    assert "未到期" in first.output and "还没有" in first.output
    again = CliRunner().invoke(main, command)
    assert "没有变化" in again.output and "第一次看到：" not in again.output
    known: Posting = read_state(tmp_path / "看")[url]
    assert known.checked and known.checked.differences and len(known.seen) == 1
    (tmp_path / "清单.csv").write_text(f"{head}乙单位,决算,2022,{site.root}/none,2999-01-01,\n", "utf-8")
    assert CliRunner().invoke(main, command).exit_code == 0, "not due: nothing to see"
    assert CliRunner().invoke(main, ["watch", str(posted), "-o", str(tmp_path / "x")]).exit_code == 2
