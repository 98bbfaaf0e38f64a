"""Wait for articles to appear and to change."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch
from watchfiles._rust_notify import WatchfilesRustInternalError
from watchfiles.main import FileChange

from retrieval import ChuchuError, folders_in, is_own

_log = logging.getLogger(__name__)
_SURROGATE = re.compile("[\ud800-\udfff]")


class ArticleFiles(DefaultFilter):
    """Lets through what happens to articles, and not what an archive does to its own files among them."""

    def __init__(self, archive: Path) -> None:
        super().__init__()
        self._archive = archive

    def __call__(self, change: Change, path: str) -> bool:
        """Return whether a change is one of an article."""
        return super().__call__(change, path) and not is_own(Path(path), self._archive)


class _Asked:
    """An event that is set once a question is answered with yes."""

    def __init__(self, question: Callable[[], bool]) -> None:
        self._question = question

    def is_set(self) -> bool:
        return self._question()


def changes(
    watched: Sequence[Path], archive: Path, stopped: Callable[[], bool], *, follow_links: bool = False
) -> Iterator[set[FileChange]]:
    """Yield whenever articles have changed and been quiet for 1.6 s, until it is stopped: asked every second.

    Each folder is watched by itself, since a watch of whole trees follows every link in them.

    Raises:
        ChuchuError: they cannot be watched.
    """
    is_late = False  # something may have changed while nothing was watched
    while not stopped():
        folders = _folders(watched, follow_links=follow_links)
        if not folders:
            raise ChuchuError("folders whose names are no UTF-8 cannot be watched: index them without --watch")
        try:
            for found in _watch(folders, archive, stopped):
                if found or is_late:
                    is_late = False
                    yield found
                if found and _folders(watched, follow_links=follow_links) != folders:
                    break
        except FileNotFoundError:  # a folder has gone between two steps: the next run says which, if it was a named one
            yield set()
        except WatchfilesRustInternalError as error:  # the name of what has changed is no UTF-8
            _log.debug("%s", error)
            if is_late:  # it changes again and again
                yield set()
        except OSError as error:
            named = ", ".join(map(str, watched))
            raise ChuchuError("{paths} cannot be watched: {error}", paths=named, error=error) from error
        is_late = True


def _folders(watched: Sequence[Path], *, follow_links: bool) -> list[str]:
    """Return what is to be watched: the paths themselves and the folders in them, but for names that are no UTF-8."""
    found = {str(folder) for path in watched for folder in (path, *folders_in(path, follow_links=follow_links))}
    return sorted(folder for folder in found if not _SURROGATE.search(folder))


def _watch(folders: Sequence[str], archive: Path, stopped: Callable[[], bool]) -> Iterator[set[FileChange]]:
    """Yield changes, and nothing once a second."""
    return watch(
        *folders,
        watch_filter=ArticleFiles(archive),
        rust_timeout=1000,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
        stop_event=_Asked(stopped),
    )
