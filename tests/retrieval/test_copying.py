import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import (
    Archive,
    ArchiveMismatchError,
    ArchiveMissingError,
    Hit,
    Location,
    Settings,
    Shard,
    copy_archive,
    index_paths,
    open_archive,
    verify_archive,
)
from retrieval.store.location import open_reader
from retrieval.store.protocols import Entry
from retrieval.values import Span
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
QUESTIONS = [json.loads(line) for line in (ROOT / "examples" / "questions.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "archive"
    index_paths([ROOT / "examples" / "archive"], folder, FakeEncoder())
    return folder


def entries(location: Location) -> dict[str, Entry]:
    with closing(open_reader(location, Settings())) as reader:
        return {entry.article.id: entry for entry in reader.entries()}


def content(entry: Entry) -> tuple[object, ...]:
    vectors = entry.vectors.tobytes()
    return entry.article, tuple(entry.passages), vectors, tuple(entry.hashes), entry.origin, sorted(entry.bands)


def test_a_copy_there_and_back_is_the_same_and_embeds_nothing(sample: Path, cluster: str, tmp_path: Path) -> None:
    report = copy_archive(sample, cluster, Settings())
    assert (len(report.added), report.embedded) == (63, 0)
    assert verify_archive(cluster) == ()
    copy_archive(cluster, tmp_path / "back", Settings())
    assert verify_archive(tmp_path / "back") == ()
    before, after = entries(sample), entries(tmp_path / "back")
    assert {name: content(entry) for name, entry in after.items()} == {
        name: content(entry) for name, entry in before.items()
    }


@pytest.mark.slow
def test_a_cluster_answers_as_a_folder_does(sample: Path, cluster: str) -> None:
    copy_archive(sample, cluster, Settings())
    with Archive(sample, Settings(), FakeEncoder()) as local, Archive(cluster, Settings(), FakeEncoder()) as remote:
        for question in QUESTIONS[::32]:
            here, there = local.ask(question["question"], k=5), remote.ask(question["question"], k=5)
            assert here.answered == there.answered
            assert here.filters == there.filters
            assert there.confidence == pytest.approx(here.confidence, abs=1e-4)
            assert [hit.score for hit in there.hits] == pytest.approx([hit.score for hit in here.hits], abs=1e-3)
            # equal scores are ordered by numbers, which are counted here and hashed there
            assert _without_ties(there.hits) == _without_ties(here.hits)
        assert remote.sources() == local.sources()
        assert [article.id for article in remote.latest(9)] == [article.id for article in local.latest(9)]
        assert {name: value for name, value in local.stats().items() if name != "bytes"} == remote.stats()


def _without_ties(hits: Sequence[Hit]) -> list[tuple[str, str, Span]]:
    scores = [round(hit.score, 3) for hit in hits]
    return [(hit.article.id, hit.text, hit.highlight) for hit in hits if scores.count(round(hit.score, 3)) == 1]


def test_a_copy_that_was_stopped_goes_on(sample: Path, cluster: str) -> None:
    seen: list[int] = []
    first = copy_archive(
        sample, cluster, Settings(), progress=lambda report: seen.append(len(report.added)), stopped=lambda: True
    )
    assert first.stopped
    assert first.read == len(first.added) / 63
    with open_archive(cluster) as archive:
        assert archive.stats()["articles"] == len(first.added) == seen[-1]
    second = copy_archive(sample, cluster, Settings())
    assert sorted(second.unchanged) == sorted(first.added)
    assert len(second.added) == 63 - len(first.added)
    assert second.read == 1
    nothing_new = copy_archive(sample, cluster, Settings(), stopped=lambda: True)
    assert (nothing_new.stopped, len(nothing_new.unchanged), nothing_new.read) == (True, 63, 1)


def test_an_archive_built_otherwise_is_not_mixed_in(sample: Path, tmp_path: Path) -> None:
    index_paths([ROOT / "examples" / "archive"], tmp_path / "other", FakeEncoder("other", 32), shard=Shard(1, 50))
    with pytest.raises(ArchiveMismatchError, match="calibration, dim, encoder differ"):
        copy_archive(sample, tmp_path / "other", Settings())


def test_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError):
        copy_archive(tmp_path / "nowhere", tmp_path / "there", Settings())
    assert not (tmp_path / "there").exists()
