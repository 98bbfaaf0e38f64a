import json
import socket
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from retrieval import (
    Archive,
    ArchiveError,
    Filters,
    Settings,
    SettingsError,
    Shard,
    index_paths,
    rebuild_archive,
    repair_archive,
    verify_archive,
)
from retrieval.store.milvus import Cluster, within
from retrieval.store.milvus.reader import MilvusReader
from retrieval.store.milvus.rows import ARTICLES, PASSAGES, WINDOWS, number_of
from retrieval.store.milvus.writer import MilvusWriter
from retrieval.store.protocols import ArchiveChangedError
from tests.fakes import FakeEncoder

BEFORE = "新桥全长三百四十米，连起河两岸的六个村，老人们都来看热闹。"
AFTER = "县里的旧桥去年拆了。新桥全长五百米，连起河两岸的六个村，老人们都来看热闹。"


def write(path: Path, **texts: str) -> Path:
    path.write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text in texts.items()), "utf-8")
    return path


@pytest.fixture
def archive(cluster: str, tmp_path: Path) -> str:
    index_paths([write(tmp_path / "a.jsonl", bridge=BEFORE)], cluster, FakeEncoder())
    return cluster


def replace(archive: str, tmp_path: Path) -> None:
    index_paths([write(tmp_path / "a.jsonl", bridge=AFTER)], archive, FakeEncoder())


class Killed(Exception):  # noqa: N818 it stands for a signal
    pass


