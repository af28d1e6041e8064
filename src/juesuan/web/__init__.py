"""One server for a city: units, departments and the bureau work on accounts in a browser, the public reads them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from juesuan.web.application import create_application
    from juesuan.web.auth.directory import DirectoryError
    from juesuan.web.auth.lists import BadListError
    from juesuan.web.auth.oidc import OidcError
    from juesuan.web.auth.organisations import import_organisations
    from juesuan.web.auth.passwords import WeakPasswordError
    from juesuan.web.auth.users import UserError, add_user, reset_password
    from juesuan.web.infra.audit import SYSTEM, verify
    from juesuan.web.infra.backup import BackupError, backup, restore
    from juesuan.web.infra.models import User
    from juesuan.web.infra.settings import Settings, keep_private
    from juesuan.web.migration import EmptiedDatabaseError, NewerDatabaseError, UpgradeError, migrate
    from juesuan.web.own_desk import own_folder, run_desk
    from juesuan.web.personal.shortcut import write_shortcuts
    from juesuan.web.portal.licence import LicenceError, read_licence
    from juesuan.web.server import AddressTakenError, AlreadyServedError, serve
    from juesuan.web.setup.pages import first_address
    from juesuan.web.site.site import Site

__all__ = [
    "SYSTEM",
    "AddressTakenError",
    "AlreadyServedError",
    "BackupError",
    "BadListError",
    "DirectoryError",
    "EmptiedDatabaseError",
    "LicenceError",
    "NewerDatabaseError",
    "OidcError",
    "Settings",
    "Site",
    "UpgradeError",
    "User",
    "UserError",
    "WeakPasswordError",
    "add_user",
    "backup",
    "create_application",
    "first_address",
    "import_organisations",
    "keep_private",
    "migrate",
    "own_folder",
    "read_licence",
    "reset_password",
    "restore",
    "run_desk",
    "serve",
    "verify",
    "write_shortcuts",
]

_PLACES = {
    "AddressTakenError": "juesuan.web.server",
    "AlreadyServedError": "juesuan.web.server",
    "BackupError": "juesuan.web.infra.backup",
    "BadListError": "juesuan.web.auth.lists",
    "DirectoryError": "juesuan.web.auth.directory",
    "EmptiedDatabaseError": "juesuan.web.migration",
    "LicenceError": "juesuan.web.portal.licence",
    "NewerDatabaseError": "juesuan.web.migration",
    "OidcError": "juesuan.web.auth.oidc",
    "SYSTEM": "juesuan.web.infra.audit",
    "Settings": "juesuan.web.infra.settings",
    "Site": "juesuan.web.site.site",
    "UpgradeError": "juesuan.web.migration",
    "User": "juesuan.web.infra.models",
    "UserError": "juesuan.web.auth.users",
    "WeakPasswordError": "juesuan.web.auth.passwords",
    "add_user": "juesuan.web.auth.users",
    "backup": "juesuan.web.infra.backup",
    "create_application": "juesuan.web.application",
    "first_address": "juesuan.web.setup.pages",
    "keep_private": "juesuan.web.infra.settings",
    "import_organisations": "juesuan.web.auth.organisations",
    "migrate": "juesuan.web.migration",
    "own_folder": "juesuan.web.own_desk",
    "read_licence": "juesuan.web.portal.licence",
    "reset_password": "juesuan.web.auth.users",
    "restore": "juesuan.web.infra.backup",
    "run_desk": "juesuan.web.own_desk",
    "serve": "juesuan.web.server",
    "verify": "juesuan.web.infra.audit",
    "write_shortcuts": "juesuan.web.personal.shortcut",
}


def __getattr__(name: str) -> Any:
    # Processes for one piece of work (settling, making, reading) need no server, whose libraries take a second to load.
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(_PLACES[name]), name)
