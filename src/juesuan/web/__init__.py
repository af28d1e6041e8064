"""One server for a city: units, departments and the bureau work on accounts in a browser, the public reads them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from juesuan.web.application import create_application
    from juesuan.web.infra.settings import Settings

__all__ = ["Settings", "create_application"]

_PLACES = {"Settings": "juesuan.web.infra.settings", "create_application": "juesuan.web.application"}


def __getattr__(name: str) -> Any:
    # Processes for one piece of work (settling, making, reading) need no server, whose libraries take a second to load.
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(_PLACES[name]), name)
