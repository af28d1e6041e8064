"""What a unit fills in on a screen (网上填报): content, examination, and what carries over from last year."""
