"""sentence-transformers with torch: a question embedded, and nothing else."""

from benchmarks.peers.adapters.torch_script import Script
from benchmarks.peers.adapters.verbs import run


class Alone(Script):
    """The encoder of the plain script."""

    def search(self, question: str) -> str:
        """Embed a question; no article is found by that."""
        self._model.encode([question], prompt_name="query")
        return ""


if __name__ == "__main__":
    run(Alone)
