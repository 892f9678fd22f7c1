"""Plans that close the gap: what would be written where a rule fails, proven before it is shown. Nothing is written."""
