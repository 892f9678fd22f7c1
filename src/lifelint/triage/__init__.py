"""What a project says of its findings. Pure: the day it is, is an argument."""
