"""What users install, built, installed outside the tree, and used as they use it: with an extra, and without."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import tarfile
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

pytest.importorskip("build", reason="needs the extra juesuan[dev]")

from .environment import ROOT, Environment, build, once, tracked

if not tracked():
    pytest.skip("not in a git repository: what belongs to the tree is not known", allow_module_level=True)

Built = tuple[Path, Path]

FORMATS = {".docx", ".pdf", ".html", ".xlsx", ".json"}


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of the tests share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "dist"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def built(shared: Path) -> Built:
    """The sdist and the wheel."""
    return build(shared)


@pytest.fixture(scope="session")
def user(built: Built, shared: Path) -> Environment:
    """An environment with the wheel in it."""
    return Environment(shared, built[1])


@pytest.fixture(scope="session")
def demo(user: Environment) -> Path:
    """The folder that `juesuan demo` fills."""
    with once(user.folder / "shown") as wanted:
        if wanted:
            code, said = user.run("demo", "-o", "demo")
            assert code == 0, said
    return user.folder / "demo"


def published(demo: Path, suffix: str) -> Path:
    (path,) = [path for path in demo.glob(f"*{suffix}") if "摘要" not in path.name]
    return path


def test_the_wheel_has_every_file_of_the_package(built: Built):
    package = {path.removeprefix("src/") for path in tracked() if path.startswith("src/juesuan/")}
    examples = {f"juesuan/{path}" for path in tracked() if path.startswith("examples/") and not path.endswith(".py")}
    guide = {f"juesuan/guide/{path.removeprefix('docs/')}" for path in tracked()
             if re.fullmatch(r"docs/([^/]+\.zh-CN\.md|images/[^/]+)", path)}
    with zipfile.ZipFile(built[1]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == package | examples | guide


def test_the_sdist_has_every_file_of_the_tree(built: Built):
    with tarfile.open(built[0]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames() if sdist.getmember(name).isfile()}
    made = {"PKG-INFO", "setup.cfg"}
    assert {name for name in names - made if ".egg-info/" not in name} == set(tracked())


def test_the_demonstration_makes_every_format(demo: Path):
    assert {path.suffix for path in demo.iterdir()} >= FORMATS


def test_a_published_document_is_checked_and_scored(user: Environment, demo: Path):
    document = published(demo, ".docx")
    code, said = user.run("check", document)
    assert code == 0 and "核对" in said, said
    code, said = user.run("score", document)
    assert code == 0 and "分" in said, said


def test_a_workbook_is_begun_and_an_empty_one_is_told_what_it_lacks(user: Environment):
    code, said = user.run("new", "甲.xlsx", "--profile", "wuhan-2022")
    assert code == 0 and (user.folder / "甲.xlsx").is_file(), said
    code, said = user.run("compile", "甲.xlsx", "-o", "out")
    assert code == 1 and "填报有" in said, said


@pytest.mark.parametrize("what", ["profiles", "codes", "check"])
def test_the_statute_is_shown(user: Environment, what: str):
    code, said = user.run("statute", what)
    assert code == 0 and said.strip(), said


def test_documents_are_ingested_and_asked_about(user: Environment, demo: Path):
    code, said = user.run("ingest", published(demo, ".docx"), published(demo, ".html"), "--store", "store")
    assert code == 0 and "新读入 2" in said, said
    code, said = user.run("query", "SELECT count(*) FROM documents", "--store", "store")
    assert code == 0 and "2" in said, said


HELP = """
import sys
from click.testing import CliRunner
from juesuan.cli import main

def every(command, path=()):
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from every(inner, (*path, name))

for path in every(main):
    answer = CliRunner().invoke(main, [*path, "--help"])
    print(*path, answer.exit_code, "\\u7528\\u6cd5" in answer.output or answer.output)
    assert answer.exit_code == 0 and len(answer.output) > 40, answer.output
