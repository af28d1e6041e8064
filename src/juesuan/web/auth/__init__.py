"""Who is there and what they may do: sign-in, passwords, directories, single sign-on, users, organisations, rights."""
