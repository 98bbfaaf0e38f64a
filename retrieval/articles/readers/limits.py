"""How much one file may cost, and the error that says it costs more."""

from dataclasses import dataclass

from retrieval.errors import ArticleError

MB = 1024 * 1024


class UnreadableError(ArticleError):
    """A file or record that cannot be read; its message is the reason, one clause."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep hostile input from costing more than its own file.

    `file_bytes` bounds a file that is read whole, `line_bytes` a line or record of one that is read as it streams,
    `inflated_bytes` all that one archive file unpacks to, `members` the files in it, `nesting` how many archives may
    stand inside each other, `elements` those of a page and `depth` those inside each other, `pages` those of a PDF,
    `seconds` the time for a file whose format has steps to look at the clock between, `characters` an article, and
    `marks` what opens an element, an attribute or a field, as its signs are counted before a file is parsed.
    """

    file_bytes: int = 64 * MB
    line_bytes: int = 8 * MB
    inflated_bytes: int = 4096 * MB
    members: int = 200_000
    nesting: int = 2
    depth: int = 1_000
    elements: int = 300_000
    pages: int = 2_000
    seconds: float = 20.0
    characters: int = 5_000_000
    marks: int = 6_000_000


@dataclass(slots=True)
class Budget:
    """Bytes that an archive file and all archives inside it may still inflate to."""

    left: int


def check_marks(text: str, signs: str, limits: Limits) -> None:
    """Count the signs of a text's structure, since each becomes an object of 60 to 350 bytes.

    Raises:
        UnreadableError: there are more than `limits.marks`.
    """
    if sum(map(text.count, signs)) > limits.marks:
        raise UnreadableError(f"more than {limits.marks:,} elements, attributes or fields")
