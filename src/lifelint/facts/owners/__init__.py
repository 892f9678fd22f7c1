"""Who owns which path, as a CODEOWNERS file says it and as its forge reads it."""
