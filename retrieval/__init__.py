"""Find the passages of an archive of articles that answer a question."""
