import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encode import cache
from retrieval.encode.bundled import Bundle
from retrieval.encode.encoder import Vectors
from retrieval.encode.graph import INT8, recipe_here
from retrieval.encode.onnx import OnnxEncoder, batches
from retrieval.encode.prepare import ModelSource, open_prepared
from retrieval.errors import EncoderError
from retrieval.settings import BUNDLED_MODEL
from tests.retrieval.encode.texts import TEXTS


def _cosines(one: Vectors, other: Vectors) -> Vectors:
    cosines: Vectors = np.einsum("nd,nd->n", one, other)
    return cosines


def _open(source: ModelSource, query_prompt: str | None = None) -> OnnxEncoder:
    return open_prepared(source, threads=0, query_prompt=query_prompt, passage_prompt=None, progress=None)


def test_rows_are_units_in_float32(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dim) == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode_queries([]).shape == (0, 384)


def test_a_text_alone_and_among_others_is_the_same(encoder: OnnxEncoder) -> None:
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert _cosines(encoder.encode_passages(TEXTS * 2), np.concatenate([alone, alone])).min() >= 0.9999


def test_questions_and_windows_get_their_own_prompts(encoder: OnnxEncoder, weights: Path, prepared_cache: Path) -> None:
    text = ["河水已经退了"]
    assert _cosines(encoder.encode_queries(text), encoder.encode_passages(text))[0] < 0.99
    plain = _open(ModelSource(BUNDLED_MODEL, weights, recipe_here(), prepared_cache), query_prompt="passage: ")
    assert _cosines(plain.encode_queries(text), encoder.encode_passages(text))[0] > 0.99999
    assert plain.identity != encoder.identity


@given(st.lists(st.integers(1, 512), max_size=60), st.integers(1, 1024))
def test_batches_hold_every_place_once_and_one_length_each(lengths: list[int], tokens: int) -> None:
    groups = list(batches(lengths, tokens))
    assert sorted(place for group in groups for place in group) == list(range(len(lengths)))
    assert all(len({lengths[place] for place in group}) == 1 for group in groups)
    assert all(len(group) == 1 or len(group) * lengths[group[0]] <= tokens for group in groups)


def test_batches_are_full_and_the_longest_first() -> None:
    assert list(batches([2, 3, 2, 2, 9], 4)) == [[4], [1], [0, 2], [3]]


@pytest.fixture(scope="module")
def prepared(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that nobody has damaged."""
    source = ModelSource(BUNDLED_MODEL, weights, INT8, tmp_path_factory.mktemp("prepared"))
    _open(source)
    return source.folder


@pytest.fixture
def copy(prepared: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelSource:
    """A prepared folder, which is made again by copying, for to prepare a model takes three seconds."""
    source = ModelSource(BUNDLED_MODEL, weights, INT8, tmp_path)

    def build(_source: ModelSource, folder: Path, _progress: object) -> None:
        for path in prepared.iterdir():
            if path.name not in {"manifest.json", "checked.json"}:
                shutil.copyfile(path, folder / path.name)

    monkeypatch.setattr("retrieval.encode.prepare._build", build)
    _open(source)
    return source


@pytest.mark.parametrize("name", ["model.onnx", "queries.onnx", "shape.json", "words.npy"])
@pytest.mark.parametrize("damage", ["zeroed", "flipped"])
def test_damage_of_the_same_size_is_found_when_loading_and_repaired(copy: ModelSource, name: str, damage: str) -> None:
    path = copy.folder / name
    data = bytearray(path.read_bytes())
    if damage == "zeroed":
        data = bytearray(len(data))
    else:
        data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert cache.is_complete(copy.folder)
    repaired = _open(copy)
    assert cache.verify(copy.folder) == []
    assert repaired.encode_queries(["?"]).shape == (1, 384)


def test_a_damaged_folder_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "shape.json").write_text(json.dumps({"bos": 0}))
    with pytest.raises(EncoderError, match="is damaged") as caught:
        OnnxEncoder(tmp_path, identity="", query_prompt="", passage_prompt="")
    assert "\n" not in str(caught.value)


def test_word_embeddings_are_kept_as_they_came(prepared_cache: Path, weights: Path, bundle: Bundle) -> None:
    folder = ModelSource(BUNDLED_MODEL, weights, recipe_here(), prepared_cache).folder
    words = np.load(folder / "words.npy", mmap_mode="r")
    assert np.array_equal(words.reshape(-1), bundle.blocks("emb.word").reshape(-1))


def test_questions_have_a_graph_of_their_own(weights: Path, encoder: OnnxEncoder, tmp_path: Path) -> None:
    source = ModelSource(BUNDLED_MODEL, weights, recipe_here(), tmp_path, None)
    plain = _open(source)
    assert (source.folder / "model.onnx").exists()
    assert not (source.folder / "queries.onnx").exists()
    assert plain.identity == encoder.identity
    assert np.array_equal(plain.encode_passages(TEXTS), encoder.encode_passages(TEXTS))
    alike = _cosines(plain.encode_queries(TEXTS), encoder.encode_queries(TEXTS))
    assert 0.5 < alike.mean() < 0.995


def test_who_only_asks_loads_no_graph_of_passages(prepared: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(prepared, tmp_path / "asking")
    (folder / "model.onnx").unlink()
    asking = OnnxEncoder(folder, identity="", query_prompt="", passage_prompt="", queries="queries.onnx")
    assert asking.encode_queries(["桥有多长？"]).shape == (1, asking.dim)
    with pytest.raises(EncoderError, match="is damaged"):
        asking.encode_passages(["桥长五十米。"])
