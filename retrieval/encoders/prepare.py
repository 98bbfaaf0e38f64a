"""The bundled model, prepared once: a graph, word embeddings and a vocabulary, mapped when used."""

import json
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import numpy as np

from retrieval.encoders import Progress, cache
from retrieval.encoders.bundled import Bundle, fingerprint
from retrieval.encoders.quantise import Recipe

GRAPH, WORDS, SHAPE = "model.onnx", "words.npy", "shape.json"


@dataclass(frozen=True, slots=True)
class Source:
    """What is prepared and where: a model's file of weights, the arithmetic it gets, the folder of prepared models."""

    model: str
    weights: Path
    recipe: Recipe
    cache: Path

    @property
    def identity(self) -> str:
        """Name the model, its weights and its arithmetic."""
        return f"{self.model}@{fingerprint(self.weights)} {self.recipe.name}"

    @property
    def folder(self) -> Path:
        """Name the prepared folder: other weights or another recipe give another one."""
        return self.cache / self.identity.replace("/", "--").replace("@", "-").replace(" ", "-")


def prepare(source: Source, progress: Progress) -> Path:
    """Return the prepared folder, made first where it is not complete.

    Raises:
        EncoderError: the weights are unusable, or the cache cannot be written.
    """
    return cache.prepared(source.folder, lambda folder: _build(source, folder, progress))


def repair(source: Source, progress: Progress) -> Path:
    """Compare the prepared folder with its checksums, and make it again where it differs."""
    return cache.prepared(source.folder, lambda folder: _build(source, folder, progress), whole=cache.is_sound)


def _build(source: Source, folder: Path, progress: Progress) -> None:
    from retrieval.encoders.graph import write
    from retrieval.encoders.pieces import Vocabulary

    progress("reading the weights", 0.0)
    bundle = Bundle(source.weights)
    np.save(folder / WORDS, bundle.blocks("emb.word").reshape(bundle.shape.vocabulary, -1))
    progress("sorting the vocabulary", 0.1)
    silent = {*astuple(bundle.specials), bundle.pieces.index("<mask>")}
    vocabulary = Vocabulary.build(bundle.pieces, bundle.scores, unknown=bundle.specials.unk, silent=silent)
    vocabulary.save(folder)
    shape = asdict(bundle.specials) | {"positions": bundle.shape.positions}
    (folder / SHAPE).write_text(json.dumps(shape), encoding="utf-8")
    progress("writing the graph", 0.4)
    (folder / GRAPH).write_bytes(write(bundle, source.recipe))
    progress("prepared", 1.0)
