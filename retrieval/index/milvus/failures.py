"""What went wrong at a Milvus server, in one line that says what to do."""

from enum import StrEnum
from typing import Any


class Failure(StrEnum):
    """Why a call failed, by what is done next."""

    AWAY = "does not answer"
    LATE = "does not answer in time"
    DENIED = "refuses the token"
    RELEASED = "has not loaded the archive"
    PASSING = "cannot do it now"
    OTHER = "cannot do it"


_ADVICE = {
    Failure.AWAY: "Start it, or mend its address, and run the same command again: what was done before is kept.",
    Failure.LATE: "Set CHUCHU_MILVUS_TIMEOUT to more seconds, and run the same command again: it goes on.",
    Failure.DENIED: "Set CHUCHU_MILVUS_TOKEN to user:password, or to an API key.",
    Failure.PASSING: "Run the same command again: it goes on.",
    Failure.RELEASED: "Load its collections there, or let chuchu load them: run the same command again.",
    Failure.OTHER: "Its log says more.",
}
_CODES = {
    "UNAVAILABLE": Failure.AWAY,
    "DEADLINE_EXCEEDED": Failure.LATE,
    "UNAUTHENTICATED": Failure.DENIED,
    "PERMISSION_DENIED": Failure.DENIED,
}
_CONNECT_FAILED = 2  # pymilvus's own code
_NOT_LOADED = 101  # Milvus's code: after a restart of a small server, or where somebody released the collection


def failure_of(error: Any) -> Failure:
    """Tell why a call failed, from what gRPC or pymilvus raised."""
    code = error.code() if callable(getattr(error, "code", None)) else getattr(error, "code", None)
    known = _CODES.get(getattr(code, "name", ""))
    if known:
        return known
    text = str(error)
    if code == _CONNECT_FAILED or "Retry timeout" in text:
        return Failure.AWAY
    if code == _NOT_LOADED:
        return Failure.RELEASED
    if "auth check failure" in text or "unauthenticated" in text.lower():
        return Failure.DENIED
    return Failure.PASSING if getattr(error, "retriable", False) is True else Failure.OTHER


def described(address: str, failure: Failure, error: Any) -> str:
    """Return the line that a person reads."""
    said = getattr(error, "message", None) or (error.details() if hasattr(error, "details") else str(error))
    why = f" ({' '.join(str(said).split())[:300]})" if failure in {Failure.OTHER, Failure.PASSING} else ""
    return f"the Milvus server at {address} {failure}{why}. {_ADVICE[failure]}"
