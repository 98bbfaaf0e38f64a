"""Word documents: paragraphs and table rows, with the title and author that the document declares."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from retrieval.articles.decoding import decode
from retrieval.articles.draft import Draft
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import MB, Limits, UnreadableError
from retrieval.articles.readers.lines import tidy
from retrieval.articles.readers.xml_tree import local_name, outermost, parse_xml

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
        raise UnreadableError(f"inflates to more than {limits.file_bytes // MB} MB")
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
