"""What is known of the passages that were found, before they are weighed against a question's vector."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrieval.index.protocols import Index
from retrieval.index.rows import Details
from retrieval.index.terms import counted
from retrieval.search.terms import Terms


@dataclass(frozen=True, slots=True)
class Evidence:
    """By passage: its details, and the share of a question's words that stands in it."""

    details: Mapping[int, Details]
    shares: Mapping[int, float]

    @classmethod
    def of(cls, indexes: Index, terms: Terms, passages: Iterable[int]) -> "Evidence":
        """Read it; passages that are no longer there are left out."""
        details = indexes.details(sorted(passages))
        shares = terms.shares_of(counted([item.signatures for item in details.values()], terms.words)).tolist()
        return cls(details, dict(zip(details, shares, strict=True)))

    def joined(self, other: "Evidence") -> "Evidence":
        """Return this and the other, of other passages."""
        return Evidence({**self.details, **other.details}, {**self.shares, **other.shares})
