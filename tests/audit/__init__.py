"""Tests of ``lifelint.audit``."""
