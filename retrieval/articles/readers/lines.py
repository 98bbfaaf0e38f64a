"""Text as lines: one kind of line end, no characters that are not text."""

import re

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")

# Shares above which characters that no text has, or that could not be read, tell a file that is not text. A page saved
# in halves keeps below one lost character in five; compressed data has more than one control in twenty.
_CONTROLS, _LOST = 0.02, 0.2
# The head of a server's answer, which some programs save with what it answers; its `Date` is the day of the download.
_RESPONSE = re.compile(r"\s*HTTP/\d(?:\.\d)? \d{3}[^\n]*\n(?:[^\n]+\n){0,200}\n")


def without_response(text: str) -> str:
    """Drop the head of a server's answer from the top of a file."""
    found = _RESPONSE.match(text)
    return text[found.end() :] if found else text


def tidy(text: str) -> str:
    r"""End lines with `\n`, drop control characters and byte order marks, mark lone surrogates as lost.

    >>> tidy("a\r\nb\x00c")
    'a\nbc'
    """
    text = _LINE_END.sub("\n", text)
    text = _NOT_TEXT.sub("", text)
    return _SURROGATE.sub("\ufffd", text)


def is_binary(text: str, marked: int) -> bool:
    """Tell what decoded to something that nobody wrote."""
    head = text[:65536]
    return len(_CONTROL.findall(head)) > _CONTROLS * len(head) or marked > max(_LOST * len(text), 2)
