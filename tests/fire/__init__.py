"""The web under fire: a real server, clients over HTTP, and an inspection of what the server left behind."""
