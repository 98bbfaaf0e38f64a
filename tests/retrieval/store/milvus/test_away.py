"""A server that goes away while it is asked, indexed into and copied to, and comes back."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from retrieval import Archive, ArchiveError, Settings, copy_archive, index_paths, verify_archive
from retrieval import ingest as indexing
from retrieval import upkeep as copying
from retrieval.encode.encoder import Vectors
from tests.fakes import FakeEncoder


class Server:
    """A server that is stopped and started again on the same port."""

    def __init__(self, place: Path) -> None:
        self._serving: Any = pytest.importorskip("milvus_lite.adapter.grpc.server", reason="milvus-lite is missing")
        self._place, self._port = str(place), 0
        self.start()
        self.address = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._server, self._database, self._port = self._serving.start_server_in_thread(self._place, port=self._port)

    def stop(self) -> None:
        self._server.stop(grace=0).wait()
        self._database.close()

    def is_away_for(self, seconds: float) -> None:
        self.stop()
        Timer(seconds, self.start).start()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data")
    yield made
    made.stop()


class Interrupted(FakeEncoder):
    """Has something happen once, while it embeds its second batch."""

    def __init__(self, happening: Any) -> None:
        super().__init__()
        self._happening, self._batches = happening, 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self._batches += any("座桥" in text for text in texts)
        if self._batches == 2:
            self._happening()
            self._batches += 1
        return super().encode_passages(texts)


def write(path: Path) -> Path:
    texts = [f"第{n}座桥有{n * 7}米，连起{n}个村的老路，去年{n}月通车。" for n in range(30)]
    path.write_text("\n".join(json.dumps({"id": f"a{n}", "text": text}) for n, text in enumerate(texts)), "utf-8")
    return path


def is_whole(address: str) -> bool:
    with Archive(address, Settings(), FakeEncoder()) as reader:
        return reader.stats()["articles"] == 30 and verify_archive(address) == ()


def test_indexing_goes_on_when_it_is_back(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_BATCH_WINDOWS", 8)
    encoder = Interrupted(lambda: server.is_away_for(0.5))
    report = index_paths([write(tmp_path / "many.jsonl")], server.address, encoder)
    assert len(report.added) == 30
    assert is_whole(server.address)


def test_copying_goes_on_when_it_is_back(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index_paths([write(tmp_path / "many.jsonl")], tmp_path / "archive", FakeEncoder())
    monkeypatch.setattr(copying, "_WINDOWS_AT_ONCE", 8)
    away = iter([0.5])

    def progress(_: object) -> None:
        for seconds in away:
            server.is_away_for(seconds)

    copied = copy_archive(tmp_path / "archive", server.address, Settings(), progress=progress)
    assert len(copied.added) == 30
    assert is_whole(server.address)


def test_away_for_good_it_is_one_line_and_run_again_it_goes_on(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_BATCH_WINDOWS", 8)
    monkeypatch.setenv("CHUCHU_MILVUS_TIMEOUT", "1")
    path = write(tmp_path / "many.jsonl")
    with pytest.raises(ArchiveError, match=r"does not answer.*run the same command again") as raised:
        index_paths([path], server.address, Interrupted(server.stop))
    assert "\n" not in str(raised.value)
    server.start()
    monkeypatch.delenv("CHUCHU_MILVUS_TIMEOUT")  # in this process gRPC may wait for longer than a second to try again
    report = index_paths([path], server.address, FakeEncoder())
    assert len(report.added) + len(report.unchanged) == 30
    assert is_whole(server.address)
