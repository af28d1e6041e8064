"""The first changes, before filings had one list of findings."""
