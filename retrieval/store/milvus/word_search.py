"""What part of a collection a search looks at: a condition on its rows, and the partitions that can hold them."""

import math
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from retrieval.store.milvus.cluster import Cluster
from retrieval.store.milvus.rows import outlet_number, word_number
from retrieval.store.milvus.schema import PASSAGES, condition, partitions_within
from retrieval.store.protocols import NO_WRITING, Term
from retrieval.text.dates import days_of
from retrieval.values import Filters


@dataclass(frozen=True, slots=True)
class SearchScope:
    """A condition, and partitions where not all of them are to be searched."""

    condition: str = ""
    partitions: tuple[str, ...] | None = None

    @classmethod
    def of(cls, cluster: Cluster, collection: str, filters: Filters) -> "SearchScope":
        """Return what satisfies `filters`; undated articles satisfy no date range."""
        days = days_of(filters)
        narrowed = condition(filters, days, outlet_number(filters.source))
        if days is None:
            return cls(narrowed)
        return cls(narrowed, tuple(partitions_within(cluster.call("list_partitions", collection), *days)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be found there."""
        return self.partitions == ()

    def asked(self) -> dict[str, Any]:
        """Return what a search is asked with."""
        return {"filter": self.condition, "partition_names": list(self.partitions) if self.partitions else None}


_KEPT_S = 60.0
"""How long a word's frequency is believed: it weighs by its logarithm, and archives do not double in a minute."""

_AT_ONCE = 8


class Frequencies:
    """In how many passages each word stands: counted by the server, kept for a while. Safe to use from several threads.

    Counted, not kept by the writers: so it is right however many of them there are and however they end.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, int]] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="frequencies")

    def close(self) -> None:
        """End the threads that count."""
        self._pool.shutdown()

    def passages(self) -> int:
        """Return the number of passages."""
        return self._counted([""])[""]

    def of(self, words: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each of the words stands."""
        return self._counted(list(words))

    def _counted(self, words: Sequence[str]) -> dict[str, int]:
        now = time.monotonic()
        with self._lock:
            kept = {word: self._kept[word] for word in words if word in self._kept}
        known = {word: count for word, (since, count) in kept.items() if now - since < _KEPT_S}
        missing = [word for word in words if word not in known]
        counted = dict(zip(missing, self._pool.map(self._count, missing), strict=True))
        with self._lock:
            self._kept = {word: item for word, item in self._kept.items() if now - item[0] < _KEPT_S}
            # a word that the archive does not have may come with the next article
            self._kept.update({word: (now, count) for word, count in counted.items() if count})
        return known | counted

    def _count(self, word: str) -> int:
        """Count the passages with a word; with the empty one, all of them."""
        return self._cluster.count(PASSAGES, f"array_contains(terms, {word_number(word)})" if word else "")


class MilvusWords:
    """The words of an archive's passages."""

    def __init__(self, cluster: Cluster, frequencies: Frequencies) -> None:
        self._cluster, self._frequencies = cluster, frequencies

    def __len__(self) -> int:
        """Return the number of passages."""
        return self._frequencies.passages()

    def terms(self, question_words: Sequence[str]) -> list[Term]:
        """Return the different words of a question with the number of passages each stands in."""
        wanted = list(dict.fromkeys(question_words))
        counts = self._frequencies.of([*wanted, NO_WRITING])
        apart = [word for word in wanted if not counts[word]] if counts[NO_WRITING] else []
        apart_counts = self._frequencies.of([NO_WRITING + word for word in apart])
        return [Term(word, counts[word] or apart_counts.get(NO_WRITING + word, 0)) for word in wanted]

    def search(self, terms: Sequence[Term], k: int, filters: Filters | None = None) -> dict[int, float]:
        """Return the `k` passages in which the rarest words of a question stand, with their weights, best first."""
        passages = len(self)
        weights = {term.word: _rarity(term, passages) for term in terms if term.passages}
        scope = SearchScope.of(self._cluster, PASSAGES, filters or Filters())
        return self._weighed(weights, k, scope) if weights else {}

    def signatures(self, passages: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the signature of each passage, and that of its article's title and lead; unknown ones are left out."""
        rows = self._cluster.among(PASSAGES, "number", passages, ("number", "inside", "about"))
        return {row["number"]: ("".join(row["inside"]), "".join(row["about"])) for row in rows}

    def _weighed(self, weights: Mapping[str, float], k: int, scope: SearchScope) -> dict[int, float]:
        if scope.is_empty:
            return {}
        vector: dict[int, float] = {}
        for word, weight in weights.items():
            vector[word_number(word)] = vector.get(word_number(word), 0.0) + weight
        hits = self._cluster.search(PASSAGES, "words", vector, k, **scope.asked())
        found = sorted(((hit["number"], hit["distance"]) for hit in hits), key=lambda item: (-item[1], item[0]))
        return {int(number): float(score) for number, score in found}


def _rarity(term: Term, passages: int) -> float:
    """Weigh a word by its rarity. Source: Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009)."""
    rarer = max(passages - term.passages, 0)
    return math.log(1 + (rarer + 0.5) / (term.passages + 0.5))
