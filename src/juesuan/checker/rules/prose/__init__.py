"""Rules on running text alone: what it states held against what else it states."""
