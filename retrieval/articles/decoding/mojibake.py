"""Text that was once read in a wrong encoding and saved so: undone where every byte survived, marked where not."""

import functools
import re

from retrieval.articles.decoding.encodings import codec_of, guess
from retrieval.articles.decoding.plausibility import log_probability

LOST = "\ufffd"

# What a reader of Windows-1252 (or of Latin-1, where 80–9F stay control characters) makes of bytes above 7F.
_WESTERN = "\u0080-\u00ffŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
_WESTERN_RUN = re.compile(f"[{_WESTERN}{LOST}](?:[{_WESTERN}{LOST} ]*[{_WESTERN}{LOST}])?")
_WESTERN_SIGN = re.compile(f"[\u00a1-\u00fe][{_WESTERN}]|[\u0080-\u009f]")
_WESTERN_BYTES = {chr(byte): byte for byte in range(256)} | {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}

# Two U+FFFD in UTF-8, read as GBK. A page that speaks of them puts them in quotes.
_KUN = re.compile("(?<![“「『《\"'‘（(])锟斤拷(?:锟斤拷)*锟?")

# Whole characters of UTF-8; then, beside lost bytes, what is left of one.
_THREE = rb"[\xe2-\xe9\xef][\x80-\xbf]{2}"
_WHOLE = re.compile(_THREE)
_BROKEN = re.compile(
    rb"(?P<whole>" + _THREE + rb"|[\xc2-\xdf][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\x00-\x7f]+)"
    rb"|[\xe2-\xef]\?[\x80-\xbf]|[\xc2-\xf4][\x80-\xbf]*\?*|[\x80-\xbf]+\?*|[\x80-\xff]",
    re.DOTALL,
)

# Nats that a misreading must be outweighed by: text is seldom misread, one line in e¹⁰.
_PRIOR = 10.0
# Share of the bytes above 7F that must be whole UTF-8 characters before text is taken for UTF-8 read as GBK: honest
# Chinese has 5 % by chance, damaged text above 60 %.
_MISREAD = 0.5
# Longer lines are no article's and are left as they are.
_LONG = 100_000
# Lines up to this length are likely to come back.
_SHORT = 64
# In a text of more lines nobody else is asked about each of them, which takes 3 ms.
_MANY = 1_000


def undo(text: str) -> str:
    """Return `text` as it was before it was misread; untouched unless the misreading is plain."""
    if text.isascii():
        return text
    if _WESTERN_SIGN.search(text):
        lines = text.split("\n")
        text = "\n".join(_undo_western(line, len(lines) > _MANY) for line in lines)
    text = _undo_gbk(text)
    return _KUN.sub(lambda found: LOST * (2 * (len(found[0]) // 3)), text) if "锟斤拷" in text else text


def _undo_western(line: str, is_one_of_many: bool) -> str:  # noqa: FBT001
    """Undo UTF-8, GBK, Big5, … that was read as Latin-1 or Windows-1252, UTF-8 up to three times over."""
    if len(line) > _LONG or not _WESTERN_SIGN.search(line):
        return line
    return (_undone_before if len(line) <= _SHORT else _undone)(line, is_one_of_many)


def _undone(line: str, is_one_of_many: bool) -> str:  # noqa: FBT001
    once = _WESTERN_RUN.sub(_reread, line)
    twice = _WESTERN_RUN.sub(_reread, once)
    return _likelier(line, (once, twice, _WESTERN_RUN.sub(_reread, twice), _reread_whole(line, is_one_of_many)))


@functools.lru_cache(maxsize=4096)
def _undone_before(line: str, is_one_of_many: bool) -> str:  # noqa: FBT001  # keys of a cache
    return _undone(line, is_one_of_many)


def _likelier(line: str, readings: tuple[str, ...]) -> str:
    likely = {reading: log_probability(reading) for reading in readings if reading != line}
    best = max(likely, key=lambda reading: likely[reading], default=line)
    return best if best != line and likely[best] - _PRIOR > log_probability(line) else line


def _reread(run: re.Match[str]) -> str:
    """Read a run of Western letters as UTF-8; as it stands when that fails."""
    try:
        return _western_bytes(run[0]).decode("utf-8")
    except UnicodeDecodeError:
        return run[0]


def _reread_whole(line: str, is_one_of_many: bool) -> str:  # noqa: FBT001
    """Read a whole line by the evidence of its bytes, if every letter of it was a byte."""
    if any(char not in _WESTERN_BYTES and char != LOST for char in line):
        return line
    data = _western_bytes(line)
    encoding = guess(data, is_one_of_many=is_one_of_many)
    if encoding == "utf-8":
        return _BROKEN.sub(_mark, data).decode("utf-8")
    return line if encoding == "windows-1252" else data.decode(codec_of(encoding), "replace")


def _western_bytes(text: str) -> bytes:
    return bytes(_WESTERN_BYTES.get(char, 0x3F) for char in text)


def _undo_gbk(text: str) -> str:
    """Undo UTF-8 that was read as GBK: the whole text when most of it is so, else line by line."""
    share = _misread_share(text)
    if share >= _MISREAD:
        return "\n".join(map(_reread_gbk, text.split("\n")))
    if share < 0.05 or "\n" not in text:
        return text
    return "\n".join(_reread_gbk(line) if _misread_share(line) >= _MISREAD else line for line in text.split("\n"))


def _misread_share(text: str) -> float:
    data = _gbk_bytes(text)
    high = len(data.translate(None, bytes(range(0x80))))
    return 3 * len(_WHOLE.findall(data)) / high if high else 0.0


def _reread_gbk(line: str) -> str:
    if len(line) > _LONG or line.isascii():
        return line
    data = _gbk_bytes(line)
    return _likelier(line, (_BROKEN.sub(_mark, data).decode("utf-8"),))


def _mark(found: re.Match[bytes]) -> bytes:
    return found["whole"] or LOST.encode()


def _gbk_bytes(text: str) -> bytes:
    """Return the bytes that were read; a lost one is `?`."""
    return text.replace(LOST, "?").encode("gb18030", "replace")
