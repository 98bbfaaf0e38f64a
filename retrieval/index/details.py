"""Read what a search weighs of passages, wherever the archive is kept."""

from collections.abc import Sequence

from retrieval.encoders import Vectors
from retrieval.index.protocols import Articles, Words
from retrieval.index.rows import Details

_UNSIGNED = ("", "")


def read_details(catalogue: Articles, words: Words, passages: Sequence[int]) -> dict[int, Details]:
    """Return the details of passages; those that are no longer there are left out."""
    places = catalogue.places(passages)
    there = sorted(places)
    signatures, windows = words.signatures(there), catalogue.windows(there)
    return {
        number: Details(places[number], tuple(spans), _own(vectors), signatures.get(number, _UNSIGNED))
        for number, (spans, vectors) in windows.items()
    }


def _own(vectors: Vectors) -> Vectors:
    """Return a copy that cannot be changed: a part of an array keeps the whole of it."""
    own = vectors.copy()
    own.flags.writeable = False
    return own
