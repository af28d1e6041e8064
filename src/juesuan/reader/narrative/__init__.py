"""The narrative read: sentences become statements with the figures that they state."""
