"""Filings (申报): sheets filled in, changes, steps from draft to publication."""
