"""What was posted, watched (张贴的决算): fetched politely, kept, checked, held against what was approved."""

from juesuan.corpus.watch.addresses import BadAddressesError, PostedAddress, read_addresses
from juesuan.corpus.watch.fetching import Fetched, Fetcher, Limits
from juesuan.corpus.watch.watching import (
    EVENTS,
    CheckedPosting,
    Difference,
    Posting,
    Sighting,
    State,
    approved_account,
    check_posted,
    differences,
    look,
    read_state,
    write_state,
)

__all__ = [
    "EVENTS",
    "BadAddressesError",
    "CheckedPosting",
    "Difference",
    "Fetched",
    "Fetcher",
    "Limits",
    "PostedAddress",
    "Posting",
    "Sighting",
    "State",
    "approved_account",
    "check_posted",
    "differences",
    "look",
    "read_addresses",
    "read_state",
    "write_state",
]
