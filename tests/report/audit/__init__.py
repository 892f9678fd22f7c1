"""Tests of ``lifelint.report.audit``."""
