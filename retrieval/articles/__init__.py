"""Bytes → articles: reading, decoding, repair, cleaning, metadata, duplicates."""
