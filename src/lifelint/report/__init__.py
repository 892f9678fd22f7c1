"""Reports as text. Each format is a module with ``render(report, …) -> str``; none prints."""
