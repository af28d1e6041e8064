"""The HTML of a document."""
