"""A second reading of the best candidates by a cross-encoder, where the settings name one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.errors import EncoderError
from retrieval.search.rank import Ranked
from retrieval.values import Article

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

READ = 20
"""Candidates that are read again, or as many as hits are asked for."""


class Reranker:
    """Judges passages with a sentence-transformers CrossEncoder, by name or folder.

    Raises:
        EncoderError: the model is neither a usable folder nor can be downloaded, or it fails on the texts.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._model = _load(model)

    def judge(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return how well each passage answers, 0 to 1."""
        try:
            from torch.nn import Sigmoid

            scores = self._model.predict([(question, passage) for passage in passages], activation_fn=Sigmoid())
        except Exception as error:
            raise EncoderError(
                "the reranker {name} fails: {error}. Set another CHUCHU_RERANKER", name=self._name, error=error
            ) from error
        return [float(value) for value in scores.reshape(-1)]


def reranked(
    reranker: Reranker, question: str, found: Sequence[Ranked], articles: Mapping[int, Article]
) -> list[Ranked]:
    """Order those of the candidates whose articles are given by how well they are judged; leave the others out."""
    read = [item for item in found if item.candidate.article in articles]
    texts = [articles[item.candidate.article].text[slice(*item.candidate.span)] for item in read]
    judged = [replace(item, judged=value) for item, value in zip(read, reranker.judge(question, texts), strict=True)]
    return sorted(judged, key=lambda item: -item.score)


def _load(model: str) -> "CrossEncoder":
    try:
        from sentence_transformers import CrossEncoder

        from retrieval.encode.sentence_transformers import open_quietly

        loaded: CrossEncoder = open_quietly(CrossEncoder, model)
    except Exception as error:
        raise EncoderError(
            "the reranker {model} cannot be loaded: {reason}. Name a sentence-transformers "
            "CrossEncoder or its folder in CHUCHU_RERANKER, or unset it",
            model=model,
            reason=str(error).splitlines()[0],
        ) from error
    if loaded.num_labels != 1:
        raise EncoderError(
            "the reranker {model} gives {count} values a passage instead of one", model=model, count=loaded.num_labels
        )
    return loaded
