"""Files, folders, archives and standard input → drafts; whatever cannot be read costs itself and nothing else."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from retrieval.errors import Message
from retrieval.read.files import File, Limits, UnreadableError
from retrieval.read.formats import reader_of
from retrieval.read.walk import check, walk
from retrieval.values import Draft, Origin, Skipped

__all__ = ["Limits", "read"]

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
