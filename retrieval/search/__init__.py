"""Question → ranked passages, or a refusal."""
