"""Recognise copies of a story: reprints with another head, tail, title or script and a few edits.

Articles whose signatures share `SHARED_BANDS` of their bands may be copies; `is_copy` says whether they are.
docs/duplicates.md gives the rule and its numbers.
"""

from retrieval.articles.duplicates.copies import is_copy
from retrieval.articles.duplicates.signing import BANDS, SHARED_BANDS, bands, signature

__all__ = ["BANDS", "SHARED_BANDS", "bands", "is_copy", "signature"]
