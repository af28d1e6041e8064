"""The commands on self-evaluation forms and their evidence: score, evidence."""
