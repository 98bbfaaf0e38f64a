"""What is known of the passages that were found, before they are weighed against a question's vector."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.index.protocols import Index
from retrieval.index.rows import Details
from retrieval.index.signatures import standing
from retrieval.index.terms import CONTEXT_WEIGHT
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
        own, context = standing([item.signatures for item in details.values()], terms.forms.parts)
        around = CONTEXT_WEIGHT * terms.forms.shares(own | context)
        shares = np.maximum(terms.forms.shares(own), around).sum(axis=1).tolist()
        return cls(details, dict(zip(details, shares, strict=True)))

    def joined(self, other: "Evidence") -> "Evidence":
        """Return this and the other, of other passages."""
        return Evidence({**self.details, **other.details}, {**self.shares, **other.shares})
