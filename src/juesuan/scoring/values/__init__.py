"""Values as self-evaluation forms write them: grammar, units, comparison."""
