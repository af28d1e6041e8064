"""The engine of checking: relations by intervals, diagnosis, quantities of sentences, guarded rules."""
