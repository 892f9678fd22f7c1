"""Predicates over facts. Each yields what it looked at, good and bad; nothing looked at means nothing yielded."""
