"""Which reader a file wants: by its suffix, and by its content where the suffix says nothing."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module

from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, UnreadableError, is_binary
from retrieval.values import Draft, Skipped

Reader = Callable[[File, Limits], Iterator[Draft | Skipped | File]]

# Suffix → module and function; a reader is imported when the first file wants it.
_READERS = {
    ".txt": "texts.read_text",
    ".text": "texts.read_text",
    ".md": "markdown.read_markdown",
    ".markdown": "markdown.read_markdown",
    ".html": "html.document.read_page",
    ".htm": "html.document.read_page",
    ".shtml": "html.document.read_page",
    ".xhtml": "html.document.read_page",
    ".mhtml": "mail.read_mhtml",
    ".mht": "mail.read_mhtml",
    ".eml": "mail.read_message",
    ".xml": "xml.read_xml",
    ".rss": "xml.read_xml",
    ".atom": "xml.read_xml",
    ".csv": "tables.read_table",
    ".tsv": "tables.read_table",
    ".xlsx": "tables.read_sheets",
    ".xlsm": "tables.read_sheets",
    ".pdf": "pdf.read_pdf",
    ".docx": "documents.read_docx",
    ".rtf": "documents.read_rtf",
    ".epub": "documents.read_epub",
    ".json": "records.read_json",
    ".jsonl": "records.read_json_lines",
    ".ndjson": "records.read_json_lines",
    ".warc": "warc.read_warc",
    ".wet": "warc.read_warc",
    ".zip": "containers.read_zip",
    ".tar": "containers.read_tar",
    ".tgz": "containers.read_tar",
    ".tar.gz": "containers.read_tar",
    ".tar.bz2": "containers.read_tar",
    ".tar.xz": "containers.read_tar",
    ".gz": "containers.read_gzip",
}
# What a file begins with; looked at for standard input and for names that say nothing.
_SIGNS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"PK\x03\x04"), ".zip"),
    (re.compile(rb"\s*\{\\rtf"), ".rtf"),
    (re.compile(rb"%PDF-"), ".pdf"),
    (re.compile(rb"WARC/\d"), ".warc"),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{,200}-->\s*)?<(?:!doctype html|html)", re.IGNORECASE | re.DOTALL),
        ".html",
    ),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed|urlset)\b"), ".xml"),
    (re.compile(rb"(?:[A-Za-z-]+: .*\r?\n(?:[ \t].*\r?\n)*)+?MIME-Version:", re.IGNORECASE), ".eml"),
    (re.compile(rb"\x1f\x8b"), ".gz"),
    (re.compile(rb".{257}ustar", re.DOTALL), ".tar"),
    (re.compile(rb"\s*+\{.*\}[^\S\n]*+\n\s*+\{"), ".jsonl"),
    (re.compile(rb"\s*(?:\[\s*)?\{\s*\""), ".json"),
)
# Formats that are surely not articles; their content is not looked at.
_FOREIGN = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|ico|svg|mp[34]|avi|mov|wav|ttf|woff2?|css|js|py|exe|dll|so|sqlite|db|faiss|npy|parquet"
    r"|pptx?|7z|rar|iso)"
)
# Office programs write other formats under these names; what they are in truth is looked at.
_OFFICE = re.compile(r"\.(?:doc|dot|wps|xls|et)")
_OLE = b"\xd0\xcf\x11\xe0"
# What lies in a ZIP archive that is a document, and the suffix that it deserves.
_DOCUMENTS = (("word/document.xml", ".docx"), ("xl/workbook.xml", ".xlsx"), ("META-INF/container.xml", ".epub"))


def reader_of(file: File) -> Reader:
    """Return the reader for a file.

    Raises:
        UnreadableError: no reader knows its format.
    """
    suffix = _suffix(file.name)
    if suffix not in _READERS:
        suffix = _sniff(file, suffix)
    module, _, function = _READERS[suffix].rpartition(".")
    reader: Reader = getattr(import_module(f"{__package__}.{module}"), function)
    return reader


def _suffix(name: str) -> str:
    dot, double = name.rfind("."), ".".join(["", *name.split(".")[-2:]])
    return double if double in _READERS else name[dot:] if dot > 0 else ""


def _sniff(file: File, suffix: str) -> str:
    """Name the suffix that the file's content deserves.

    Raises:
        UnreadableError: it is not plainly text, or surely no article.
    """
    if _FOREIGN.fullmatch(suffix):
        raise UnreadableError("{suffix} files are not read", suffix=suffix)
    head = file.head()
    if not head:
        raise UnreadableError("empty")
    if _OFFICE.fullmatch(suffix) and head.startswith(_OLE):
        raise UnreadableError("{suffix} files are not read: save it as .docx or .xlsx", suffix=suffix)
    for sign, found in _SIGNS:
        if sign.match(head):
            return _packed(file) if found == ".zip" else found
    decoded = decode(head)
    if is_binary(decoded.text, decoded.marked):
        raise UnreadableError("unknown format {suffix}", suffix=suffix) if suffix else UnreadableError("unknown format")
    return ".txt"


_PACKED_LONGEST = 64 * MB


def _packed(file: File) -> str:
    """Name the suffix of a document that is a ZIP archive, .zip for any other archive."""
    from retrieval.read.containers import check_directory

    try:
        with file.open() as stream:
            seen = stream if stream.seekable() else io.BytesIO(stream.read(_PACKED_LONGEST))
            check_directory(seen, Limits())
            with zipfile.ZipFile(seen) as archive:
                names = frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ".zip"
    return next((suffix for name, suffix in _DOCUMENTS if name in names), ".zip")
