"""An archive in a Milvus cluster: four collections, written by many and read by many at once.

The row of an article is the truth. It names the article's revision, and only passages and windows of that revision
are believed. A writer puts those first, then the article's row, then removes what belongs to the revision before: a
reader finds the old text whole or the new text whole, whenever it asks.
"""
