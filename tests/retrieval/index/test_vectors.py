from pathlib import Path

import numpy as np
import pytest

from retrieval.index.catalogue import Catalogue
from retrieval.index.schema import WINDOWS_A_PASSAGE
from retrieval.index.vectors import VectorIndex, best_of_each
from tests.fakes import FakeEncoder
from tests.retrieval.index.builders import entry

ARCHIVE = b"0123456789abcdef"
DIM = 64


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    encoder = FakeEncoder(dim=DIM)
    for number in range(20):
        catalogue.put(entry(f"a{number}", f"第{number}座桥有{number * 7}米，连起{number}个村的老路。" * 20, encoder))
    return catalogue


def opened(tmp_path: Path, catalogue: Catalogue, archive: bytes = ARCHIVE) -> VectorIndex:
    index = VectorIndex(tmp_path / "vectors.faiss", archive, DIM)
    index.refresh(catalogue)
    return index


def all_vectors(catalogue: Catalogue) -> tuple[np.ndarray, np.ndarray]:
    blocks = list(catalogue.vectors_since(0))
    return np.concatenate([ids for ids, _ in blocks]), np.concatenate([vectors for _, vectors in blocks])


def exact(catalogue: Catalogue, query: np.ndarray) -> tuple[list[int], list[float]]:
    ids, vectors = all_vectors(catalogue)
    scores = vectors.astype(np.float32) @ query
    order = np.lexsort((ids, -scores))
    return (ids[order] // WINDOWS_A_PASSAGE).tolist(), scores[order].tolist()


def test_search_agrees_with_numpy_on_queries_of_any_length(tmp_path: Path, catalogue: Catalogue) -> None:
    index = opened(tmp_path, catalogue)
    for seed in range(20):
        query = 3 * np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
        numbers, scores = index.search(query, 10)
        expected, expected_scores = exact(catalogue, query)
        assert scores == pytest.approx(expected_scores[:10], abs=1e-4)
        assert numbers[0] == expected[0]


def test_saved_and_opened_it_answers_the_same(tmp_path: Path, catalogue: Catalogue) -> None:
    index = opened(tmp_path, catalogue)
    index.save()
    query = np.ones(DIM, np.float32)
    assert np.array_equal(opened(tmp_path, catalogue).search(query, 10)[0], index.search(query, 10)[0])


def test_changes_after_saving_are_replayed(tmp_path: Path, catalogue: Catalogue) -> None:
    index = opened(tmp_path, catalogue)
    index.save()
    catalogue.remove("a3")
    catalogue.put(entry("new", "新建的水厂日供水两万吨，够全县用。" * 20, FakeEncoder(dim=DIM)))
    again = opened(tmp_path, catalogue)
    ids, _ = all_vectors(catalogue)
    assert len(again) == len(ids)
    found, _ = again.search(np.ones(DIM, np.float32), len(ids))
    assert set(found) == set(ids // WINDOWS_A_PASSAGE)


@pytest.mark.parametrize("spoil", ["cut", "other archive", "garbage", "gone"])
def test_a_file_that_cannot_be_used_is_made_up_for_from_the_catalogue(
    tmp_path: Path, catalogue: Catalogue, spoil: str, caplog: pytest.LogCaptureFixture
) -> None:
    index = opened(tmp_path, catalogue)
    index.save()
    path = tmp_path / "vectors.faiss"
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif spoil == "garbage":
        path.write_bytes(b"x" * 1000)
    elif spoil == "gone":
        path.unlink()
    again = opened(tmp_path, catalogue, b"another archive!" if spoil == "other archive" else ARCHIVE)
    assert len(again) == len(index)
    assert (spoil == "gone") == (not caplog.records)


def test_the_search_can_be_restricted(tmp_path: Path, catalogue: Catalogue) -> None:
    index = opened(tmp_path, catalogue)
    allowed = np.array([2, 5], np.int64)
    numbers, _ = index.search(np.ones(DIM, np.float32), 50, allowed)
    assert set(numbers) == {2, 5}
    assert len(index.search(np.ones(DIM, np.float32), 50, np.array([], np.int64))[0]) == 0


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path / "vectors.faiss", ARCHIVE, DIM)
    assert len(index.search(np.ones(DIM, np.float32), 5)[0]) == 0


def test_best_of_each_keeps_the_first_and_highest() -> None:
    assert best_of_each([4, 2, 4], np.array([0.9, 0.8, 0.1], np.float32)) == pytest.approx({4: 0.9, 2: 0.8})
