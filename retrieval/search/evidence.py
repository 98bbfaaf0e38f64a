"""What is known of the passages that were found, before they are weighed against a question's vector."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrieval.encoders import Vectors
from retrieval.index.protocols import Index
from retrieval.index.rows import Place
from retrieval.search.terms import Terms
from retrieval.values import Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """By passage: where it stands, the share of a question's words in it, its windows with their vectors."""

    places: Mapping[int, Place]
    shares: Mapping[int, float]
    windows: Mapping[int, tuple[list[Span], Vectors]]

    @classmethod
    def of(cls, indexes: Index, terms: Terms, passages: Iterable[int]) -> "Evidence":
        """Read it; passages that are no longer there are left out."""
        places = indexes.catalogue.places(sorted(passages))
        there = sorted(places)
        shares = terms.shares_of(indexes.words.standing(terms.words, there)).tolist()
        return cls(places, dict(zip(there, shares, strict=True)), indexes.catalogue.windows(there))

    def joined(self, other: "Evidence") -> "Evidence":
        """Return this and the other, of other passages."""
        return Evidence(
            {**self.places, **other.places}, {**self.shares, **other.shares}, {**self.windows, **other.windows}
        )
