"""Files at their plainest: CSV that is no formula, packages counted before they are opened, cells' names, a cache."""
