"""What the rules on prose work on: numbers with their ranges, what they tell of each subject, issues on them."""
