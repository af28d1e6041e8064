"""What every page of a server shares: database, trail, sessions, rights, templates."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from juesuan.account import SEVERITY_NAMES, WAN, printed
from juesuan.web.auth.entry_links import EntryLinks
from juesuan.web.auth.oidc import Provider
from juesuan.web.auth.passwords import Passwords
from juesuan.web.auth.rights import load_rights
from juesuan.web.auth.sessions import External, SignedInUser, Signing
from juesuan.web.infra.audit import Trail
from juesuan.web.infra.database import Database
from juesuan.web.infra.rates import Rates
from juesuan.web.infra.response_cache import ResponseCache
from juesuan.web.infra.sealing import Sealer
from juesuan.web.infra.security import Metrics
from juesuan.web.infra.settings import NATIONAL_TIME, Settings
from juesuan.web.site.help import help_of
from juesuan.web.site.setting_up import SetupStep, setup_steps

HERE = Path(__file__).parents[1]
ASSETS = HERE / "assets"


class Site:
    """One running server."""

    def __init__(self, settings: Settings, external: External | None = None) -> None:
        self.settings = settings
        self.database = Database(settings)
        settings.files.mkdir(parents=True, exist_ok=True)
        self.trail = Trail(settings.clock, national=settings.national)
        self.passwords = Passwords(settings)
        self.metrics = Metrics()
        self.rates = Rates(settings)
        self.cache = ResponseCache()
        self.rights = load_rights()
        self.secret = stored_secret(settings.data / "secret").encode()
        self.sealer = Sealer(self.secret, national=settings.national)
        self.links = EntryLinks(self.secret, settings.clock)
        self.first_links = EntryLinks(self.secret, settings.clock, "first", timedelta(days=1))
        """Links to an empty server, for whoever set it up."""
        self.set_up = False
        """Whether the first setting up is known to be finished."""
        self.stop: Callable[[], None] = lambda: None
        """Ends the server; set by whoever runs it."""
        self.signing = Signing(settings, self.passwords, self.trail, self.sealer, external)
        self.monitor = stored_secret(settings.data / "metrics-token")
        self.oidc = Provider(
            settings.oidc, settings.oidc_client, settings.oidc_secret, settings.address, settings.oidc_claim,
            settings.clock,
        ) if settings.oidc else None

    @staticmethod
    def wan(amount: Decimal) -> str:
        """An amount of yuan as pages print it: in 万元 with two decimals."""
        return printed(amount / WAN, 2, grouping=True)

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """A page for whoever asks, with the menu that their rights give."""
        return HTMLResponse(self.rendered(request, template, **values), status)

    def rendered(self, request: Request, template: str, **values: Any) -> str:
        """The text of a page for whoever asks."""
        identity = identity_of(request)

        def may(route: str) -> bool:
            return self.rights.may(identity.role, route)

        return _templates().get_template(template).render(
            me=identity, personal=self.settings.personal, help=help_of(template, identity.role),
            setup=setup_of(self, identity.role), role_names=self.rights.roles, may=may, titles=SEVERITY_NAMES,
            url=request.app.url_path_for, **values,
        )


@cache
def _templates() -> Environment:
    """The templates of all pages, each compiled when it is first wanted."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    environment.filters["day"] = lambda text: local(text)[:10]
    environment.filters["wan"] = Site.wan
    environment.filters["two"] = lambda number: printed(number, 2, grouping=True)
    environment.filters["percent"] = lambda number: f"{printed(number, 2)}%"
    environment.filters["second"] = local
    environment.filters["minute"] = lambda text: local(text)[:16]
    return environment


def setup_of(site: Site, role: str) -> list[SetupStep]:
    """The steps of setting up, for the administrator until all are done."""
    if role != "bureau_admin" or site.set_up or site.settings.personal:
        return []
    with site.database.reading() as session:
        steps = setup_steps(session)
    site.set_up = all(step.done for step in steps)
    return [] if site.set_up else steps


def local(written: str) -> str:
    """A moment of the tables (UTC) as people here read it, in Beijing time; empty for none."""
    return datetime.fromisoformat(written).astimezone(NATIONAL_TIME).strftime("%Y-%m-%d %H:%M:%S") if written else ""


def site_of(request: Request) -> Site:
    """The server that a request came to."""
    site: Site = request.app.state.site
    return site


def today(request: Request) -> date:
    """The day that it is for the country."""
    return site_of(request).settings.clock().astimezone(NATIONAL_TIME).date()


def identity_of(request: Request) -> SignedInUser:
    """Who asks; the public until the guard has looked."""
    identity: SignedInUser = getattr(request.state, "identity", None) or SignedInUser()
    return identity


def text_of(request: Request, field: str, longest: int = 2000) -> str:
    """What the form that was sent says in `field`, without spaces around it; empty where it has none."""
    value = request.state.form.get(field, "")
    return value.strip()[:longest] if isinstance(value, str) else ""


def number_of(text: str) -> int:
    """The whole number that `text` is; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def to(request: Request, route: str, **parameters: Any) -> Response:
    """Sends the browser on to another page."""
    return RedirectResponse(request.app.url_path_for(route, **parameters), 303)


def stored_secret(path: Path) -> str:
    """The secret in a file that only the server may read; made when it is first wanted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    return path.read_text(encoding="ascii")
