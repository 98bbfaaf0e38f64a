"""What the archive knows of an article without reading it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """By what an article is recognised: the digest of what it was made from, and the file it was read from."""

    content: bytes
    origin: str
