"""SQLite, the truth about an archive: articles, passages, windows and their vectors."""
