"""What was posted, watched (张贴的决算): fetched politely, kept, checked, held against what was approved."""

from juesuan.corpus.watch.addresses import LIST, BadAddressesError, PostedAddress, read_addresses
from juesuan.corpus.watch.fetching import Fetched, Fetcher, FetchLimits
from juesuan.corpus.watch.watching import (
    EVENTS,
    CheckedPosting,
    PostedDifference,
    Posting,
    Sighting,
    State,
    approved_account,
    check_posted,
    differences,
    look,
    look_at_list,
    places_of,
    read_state,
    write_state,
)

__all__ = [
    "EVENTS",
    "LIST",
    "BadAddressesError",
    "CheckedPosting",
    "FetchLimits",
    "Fetched",
    "Fetcher",
    "PostedAddress",
    "PostedDifference",
    "Posting",
    "Sighting",
    "State",
    "approved_account",
    "check_posted",
    "differences",
    "look",
    "look_at_list",
    "places_of",
    "read_addresses",
    "read_state",
    "write_state",
]
