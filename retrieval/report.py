"""What an indexing run did."""

from dataclasses import dataclass, field

from retrieval.articles.draft import Skipped


@dataclass(slots=True)
class IndexReport:
    """What an indexing run did, in ids of articles; `skipped` names what could not be read and why.

    `stopped` tells that it was told to stop before its end; what is reported as done stays.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    windows: int = 0
    embedded: int = 0
    stopped: bool = False
