"""How far every organisation has come, by year and kind of disclosure, and whom to remind."""
