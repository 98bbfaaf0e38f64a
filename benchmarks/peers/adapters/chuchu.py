"""chuchu, through its public names."""

import json
import sys
from pathlib import Path

from benchmarks.peers.adapters.verbs import Texts, articles, run
from retrieval import encoder_of, index_paths, open_archive, read_settings


class Chuchu:
    """An archive. It prepares its model by itself."""

    def __init__(self, _model: str, folder: Path | None) -> None:
        if folder is None:
            self._encoder = encoder_of(read_settings())
        else:
            self._archive = open_archive(str(folder))
            self._archive.load()

    def index(self, texts: Texts, folder: Path) -> None:
        """Index the articles as records."""
        folder.mkdir(parents=True)
        records = folder.with_suffix(".jsonl")
        lines = [json.dumps({"id": article, "text": text}) for article, text in articles(texts).items()]
        records.write_text("\n".join(lines), "utf-8")
        report = index_paths([records], folder, self._encoder)
        if report.skipped:
            sys.exit(f"not indexed: {report.skipped[0]}")

    def search(self, question: str) -> str:
        """Ask; a refusal shows what came nearest, which counts here as it does for systems that never refuse."""
        hits = self._archive.ask(question).hits
        return hits[0].article.id if hits else ""


if __name__ == "__main__":
    run(Chuchu)
