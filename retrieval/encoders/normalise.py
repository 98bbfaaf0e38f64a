"""Text → the form in which the default model's tokenizer has learned it.

Source: the `nmt_nfkc` rule of SentencePiece. It is NFKC, except that control characters vanish, that characters of no
width and the meta space count as spaces, and that the full-width tilde (a range in Chinese: 3～5天) stays.
"""

import re
import unicodedata

CONTROLS = "[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"
SPACES = "[\\t\\n\\x0c\\r\\u1680\\u200b-\\u200f\\u2028\\u2029\\u2581\\ufeff\\ufffd]"
TILDE, TILDE_KEPT = "\uff5e", "\ue5fe"
"""The full-width tilde, and a private character that stands for it while NFKC runs."""

_CONTROLS = re.compile(CONTROLS)
_SPACES = re.compile(SPACES)
_RUN = re.compile(" +")


def normalise(text: str) -> str:
    """Fold a text: NFKC, no control characters, single spaces."""
    text = _SPACES.sub(" ", _CONTROLS.sub("", text)).replace(TILDE, TILDE_KEPT)
    text = unicodedata.normalize("NFKC", text).replace(TILDE_KEPT, TILDE)
    return _RUN.sub(" ", text).strip(" ")
