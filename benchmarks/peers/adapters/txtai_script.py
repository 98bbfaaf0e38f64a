"""txtai's hybrid search: its own mix of BM25 and vectors, by its defaults."""

from pathlib import Path

from txtai import Embeddings  # type: ignore[import-not-found]  # in the peers' environment only

from benchmarks.peers.adapters.verbs import Texts, run

INSTRUCTIONS = {"query": "query: ", "data": "passage: "}
"""As its documentation says for this family of models."""


class Hybrid:
    """A document a paragraph, its text kept to be shown."""

    def __init__(self, model: str, folder: Path | None) -> None:
        if folder is None:
            self._embeddings = Embeddings(path=model, hybrid=True, content=True, instructions=INSTRUCTIONS, gpu=False)
        else:
            self._embeddings = Embeddings()
            self._embeddings.load(str(folder))

    def index(self, texts: Texts, folder: Path) -> None:
        """Embed the paragraphs and count their words."""
        self._embeddings.index((f"{article}\t{place}", text, None) for place, (article, text) in enumerate(texts))
        self._embeddings.save(str(folder))

    def search(self, question: str) -> str:
        """Find the best paragraph."""
        hits = self._embeddings.search(question, 3)
        return str(hits[0]["id"]).split("\t")[0] if hits else ""


if __name__ == "__main__":
    run(Hybrid)
