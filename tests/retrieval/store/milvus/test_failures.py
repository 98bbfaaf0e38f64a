import pytest

from retrieval.store.milvus import ServerFailure, described, failure_of

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
        ("UNAVAILABLE", ServerFailure.AWAY),
        ("DEADLINE_EXCEEDED", ServerFailure.LATE),
        ("UNAUTHENTICATED", ServerFailure.DENIED),
        ("INVALID_ARGUMENT", ServerFailure.OTHER),
    ],
)
def test_what_grpc_raises(status: str, failure: ServerFailure) -> None:
    assert failure_of(Lost(grpc.StatusCode[status])) is failure
    assert failure_of(pymilvus.MilvusException(grpc.StatusCode[status], "said")) is failure


def test_what_pymilvus_raises() -> None:
    assert failure_of(pymilvus.MilvusException(2, "Fail connecting to server")) is ServerFailure.AWAY
    assert failure_of(pymilvus.MilvusException(65535, "auth check failure, please check")) is ServerFailure.DENIED
    assert failure_of(pymilvus.MilvusException(101, "collection not loaded")) is ServerFailure.RELEASED
    assert failure_of(pymilvus.MilvusException(106, "not loaded", retriable=True)) is ServerFailure.PASSING
    assert failure_of(pymilvus.MilvusException(1100, "invalid expression")) is ServerFailure.OTHER


def test_a_failure_is_told_in_one_line_with_what_to_do() -> None:
    away = described("http://host:19530", ServerFailure.AWAY, Lost(grpc.StatusCode.UNAVAILABLE))
    assert away.startswith("the Milvus server at http://host:19530 does not answer. Start it, or fix its address")
    other = described("http://host:19530", ServerFailure.OTHER, Lost(grpc.StatusCode.INTERNAL))
    assert "(connection refused)" in other
    assert "\n" not in other
