"""Files, folders, archives, standard input → drafts, or articles; what cannot be read costs itself and nothing else."""

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path

from retrieval.errors import Message
from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, Split, UnreadableError, is_binary
from retrieval.read.walk import check, walk
from retrieval.values import Article, Draft, Origin, Skipped

__all__ = ["Limits", "read", "read_articles"]

_log = logging.getLogger(__name__)

# An article that loses more than this share of its characters is cut; a run most of whose articles are says so first.
_CUT, _MOST = 1 / 3, 0.5
# Strings that are counted, and characters of each that are kept; of samples the first so many words' characters.
_COUNTED, _LONGEST, _OPENING = 20_000, 200, 40


@dataclass(frozen=True, slots=True)
class SampledArticle:
    """An article as a person would look at it: `opening` are its first words."""

    title: str | None
    source: str | None
    published: str | None
    opening: str


@dataclass(slots=True)
class Survey:
    """What a run saw of the articles that it made: counts of articles and of characters.

    `cut` are those that lost more than a third of their characters, `splits` the files that were parted into several,
    each with how many and by what.
    """

    articles: int = 0
    undated: int = 0
    nameless: int = 0
    cut: int = 0
    characters: int = 0
    removed: int = 0
    samples: list[SampledArticle] = field(default_factory=list)
    splits: dict[str, tuple[int, str]] = field(default_factory=dict)
    _strings: Counter[str] = field(default_factory=Counter)

    def note(self, draft: Draft, article: Article) -> None:
        """Count an article and what was removed of its draft."""
        gone = sum(len(removed.text) for removed in article.removed)
        self.articles += 1
        self.undated += article.published is None
        self.nameless += article.source is None
        self.characters += len(draft.text)
        self.removed += gone
        self.cut += gone > _CUT * len(draft.text)
        self._strings.update(removed.text[:_LONGEST] for removed in article.removed)
        if len(self._strings) > _COUNTED:
            self._strings = Counter(dict(self._strings.most_common(_COUNTED // 2)))
        if draft.split:
            file = draft.path or draft.id
            self.splits[file] = (self.splits.get(file, (0, ""))[0] + 1, draft.split)
        self._sample(article)

    def _sample(self, article: Article) -> None:
        """Keep the first article, one from about the middle, and the last."""
        opening = article.text[:_OPENING].replace("\n", " ")
        sample = SampledArticle(article.title, article.source, article.published, opening)
        if len(self.samples) < 3:
            self.samples.append(sample)
            return
        if self.articles & (self.articles - 1) == 0:
            self.samples[1] = self.samples[2]
        self.samples[2] = sample

    @property
    def removed_most(self) -> list[tuple[str, int]]:
        """The three strings that were removed from most articles, with how many."""
        ranked = sorted(self._strings.items(), key=lambda item: (-item[1], item[0]))
        return [(text, count) for text, count in ranked if count > 1][:3]

    @property
    def is_undated(self) -> bool:
        """Whether more than half of the articles have no date."""
        return self.undated > _MOST * self.articles

    @property
    def is_cut(self) -> bool:
        """Whether more than half of the articles lost more than a third."""
        return self.cut > _MOST * self.articles


def read(
    paths: Iterable[Path], *, limits: Limits | None = None, follow_links: bool = False
) -> Iterator[Draft | Skipped]:
    """Read all articles of files and folders, in sorted order; `-` is standard input.

    An article's id is its path below the folder given, or its file's name; records without an id get `#n`. Links that
    lead out of a folder are followed only if `follow_links` says so.

    Raises:
        ArticleError: a path does not exist.
    """
    paths = list(paths)
    check(paths)
    bounds = limits or Limits()
    places = (place for path in paths for place in walk(path, follow_links=follow_links))
    return (item for place in places for item in _placed(place, bounds))


def _placed(found: File | Skipped, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read a file, and note of all that comes out of it where it was read."""
    if isinstance(found, Skipped):
        yield found
        return
    for item in _read(found, limits):
        inside = (item.path or "")[len(found.path) :] if (item.path or "").startswith(found.path) else ""
        yield replace(item, origin=Origin(found.real, inside))


def _read(found: File, limits: Limits) -> Iterator[Draft | Skipped]:
    try:
        for item in reader_of(found)(found, limits):
            if isinstance(item, File):
                yield from _read(item, limits)
            elif isinstance(item, Draft) and len(item.text) > limits.characters:
                yield Skipped(
                    found.path, Message("an article of more than {most:,} characters", most=limits.characters)
                )
            else:
                yield item
    except UnreadableError as error:
        yield Skipped(found.path, error.message)
    except MemoryError:
        yield Skipped(found.path, "it takes more memory than there is")
    except OSError as error:
        yield Skipped(found.path, error.strerror or str(error) or type(error).__name__)
    except Exception as error:  # noqa: BLE001  # a parser may raise anything on hostile bytes; it costs this file only
        _log.debug("cannot read %s", found.path, exc_info=True)
        kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        yield Skipped(found.path, Message("damaged or not what its name says ({kind})", kind=kind))


def read_articles(
    paths: Iterable[Path | str],
    *,
    source: str | None = None,
    outlets: Path | None = None,
    split: str = Split.AUTO,
    follow_links: bool = False,
    survey: Survey | None = None,
) -> Iterator[Article | Skipped]:
    """Read files and folders into articles, as indexing would; what cannot be read is named with its reason.

    `source` is the outlet of articles that name none, `outlets` a file of more outlets than the bundled ones; `split`
    is how text files are parted into articles: auto, lines, blank or none. `survey` counts what was seen.

    Raises:
        ArticleError: a path does not exist.
        SettingsError: `outlets` cannot be read.
        ValueError: `split` is none of the four.
    """
    from retrieval.clean import load_outlets
    from retrieval.clean.article import make_article
    from retrieval.clean.boilerplate import Boilerplate, learning

    limits = Limits(split=Split(split))
    drafts = read([Path(path) for path in paths], limits=limits, follow_links=follow_links)
    table, boilerplate = load_outlets(outlets), Boilerplate()

    def made(draft: Draft | Skipped) -> Article | Skipped:
        article = draft if isinstance(draft, Skipped) else make_article(draft, outlets=table, boilerplate=boilerplate)
        if isinstance(article, Article) and isinstance(draft, Draft):
            article = article if article.source or not source else replace(article, source=source)
            if survey is not None:
                survey.note(draft, article)
        return article

    return map(made, learning(drafts, boilerplate))


Reader = Callable[[File, Limits], Iterator[Draft | Skipped | File]]

# Suffix → module and function; a reader is imported when the first file wants it.
_READERS = {
    ".txt": "texts.read_text",
    ".text": "texts.read_text",
    ".md": "texts.read_markdown",
    ".markdown": "texts.read_markdown",
    ".html": "html.read_page",
    ".htm": "html.read_page",
    ".shtml": "html.read_page",
    ".xhtml": "html.read_page",
    ".mhtml": "captures.read_mhtml",
    ".mht": "captures.read_mhtml",
    ".eml": "captures.read_message",
    ".xml": "documents.read_xml",
    ".rss": "documents.read_xml",
    ".atom": "documents.read_xml",
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
    ".warc": "captures.read_warc",
    ".wet": "captures.read_warc",
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
