"""Which pairs of bytes a gloss may stand behind: the changed characters and how they are read."""

from collections import defaultdict
from functools import cache

from retrieval.articles.repair.gbk import Two, characters
from retrieval.articles.repair.model import character_model


def readings(two: Two | None) -> tuple[str, ...]:
    """Give the readings of a changed character, the usual one first; none for any other pair of bytes."""
    return character_model().readings.get(characters().get(two, ""), ()) if two else ()


@cache
def spoken() -> dict[str, list[Two]]:
    """Map each reading to the changed characters that have it."""
    found: dict[str, list[Two]] = defaultdict(list)
    for two in characters():
        for reading in readings(two):
            found[reading].append(two)
    return dict(found)
