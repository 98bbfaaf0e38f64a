"""Word and PDF documents → their paragraphs, with the title and author that they declare."""

import logging
import re
import time
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree
from pypdf import PageObject, PdfReader, apply_configuration, get_configuration
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, UnreadableError, tidy
from retrieval.read.xml import local_name, outermost, parse_xml
from retrieval.values import Draft

# Programs fill these in by themselves.
_NOBODY = frozenset({"administrator", "admin", "user", "microsoft", "微软用户", "微軟用戶", "python-docx", "unknown"})


def read_docx(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a document. Its dates are those of the file, not of the article, and are left alone.

    Raises:
        UnreadableError: it is encrypted, damaged, or has no text.
    """
    data = file.read(limits)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("encrypted, or an old .doc file")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            body = _part(archive, "word/document.xml", limits)
            core = _part(archive, "docProps/core.xml", limits)
    except zipfile.BadZipFile as error:
        raise UnreadableError("damaged DOCX") from error
    if body is None:
        raise UnreadableError("damaged DOCX: no word/document.xml in it")
    # a text box stands twice: as drawn, and again for programs that cannot draw it
    etree.strip_elements(body, "{*}Fallback", with_tail=False)
    text = tidy("\n".join(filter(str.strip, _lines(body))))
    if not text:
        raise UnreadableError("a document without text")
    known = {} if core is None else {local_name(part): (part.text or "").strip() for part in core}
    author = known.get("creator") or None
    yield Draft(
        id=file.id,
        text=text,
        path=file.path,
        title=known.get("title") or None,
        author=None if author and author.lower() in _NOBODY else author,
    )


def _part(archive: zipfile.ZipFile, name: str, limits: Limits) -> etree._Element | None:
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.flag_bits & 1:
        raise UnreadableError("encrypted")
    with archive.open(info) as stream:
        data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise UnreadableError("inflates to more than {most} MB", most=limits.file_bytes // MB)
    return parse_xml(decode(data).text, limits)


def _lines(body: etree._Element) -> Iterator[str]:
    """Yield a line for each paragraph and each row of a table; what stands inside a paragraph is read with it."""
    for element in outermost(body, {"p", "tr"}):
        if local_name(element) == "p":
            yield from _paragraph(element).split("\n")
        else:
            cells = (
                " ".join(filter(None, map(_paragraph, outermost(cell, {"p"}))))
                for cell in element
                if local_name(cell) == "tc"
            )
            yield "\t".join(cells).strip()


def _paragraph(paragraph: etree._Element) -> str:
    """Return a paragraph's text as it stands after tracked changes; deleted text is not in it."""
    pieces: list[str] = []
    for element in paragraph.iter():
        name = local_name(element)
        if name == "t":
            pieces.append(element.text or "")
        elif name in {"br", "cr"}:
            pieces.append("\n")
        elif name == "tab":
            pieces.append("\t")
    return "".join(pieces).strip()


_END = re.compile(r"[。！？!?.：:；;”」』）)…]$")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef“”‘’…—"
_SEAM = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")
# A line shorter than this share of the longest one near it is the last of its paragraph.
_FULL = 0.75
# What bounds a stream that pypdf inflates.
_INFLATED = (
    "array_based_stream_maximum_output_length",
    "lzw_maximum_output_length",
    "run_length_maximum_output_length",
    "zlib_maximum_output_length",
    "brotli_maximum_output_length",
)

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
            with apply_configuration(get_configuration().with_overwrites(**_bounds(limits))):
                reader = _opened(data)
                lines = [line for page in _pages(reader, limits) for line in page]
                known = reader.metadata
        except LimitReachedError as error:
            raise UnreadableError(
                "a part of it inflates to more than {most} MB", most=limits.file_bytes // 4 // MB
            ) from error
        except _TooLateError as error:
            raise UnreadableError("takes more than {most:g} s to read", most=limits.seconds) from error
        except PyPdfError as error:
            raise UnreadableError("damaged PDF") from error
    text = "\n".join(joined(lines))
    if not text.strip():
        raise UnreadableError("a PDF without a text layer")
    title, author = (known.title, known.author) if known else (None, None)
    yield Draft(id=file.id, text=text, path=file.path, title=_named(title), author=_named(author))


def _bounds(limits: Limits) -> dict[str, int]:
    return dict.fromkeys(_INFLATED, limits.file_bytes // 4)


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
    characters = 0

    def look_at_clock(*_: object) -> None:
        if time.monotonic() > end:
            raise _TooLateError

    for number, page in enumerate(reader.pages):
        if number >= limits.pages:
            raise UnreadableError("more than {most} pages", most=limits.pages)
        look_at_clock()
        # being asked slows pages of drawings down, and only forms can make a page longer than pypdf's own bounds
        text = page.extract_text(visitor_operand_before=look_at_clock if _has_forms(page) else None)
        characters += len(text)
        if characters > limits.characters:
            raise UnreadableError("an article of more than {most:,} characters", most=limits.characters)
        yield [line.strip() for line in tidy(text).split("\n")]


class _TooLateError(BaseException):
    """Reading takes too long. No `Exception`, since pypdf passes over those in a form."""


def _has_forms(page: PageObject) -> bool:
    """Return whether a page draws forms, which may draw others, each many times."""
    try:
        resources: Any = page["/Resources"]
        objects = resources["/XObject"]
        return any(objects[name]["/Subtype"] == "/Form" for name in objects)
    except (KeyError, TypeError, AttributeError):
        return False
    except (PyPdfError, ValueError):
        return True


def joined(lines: list[str]) -> Iterator[str]:
    """Join lines that were wrapped: a full line that ends no sentence goes on in the next."""
    gathered: list[str] = []
    widths = list(map(_width, lines))
    for number, raw in enumerate(lines):
        line = _SEAM.sub("", raw)
        if line:
            _continue(gathered, line)
            width, longest = _width(line), max(widths[max(0, number - 8) : number + 9])
            if not (width < _FULL * longest or (_END.search(line[-1]) and width < 0.95 * longest)):
                continue
        if gathered:
            yield "".join(gathered)
        gathered = []
    if gathered:
        yield "".join(gathered)


def _continue(gathered: list[str], line: str) -> None:
    """Add a line to those of its paragraph; one that ends with a hyphen goes on without it."""
    last = gathered[-1] if gathered else ""
    if last and not re.match(f"[{_CJK}]", last[-1]) and not re.match(f"[{_CJK}]", line):
        if re.match("[a-z]-", last[-2:]) and re.match("[a-z]", line):
            gathered[-1] = last[:-1]
        else:
            gathered.append(" ")
    gathered.append(line)


def _width(line: str) -> int:
    """Measure a line in half-width columns."""
    return sum(2 if char > "\u2e80" else 1 for char in line)


def _named(value: object) -> str | None:
    """Return a name that a person gave: programs write file names and `untitled`."""
    written = " ".join(str(value or "").replace("\0", "").split())
    is_program = re.search(r"\.(?:docx?|pdf|indd|qxd|wps|txt)$|^untitled|^microsoft word", written, re.IGNORECASE)
    return None if not written or is_program else written
