"""Bots that renew dependencies, as far as git tells what they watch, and the files that they would have to watch."""
