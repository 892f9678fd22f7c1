"""Runs the command line as ``python -m lifelint``."""

from lifelint.cli import main

main()