@pytest.mark.parametrize("step", ["first upsert", "second upsert", "third upsert", "delete"])
def test_killed_between_two_steps_the_old_article_or_the_new_one_is_there_whole(
    archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    calls = {"upsert": {"first upsert": 1, "second upsert": 2, "third upsert": 3}.get(step, 99), "delete": 1}
    whole = Cluster.call

    def call(self: Cluster, method: str, collection: str, **asked: object) -> object:
        if method in calls:
            calls[method] -= 1
            if calls[method] == 0:
                raise Killed
        return whole(self, method, collection, **asked)

    with monkeypatch.context() as patched:
        patched.setattr(Cluster, "call", call)
        with pytest.raises(Killed):
            replace(archive, tmp_path)
    with Archive(archive, Settings(), FakeEncoder()) as reader:
        (hit,) = reader.ask("新桥全长多少米？").hits
        assert hit.article.text == (AFTER if step == "delete" else BEFORE)
        assert hit.text == hit.article.text[slice(*hit.span)]
    assert repair_archive(archive).left == ()
    report = index_paths([tmp_path / "a.jsonl"], archive, FakeEncoder())
    assert len(report.changed) == (step != "delete")
    assert verify_archive(archive) == ()


def test_an_article_that_is_replaced_during_a_search_is_searched_for_again(archive: str, tmp_path: Path) -> None:
    reader = MilvusReader(archive, Settings())
    with reader.snapshot() as index:
        ((passage, place),) = index.catalogue.places(list(index.nearest(np.ones(64, np.float32), 9, Filters()))).items()
        replace(archive, tmp_path)
        with pytest.raises(ArchiveChangedError):
            index.articles([place.article])
    with reader.snapshot() as index:
        assert index.catalogue.places([passage]) == {}
        assert index.articles([place.article])[place.article].text == AFTER
    reader.close()


def test_what_is_damaged_is_found_named_and_taken_out(archive: str, tmp_path: Path) -> None:
    index_paths([write(tmp_path / "b.jsonl", tea="春茶每斤卖到八百元，比去年涨了两成。")], archive, FakeEncoder())
    cluster = Cluster(archive, Settings())
    (row,) = cluster.rows(WINDOWS, within("article", [number_of("bridge")]), ("*",))
    cluster.put(WINDOWS, [{**row, "vector": [0.5] * 64}], "undated")
    faults = verify_archive(archive)
    assert [(fault.article, fault.what) for fault in faults] == [
        ("bridge", "its windows or vectors are not as they were written")
    ]
    repaired = repair_archive(archive)
    assert (repaired.taken_out, repaired.left) == (("bridge",), ())
    assert [cluster.count(name) for name in (ARTICLES, PASSAGES, WINDOWS)] == [1, 1, 1]
    cluster.close()


def test_writers_at_once_keep_all_articles_and_tell_copies(cluster: str, tmp_path: Path) -> None:
    texts = {f"a{n}": f"第{n}座桥有{n * 7}米，连起{n}个村的老路，去年{n}月通车。" for n in range(40)}
    path = write(tmp_path / "many.jsonl", **texts)
    index_paths([path], cluster, FakeEncoder(), shard=Shard(1, 5))
    writers = [
        threading.Thread(target=index_paths, args=([path], cluster, FakeEncoder()), kwargs={"shard": Shard(number, 5)})
        for number in range(2, 6)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with Archive(cluster, Settings(), FakeEncoder()) as reader:
        assert reader.stats()["articles"] == 40
        assert reader.ask("第7座桥有多少米？").hits[0].article.id == "a7"
    assert verify_archive(cluster) == ()
    assert len(index_paths([path], cluster, FakeEncoder()).unchanged) == 40


def test_copies_of_a_story_are_told_in_one_hit_and_a_changed_text_leaves_it(cluster: str, tmp_path: Path) -> None:
    story = "".join(f"沄江上的第{n}座桥昨天通车，全长{n * 13}米，{n}个村的人都来看热闹。" for n in range(1, 9))
    path = write(tmp_path / "a.jsonl", first=story, second=story + "（完）")
    index_paths([path], cluster, FakeEncoder())
    index_paths([write(tmp_path / "b.jsonl", third="本报讯 " + story)], cluster, FakeEncoder())

    def told() -> set[str]:
        with Archive(cluster, Settings(), FakeEncoder()) as reader:
            best = reader.ask("沄江上的第五座桥全长多少米？").hits[0]
            return {best.article.id, *(article.id for article in best.also_in)}

    assert told() == {"first", "second", "third"}
    index_paths(
        [write(path, first="茶山上的新茶卖到八百元一斤，比去年贵。", second=story + "（完）")], cluster, FakeEncoder()
    )
    assert told() == {"second", "third"}


def test_a_server_that_is_away_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setenv("CHUCHU_MILVUS_TIMEOUT", "1")
    with pytest.raises(ArchiveError, match=rf"http://127.0.0.1:{port} does not answer.*fix its address") as raised:
        Archive(f"http://user:secret@127.0.0.1:{port}", Settings(), FakeEncoder())
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_server_that_comes_back_is_gone_on_with(tmp_path: Path) -> None:
    serving = pytest.importorskip("milvus_lite.adapter.grpc.server", reason="milvus-lite is not installed")
    server, database, port = serving.start_server_in_thread(str(tmp_path / "data"))
    address = f"http://127.0.0.1:{port}"
    index_paths([write(tmp_path / "a.jsonl", bridge=BEFORE)], address, FakeEncoder())
    with Archive(address, Settings(), FakeEncoder()) as reader:
        server.stop(grace=0).wait()
        database.close()
        answered: list[str] = []
        asking = threading.Thread(target=lambda: answered.append(reader.ask("新桥多长？").hits[0].article.id))
        asking.start()
        time.sleep(0.3)
        server, database, _ = serving.start_server_in_thread(str(tmp_path / "data"), port=port)
        asking.join()
        assert answered == ["bridge"]
    server.stop(grace=0).wait()
    database.close()


def test_in_process_the_archive_is_a_folder_beside(tmp_path: Path) -> None:
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    place = tmp_path / "archive.db"
    index_paths([write(tmp_path / "a.jsonl", bridge=BEFORE)], place, FakeEncoder())
    with Archive(place, Settings(), FakeEncoder()) as reader:
        assert reader.ask("新桥多长？").hits[0].article.id == "bridge"


@pytest.mark.parametrize("kind", ["FLAT", "HNSW", "IVF_SQ8"])
def test_scores_are_exact_with_any_vector_index(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("CHUCHU_MILVUS_VECTORS", kind)
    path = write(tmp_path / "a.jsonl", **{f"a{n}": f"第{n}座桥有{n * 7}米，连起{n}个村的老路。" for n in range(30)})
    index_paths([path], tmp_path / "archive", FakeEncoder())
    index_paths([path], cluster, FakeEncoder())
    monkeypatch.setenv("CHUCHU_MILVUS_VECTORS", "DISKANN")  # of a new archive only
    index_paths([write(path, new="春茶每斤卖到八百元，比去年涨了两成。")], cluster, FakeEncoder())
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(), FakeEncoder()) as local:
        expected = local.ask("第七座桥有多少米？", k=3).hits
    with Archive(cluster, Settings(), FakeEncoder()) as reader:
        hits = reader.ask("第七座桥有多少米？", k=3).hits
    assert [hit.article.id for hit in hits] == [hit.article.id for hit in expected]
    # a folder keeps vectors in one byte a dimension
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], abs=5e-3)


def test_two_prefixes_are_two_archives(archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUCHU_MILVUS_PREFIX", "another")
    with pytest.raises(ArchiveError, match=r"no archive at .*another_\*.*chuchu index"):
        Archive(archive, Settings(), FakeEncoder())
    with pytest.raises(ArchiveError, match="no archive"):
        MilvusWriter(archive, Settings())


def test_what_stays_on_one_machine_says_so() -> None:
    with pytest.raises(ArchiveError, match="--rebuild works on an archive in a folder"):
        rebuild_archive("http://127.0.0.1:1", FakeEncoder())


def test_without_pymilvus_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(SettingsError, match=r"pip install 'chuchu\[milvus\]'"):
        Archive("http://127.0.0.1:1", Settings(), FakeEncoder())
