"""What the server stands on: settings, database, audit trail, backup, limited processes, security."""
