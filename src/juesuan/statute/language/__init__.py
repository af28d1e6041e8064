"""The language of the narrative: clauses written and matched, quantities, phrasings, aliases, residue of templates."""
