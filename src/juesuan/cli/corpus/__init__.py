"""The commands on many accounts: ingest, query, export, jurisdiction, rollup, compare, simulate."""
