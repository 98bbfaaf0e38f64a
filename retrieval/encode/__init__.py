"""Which encoder the settings name: the bundled model with its second opinion, or any other of sentence-transformers."""

from pathlib import Path

from retrieval.encode.encoder import Encoder, Progress
from retrieval.settings import BUNDLED_MODEL


def open_encoder(
    model: str,
    *,
    cache: Path,
    threads: int = 0,
    query_prompt: str | None = None,
    passage_prompt: str | None = None,
    progress: Progress | None = None,
) -> Encoder:
    """Load the model, prepared first where this is its first use; `threads` 0 takes as many as there are cores.

    The bundled model comes with a second opinion (`PairedEncoder`) where that is installed.

    A prompt is what stands before each text; None takes the model's own.

    Raises:
        EncoderError: the model cannot be found, prepared or loaded.
    """
    from retrieval.encode.bundled import find_bundle

    weights = find_bundle() if model == BUNDLED_MODEL else None
    if weights is None:
        from retrieval.encode.sentence_transformers import SentenceTransformersEncoder

        return SentenceTransformersEncoder(
            model, threads=threads, query_prompt=query_prompt, passage_prompt=passage_prompt
        )
    from retrieval.encode.graph import recipe_here
    from retrieval.encode.prepare import ModelSource, open_prepared
    from retrieval.encode.second import PairedEncoder, open_second

    source = ModelSource(model, weights, recipe_here(), cache)
    first = open_prepared(
        source, threads=threads, query_prompt=query_prompt, passage_prompt=passage_prompt, progress=progress
    )
    second = open_second(cache, progress)
    return first if second is None else PairedEncoder(first, second)
