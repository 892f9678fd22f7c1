"""What is published on a forge: the only package that talks over a network, and only to where the runner points it."""
