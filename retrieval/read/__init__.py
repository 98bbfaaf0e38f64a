"""Files, folders, archives, standard input → drafts, or articles; what cannot be read costs itself and nothing else."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import Message
from retrieval.read.files import File, Limits, Split, UnreadableError
from retrieval.read.formats import reader_of
from retrieval.read.walk import check, walk
from retrieval.values import Article, Draft, Origin, Skipped

if TYPE_CHECKING:
    from retrieval.read.survey import Survey

__all__ = ["Limits", "read", "read_articles"]

_log = logging.getLogger(__name__)


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
    survey: "Survey | None" = None,
) -> Iterator[Article | Skipped]:
    """Read files and folders into articles, as indexing would; what cannot be read is named with its reason.

    `source` is the outlet of articles that name none, `outlets` a file of more outlets than the bundled ones; `split`
    is how text files are parted into articles: auto, lines, blank or none. `survey` counts what was seen.

    Raises:
        ArticleError: a path does not exist.
        SettingsError: `outlets` cannot be read.
        ValueError: `split` is none of the four.
    """
    from retrieval.clean.article import make_article
    from retrieval.clean.boilerplate import Boilerplate, learning
    from retrieval.clean.outlets import load_outlets

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
