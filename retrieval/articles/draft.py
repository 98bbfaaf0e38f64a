"""What a reader hands on: text as it stood in the file, and what the file said about itself."""

from dataclasses import dataclass, field

from retrieval.values import PublishedFrom


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read: `file` is the real and absolute path on this machine, "" for standard input.

    The path is the file system's own: bytes that are no UTF-8 stand in it as lone surrogates. `inside` says where in
    the file, as `/MEMBER` of an archive file or `:LINE`; "" is the whole of it.
    """

    file: str = ""
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as read, before repair and cleaning.

    `id` is the record's own id or the path below the folder given (with `#n` for the n-th record of a file);
    `text` has one line a paragraph or line of the page, menus and all. `title`, `source`, `author`, `published` (ISO,
    as precise as given) and `url` are what the file declares in fields or markup, each None where it declares nothing;
    `site` is the name of the site that carries it, which need not be the outlet that wrote it; `days` are all days that
    the file's markup holds, whatever they are of: they only say which year a printed day without one is in.
    `is_record` tells that `text` came from a field of a record, where no page surrounds it.
    `origin` is where it lies, where `path` is what a person calls that place.
    """

    id: str
    text: str
    path: str | None = None
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    published_from: PublishedFrom = PublishedFrom.NONE
    url: str | None = None
    language: str | None = None
    is_record: bool = False
    site: str | None = None
    days: tuple[str, ...] = ()
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that could not be read: `path` names it, `reason` is one clause a person understands."""

    path: str
    reason: str
    origin: Origin | None = field(default=None, compare=False)
