"""Bytes → text: which encoding they are in, and what was once read in a wrong one, undone or marked."""

import codecs
import functools
import re
from dataclasses import dataclass

from retrieval.text.language import CharacterCosts, log_probability

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins like it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([BIJ]|\$\(D)")

# Bytes that are looked at: 512 decide most texts in under a millisecond, 4 KB any that is one.
_GLANCE, _SAMPLE = 512, 4096
# Bytes up to which a line is likely to come back.
_LINE = 64
# Nats between the best and the second that end the search after a glance: e⁴⁰, more than a wrong model would give.
_CLEAR = 40.0
# Nats by which what a file says of itself counts: it decides between near equals, as short texts are, and no more.
_DECLARED = 6.0
# Below this, in nats a character, no reading of more than a line is in one of the five language groups: then
# charset-normalizer is asked.
_IMPLAUSIBLE = -9.5
# Below this, bytes with zeros among them are no UTF-16 or UTF-32 but data; random ones come to -14.
_NOISE = -12.5


@dataclass(frozen=True, slots=True)
class EncodingCandidate:
    """An encoding by its registered name, the codec that reads the most of it, and the languages written in it."""

    name: str
    codec: str
    languages: tuple[CharacterCosts, ...]
    prior: float = -3.0


_ALL = tuple(CharacterCosts)
_BYTEWISE = (
    EncodingCandidate("utf-8", "utf-8", _ALL, prior=0.0),
    EncodingCandidate("gb18030", "gb18030", (CharacterCosts.CHINESE,)),
    EncodingCandidate("big5-hkscs", "big5hkscs", (CharacterCosts.CHINESE,)),
    EncodingCandidate("shift_jis", "cp932", (CharacterCosts.JAPANESE,)),
    EncodingCandidate(
        "euc-jp", "euc_jis_2004", (CharacterCosts.JAPANESE,)
    ),  # with the circled digits that euc_jp lacks
    EncodingCandidate("euc-kr", "cp949", (CharacterCosts.KOREAN,)),
    EncodingCandidate("windows-1252", "cp1252", (CharacterCosts.WESTERN,)),
    EncodingCandidate("windows-1251", "cp1251", (CharacterCosts.CYRILLIC,)),
)
_WIDE = tuple(EncodingCandidate(name, name, _ALL, prior=-6.0) for name in ("utf-16-le", "utf-16-be"))
_WIDEST = tuple(EncodingCandidate(name, name, _ALL) for name in ("utf-32-le", "utf-32-be"))
_CODECS = {candidate.name: candidate.codec for candidate in _BYTEWISE}


def mark_of(data: bytes) -> tuple[bytes, str] | None:
    """Return the byte order mark that `data` begins with and the encoding it stands for."""
    return next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), None)


def codec_of(encoding: str) -> str:
    """Return the codec that reads `encoding` with its vendors' extensions."""
    return _CODECS.get(encoding, encoding)


def guess(data: bytes, declared: str | None = None, *, is_one_of_many: bool = False) -> str:
    """Name the encoding in which `data`, not valid UTF-8 and without a mark, reads as the likeliest text.

    For one of many lines charset-normalizer is not asked, which takes 3 ms.
    """
    return (_guess_before if len(data) <= _LINE else _guess)(data, declared, not is_one_of_many)


@functools.lru_cache(maxsize=4096)
def _guess_before(data: bytes, declared: str | None, asks: bool) -> str:  # noqa: FBT001  # keys of a cache
    return _guess(data, declared, asks)


def _guess(data: bytes, declared: str | None, asks: bool) -> str:  # noqa: FBT001
    if _ISO_2022.search(data[:65536]):
        return "iso-2022-jp"
    claimed = _normalised(declared)
    candidates = _candidates(data, claimed)
    sample = telling(data)
    for part in (sample[:_GLANCE], sample) if len(sample) > _GLANCE else (sample,):
        scores = {candidate.name: _score(part, candidate, claimed) for candidate in candidates}
        best, second = sorted(scores, key=lambda name: -scores[name])[:2]
        if scores[best] - scores[second] > _CLEAR:
            break
    letters = len(part.decode(codec_of(best), "replace"))
    if b"\0" in part:
        return best if scores[best] > _NOISE * letters else "windows-1252"
    if asks and letters >= 32 and scores[best] < _IMPLAUSIBLE * letters:
        return _second_opinion(sample) or best
    return best


def telling(data: bytes) -> bytes:
    """Return the bytes worth looking at: whole lines with something other than ASCII in them, 4 KB at most."""
    if len(data) <= _SAMPLE or b"\0" in data[:_SAMPLE]:
        return data[:_SAMPLE]
    lines: list[bytes] = []
    size = 0
    for line in data[: 64 * _SAMPLE].split(b"\n"):
        if not line.isascii():
            lines.append(line[: _SAMPLE - size])
            size += len(line) + 1
        if size >= _SAMPLE:
            break
    return b"\n".join(lines) or data[:_SAMPLE]


def _candidates(data: bytes, claimed: str | None) -> tuple[EncodingCandidate, ...]:
    head = data[:_SAMPLE]
    if b"\0" in head:
        return (*_WIDEST, *_WIDE) if len(data) % 4 == 0 and b"\0\0" in head else _WIDE
    wide = _WIDE if len(data) % 2 == 0 else ()
    known = {candidate.codec for candidate in _BYTEWISE}
    own = (EncodingCandidate(claimed, claimed, _ALL),) if claimed and claimed not in known else ()
    return (*_BYTEWISE, *wide, *own)


def _score(sample: bytes, candidate: EncodingCandidate, claimed: str | None) -> float:
    decoder = codecs.getincrementaldecoder(candidate.codec)("replace")
    text = decoder.decode(sample, final=len(sample) not in {_GLANCE, _SAMPLE})
    bonus = _DECLARED if claimed == candidate.codec else 0.0
    return log_probability(text, candidate.languages) + candidate.prior + bonus


def _normalised(declared: str | None) -> str | None:
    """Return the codec a claim means, in our choice of extensions; None for what is no text encoding."""
    try:
        info = codecs.lookup((declared or "").strip().strip("\"'").lower())
    except (LookupError, ValueError):
        return None
    wider = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932"}
    wider |= {"euc_jp": "euc_jis_2004", "euc_kr": "cp949", "iso8859-1": "cp1252"}
    wider |= {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    if not info._is_text_encoding or info.name in {"utf-8", "utf-8-sig", "utf-7", "ascii", "idna", "punycode"}:  # noqa: SLF001
        return None
    return wider.get(info.name, info.name)


def _second_opinion(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    return match.encoding.replace("_", "-") if match else None


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

# Whole characters of UTF-8; then, next to lost bytes, what is left of one.
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
    """Recognise data that is no text, whose thousands of lines are not worth the time: one in fifty is a control."""
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
