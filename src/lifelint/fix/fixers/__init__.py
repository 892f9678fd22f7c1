"""What mends a rule that fails. A rule names a function here by its address (``fix: {by: area.name}``).

Each takes a ``Case`` and yields the changes that mend it; where there are none it raises ``CannotFix`` with the reason.
Whether they mend it is proven by whoever asks.
"""
