"""The reading room: the archive's answers and articles as pages, as an API, and as tools for other programs."""
