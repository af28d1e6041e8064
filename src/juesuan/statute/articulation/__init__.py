"""Relations (勾稽关系) at work: the notation, its expansion over an account, judgement within rounding, solution."""
