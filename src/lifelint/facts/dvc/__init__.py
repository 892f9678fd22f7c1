"""What DVC's files say and imply, read without DVC. Follows dvc 3.67 (``schema.py``, ``stage/``, ``parsing/``)."""
