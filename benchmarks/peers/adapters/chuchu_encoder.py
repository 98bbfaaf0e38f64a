"""chuchu's encoders: a question embedded, and nothing else."""

from pathlib import Path

from benchmarks.peers.adapters.verbs import Texts, run
from retrieval import encoder_of, read_settings


class Alone:
    """Both encoders, as an archive uses them."""

    def __init__(self, _model: str, _folder: Path | None) -> None:
        self._encoder = encoder_of(read_settings())

    def index(self, texts: Texts, folder: Path) -> None:
        """Nothing is indexed."""

    def search(self, question: str) -> str:
        """Embed a question; no article is found by that."""
        self._encoder.encode_queries([question])
        return ""


if __name__ == "__main__":
    run(Alone)
