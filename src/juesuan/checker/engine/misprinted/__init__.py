"""Faults of whole tables that are one cause: figures in wrong lines, two lines exchanged, a wrong unit of money."""
