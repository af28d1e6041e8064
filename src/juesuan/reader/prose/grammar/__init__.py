"""The grammar of running text: words found by the lexicon become frames of subject, measure, base, direction, value."""
