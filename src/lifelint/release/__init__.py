"""What commands about releases need beyond facts: which release is meant, how versions are ordered. Pure."""
