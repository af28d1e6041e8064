"""What units have posted elsewhere, watched by the server: a list of addresses, looked at by a job."""
