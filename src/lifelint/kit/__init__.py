"""Workflows and forms that no rule asks for: written when somebody asks for them by name."""
