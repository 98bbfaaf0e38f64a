"""A connection to a Milvus server: how it is opened and asked, and its errors in the archive's own words."""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from retrieval.errors import ArchiveError, Message, SettingsError
from retrieval.settings import Settings


class ServerFailure(StrEnum):
    """Why a call failed, by what is done next."""

    AWAY = "does not answer"
    LATE = "does not answer in time"
    DENIED = "refuses the token"
    RELEASED = "has not loaded the archive"
    PASSING = "cannot do it now"
    OTHER = "cannot do it"


_ADVICE = {
    ServerFailure.AWAY: "Start it, or fix its address, and run the same command again: what was done before is kept.",
    ServerFailure.LATE: "Set CHUCHU_MILVUS_TIMEOUT to more seconds, and run the same command again: it goes on.",
    ServerFailure.DENIED: "Set CHUCHU_MILVUS_TOKEN to user:password, or to an API key.",
    ServerFailure.PASSING: "Run the same command again: it goes on.",
    ServerFailure.RELEASED: "Load its collections there, or let chuchu load them: run the same command again.",
    ServerFailure.OTHER: "Its log says more.",
}
_CODES = {
    "UNAVAILABLE": ServerFailure.AWAY,
    "DEADLINE_EXCEEDED": ServerFailure.LATE,
    "UNAUTHENTICATED": ServerFailure.DENIED,
    "PERMISSION_DENIED": ServerFailure.DENIED,
}
_CONNECT_FAILED = 2  # pymilvus's own code
_NOT_LOADED = 101  # Milvus's code: after a restart of a small server, or where somebody released the collection


def failure_of(error: Any) -> ServerFailure:
    """Return why a call failed, from what gRPC or pymilvus raised."""
    code = error.code() if callable(getattr(error, "code", None)) else getattr(error, "code", None)
    known = _CODES.get(getattr(code, "name", ""))
    if known:
        return known
    text = str(error)
    if code == _CONNECT_FAILED or "Retry timeout" in text:
        return ServerFailure.AWAY
    if code == _NOT_LOADED:
        return ServerFailure.RELEASED
    if "auth check failure" in text or "unauthenticated" in text.lower():
        return ServerFailure.DENIED
    return ServerFailure.PASSING if getattr(error, "retriable", False) is True else ServerFailure.OTHER


def described(address: str, failure: ServerFailure, error: Any) -> Message:
    """Return the line that a person reads."""
    said = getattr(error, "message", None) or (error.details() if hasattr(error, "details") else str(error))
    why = f" ({' '.join(str(said).split())[:300]})" if failure in {ServerFailure.OTHER, ServerFailure.PASSING} else ""
    template = "the Milvus server at {address} {failure}{why}. {advice}"
    return Message(template, address=address, failure=str(failure), why=why, advice=_ADVICE[failure])


_log = logging.getLogger(__name__)
_T = TypeVar("_T")

MOST_ROWS = 16_384
"""What a Milvus server returns at once, whatever is asked for."""

_BATCH_ROWS, _SCAN_ROWS = 1_000, 1_000
"""Rows written and read at once: 2 MB of windows, where a server takes 64 MB."""

_NUMBERS_ASKED = 200  # of passages with up to 80 windows each, that is at most what a server returns

_NO_DOTENV = "PYTHON_DOTENV_DISABLED"

_PAUSES_S = (0.2, 3.0)
"""Between attempts, each twice the one before: the first, and the longest."""

_TWICE_MORE = {ServerFailure.LATE, ServerFailure.RELEASED}
_WHILE_TIME = {ServerFailure.AWAY, ServerFailure.PASSING}
"""What is asked for again: twice, or until the time is over that a server is given to come back."""

Row = dict[str, Any]


