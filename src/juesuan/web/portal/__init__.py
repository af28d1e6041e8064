"""The public portal: what it shows, searches, compares and gives as open data."""
