"""A small city: bureau, two departments, three units, and a user for each role."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from database_server import with_database

pytest.importorskip("fastapi", reason="needs the extra juesuan[web]")

from fastapi import FastAPI

from juesuan.web import Settings, create_application
from juesuan.web.auth.organisations import import_organisations
from juesuan.web.auth.sessions import External
from juesuan.web.auth.users import add_user
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.migration import migrate
from juesuan.web.site.site import Site

from . import client
from .client import Client
from .forking import run_module
from .once import remembering
from .one_dialect import create_alike

PASSWORD = "Lotus-pond-42!"

CITY = """\
代码,名称,类型,上级代码
100,测试市财政局,财政部门,
200,测试市教育局,主管部门,100
201,测试市第一中学,预算单位,200
202,测试市第二中学,预算单位,200
300,测试市卫生局,主管部门,100
301,测试市第一医院,预算单位,300
"""

USERS = {
    "editor": ("unit_editor", "201"),
    "approver": ("unit_approver", "201"),
    "warden": ("unit_secrecy", "201"),
    "head": ("unit_head", "201"),
    "department": ("department", "200"),
    "reviewer": ("bureau_reviewer", "100"),
    "manager": ("bureau_admin", "100"),
    "inspector": ("auditor", "100"),
    "stranger": ("unit_editor", "301"),
    "colleague": ("unit_editor", "201"),
}


@dataclass
class Clock:
    """A clock that tests set."""

    now: datetime = field(default_factory=lambda: datetime(2026, 6, 1, 8, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: int) -> None:
        """Lets time go by."""
        self.now += timedelta(**by)


class City:
    """The application with the city in it, and browsers for its users."""

    def __init__(
        self, settings: Settings, clock: Clock, external: External | None = None, *, peopled: bool = False
    ) -> None:
        """With `peopled` the database has organisations and users already."""
        self.settings = settings
        self.clock = clock
        self.application: FastAPI = create_application(settings, external)
        self.site: Site = self.application.state.site
        if peopled:
            return
        with self.site.database.writing() as session:
            import_organisations(session, self.site.trail, SYSTEM, CITY.encode())
            for name, (role, code) in USERS.items():
                add_user(session, self.site.trail, self.site.passwords, SYSTEM, name=name, full_name=f"{name}甲",
                         role=role, organisation=code, password=PASSWORD)

    def browser(self, name: str = "", password: str = PASSWORD, code: str = "") -> Browser:
        """A browser, signed in as the user `name` where given."""
        browser = Browser(Client(self.application))
        if name:
            answer = browser.sign_in(name, password, code)
            assert answer.status_code == 303, answer.text
        return browser


class Browser:
    """What a person does: gets pages, and sends the forms on them with their hidden fields."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.csrf = ""

    def get(self, address: str, **options):
        """A page; its forms' token is remembered."""
        answer = self.client.get(address, **options)
        token = re.search(r'name="csrf" value="([^"]+)"', answer.text) if "html" in answer.headers.get(
            "content-type", "") else None
        if token:
            self.csrf = token[1]
        return answer

    def post(self, address: str, data: dict[str, object] | None = None, **options):
        """Sends a form."""
        return self.client.post(address, data={"csrf": self.csrf, **(data or {})}, **options)

    def sign_in(self, name: str, password: str, code: str = "", **more: str):
        """Signs in through the form."""
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name, "password": password, "code": code, **more})
        if answer.status_code == 303:
            self.get("/account")
        return answer


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the results of processes are kept: of all processes that run tests, which lie beside each other."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "kept"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def working_once(kept: Path) -> Iterator[None]:
    """Processes that compile, read and publish run once for the same files: a start and the work take seconds."""
    from juesuan.web.filing import processing
    from juesuan.web.infra import limited_process
    from juesuan.web.publication import build
    from juesuan.web.review import reading

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limited_process, "run_module", run_module)
        for module in (processing, build, reading):
            patch.setattr(module, "carry_out", remembering(limited_process.carry_out, kept))
        yield


