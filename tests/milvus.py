"""A Milvus server for the tests: Milvus Lite behind gRPC on loopback, in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest

SERVE = """
import sys
from milvus_lite.adapter.grpc.server import start_server_in_thread
server, database, port = start_server_in_thread(sys.argv[1])
print(port, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server."""
    pytest.importorskip("pymilvus", reason="pymilvus is not installed: pip install 'chuchu[milvus]'")
    pytest.importorskip("milvus_lite", reason="milvus-lite, which serves the tests, is not installed")
    command = [sys.executable, "-c", SERVE, str(tmp_path_factory.mktemp("milvus"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        yield f"http://127.0.0.1:{served.stdout.readline().strip()}"
        served.communicate()


@pytest.fixture
def cluster(milvus_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server that holds no archive yet, as this test's settings see it."""
    monkeypatch.setenv("CHUCHU_MILVUS_PREFIX", f"t{uuid4().hex[:12]}")
    return milvus_server
