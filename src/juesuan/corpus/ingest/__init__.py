"""Published files taken into a store: planned, read by supervised processes, never twice."""
