"""Parts against their wholes: declared compositions, lists by a classification, counts, complete lists."""
