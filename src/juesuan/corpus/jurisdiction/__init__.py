"""Whole jurisdictions: one ledger of many units compiled, departments held against the sum of their units."""
