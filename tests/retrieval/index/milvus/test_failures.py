import pytest

from retrieval.index.milvus.failures import Failure, described, failure_of

grpc = pytest.importorskip("grpc", reason="pymilvus is not installed")
pymilvus = pytest.importorskip("pymilvus", reason="pymilvus is not installed")


class Lost(grpc.RpcError):  # type: ignore[misc,name-defined]
    def __init__(self, status: grpc.StatusCode) -> None:  # type: ignore[name-defined]
        self._status = status

    def code(self) -> grpc.StatusCode:  # type: ignore[name-defined]
        return self._status

    def details(self) -> str:
        return "connection\n refused"


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("UNAVAILABLE", Failure.AWAY),
        ("DEADLINE_EXCEEDED", Failure.LATE),
        ("UNAUTHENTICATED", Failure.DENIED),
        ("INVALID_ARGUMENT", Failure.OTHER),
    ],
)
def test_what_grpc_raises(status: str, failure: Failure) -> None:
    assert failure_of(Lost(grpc.StatusCode[status])) is failure
    assert failure_of(pymilvus.MilvusException(grpc.StatusCode[status], "said")) is failure


def test_what_pymilvus_raises() -> None:
    assert failure_of(pymilvus.MilvusException(2, "Fail connecting to server")) is Failure.AWAY
    assert failure_of(pymilvus.MilvusException(65535, "auth check failure, please check")) is Failure.DENIED
    assert failure_of(pymilvus.MilvusException(101, "collection not loaded")) is Failure.RELEASED
    assert failure_of(pymilvus.MilvusException(106, "not loaded", retriable=True)) is Failure.PASSING
    assert failure_of(pymilvus.MilvusException(1100, "invalid expression")) is Failure.OTHER


def test_a_failure_is_told_in_one_line_with_what_to_do() -> None:
    away = described("http://host:19530", Failure.AWAY, Lost(grpc.StatusCode.UNAVAILABLE))
    assert away.startswith("the Milvus server at http://host:19530 does not answer. Start it, or mend its address")
    other = described("http://host:19530", Failure.OTHER, Lost(grpc.StatusCode.INTERNAL))
    assert "(connection refused)" in other
    assert "\n" not in other
