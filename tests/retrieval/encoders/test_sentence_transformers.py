from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders import open_encoder
from retrieval.encoders.sentence_transformers import SentenceTransformersEncoder
from retrieval.errors import EncoderError
from tests.retrieval.encoders.texts import TEXTS

pytestmark = pytest.mark.slow  # importing torch alone takes seconds


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> SentenceTransformersEncoder:
    return SentenceTransformersEncoder(str(tiny_model))


def test_rows_are_units_in_float32(tiny: SentenceTransformersEncoder) -> None:
    vectors = tiny.encode_passages(["one river", "two bridge three", ""])
    assert vectors.shape == (3, 16) == (3, tiny.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert tiny.encode_queries([]).shape == tiny.encode_passages([]).shape == (0, 16)


def test_prompts_are_the_models_own_or_the_given(tiny: SentenceTransformersEncoder, tiny_model: Path) -> None:
    bare = SentenceTransformersEncoder(str(tiny_model), query_prompt="", passage_prompt="")
    np.testing.assert_allclose(tiny.encode_queries(["one"]), bare.encode_queries(["ask: one"]), atol=1e-6)
    np.testing.assert_allclose(tiny.encode_passages(["one"]), bare.encode_queries(["tell: one"]), atol=1e-6)
    assert np.abs(tiny.encode_passages(["one"]) - bare.encode_passages(["one"])).max() > 1e-3


def test_identity_follows_weights_and_prompts(
    tiny: SentenceTransformersEncoder, tiny_model: Path, tmp_path: Path
) -> None:
    assert SentenceTransformersEncoder(str(tiny_model)).identity == tiny.identity
    assert SentenceTransformersEncoder(str(tiny_model), query_prompt="").identity != tiny.identity
    from sentence_transformers import SentenceTransformer

    other = SentenceTransformer(str(tiny_model))
    folder = tmp_path / tiny_model.name
    next(iter(other.parameters())).data += 1
    other.save(str(folder))
    assert SentenceTransformersEncoder(str(folder)).identity != tiny.identity


def test_any_folder_is_opened_with_it(tiny_model: Path, tiny: SentenceTransformersEncoder, tmp_path: Path) -> None:
    opened = open_encoder(str(tiny_model), cache=tmp_path)
    assert opened.identity == tiny.identity
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match=r"it is no sentence-transformers model.*CHUCHU_MODEL=…") as caught:
        SentenceTransformersEncoder(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_name_that_cannot_be_downloaded_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match=r"nobody/nothing: no such folder, and no download") as caught:
        SentenceTransformersEncoder("nobody/nothing")
    assert "\n" not in str(caught.value)


def test_the_unpacked_weights_serve_with_their_prompts(unpacked: Path) -> None:
    encoder = SentenceTransformersEncoder(str(unpacked), threads=1)
    bare = SentenceTransformersEncoder(str(unpacked), query_prompt="", passage_prompt="")
    texts = TEXTS[:4]
    expected = bare.encode_queries([f"query: {text}" for text in texts])
    np.testing.assert_allclose(encoder.encode_queries(texts), expected, atol=1e-5)
    assert encoder.dim == 384
