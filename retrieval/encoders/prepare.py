"""The bundled model, prepared once: a graph, word embeddings and a vocabulary, mapped when used."""

from dataclasses import dataclass
from pathlib import Path

from retrieval.encoders import Progress, cache
from retrieval.encoders.bundled import Bundle, fingerprint
from retrieval.encoders.quantise import Recipe

GRAPH = "model.onnx"
PROMPTS = {"query": "query: ", "passage": "passage: "}
"""What this model was trained to see before a question and before a text."""
_VERSION = 1
"""Of the arithmetic: another number when vectors of the same recipe change."""


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
        return f"{self.model}@{fingerprint(self.weights)} {self.recipe.like}.{_VERSION}"

    @property
    def folder(self) -> Path:
        """Name the prepared folder: other weights or another recipe give another one."""
        model = self.model.replace("/", "--")
        return self.cache / f"{model}-{fingerprint(self.weights)}-{self.recipe.name}.{_VERSION}"


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
    from retrieval.encoders.calibration import observe
    from retrieval.encoders.graph import write
    from retrieval.encoders.inputs import Inputs, save

    progress("sorting the vocabulary", 0.0)
    bundle = Bundle(source.weights)
    save(bundle, folder)
    progress("measuring the model", 0.25)
    greatest = observe(bundle, Inputs(folder), PROMPTS)
    progress("writing the model", 0.75)
    (folder / GRAPH).write_bytes(write(bundle, source.recipe, greatest))
    progress("prepared", 1.0)
