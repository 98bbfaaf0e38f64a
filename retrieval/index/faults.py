"""What can be wrong with an archive."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The part of an archive that a fault is in."""

    FILE = "catalogue"
    ARTICLE = "article"
    MANIFEST = "manifest"
    VECTORS = "vectors"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an archive: `what` is a clause a person understands, `article` the id where it is in one.

    `number` is the number of the article, by which it can be taken out even where its id is not to be believed.
    """

    part: Part
    what: str
    article: str | None = None
    number: int | None = None
