from pathlib import Path

import numpy as np
import pytest

from retrieval.store.catalogue import Catalogue
from retrieval.store.catalogue.connection import WINDOWS_A_PASSAGE
from retrieval.store.local.vectors import VectorIndex, best_of_each
from tests.fakes import FakeEncoder
from tests.retrieval.store.builders import entry

ARCHIVE = b"0123456789abcdef"
DIM = 64


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    encoder = FakeEncoder(dim=DIM)
    for number in range(20):
        catalogue.put_all(
            [entry(f"a{number}", f"第{number}座桥有{number * 7}米，连起{number}个村的老路。" * 20, encoder)]
        )
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
        numbers, scores = index.view.search(query, 10, catalogue.window_vectors)
        expected, expected_scores = exact(catalogue, query)
        assert scores == pytest.approx(expected_scores[:10], abs=1e-4)
        assert numbers[0] == expected[0]


def test_saved_and_opened_it_answers_the_same(tmp_path: Path, catalogue: Catalogue) -> None:
    index = opened(tmp_path, catalogue)
    index.save(catalogue)
    query = np.ones(DIM, np.float32)
    assert np.array_equal(
        opened(tmp_path, catalogue).view.search(query, 10, catalogue.window_vectors)[0],
        index.view.search(query, 10, catalogue.window_vectors)[0],
    )


def test_changes_after_saving_are_replayed(tmp_path: Path, catalogue: Catalogue) -> None:
    index = opened(tmp_path, catalogue)
    index.save(catalogue)
    catalogue.remove_all(["a3"])
    catalogue.put_all([entry("new", "新建的水厂日供水两万吨，够全县用。" * 20, FakeEncoder(dim=DIM))])
    again = opened(tmp_path, catalogue)
    ids, _ = all_vectors(catalogue)
    assert len(again.view) == len(ids)
    found, _ = again.view.search(np.ones(DIM, np.float32), len(ids), catalogue.window_vectors)
    assert set(found) == set(ids // WINDOWS_A_PASSAGE)


@pytest.mark.parametrize("spoil", ["cut", "other archive", "garbage", "gone"])
def test_a_file_that_cannot_be_used_is_made_up_for_from_the_catalogue(
    tmp_path: Path, catalogue: Catalogue, spoil: str, caplog: pytest.LogCaptureFixture
) -> None:
    index = opened(tmp_path, catalogue)
    index.save(catalogue)
    path = tmp_path / "vectors.faiss"
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif spoil == "garbage":
        path.write_bytes(b"x" * 1000)
    elif spoil == "gone":
        path.unlink()
    again = opened(tmp_path, catalogue, b"another archive!" if spoil == "other archive" else ARCHIVE)
    assert len(again.view) == len(index.view)
    assert (spoil == "gone") == (not caplog.records)


def test_the_search_can_be_restricted(tmp_path: Path, catalogue: Catalogue) -> None:
    index = opened(tmp_path, catalogue)
    allowed = np.array([2, 5], np.int64)
    numbers, _ = index.view.search(np.ones(DIM, np.float32), 50, catalogue.window_vectors, allowed)
    assert set(numbers) == {2, 5}
    assert (
        len(index.view.search(np.ones(DIM, np.float32), 50, catalogue.window_vectors, np.array([], np.int64))[0]) == 0
    )


def test_an_empty_index_finds_nothing(tmp_path: Path, catalogue: Catalogue) -> None:
    index = VectorIndex(tmp_path / "vectors.faiss", ARCHIVE, DIM)
    assert len(index.view.search(np.ones(DIM, np.float32), 5, catalogue.window_vectors)[0]) == 0


def test_best_of_each_keeps_the_first_and_highest() -> None:
    assert best_of_each([4, 2, 4], np.array([0.9, 0.8, 0.1], np.float32)) == pytest.approx({4: 0.9, 2: 0.8})


CLUSTERED = 50  # windows from which this archive is divided into lists


def clustered(tmp_path: Path, catalogue: Catalogue) -> VectorIndex:
    index = VectorIndex(tmp_path / "vectors.faiss", ARCHIVE, DIM, flat_most=CLUSTERED)
    index.save(catalogue)
    return index


def test_a_divided_index_scores_by_the_catalogues_own_vectors(tmp_path: Path, catalogue: Catalogue) -> None:
    index = clustered(tmp_path, catalogue)
    assert len(index.view) > CLUSTERED
    for seed in range(20):
        query = 3 * np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
        numbers, scores = index.view.search(query, 5, catalogue.window_vectors)
        expected, expected_scores = exact(catalogue, query)
        assert scores == pytest.approx(expected_scores[:5], abs=1e-4)
        assert numbers[0] == expected[0]


def test_a_divided_index_is_restricted_inside_the_search(tmp_path: Path, catalogue: Catalogue) -> None:
    index = clustered(tmp_path, catalogue)
    numbers, _ = index.view.search(np.ones(DIM, np.float32), 50, catalogue.window_vectors, np.array([2, 5], np.int64))
    assert set(numbers) == {2, 5}


def test_what_came_after_is_folded_into_a_divided_index(tmp_path: Path, catalogue: Catalogue) -> None:
    clustered(tmp_path, catalogue)
    before = (tmp_path / "vectors.faiss").stat().st_size
    catalogue.remove_all(["a3"])
    encoder = FakeEncoder(dim=DIM)
    for number in range(40):
        catalogue.put_all(
            [entry(f"new{number}", f"新建的第{number}座水厂日供水{number}万吨，够全县用。" * 20, encoder)]
        )
    index = clustered(tmp_path, catalogue)
    ids, _ = all_vectors(catalogue)
    assert (tmp_path / "vectors.faiss").stat().st_size > before
    assert len(index.view) == len(ids)
    query = np.random.default_rng(1).standard_normal(DIM).astype(np.float32)
    assert index.view.search(query, 10, catalogue.window_vectors)[1] == pytest.approx(
        exact(catalogue, query)[1][:10], abs=1e-4
    )


def test_a_file_ahead_of_its_catalogue_is_not_believed(tmp_path: Path, catalogue: Catalogue) -> None:
    opened(tmp_path, catalogue).save(catalogue)
    (tmp_path / "older").mkdir()
    older = Catalogue(tmp_path / "older" / "catalogue.sqlite", create=True)
    older.put_all([entry("only", "新建的水厂日供水两万吨，够全县用。", FakeEncoder(dim=DIM))])
    index = opened(tmp_path, older)
    assert len(index.view) == 1


def test_a_reader_takes_the_file_that_a_writer_wrote(tmp_path: Path, catalogue: Catalogue) -> None:
    reader = opened(tmp_path, catalogue)
    catalogue.remove_all(["a3"])
    opened(tmp_path, catalogue).save(catalogue)
    reader.refresh(catalogue)
    assert len(reader.view) == len(all_vectors(catalogue)[0])
    assert reader.view.search(np.ones(DIM, np.float32), 5, catalogue.window_vectors)[1] == pytest.approx(
        exact(catalogue, np.ones(DIM, np.float32))[1][:5], abs=1e-4
    )


def test_a_flipped_byte_in_a_small_file_is_noticed_on_opening(
    tmp_path: Path, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    opened(tmp_path, catalogue).save(catalogue)
    path = tmp_path / "vectors.faiss"
    whole = path.read_bytes()
    for place in range(0, len(whole), 997):
        caplog.clear()
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert len(opened(tmp_path, catalogue).view) == len(all_vectors(catalogue)[0])
        assert caplog.records, place
