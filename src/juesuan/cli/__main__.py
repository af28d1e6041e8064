"""`python -m juesuan.cli`."""

from juesuan.cli.main import main

main()
