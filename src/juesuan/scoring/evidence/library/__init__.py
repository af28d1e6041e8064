"""Named queries over the operational data of an information centre; each file says what it measures."""
