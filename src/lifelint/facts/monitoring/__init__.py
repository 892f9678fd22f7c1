"""What watches a model once it is shipped, as far as it is in git, and to whom its alerts lead."""
