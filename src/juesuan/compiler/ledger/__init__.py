"""The ledger (预算执行台账): files opened, lines added up by DuckDB, meanings, entries of the account."""
