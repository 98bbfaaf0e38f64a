"""Plain text: lines as they are."""

import re
from collections.abc import Iterator

from retrieval.articles.draft import Draft
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import Limits
from retrieval.articles.readers.lines import without_response

_PAGE = re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE)


def read_text(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a file as one article; one that holds a page after all is read as a page."""
    text = without_response(file.text(limits))
    if _PAGE.match(text):
        from retrieval.articles.readers.pages import draft_of_page

        yield draft_of_page(text, file, limits)
    else:
        yield Draft(id=file.id, path=file.path, text=text)
