"""The reader's model: its input, its weights, and what comes of its logits."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encode.bundled import BLOCK, BLOCK_BYTES, Bundle, TrainedWeights
from retrieval.encode.joint import TRAINED, JointModel, best_span, open_joint_model
from retrieval.encode.onnx import OnnxEncoder, normalise, normalised_places
from retrieval.errors import EncoderError

TEXT = "青石县的老桥在去年春天修好了。修桥的工匠叫林知远，一共花了3.2万元。"


@given(st.text(st.sampled_from("桥 a\u00a0\u3000é\u0301\u200b１\ufb01\x01\nが\u3099Ж"), max_size=30))
def test_places_are_those_of_the_folded_characters(text: str) -> None:
    folded, places = normalised_places(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    assert folded == folded.strip(" ")
    assert "  " not in folded


@given(st.text(st.characters(codec="utf-8", max_codepoint=0x2FF), max_size=40) | st.text("桥１ａ　 。", max_size=40))
def test_a_text_folds_as_the_encoder_folds_it(text: str) -> None:
    assert normalised_places(text)[0] == normalise(text)


def test_pieces_cover_the_text(encoder: OnnxEncoder) -> None:
    pieces = encoder._inputs.pieces(TEXT)
    assert [index for index, _ in pieces] == encoder._inputs.ids([TEXT])[0][1:-1]
    assert [place for _, place in pieces] == sorted(place for _, place in pieces)


@given(st.integers(1, 12), st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_best_span_is_in_order_and_in_the_passage(size: int, before: int, chance: object) -> None:
    logits = np.random.default_rng(chance.randrange(2**32)).normal(size=(before + size + 1, 2)).astype(np.float32)  # type: ignore[attr-defined]
    first, last, certainty, lead = best_span(logits, before)
    assert 0 <= first <= last < size
    assert 0 < certainty <= 1
    sums = [logits[before + i, 0] + logits[before + j, 1] for i in range(size) for j in range(i, size)]
    assert lead == pytest.approx(max(sums) - logits[0].sum(), abs=1e-4)


def test_what_training_changed_is_added_to_the_bundle(bundle: Bundle, tmp_path: Path) -> None:
    blocks = np.zeros((bundle.tensor("l5.q.w").size // BLOCK, BLOCK_BYTES), np.uint8)
    blocks[:, 2:] = 0x88  # codes of 0
    blocks[0, :2] = np.frombuffer(np.float16(0.5).tobytes(), np.uint8)
    blocks[0, 2] = 0x8A  # the first weight of the first block: 2 steps up
    parts: dict[str, Any] = {"l5.q.w": blocks.reshape(-1), "span.b": np.array([1, 2], np.float16)}
    np.savez(tmp_path / "reader.npz", **parts)
    weights = TrainedWeights(bundle, tmp_path / "reader.npz")
    changed = weights.tensor("l5.q.w") - bundle.tensor("l5.q.w")
    assert changed[0] == pytest.approx(1.0)
    assert not changed[1:].any()
    assert weights.tensor("span.b").tolist() == [1, 2]
    assert np.array_equal(weights.tensor("l0.q.w"), bundle.tensor("l0.q.w"))


def test_a_damaged_file_is_one_clear_line(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "reader.npz").write_bytes(b"not a reader")
    with pytest.raises(EncoderError, match="Install chuchu again") as caught:
        TrainedWeights(bundle, tmp_path / "reader.npz")
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def model(prepared_cache: Path) -> JointModel:
    opened = open_joint_model(prepared_cache)
    assert opened
    return opened


def test_the_file_is_small() -> None:
    assert TRAINED.stat().st_size < 12_000_000


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("修桥的工匠叫什么名字？", "林知远"),
        ("修桥一共花了多少钱？", "3.2万元"),
        ("老桥是什么时候修好的？", "春天"),
        ("修橋的工匠叫什麼名字？", "林知远"),
    ],
)
def test_it_reads_which_words_answer(model: JointModel, question: str, answer: str) -> None:
    reading = model.read([(question, TEXT)])[0]
    assert reading.answered > 0
    assert answer in TEXT[slice(*reading.span)]
    assert len(TEXT[slice(*reading.span)]) <= 3 * len(answer)


def test_it_tells_what_answers_from_what_does_not(model: JointModel) -> None:
    other = "青石县今年的小麦收成比去年多了一成，种粮大户都很高兴。"
    asked, beside = model.read([("修桥的工匠叫什么名字？", text) for text in (TEXT, other)])
    assert asked.answered > beside.answered
    assert beside.answered < 0


@pytest.mark.parametrize("text", ["", " ", "\u200b", "a" * 5000, "桥" * 5000, "\ud800", "🌉" * 300])
def test_whatever_is_read_gives_a_place_in_it(model: JointModel, text: str) -> None:
    for question in ("桥在哪里？", "", "?" * 2000):
        start, end = model.read([(question, text)])[0].span
        assert 0 <= start <= end <= len(text)


def test_several_texts_are_read_as_each_alone(model: JointModel) -> None:
    pairs = [("谁修的桥？", text) for text in (TEXT, TEXT[:20], TEXT[16:])]
    assert model.read(pairs) == [model.read([pair])[0] for pair in pairs]
