"""`tokenizers` is the oracle: the ids must be the same, one for one."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace

from retrieval.encode.bundled import Bundle
from retrieval.encode.onnx import Vocabulary, normalise
from tests.retrieval.encode.texts import TEXTS

_SILENT = frozenset({0, 1, 2, 3, 250_001})
_PLENTY = 100_000


@pytest.fixture(scope="module")
def vocabulary(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("vocabulary")
    Vocabulary.build(bundle.pieces, bundle.scores, unknown=3, silent=_SILENT).save(folder)
    return Vocabulary.open(folder)


@pytest.fixture(scope="module")
def oracle(bundle: Bundle) -> Tokenizer:
    pieces = zip(bundle.pieces, bundle.scores.tolist(), strict=True)
    vocabulary = [
        (f"\0silent \0{place}" if place in _SILENT else piece, score) for place, (piece, score) in enumerate(pieces)
    ]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = Metaspace()
    return tokenizer


def _expected(oracle: Tokenizer, texts: list[str]) -> list[list[int]]:
    return [encoding.ids for encoding in oracle.encode_batch(texts, add_special_tokens=False)]


def _character(rng: random.Random) -> str:
    ranges = [
        (0x20, 0x7F), (0xA0, 0x250), (0x370, 0x590), (0x590, 0x700), (0x900, 0xE80), (0x3040, 0x3100),
        (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF00, 0xFFEF), (0x1, 0xD7FF), (0xE000, 0x20000),
    ]  # fmt: skip
    return chr(rng.randrange(*rng.choice(ranges)))


def test_sentences_in_ten_scripts(vocabulary: Vocabulary, oracle: Tokenizer) -> None:
    texts = [normalise(text) for text in TEXTS]
    assert vocabulary.split(texts, limit=_PLENTY) == _expected(oracle, texts)


def test_characters_of_every_block_and_pieces_in_any_order(
    vocabulary: Vocabulary, oracle: Tokenizer, bundle: Bundle
) -> None:
    rng = random.Random(20)
    characters = ["".join(_character(rng) for _ in range(rng.randrange(40))) for _ in range(3000)]
    pieces = ["".join(rng.choices(bundle.pieces, k=rng.randrange(1, 16))) for _ in range(3000)]
    repeated = [rng.choice("aab的1。 ") * rng.randrange(1, 60) + rng.choice(bundle.pieces) for _ in range(1000)]
    texts = [normalise(text) for text in characters + pieces + repeated]
    assert vocabulary.split(texts, limit=_PLENTY) == _expected(oracle, texts)


@settings(max_examples=300)
@given(st.lists(st.text(), max_size=5))
def test_any_text(vocabulary: Vocabulary, oracle: Tokenizer, texts: list[str]) -> None:
    folded = [normalise(text) for text in texts]
    assert vocabulary.split(folded, limit=_PLENTY) == _expected(oracle, folded)


def test_the_names_of_special_tokens_are_plain_text(vocabulary: Vocabulary) -> None:
    (ids,) = vocabulary.split(["<s> </s> <mask> <pad> <unk>"], limit=_PLENTY)
    assert not _SILENT & set(ids)


def test_limit_cuts_without_changing_what_stays(vocabulary: Vocabulary) -> None:
    text = normalise(" ".join(TEXTS) * 10)
    (whole,) = vocabulary.split([text], limit=_PLENTY)
    assert len(whole) > 10_000
    assert vocabulary.split([text], limit=510) == [whole[:510]]


def test_a_small_vocabulary_by_hand() -> None:
    pieces = ["<unk>", "▁", "a", "b", "ab", "▁ab", "abc"]
    scores = np.array([0, -3, -2, -2, -3, -5, -9], np.float32)
    small = Vocabulary.build(pieces, scores, unknown=0, silent={0})
    # ▁ab (-5) beats ▁ + ab (-6); ▁ + abc (-12) beats ▁ab + unknown c (-24); unknown characters in a row are one
    assert small.split(["ab", "abc", "axyb", ""], limit=9) == [[5], [1, 6], [1, 2, 0, 3], []]


def test_saved_arrays_are_mapped(vocabulary: Vocabulary, tmp_path: Path) -> None:
    assert isinstance(vocabulary.texts.base, np.memmap)
    vocabulary.save(tmp_path)
    again = Vocabulary.open(tmp_path)
    assert again.split(["河水已经退了"], limit=9) == vocabulary.split(["河水已经退了"], limit=9)
