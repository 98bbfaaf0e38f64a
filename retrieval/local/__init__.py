"""An archive in a folder on this machine: SQLite is the truth, FAISS and tantivy are derived from it."""
