"""What LangChain's tutorials show: a recursive splitter, an embedding a chunk, FAISS flat."""

from pathlib import Path

from langchain_community.vectorstores import FAISS  # type: ignore[import-not-found]  # in the peers' environment only
from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found]
from langchain_text_splitters import RecursiveCharacterTextSplitter  # type: ignore[import-not-found]

from benchmarks.peers.adapters.verbs import Texts, articles, run

CHUNK, OVERLAP = 500, 50
SEPARATORS = ["\n\n", "\n", "。", ". ", " ", ""]
"""Its own, and marks at which sentences end, as its documentation says for languages without spaces."""


class Chain:
    """A vector a chunk of an article."""

    def __init__(self, model: str, folder: Path | None) -> None:
        self._embeddings = HuggingFaceEmbeddings(
            model_name=model,
            model_kwargs={"device": "cpu"},
            encode_kwargs={"prompt_name": "passage"},
            query_encode_kwargs={"prompt_name": "query"},
        )
        if folder is not None:  # it is of our own making
            self._store = FAISS.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)

    def index(self, texts: Texts, folder: Path) -> None:
        """Cut the articles into chunks and embed them."""
        whole = articles(texts)
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, separators=SEPARATORS)
        chunks = splitter.create_documents(list(whole.values()), [{"article": article} for article in whole])
        FAISS.from_documents(chunks, self._embeddings).save_local(str(folder))

    def search(self, question: str) -> str:
        """Find the nearest chunk."""
        return str(self._store.similarity_search(question, k=3)[0].metadata["article"])


if __name__ == "__main__":
    run(Chain)
