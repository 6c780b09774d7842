"""`python -m vori` is the same as `vori`."""

from vori.cli.main import main

main()
