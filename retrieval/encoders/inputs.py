"""Texts → what the graph reads: token ids, and the word embeddings of them from a mapped file."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.bundled import BLOCK_BYTES, Bundle, dequantise
from retrieval.encoders.normalise import normalise
from retrieval.encoders.pieces import Vocabulary, mapped
from retrieval.errors import EncoderError

_WORDS, _SHAPE = "words.npy", "shape.json"


class Inputs:
    """The tokenizer and the word embeddings of a prepared folder.

    The embeddings stay in the 4 bits they came in: 54 MB on disk, of which a text reads 216 bytes a token.

    Raises:
        EncoderError: the folder is damaged.
    """

    def __init__(self, folder: Path) -> None:
        try:
            shape = json.loads((folder / _SHAPE).read_text(encoding="utf-8"))
            self._begin, self._end, self._limit = shape["bos"], shape["eos"], shape["positions"] - 2
            self._vocabulary = Vocabulary.open(folder)
            self._words: NDArray[np.uint8] = mapped(folder / _WORDS)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EncoderError(f"{folder} is damaged ({error}). Delete it and run the command again") from error

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Split texts into token ids, cut to the length of the model."""
        split = self._vocabulary.split([normalise(text) for text in texts], limit=self._limit)
        return [[self._begin, *row, self._end] for row in split]

    def words(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Look up rows of one length; float32 of shape (n, tokens, dim)."""
        rows = np.array(ids)
        blocks = self._words[rows.reshape(-1)].reshape(-1, BLOCK_BYTES)
        return dequantise(blocks).reshape(*rows.shape, -1)


def save(bundle: Bundle, folder: Path) -> None:
    """Write what `Inputs` reads into an existing folder."""
    specials = bundle.specials
    silent = {specials.bos, specials.eos, specials.pad, specials.unk, bundle.pieces.index("<mask>")}
    Vocabulary.build(bundle.pieces, bundle.scores, unknown=specials.unk, silent=silent).save(folder)
    np.save(folder / _WORDS, bundle.blocks("emb.word").reshape(bundle.shape.vocabulary, -1))
    shape = {"bos": specials.bos, "eos": specials.eos, "positions": bundle.shape.positions}
    (folder / _SHAPE).write_text(json.dumps(shape), encoding="utf-8")
