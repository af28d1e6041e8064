"""The database's changes from one version of the program to the next."""
