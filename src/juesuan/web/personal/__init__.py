"""One person's own desk (单机): the same pages on one's own computer, for one unit, without an administrator."""
