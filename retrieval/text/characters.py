"""Single characters: Traditional to Simplified and full to half width, one to one, so that offsets stay true."""

import functools
from collections.abc import Mapping

import opencc

_HAN = [chr(code) for code in range(0x4E00, 0xA000)]
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0x2002: 0x20,
    0x2003: 0x20,
}


def even(text: str) -> str:
    """Write a text in Simplified characters and half width, each character at its place."""
    return _even_word(text) if len(text) < _WORD else text.translate(_even_table())


# Menus and labels come back on every page of a site.
_WORD = 64


@functools.lru_cache(maxsize=8192)
def _even_word(text: str) -> str:
    return text.translate(_even_table())


@functools.cache
def only_traditional() -> frozenset[str]:
    """Return the characters that Simplified text does not use."""
    return frozenset(map(chr, _converted("t2s")))


@functools.cache
def only_simplified() -> frozenset[str]:
    """Return the characters that Traditional text does not use."""
    # 后, 里, 干, 台 … change from Simplified to Traditional but are written in both
    shared = set(map(ord, "后里干台斗愿面余谷制系表松才只几云志准了于征致周朱采"))
    return frozenset(map(chr, _converted("s2t").keys() - shared))


@functools.cache
def _even_table() -> Mapping[int, int]:
    return _HALF_WIDTH | _converted("t2s")


def _converted(direction: str) -> dict[int, int]:
    # a line a character, so that no dictionary phrase spans two of them
    changed = str(opencc.OpenCC(direction).convert("\n".join(_HAN))).split("\n")
    return {ord(old): ord(new) for old, new in zip(_HAN, changed, strict=True) if old != new and len(new) == 1}
