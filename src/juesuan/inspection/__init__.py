"""Read, check, locate: what happens to a published file, the same for command line, server, store and scoring."""

from juesuan.inspection.document import Inspection, inspect, inspect_account

__all__ = ["Inspection", "inspect", "inspect_account"]
