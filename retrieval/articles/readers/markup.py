"""Markup inside a field → lines of text, without a page around it."""

import html
import re

_MARKUP = re.compile(
    r"</(?:p|div|span|a|table|ul|section|font|strong|b|h[1-6])>|<(?:p|br|img|div)\b[^<>]*>", re.IGNORECASE
)
_UNSEEN = re.compile(
    r"<(script|style|noscript|iframe|template)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|table|section|article|blockquote|h[1-6]|figure|figcaption|dd|dt|hr|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_SPACES = re.compile(r"[ \t\n\r\f\v]+")


def has_markup(text: str) -> bool:
    """Tell whether a field holds HTML rather than text."""
    return "<" in text and _MARKUP.search(text) is not None


def lines_of_fragment(markup: str) -> list[str]:
    """Return the text of an HTML fragment, a line a block.

    >>> lines_of_fragment("<p>one<br>two &amp; three</p>")
    ['one', 'two & three']
    """
    text = _BREAK.sub("\0", _UNSEEN.sub("", markup))
    text = _TAG.sub("", _CELL.sub("\t", text))
    lines = (_SPACES.sub(" ", html.unescape(line)).strip(" \t\xa0\u3000") for line in text.split("\0"))
    return [line for line in lines if line]
