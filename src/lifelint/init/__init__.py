"""What a repository needs to begin with lifelint: proposed from what it tells, proven before it is shown."""
