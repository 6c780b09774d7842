"""The command line, made for people."""
