"""PDF: the text layer, its wrapped lines joined to paragraphs."""

import logging
import re
import time
import warnings
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from retrieval.articles.draft import Draft
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import Limits, UnreadableError
from retrieval.articles.readers.lines import tidy

_END = re.compile(r"[。！？!?.：:；;”」』）)…]$")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef“”‘’…—"
_SEAM = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")
# A line shorter than this share of the longest one near it is the last of its paragraph.
_FULL = 0.75

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a PDF's text layer. Its dates are those of the file, not of the article, and are left alone.

    Raises:
        UnreadableError: it is encrypted, damaged, takes too long, or has no text layer.
    """
    data = file.read(limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = _opened(data)
            lines = [line for page in _pages(reader, limits) for line in page]
            known = reader.metadata
        except PyPdfError as error:
            raise UnreadableError("damaged PDF") from error
    text = "\n".join(joined(lines))
    if not text.strip():
        raise UnreadableError("a PDF without a text layer")
    title, author = (known.title, known.author) if known else (None, None)
    yield Draft(id=file.id, text=text, path=file.path, title=_named(title), author=_named(author))


def _opened(data: bytes) -> PdfReader:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except (DependencyError, NotImplementedError) as error:
            raise UnreadableError("encrypted") from error
        if not opened:
            raise UnreadableError("encrypted")
    return reader


def _pages(reader: PdfReader, limits: Limits) -> Iterator[list[str]]:
    end = time.monotonic() + limits.seconds
    for number, page in enumerate(reader.pages):
        if number >= limits.pages:
            raise UnreadableError(f"more than {limits.pages} pages")
        if time.monotonic() > end:
            raise UnreadableError(f"takes more than {limits.seconds:g} s to read")
        yield [line.strip() for line in tidy(page.extract_text()).split("\n")]


def joined(lines: list[str]) -> Iterator[str]:
    """Join lines that were wrapped: a full line that ends no sentence goes on in the next."""
    gathered = ""
    for number, raw in enumerate(lines):
        line = _SEAM.sub("", raw)
        if not line:
            if gathered:
                yield gathered
            gathered = ""
            continue
        gathered = _continued(gathered, line)
        width = max(map(_width, lines[max(0, number - 8) : number + 9]))
        if _width(line) < _FULL * width or (_END.search(line) and _width(line) < 0.95 * width):
            yield gathered
            gathered = ""
    if gathered:
        yield gathered


def _continued(gathered: str, line: str) -> str:
    if not gathered or re.search(f"[{_CJK}]$", gathered) or re.match(f"[{_CJK}]", line):
        return gathered + line
    if re.search(r"[a-z]-$", gathered) and re.match("[a-z]", line):
        return gathered[:-1] + line
    return f"{gathered} {line}"


def _width(line: str) -> int:
    """Measure a line in half-width columns."""
    return sum(2 if char > "\u2e80" else 1 for char in line)


def _named(value: object) -> str | None:
    """Return a name that a person gave: programs write file names and `untitled`."""
    written = " ".join(str(value or "").replace("\0", "").split())
    is_program = re.search(r"\.(?:docx?|pdf|indd|qxd|wps|txt)$|^untitled|^microsoft word", written, re.IGNORECASE)
    return None if not written or is_program else written
