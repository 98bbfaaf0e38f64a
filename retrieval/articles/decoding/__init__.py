"""Bytes → text, by evidence: what a file claims about its encoding only decides between near equals."""

import re
from dataclasses import dataclass

from retrieval.articles.decoding.encodings import codec_of, guess, mark_of
from retrieval.articles.decoding.mojibake import LOST, undo

__all__ = ["Decoded", "decode", "undo"]

# Control bytes that no ASCII or UTF-8 text has, but UTF-16, UTF-32 and ISO-2022-JP do.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]|\x1b[$(]")
_CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Bytes up to which a few GBK characters can be valid UTF-8 by chance, each a pair of letters of some other alphabet.
_CHANCE = 32
# Lines of one text whose encoding is guessed one by one, a second of work; no page has more.
_GUESSED = 10_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read in, and how many characters of it are lost and stand as U+FFFD."""

    text: str
    encoding: str
    marked: int


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Read `data` in the encoding that its bytes speak for, and undo an earlier misreading.

    `declared` is what the file or its carrier claims; it only decides between near equals.
    """
    text, encoding = _read(data, declared)
    text = text if _is_noise(text) else undo(text)
    return Decoded(text, encoding, text.count(LOST))


def _read(data: bytes, declared: str | None) -> tuple[str, str]:
    if found := mark_of(data):
        mark, encoding = found
        return data[len(mark) :].decode(encoding, "replace"), encoding
    if not _CONTROL.search(data, 0, 4096) and b"\x1b$" not in data and (len(data) > _CHANCE or data.isascii()):
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    encoding = guess(data, declared)
    text = data.decode(codec_of(encoding), "replace")
    # A page glued from two encodings: read the lines one by one where that saves most of what is lost.
    if text.count(LOST) > 1 and b"\n" in data and not _is_noise(text):
        apart = _line_by_line(data, encoding)
        text = apart if apart.count(LOST) * 4 < text.count(LOST) else text
    return text, encoding


def _is_noise(text: str) -> bool:
    """Tell data that is no text, whose thousands of lines are not worth the time: one in fifty is a control."""
    head = text[:65536]
    return len(_CONTROL_CHARACTER.findall(head)) * 50 > len(head)


def _line_by_line(data: bytes, encoding: str) -> str:
    """Read each line in UTF-8 where it is valid, else in its own likeliest encoding."""
    lines, guessed = [], 0
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            own = guess(line, encoding, is_one_of_many=True) if guessed < _GUESSED else encoding
            lines.append(line.decode(codec_of(own), "replace"))
            guessed += 1
    return "\n".join(lines)
