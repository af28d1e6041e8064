"""Files at their plainest: CSV that never becomes a formula, packages counted before they are opened, cells' names."""
