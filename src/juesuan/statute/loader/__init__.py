"""The loader: reads, overlays, validates and caches the statute."""
