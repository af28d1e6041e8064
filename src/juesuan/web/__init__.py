"""One server for a city: units, departments and the bureau work on accounts in a browser, the public reads them."""

from juesuan.web.application import create_application
from juesuan.web.settings import Settings

__all__ = ["Settings", "create_application"]
