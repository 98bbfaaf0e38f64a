"""sentence-transformers with torch, and one FAISS flat index over the paragraphs: the plain script."""

import json
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer

from benchmarks.peers.adapters.verbs import Texts, run


class Script:
    """A vector a paragraph; the prompts are those that the model's own configuration names."""

    def __init__(self, model: str, folder: Path | None) -> None:
        self._model = SentenceTransformer(model, device="cpu")
        if folder is not None:
            self._index = faiss.read_index(str(folder / "vectors.faiss"))
            self._texts: Texts = json.loads((folder / "texts.json").read_text("utf-8"))

    def index(self, texts: Texts, folder: Path) -> None:
        """Embed the paragraphs."""
        vectors = self._model.encode([text for _, text in texts], prompt_name="passage")
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        folder.mkdir(parents=True)
        faiss.write_index(index, str(folder / "vectors.faiss"))
        (folder / "texts.json").write_text(json.dumps(texts), "utf-8")

    def search(self, question: str) -> str:
        """Find the nearest paragraph."""
        _, places = self._index.search(self._model.encode([question], prompt_name="query"), 3)
        article, _ = self._texts[int(places[0][0])]
        return str(article)


if __name__ == "__main__":
    run(Script)
