"""Tables that a copy has made text of: their lines and cells found again, and the sentences that stand in cells."""
