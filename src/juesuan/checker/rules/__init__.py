"""The rules: each module holds one family against an account and gives its findings."""
