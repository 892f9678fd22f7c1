"""What was measured of which model, by which report, and what a project demands of it."""
