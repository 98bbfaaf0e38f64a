"""The manifest, the outlets' names and the counts in a cluster."""

import json
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

from retrieval.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from retrieval.store.catalogue.connection import FORMAT as CATALOGUE_FORMAT
from retrieval.store.milvus.cluster import MOST_ROWS, Cluster, Row
from retrieval.store.milvus.rows import number_of, outlet_number, packed_text, unpacked_text
from retrieval.store.milvus.schema import ARTICLES, FACTS, FORMAT, PASSAGES, WINDOWS, condition
from retrieval.text.dates import EVERY_DAY, days_of
from retrieval.values import Filters

_MANIFEST, _OUTLET = 1, 2


def read_manifest(cluster: Cluster) -> dict[str, str]:
    """Return what the archive was built with; nothing if nothing was indexed yet.

    Raises:
        ArchiveDamagedError: it is not as it was written.
        ArchiveMismatchError: it has another format.
    """
    try:
        found = [json.loads(text) for text in _texts(cluster, _MANIFEST)] if cluster.has(FACTS) else []
    except ValueError as error:
        raise ArchiveDamagedError(
            "the manifest at {address} is not as it was written. Index the articles under another "
            "CHUCHU_MILVUS_PREFIX.",
            address=cluster.address,
        ) from error
    if not found:
        return {}
    values: dict[str, str] = found[0]
    if values.pop("milvus") != str(FORMAT):
        raise ArchiveMismatchError(
            "the archive at {address} has another format than this chuchu reads. Index the articles "
            "under another CHUCHU_MILVUS_PREFIX.",
            address=cluster.address,
        )
    return {**values, "format": str(CATALOGUE_FORMAT)}  # of whatever format the catalogue was that it is a copy of


def write_manifest(cluster: Cluster, values: Mapping[str, str]) -> None:
    """Write what the archive is built with, as one row: two writers do not mix theirs."""
    _put(cluster, _MANIFEST, {"manifest": json.dumps({**values, "milvus": str(FORMAT)})})


def read_outlets(cluster: Cluster) -> list[str]:
    """Return the names of the outlets that the archive ever had an article of."""
    return sorted(_texts(cluster, _OUTLET))


def add_outlets(cluster: Cluster, names: Iterable[str]) -> None:
    """Remember names of outlets; those that are there already stay."""
    _put(cluster, _OUTLET, {name: name for name in names})


def no_archive(cluster: Cluster) -> ArchiveMissingError:
    """Return the error that says that nothing has been indexed."""
    return ArchiveMissingError(
        "no archive at {address} ({names}). Make one with: chuchu index PATH --index {address}",
        address=cluster.address,
        names=cluster.name("*"),
    )


def _texts(cluster: Cluster, kind: int) -> list[str]:
    return [unpacked_text(row["value"]) for row in cluster.scan(FACTS, f"kind == {kind}", ("value",))]


def _put(cluster: Cluster, kind: int, texts: Mapping[str, str]) -> None:
    rows = [
        {"number": number_of(kind, key), "kind": kind, "value": packed_text(text), "nothing": [0.0, 0.0]}
        for key, text in texts.items()
    ]
    cluster.put(FACTS, rows)


_KEPT_S = 5.0
"""How long the dates are believed: a reader sees what is new within five seconds."""

Dates = tuple[str | None, str | None, int]
SourceRow = tuple[str | None, int, str | None, str | None]


class Census:
    """Counts, dates and the order of articles by date. Safe to use from several threads."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._dates: tuple[float, Dates] | None = None

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and windows there are."""
        return {name: self._cluster.count(name) for name in (ARTICLES, PASSAGES, WINDOWS)}

    def dates(self) -> Dates:
        """Return the first and the last published date, and how many articles have none."""
        with self._lock:
            if self._dates is None or time.monotonic() - self._dates[0] >= _KEPT_S:
                self._dates = time.monotonic(), self._read_dates()
            return self._dates[1]

    def latest(self, n: int, filters: Filters) -> list[int]:
        """Return the numbers of the `n` newest articles that satisfy `filters`; undated ones are left out."""
        since, until = days_of(filters) or (EVERY_DAY[0], EVERY_DAY[-1])
        asked = condition(filters, (since, until), outlet_number(filters.source))
        found: list[Row] = []
        end, width = min(until, self._last_day()), 1
        while len(found) < n and end >= max(since - 366, 1):  # what an ISO date can mean ends within 366 days
            days = f"first_day > {end - width} and first_day <= {end} and {asked}"
            rows = self._cluster.rows(ARTICLES, days, ("number", "first_day", "published", "id"))
            if len(rows) == MOST_ROWS and width > 1:
                width //= 2
                continue
            found += rows
            end, width = end - width, 2 * width
        found.sort(key=lambda row: row["id"])
        found.sort(key=lambda row: (row["first_day"], row["published"]), reverse=True)
        return [row["number"] for row in found[:n]]

    def sources(self) -> list[SourceRow]:
        """Return each source with its number of articles and its first and last published date, reading all rows."""
        dates: dict[str, list[str]] = {}
        counts: Counter[str] = Counter()
        for row in self._cluster.scan(ARTICLES, "", ("source", "published")):
            counts[row["source"]] += 1
            dates.setdefault(row["source"], []).extend([row["published"]] if row["published"] else [])
        found = [
            (name or None, count, min(dates[name], default=None), max(dates[name], default=None))
            for name, count in counts.items()
        ]
        return sorted(found, key=lambda row: (-row[1], row[0] or ""))

    def months(self) -> Counter[tuple[str | None, str]]:
        """Return how many articles each source has of each month, reading all rows."""
        rows = self._cluster.scan(ARTICLES, "", ("source", "published"))
        return Counter((row["source"] or None, row["published"][:7]) for row in rows if "-" in (row["published"] or ""))

    def languages(self) -> dict[str, int]:
        """Return how many articles there are in each language, reading all rows."""
        rows = self._cluster.scan(ARTICLES, "", ("language",))
        return dict(Counter(row["language"] or "und" for row in rows).most_common())

    def _read_dates(self) -> Dates:
        undated = self._cluster.count(ARTICLES, "first_day == 0")
        first = self._published(bisect_left(EVERY_DAY, x=True, key=lambda day: self._any(f"first_day <= {day}")) + 1)
        last = self._published(self._last_day())
        return min(first, default=None), max(last, default=None), undated

    def _last_day(self) -> int:
        """Return the last day on which an article was published: after it there is none."""
        return bisect_left(EVERY_DAY, x=True, key=lambda day: not self._any(f"first_day > {day}")) + 1

    def _any(self, asked: str) -> bool:
        return bool(self._cluster.rows(ARTICLES, f"first_day >= 1 and {asked}", ("number",), most=1))

    def _published(self, day: int) -> list[str]:
        rows = self._cluster.rows(ARTICLES, f"first_day == {day}", ("published",))
        return [row["published"] for row in rows]