"""


def test_every_command_has_its_help_without_any_extra(user: Environment):
    done = subprocess.run([user.python, "-c", HELP], cwd=user.folder, env=user.variables(()), capture_output=True,
                          encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) > 20


# Without the extra that is wanted


def told_to_install(answer: tuple[int, str], extra: str) -> None:
    code, said = answer
    assert code == 2, said
    assert f"juesuan[{extra}]" in said and "安装" in said, said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "command",
    [
        ("serve", "--data", "d"),
        ("user", "add", "甲", "--role", "auditor", "--organisation", "1", "--data", "d"),
        ("audit", "verify", "--data", "d"),
        ("backup", "b.tar.gz", "--data", "d"),
    ],
)
def test_the_server_wants_web(user: Environment, command: tuple[str, ...]):
    told_to_install(user.run(*command), "web")


def test_postgresql_wants_postgres(user: Environment):
    command = ("serve", "--data", "d", "--database", "postgresql://nobody@127.0.0.1:1/x")
    told_to_install(user.run(*command, extras=["web"]), "postgres")


def test_dask_wants_dask(user: Environment, demo: Path):
    told_to_install(user.run("ingest", published(demo, ".docx"), "--store", "s", "--engine", "dask"), "dask")


def test_a_scan_wants_ocr(user: Environment):
    from PIL import Image, ImageDraw

    page = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(page).text((200, 200), "2022", fill=0)
    page.save(user.folder / "scan.pdf", resolution=150)
    for command in ("check", "read"):
        told_to_install(user.run(command, "scan.pdf"), "ocr")


# The server


@contextmanager
def serving(user: Environment, data: str) -> Iterator[str]:
    """The server's address, until it is told to stop, which it does without a fault."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = user.folder / "serve.log"
    with log.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(
            [user.juesuan, "serve", "--data", data, "--port", str(port)], cwd=user.folder,
            env=user.variables(["web"]), stdout=file, stderr=file,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            assert server.poll() is None, log.read_text(encoding="utf-8")
            try:
                urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
    assert "Traceback" not in log.read_text(encoding="utf-8")


class Visitor:
    """A browser without scripts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.csrf = ""

    def get(self, path: str) -> str:
        """The text of a page, whose token is remembered."""
        with self.opener.open(self.address + urllib.parse.quote(path, safe="/?=&%"), timeout=60) as answer:
            assert answer.status == 200, path
            text = answer.read().decode("utf-8", "replace")
        found = re.search(r'name="csrf" value="([^"]+)"', text)
        self.csrf = found[1] if found else self.csrf
        return text

    def post(self, path: str, **fields: str) -> str:
        """The page that comes after a form."""
        body = urllib.parse.urlencode({"csrf": self.csrf, **fields}).encode()
        with self.opener.open(self.address + path, body, timeout=60) as answer:
            return answer.read().decode("utf-8", "replace")


CITY = """\
代码,名称,类型,上级代码
100,测试市财政局,财政部门,
200,测试市教育局,主管部门,100
201,测试市第一中学,预算单位,200
"""

PUBLIC = ("/", "/search?q=决算", "/units", "/three-public", "/performance", "/compare", "/api", "/api/v1/openapi.json",
          "/feed.xml", "/robots.txt", "/assets/portal.css", "/sign-in", "/guide/desk",
          "/guide/images/web-review.png")


def test_the_server_shows_a_page_of_each_kind(user: Environment):
    (user.folder / "city.csv").write_text(CITY, encoding="utf-8")
    code, said = user.run("organisations", "city.csv", "--data", "served", extras=["web"])
    assert code == 0, said
    passwords = {}
    for name, role, home in (("editor", "unit_editor", "201"), ("reviewer", "bureau_reviewer", "100"),
                             ("manager", "bureau_admin", "100"), ("inspector", "auditor", "100")):
        command = ("user", "add", name, "--role", role, "--organisation", home, "--data", "served")
        code, said = user.run(*command, extras=["web"])
        assert code == 0, said
        passwords[name] = said.strip().rpartition("：")[2]
    with serving(user, "served") as address:
        visitor = Visitor(address)
        home = visitor.get("/")
        for asset in set(re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg))"', home)):
            assert visitor.get(asset), asset
        for path in PUBLIC:
            assert visitor.get(path), path
        assert "网上填报和审核" in visitor.get("/guide/desk"), "the guide came along"
        people = {name: signed_in(address, name, password) for name, password in passwords.items()}
        assert "审核" in people["reviewer"].get("/desk")
        people["reviewer"].get("/seasons")
        people["reviewer"].post("/seasons", year="2022", profile="wuhan-2022")
        assert "测试市第一中学" in people["manager"].get("/organisations")
        assert people["manager"].get("/users") and people["inspector"].get("/audit")
        editor = people["editor"]
        editor.get("/filings")
        filing = editor.post("/filings", year="2022")
        sheet = re.search(r'href="(/filings/\d+/sheets/[^"]+)"', filing)[1]
        assert 'id="sheet"' in editor.get(sheet)
        number = sheet.split("/")[2]
        # A process of its own, for which the server must find itself.
        assert "</html>" in editor.get(f"/filings/{number}/page")


def signed_in(address: str, name: str, password: str) -> Visitor:
    """Somebody who has signed in and changed their first password."""
    visitor = Visitor(address)
    visitor.get("/sign-in")
    visitor.post("/sign-in", name=name, password=password, code="")
    visitor.get("/account")
    visitor.post("/account/password", old=password, new="Lotus-pond-42!", again="Lotus-pond-42!")
    return visitor


def test_every_extra_of_the_package_is_tried_here():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(extras) == {"ocr", "postgres", "dask", "web", "dev"}
