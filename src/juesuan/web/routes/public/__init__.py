"""The pages and addresses that are open to everybody."""
