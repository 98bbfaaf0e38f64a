"""Bytes → articles: reading, decoding, repair, cleaning, metadata, duplicates."""

VERSION = "5"
"""Raised when reading or cleaning improves: articles made by an older version are made again."""
