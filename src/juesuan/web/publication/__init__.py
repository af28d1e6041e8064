"""Publication: an approved account becomes a version at a stable address, with page and search index."""