@pytest.fixture(autouse=True)
def worked_once(kept: Path) -> Iterator[None]:
    """Every test works once; a fixture that outlives a test says so itself."""
    with working_once(kept):
        yield


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """One event loop for the requests of all clients."""
    with client.one_loop():
        yield


@pytest.fixture(scope="session", autouse=True)
def one_dialect() -> Iterator[None]:
    """Every statement is compiled once for all databases of a kind."""
    from juesuan.web.infra import database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", create_alike)
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
"""For tests of what no database has a part in, and that take seconds."""

SERVER_ENGINE = pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
"""For tests of whole ways that tests/web/test_whole_way.py and tests/fire go on SQLite."""

NewDatabase = Callable[[], str]
NUMBERS = count(1)
"""Of the databases: the server outlives the fixtures, which are made anew where a file returns to an engine."""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The database that a test runs on."""
    return request.param


@pytest.fixture(scope="session")
def new_database(engine: str, request: pytest.FixtureRequest) -> NewDatabase:
    """Gives the address of a new database each time: empty for SQLite, which lies in the data folder."""
    if engine == "sqlite":
        return lambda: ""
    server: str = request.getfixturevalue("postgresql")
    return lambda: with_database(server, f"city{next(NUMBERS)}")


def cheap_settings(data: Path, clock: Clock, database: str = "") -> Settings:
    """Settings with cheap passwords: what argon2 costs is not under test."""
    return replace(
        Settings(data, database), address="http://testserver", clock=clock, password_memory=64, password_rounds=1,
        requests_per_minute=1_000_000, account_requests_per_minute=1_000_000, sign_ins_per_minute=100_000,
    )


@pytest.fixture(scope="session")
def empty_database(
    engine: str, new_database: NewDatabase, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], str]:
    """Puts a database with all tables and no rows, for the data folder, and gives its address: a copy of one."""
    first = Settings(tmp_path_factory.mktemp("empty"), new_database())
    site = Site(first)
    migrate(site.database, site.sealer)
    site.database.close()
    return _copies(first, engine, request)


@pytest.fixture(scope="session")
def peopled_database(
    engine: str, new_database: NewDatabase, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], str]:
    """The same with the city's organisations and users, who came on the first day of the tests' clock."""
    clock = Clock()
    first = cheap_settings(tmp_path_factory.mktemp("peopled"), clock, new_database())
    City(first, clock).site.database.close()
    return _copies(first, engine, request)


def _copies(first: Settings, engine: str, request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Puts copies of a database that nobody has open."""
    if engine == "postgresql":
        server: str = request.getfixturevalue("postgresql")
        template = first.database.rpartition("/")[2]
        return lambda _: with_database(server, f"city{next(NUMBERS)}", template)

    def copied(data: Path) -> str:
        data.mkdir(parents=True)
        shutil.copyfile(first.data / "juesuan.sqlite", data / "juesuan.sqlite")
        return ""

    return copied


@pytest.fixture
def settings(engine: str, request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Settings:
    """Settings on a new database: with the city in it for tests of the city."""
    database = "peopled_database" if "city" in request.fixturenames else "empty_database"
    return cheap_settings(tmp_path / "data", clock, request.getfixturevalue(database)(tmp_path / "data"))


@pytest.fixture
def city(settings: Settings, clock: Clock) -> Iterator[City]:
    made = City(settings, clock, peopled=True)
    yield made
    made.site.database.close()


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase, kept: Path) -> Iterator[City]:
    """A city that has published."""
    from .publishing import fill

    clock = Clock()
    made = City(cheap_settings(tmp_path_factory.mktemp("portal") / "data", clock, new_database()), clock)
    with working_once(kept):
        fill(made)
    yield made
    made.site.database.close()


@pytest.fixture
def started(city: City) -> tuple[City, Browser, str]:
    """A filing with the example's workbook in it."""
    from .filling import begin, fill_in, open_season

    open_season(city, approved="2023-08-10")
    browser, address = begin(city)
    fill_in(city, address)
    return city, browser, address
