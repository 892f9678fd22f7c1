"""Data and models: what stands behind a pointer, where the content is kept, and what lies in git itself.

Each kind of fact has a module of its own, so that nothing is imported for another.
"""
