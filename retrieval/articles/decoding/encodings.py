"""Which encoding bytes are in: marks first, then the reading that makes the likeliest text."""

import codecs
import functools
import re
from dataclasses import dataclass

from retrieval.articles.decoding.plausibility import Language, log_probability

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins like it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([BIJ]|\$\(D)")

# Bytes that are looked at: 512 settle most texts in under a millisecond, 4 KB any that is one.
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
class Candidate:
    """An encoding by its registered name, the codec that reads the most of it, and the languages written in it."""

    name: str
    codec: str
    languages: tuple[Language, ...]
    prior: float = -3.0


_ALL = tuple(Language)
_BYTEWISE = (
    Candidate("utf-8", "utf-8", _ALL, prior=0.0),
    Candidate("gb18030", "gb18030", (Language.CHINESE,)),
    Candidate("big5-hkscs", "big5hkscs", (Language.CHINESE,)),
    Candidate("shift_jis", "cp932", (Language.JAPANESE,)),
    Candidate("euc-jp", "euc_jis_2004", (Language.JAPANESE,)),  # with the circled digits that euc_jp lacks
    Candidate("euc-kr", "cp949", (Language.KOREAN,)),
    Candidate("windows-1252", "cp1252", (Language.WESTERN,)),
    Candidate("windows-1251", "cp1251", (Language.CYRILLIC,)),
)
_WIDE = tuple(Candidate(name, name, _ALL, prior=-6.0) for name in ("utf-16-le", "utf-16-be"))
_WIDEST = tuple(Candidate(name, name, _ALL) for name in ("utf-32-le", "utf-32-be"))
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


def _candidates(data: bytes, claimed: str | None) -> tuple[Candidate, ...]:
    head = data[:_SAMPLE]
    if b"\0" in head:
        return (*_WIDEST, *_WIDE) if len(data) % 4 == 0 and b"\0\0" in head else _WIDE
    wide = _WIDE if len(data) % 2 == 0 else ()
    known = {candidate.codec for candidate in _BYTEWISE}
    own = (Candidate(claimed, claimed, _ALL),) if claimed and claimed not in known else ()
    return (*_BYTEWISE, *wide, *own)


def _score(sample: bytes, candidate: Candidate, claimed: str | None) -> float:
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
