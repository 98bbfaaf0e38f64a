"""Paths → files, in sorted order, each file system's oddity costs one line; and whatever of them changes later."""

import logging
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, TypeVar

from retrieval.errors import ArticleError, ChuchuError
from retrieval.read.files import File, clean
from retrieval.values import Origin, Skipped

if TYPE_CHECKING:
    from watchfiles import Change
    from watchfiles.main import FileChange

_log = logging.getLogger(__name__)
_OWN = re.compile(
    r"(catalogue|salvaged|damaged)\.sqlite.*|catalogue\.reserve|vectors\.(faiss|new)|writer\.(json|lock)|derived\.lock|words|rebuilt"
)
_EVERY = {"catalogue.sqlite", "words"}  # what every archive has


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Entry = TypeVar("_Entry", bound=_Named)


def without_own(inside: Iterable[_Entry]) -> list[_Entry]:
    """Leave out an archive's own of what lies in a folder, if that is one."""
    paths = list(inside)
    is_archive = {path.name for path in paths} >= _EVERY
    return [path for path in paths if not (is_archive and _OWN.fullmatch(path.name))]


def is_own(path: Path, archive: Path) -> bool:
    """Return whether a path is the archive's folder or one of its own files, by whatever way it is named."""
    # `Path.resolve` ends with an error where links go round in a circle
    inside, folder = Path(os.path.realpath(path)), Path(os.path.realpath(archive))
    if not inside.is_relative_to(folder):
        return False
    parts = inside.relative_to(folder).parts
    return not parts or bool(_OWN.fullmatch(parts[0]))


def is_below(path: str, folder: str) -> bool:
    """Return whether a real path is a folder's own or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


STANDARD_INPUT = "-"
OUTSIDE = "a link that leads out of the folder; --follow-links follows it"


def check(paths: Sequence[Path]) -> None:
    """Make sure that every path can be looked at before anything is read.

    Raises:
        ArticleError: one does not exist, or cannot be looked at.
    """
    for path in paths:
        if str(path) == STANDARD_INPUT:
            continue
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            missing = "{path} does not exist: give a file, a folder or - for standard input"
            raise ArticleError(missing, path=path) from None
        except (OSError, ValueError) as error:
            raise ArticleError("{path} cannot be read: {reason}", path=path, reason=_reason(error)) from error


def walk(path: Path, *, follow_links: bool = False) -> Iterator[File | Skipped]:
    """Yield the files at or below `path`; hidden ones are passed over, and archives' own; folders are entered once.

    Links that lead out of the folder are followed only if `follow_links` says so.
    """
    if str(path) == STANDARD_INPUT:
        yield from _standard_input()
        return
    for place in _places(path, follow_links=follow_links):
        if isinstance(place, Skipped):
            yield place
        elif not place.is_folder:
            yield File(clean(place.name), clean(place.path.as_posix()), _opener(place.path), real=place.real)


def folders_in(path: Path, *, follow_links: bool = False) -> Iterator[Path]:
    """Yield the folders that `walk` enters."""
    for place in _places(path, follow_links=follow_links):
        if not isinstance(place, Skipped) and place.is_folder:
            yield place.path


@dataclass(frozen=True, slots=True)
class _Place:
    """A file or folder: its path, what it is called below the folder given, and its real path."""

    path: Path
    name: str
    real: str
    is_folder: bool = False

    def skipped(self, reason: str) -> Skipped:
        return Skipped(clean(self.path.as_posix()), reason, Origin(self.real))


def _places(top: Path, *, follow_links: bool) -> Iterator[_Place | Skipped]:
    """Yield files and folders depth first, with a stack, since folders can lie deeper than calls may."""
    seen: set[tuple[int, int]] = set()
    root = os.path.realpath(top)
    stack: list[_Place | Skipped] = [_Place(top, "", root)]
    while stack:
        place = stack.pop()
        if isinstance(place, Skipped):
            yield place
            continue
        try:
            status = place.path.stat()
            is_folder = stat.S_ISDIR(status.st_mode)
            if is_folder and (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                stack.extend(reversed(_inside(place, root, follow_links=follow_links)))
                yield _Place(place.path, place.name, place.real, is_folder=True)
            elif stat.S_ISREG(status.st_mode):
                yield place if place.name else _Place(place.path, place.path.name, place.real)
            elif not is_folder:
                yield place.skipped("not a regular file")
        except OSError as error:
            yield place.skipped(_reason(error))


def _inside(folder: _Place, root: str, *, follow_links: bool) -> list[_Place | Skipped]:
    """List a folder, by name."""
    with os.scandir(folder.path) as listed:
        entries = sorted((entry for entry in listed if not entry.name.startswith(".")), key=lambda entry: entry.name)
    found: list[_Place | Skipped] = []
    for entry in without_own(entries):
        is_link = entry.is_symlink()
        real = os.path.realpath(entry.path) if is_link else f"{folder.real.rstrip(os.sep)}{os.sep}{entry.name}"
        name = f"{folder.name}/{entry.name}" if folder.name else entry.name
        place = _Place(folder.path / entry.name, name, real)
        found.append(place.skipped(OUTSIDE) if is_link and not (follow_links or is_below(real, root)) else place)
    return found


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _standard_input() -> Iterator[File]:
    """Keep standard input in an unnamed temporary file, since a format may be looked at first and read afterwards."""
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        yield File("stdin", "stdin", lambda: _from_start(kept))


def _from_start(kept: IO[bytes]) -> IO[bytes]:
    kept.seek(0)
    return os.fdopen(os.dup(kept.fileno()), "rb")


# ---- Waiting for articles to appear and to change

_SURROGATE = re.compile("[\ud800-\udfff]")


def articles_only(archive: Path) -> "Callable[[Change, str], bool]":
    """Return what lets changes of articles through, and not what an archive does to its own files among them."""
    from watchfiles import DefaultFilter  # who asks a question starts without it

    usual = DefaultFilter()
    return lambda change, path: usual(change, path) and not is_own(Path(path), archive)


class _Asked:
    """An event that is set once a question is answered with yes."""

    def __init__(self, question: Callable[[], bool]) -> None:
        self._question = question

    def is_set(self) -> bool:
        return self._question()


def changed_files(
    watched: Sequence[Path], archive: Path, stopped: Callable[[], bool], *, follow_links: bool = False
) -> "Iterator[set[FileChange]]":
    """Yield whenever articles have changed and been quiet for 1.6 s, until it is stopped: asked every second.

    Each folder is watched by itself, since a watch of whole trees follows every link in them.

    Raises:
        ChuchuError: they cannot be watched.
    """
    from watchfiles._rust_notify import WatchfilesRustInternalError

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


def _watch(folders: Sequence[str], archive: Path, stopped: Callable[[], bool]) -> "Iterator[set[FileChange]]":
    """Yield changes, and nothing once a second."""
    from watchfiles import watch

    return watch(
        *folders,
        watch_filter=articles_only(archive),
        rust_timeout=1000,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
        stop_event=_Asked(stopped),
    )