class Cluster:
    """A Milvus server and the archive's collections there. Safe to use from several threads."""

    def __init__(self, address: str, settings: Settings) -> None:
        """Connect to the server.

        Raises:
            ArchiveError: it does not answer, or refuses the token.
            SettingsError: pymilvus is not installed.
        """
        self.address = _without_password(address)
        self._prefix, self._timeout = settings.milvus_prefix, settings.milvus_timeout
        self._consistency = settings.milvus_consistency
        token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
        client = _client_class()
        self.client = self._asked(
            lambda: client(address, token=token, db_name=settings.milvus_database, timeout=self._timeout)
        )
        self.is_lite = "lite" in str(self._asked(self.client.get_server_version)).lower()

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def name(self, collection: str) -> str:
        """Return the name that a collection has on the server."""
        return f"{self._prefix}_{collection}"

    def has(self, collection: str) -> bool:
        """Return whether there is such a collection."""
        return bool(self.call("has_collection", collection))

    def partition(self, collection: str, partition: str) -> None:
        """Make a partition unless it is there."""
        self._made(
            lambda: self.call("has_partition", collection, partition_name=partition),
            lambda: self.call("create_partition", collection, partition_name=partition),
        )

    def create(self, collection: str, schema: Any, indexes: Any) -> None:
        """Make a collection and its indexes unless they are there."""
        self._made(lambda: self.has(collection), lambda: self.call("create_collection", collection, schema=schema))
        # made again they stay; waiting for each takes half a second, and loading waits for all of them
        self.call("create_index", collection, index_params=indexes, sync=False)

    def count(self, collection: str, condition: str = "") -> int:
        """Count the rows that satisfy a condition."""
        return int(self._query(collection, filter=condition, output_fields=["count(*)"])[0]["count(*)"])

    def rows(self, collection: str, condition: str, fields: Sequence[str], *, most: int = MOST_ROWS) -> list[Row]:
        """Return the rows that satisfy a condition, `most` of them at most, in no order."""
        return [dict(row) for row in self._query(collection, filter=condition, output_fields=[*fields], limit=most)]

    def among(self, collection: str, field: str, numbers: Sequence[int], fields: Sequence[str]) -> list[Row]:
        """Return the rows in which the number in `field` is one of these; few rows may have the same."""
        parts = chunks(numbers, _NUMBERS_ASKED)
        return [row for part in parts for row in self.rows(collection, within(field, part), fields)]

    def scan(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that satisfy a condition, in the order of their keys."""
        found = self.call(
            "query_iterator",
            collection,
            filter=condition,
            output_fields=[*fields],
            batch_size=_SCAN_ROWS,
            consistency_level=self._consistency,
        )
        try:
            while batch := self._asked(found.next):
                yield from (dict(row) for row in batch)
        finally:
            found.close()

    def search(self, collection: str, field: str, vector: Any, k: int, **asked: Any) -> list[Row]:
        """Return the `k` rows whose vector in `field` has the greatest inner product with `vector`, best first.

        A row is what the server returns: `distance` is the product, higher is better, `entity` the fields asked for.
        """
        found = self.call(
            "search",
            collection,
            data=[vector],
            anns_field=field,
            limit=min(k, MOST_ROWS),
            search_params={"metric_type": "IP"},
            consistency_level=self._consistency,
            **asked,
        )
        return [dict(hit) for hit in found[0]]

    def put(self, collection: str, rows: Sequence[Row], partition: str | None = None) -> None:
        """Write rows, in place of those that have the same keys; written twice, they are there once."""
        where = {"partition_name": partition} if partition else {}
        for part in chunks(rows, _BATCH_ROWS):
            self.call("upsert", collection, data=list(part), **where)

    def delete(self, collection: str, condition: str) -> None:
        """Remove the rows that satisfy a condition, those that were written just now too."""
        self.call("delete", collection, filter=condition, consistency_level="Strong")

    def call(self, method: str, collection: str, **asked: Any) -> Any:
        """Call a method of the client on a collection, again and again while the server is away.

        Raises:
            ArchiveError: the server does not answer in time, or cannot do it.
        """
        name = self.name(collection)
        return self._asked(
            lambda: getattr(self.client, method)(name, timeout=self._timeout, **asked),
            released=lambda: self.client.load_collection(name, timeout=self._timeout),
        )

    def _made(self, is_there: Callable[[], bool], make: Callable[[], Any]) -> None:
        """Make what is not there, which another writer may do at the same time."""
        if is_there():
            return
        try:
            make()
        except ArchiveError:
            if not is_there():
                raise

    def _query(self, collection: str, **asked: Any) -> Any:
        return self.call("query", collection, consistency_level=self._consistency, **asked)

    def _asked(self, action: Callable[[], _T], released: Callable[[], Any] = lambda: None) -> _T:
        """Return what the action does, asked for again while that may help; `released` loads what was released."""
        import grpc  # type: ignore[import-untyped]
        from pymilvus import MilvusException  # type: ignore[import-untyped]

        ends, met, (pause, longest) = time.monotonic() + self._timeout, Counter[ServerFailure](), _PAUSES_S
        while True:
            try:
                return action()
            except (MilvusException, grpc.RpcError) as error:
                failure = failure_of(error)
                met[failure] += 1
                is_hopeful = failure in _WHILE_TIME and time.monotonic() + pause < ends
                if not is_hopeful and not (failure in _TWICE_MORE and met[failure] <= 2):
                    raise ArchiveError(described(self.address, failure, error)) from error
                _log.info("%s %s; asking again in %s s", self.address, failure, pause)
            if failure is ServerFailure.RELEASED:
                released()
            time.sleep(pause)
            pause = min(2 * pause, longest)


def within(field: str, numbers: Iterable[int]) -> str:
    """Return the condition that a field holds one of these numbers."""
    return f"{field} in [{', '.join(str(int(number)) for number in numbers)}]"


def chunks(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Yield parts of `size` items, the last one shorter."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _client_class() -> Any:
    try:
        with _without_dotenv():
            from pymilvus import MilvusClient  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        raise SettingsError(
            "an archive in a cluster needs pymilvus. Install it with: pip install 'chuchu[milvus]'"
        ) from error
    # it logs every failed attempt as an error, with a traceback; what is not well in time is raised
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return MilvusClient


@contextmanager
def _without_dotenv() -> Iterator[None]:
    """Keep pymilvus from reading a `.env`, which it does when imported: of the current folder, or one above its own."""
    before = os.environ.get(_NO_DOTENV)
    os.environ[_NO_DOTENV] = "1"
    try:
        yield
    finally:
        os.environ.pop(_NO_DOTENV)
        if before is not None:
            os.environ[_NO_DOTENV] = before


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
