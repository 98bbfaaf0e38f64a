"""Show passages in the other Chinese script."""

from enum import StrEnum
from functools import cache
from typing import Any


class Script(StrEnum):
    """How passages are shown."""

    ORIGINAL = "original"
    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"


_CONFIGURATIONS = {Script.SIMPLIFIED: "t2s", Script.TRADITIONAL: "s2t"}


def convert(text: str, script: Script) -> str:
    """Write Chinese text in a script; text in another language stays as it is."""
    return text if script is Script.ORIGINAL else str(_converter(_CONFIGURATIONS[script]).convert(text))


@cache
def _converter(configuration: str) -> Any:
    from opencc import OpenCC

    return OpenCC(configuration)
