"""Plain text: lines as they are."""

from collections.abc import Iterator

from retrieval.articles.draft import Draft
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import Limits


def read_text(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a file as one article."""
    yield Draft(id=file.id, path=file.path, text=file.text(limits))
