import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encode import cache
from retrieval.encode.bundled import Bundle
from retrieval.encode.encoder import Vectors
from retrieval.encode.graph import FLOAT, INT7, INT8, recipe_here
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


@pytest.fixture(scope="module")
def exact(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> OnnxEncoder:
    """The same graph in float32."""
    return _open(ModelSource(BUNDLED_MODEL, weights, FLOAT, tmp_path_factory.mktemp("exact")))


def test_rows_are_units_in_float32(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (50, encoder.dim) == (50, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode_queries([]).shape == (0, 384)


@pytest.mark.slow
def test_the_graph_in_float32_is_the_unpacked_model(exact: OnnxEncoder, unpacked: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(unpacked), device="cpu")
    texts = [*TEXTS, "x " * 2000, ""]
    expected = np.asarray(model.encode(texts, prompt_name="passage", batch_size=10))
    assert _cosines(exact.encode_passages(texts), expected).min() > 0.99999


def test_quantisation_stays_near_float32(encoder: OnnxEncoder, exact: OnnxEncoder) -> None:
    assert _cosines(encoder.encode_passages(TEXTS), exact.encode_passages(TEXTS)).min() >= 0.998
    assert _cosines(encoder.encode_queries(TEXTS), exact.encode_queries(TEXTS)).min() >= 0.998


def test_seven_bits_for_older_processors_stay_near_eight(
    weights: Path, exact: OnnxEncoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    older = _open(ModelSource(BUNDLED_MODEL, weights, INT7, tmp_path_factory.mktemp("older")))
    newer = ModelSource(BUNDLED_MODEL, weights, INT8, Path())
    assert older.identity == newer.identity != exact.identity
    assert _cosines(older.encode_passages(TEXTS), exact.encode_passages(TEXTS)).min() >= 0.996


def test_a_text_alone_and_among_others_is_the_same(encoder: OnnxEncoder) -> None:
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert _cosines(encoder.encode_passages(TEXTS * 2), np.concatenate([alone, alone])).min() >= 0.9999


def test_rows_keep_the_order_of_the_texts(exact: OnnxEncoder) -> None:
    forward, backward = exact.encode_passages(TEXTS), exact.encode_passages(TEXTS[::-1])
    assert _cosines(forward, backward[::-1]).min() >= 0.99999
    assert np.argmax(forward @ forward.T, axis=1).tolist() == list(range(50))


def test_questions_and_windows_get_their_own_prompts(encoder: OnnxEncoder, weights: Path, prepared_cache: Path) -> None:
    text = ["河水已经退了"]
    assert _cosines(encoder.encode_queries(text), encoder.encode_passages(text))[0] < 0.99
    plain = _open(ModelSource(BUNDLED_MODEL, weights, recipe_here(), prepared_cache), query_prompt="passage: ")
    assert _cosines(plain.encode_queries(text), encoder.encode_passages(text))[0] > 0.99999
    assert plain.identity != encoder.identity


def test_what_is_past_512_tokens_does_not_count(exact: OnnxEncoder) -> None:
    long = "桥 " * 600
    first, second = exact.encode_passages([f"{long}一", f"{long}二三四"])
    assert first @ second > 0.99999


@given(st.lists(st.integers(1, 512), max_size=60), st.integers(1, 1024))
def test_batches_hold_every_place_once_and_one_length_each(lengths: list[int], tokens: int) -> None:
    groups = list(batches(lengths, tokens))
    assert sorted(place for group in groups for place in group) == list(range(len(lengths)))
    assert all(len({lengths[place] for place in group}) == 1 for group in groups)
    assert all(len(group) == 1 or len(group) * lengths[group[0]] <= tokens for group in groups)


def test_batches_are_full_and_the_longest_first() -> None:
    assert list(batches([2, 3, 2, 2, 9], 4)) == [[4], [1], [0, 2], [3]]


@pytest.fixture
def copy(weights: Path, tmp_path: Path) -> ModelSource:
    source = ModelSource(BUNDLED_MODEL, weights, INT8, tmp_path)
    _open(source)
    return source


@pytest.mark.parametrize("name", ["model.onnx", "shape.json", "words.npy"])
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
