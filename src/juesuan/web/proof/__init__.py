"""Proofs of what was reviewed and approved here, to be taken away and recomputed elsewhere."""
