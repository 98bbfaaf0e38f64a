"""What a button says when it is pressed: at most 64 bytes that anybody could have forged."""

import re
from dataclasses import dataclass
from enum import StrEnum

_DATA = re.compile(r"([a-z])\.([A-Za-z0-9_-]{1,20})\.(\d{1,3})(?:\.([a-z0-9-]{1,20}))?")


class Verb(StrEnum):
    """What a button does; the value is what stands in its data."""

    HIT = "h"
    ARTICLE = "a"
    OLDER = "o"
    NEWER = "n"
    WITHOUT = "x"
    LITERAL = "t"
    JUDGE = "j"
    VERDICT = "v"
    WHY = "w"
    LANGUAGE = "l"
    SCRIPT = "s"
    NOTHING = "p"


@dataclass(frozen=True, slots=True)
class Press:
    """A button's data: what to do with hit `at` of the answer `key`; `more` is the verb's own."""

    verb: Verb
    key: str
    at: int = 0
    more: str = ""

    def data(self) -> str:
        """Write the data of a button."""
        return f"{self.verb}.{self.key}.{self.at}" + (f".{self.more}" if self.more else "")


def parse(data: str) -> Press | None:
    """Read a button's data; None if no button of ours says that."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in set(Verb):
        return None
    return Press(Verb(match[1]), match[2], int(match[3]), match[4] or "")
