"""Reviewing published files: uploads, reading in limited processes, findings and decisions."""
