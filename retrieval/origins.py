"""Where articles come from, which of them are certainly gone from there, and what a run made of them."""

import hashlib
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import Message, SettingsError
from retrieval.read import Survey
from retrieval.read.walk import is_below
from retrieval.values import Draft, Origin, Skipped

_RECORD = re.compile(r"[:#]\d+$")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MISSING = frozenset({"/"})  # a name that no file has


@dataclass(frozen=True, slots=True)
class Remembered:
    """An origin, and the folder in which the archive lay when it was written; "" if it lies in a cluster.

    An archive is copied or moved with its articles, by themselves, or not at all: a file may be where it was, or at
    the same way from the archive's folder.
    """

    origin: Origin
    home: str = ""

    def __str__(self) -> str:
        """Write it as an archive keeps it: lone surrogates, which no archive takes, are escaped as JSON does it."""
        values = {"file": self.origin.file, "inside": self.origin.inside, "archive": self.home}
        fields = {name: value for name, value in values.items() if value}
        written = json.dumps(fields, ensure_ascii=False)
        return json.dumps(fields) if _SURROGATE.search(written) else written

    @classmethod
    def parse(cls, written: str) -> "Remembered":
        """Read what an archive keeps; older ones have a path that goes on inside archive files."""
        if not written.startswith("{"):
            return cls(_split(written) if Path(written).is_absolute() else Origin())
        fields = json.loads(written)
        return cls(Origin(fields.get("file", ""), fields.get("inside", "")), fields.get("archive", ""))

    def files(self, home: str) -> list[str]:
        """Return the files that it may be, for an archive that lies in the folder `home` now; none for a stream."""
        file = self.origin.file
        if not file or not self.home or not home or self.home == home:
            return [file] if file else []
        return [file, os.path.normpath(Path(home, os.path.relpath(file, self.home)))]

    def is_at(self, other: "Remembered") -> bool:
        """Return whether it is the file of another origin, wherever the archive, which lies there now, lay then."""
        files = self.files(other.home)
        return other.origin.file in files if files else not other.origin.file

    def kept_elsewhere(self, other: "Remembered") -> str:
        """Name its file, if that is there and not that of another origin."""
        disk = Disk()
        is_there = not self.is_at(other) and any(disk.exists(file) for file in self.files(other.home))
        return self.shown if is_there else ""

    @property
    def shown(self) -> str:
        """What a person calls it."""
        return (self.origin.file or "standard input") + self.origin.inside


def _split(written: str) -> Origin:
    """Part an older archive's path where a file ends and what lies in it begins; `.gz` had been left away."""
    path = Path(written)
    for file in (path, path.with_name(f"{path.name}.gz"), *path.parents):
        if _is_file(file):
            return Origin(str(file), written[len(str(file)) :])
    return Origin(written)


def _is_file(path: Path) -> bool:
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


@dataclass(slots=True)
class Seen:
    """What a run came across: articles by id, files it read, and the places in each that it could not read."""

    ids: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    lost: dict[str, set[str]] = field(default_factory=dict)

    def note(self, found: Draft | Skipped) -> None:
        """Note what was read."""
        if isinstance(found, Draft):
            self.ids.add(found.id)
        else:
            self.lose(found.origin)
        if found.origin:
            self.files.add(found.origin.file)

    def lose(self, origin: Origin | None) -> None:
        """Note what could not be read, or made an article of."""
        if origin:
            self.lost.setdefault(origin.file, set()).add(origin.inside)

    def has_read(self, origin: Origin) -> bool:
        """Return whether all was read that could hold an article of this origin."""
        if origin.file not in self.files:
            return False
        for lost in self.lost.get(origin.file, ()):
            # of a record that is broken nobody knows which one it was
            around = _RECORD.sub("", lost)
            if not around or origin.inside in {lost, around} or origin.inside.startswith(f"{around}/"):
                return False
        return True


class Disk:
    """Looks for files that are gone, at each folder once."""

    def __init__(self) -> None:
        self._listed: dict[Path, frozenset[str] | None] = {}

    def exists(self, file: str) -> bool:
        """Return whether a file is there, or may be."""
        return self.gone(file) is None

    def gone(self, file: str) -> str | None:
        """Return what is certainly gone: the file, or the outermost folder around it; None if it may be there.

        It is gone if its folder can be listed and does not hold it. A file that may not be looked at is not gone.
        """
        path = Path(file)
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            pass
        except (OSError, ValueError):
            return None
        else:
            return None
        while (names := self._names(path.parent)) is _MISSING:
            path = path.parent
        return str(path) if names is not None and path.name not in names else None

    def is_empty(self, folder: Path) -> bool:
        """Return whether a folder holds nothing that is not hidden, as one on which no disk is mounted."""
        names = self._names(folder)
        return names is not None and all(name.startswith(".") for name in names)

    def _names(self, folder: Path) -> frozenset[str] | None:
        """List a folder: None if that cannot be done, `_MISSING` if it is not there."""
        if folder not in self._listed:
            try:
                self._listed[folder] = frozenset(path.name for path in folder.iterdir())
            except FileNotFoundError:
                self._listed[folder] = _MISSING
            except NotADirectoryError:
                self._listed[folder] = frozenset()
            except OSError:
                self._listed[folder] = None
        return self._listed[folder]


@dataclass(frozen=True, slots=True)
class Gone:
    """Articles whose files are certainly gone, by id; `doubt` says why so many at once are asked about, or is empty."""

    ids: tuple[str, ...]
    doubt: str


def find_gone(
    remembered: Iterable[tuple[str, Remembered]], seen: Seen, paths: Sequence[Path], *, home: str, added: Iterable[str]
) -> Gone:
    """Find the articles below `paths` that are certainly gone, once `seen` is what a whole run came across there.

    `home` is the archive's folder, and `added` are the articles that the run itself has brought.
    """
    disk, new, gone = Disk(), set(added), list[str]()
    roots = {os.path.realpath(path): path for path in paths}
    held, lost, folders = Counter[str](), Counter[str](), Counter[str]()
    for article_id, place in remembered:
        files = [file for file in place.files(home) if any(is_below(file, root) for root in roots)]
        around = [root for root in roots if any(is_below(file, root) for file in files)]
        held.update(around if article_id not in new else ())
        if not files or article_id in seen.ids:
            continue
        missing = [_missing(Origin(file, place.origin.inside), seen, disk) for file in files]
        if None not in missing:
            gone.append(article_id)
            lost.update(around)
            folders.update({folder for folder in missing if folder})
    return Gone(tuple(gone), _doubt({roots[root]: (lost[root], held[root]) for root in roots}, folders))


def _missing(origin: Origin, seen: Seen, disk: Disk) -> str | None:
    """Return "" if an article is gone, or the folder that is gone or empty with it; None if it may be there."""
    place = disk.gone(origin.file)
    if place is None:
        return "" if seen.has_read(origin) else None
    if place != origin.file:
        return place
    folder = Path(place).parent
    return str(folder) if disk.is_empty(folder) else ""


def _doubt(counts: Mapping[Path, tuple[int, int]], folders: Counter[str]) -> str:
    """Say why articles may be gone only for now: a disk is not mounted, a folder was moved away."""
    for folder, articles in folders.most_common(1):
        said = {"folder": folder, "articles": articles, "others": len(folders) - 1}
        if len(folders) > 1:
            return Message(
                "the folder {folder} is gone or empty, with the files of {articles:,} articles, "
                "{others:,} other folders too",
                **said,
            )
        return Message("the folder {folder} is gone or empty, with the files of {articles:,} articles", **said)
    for path, (lost, held) in counts.items():
        if 2 * lost > held:
            many = "the files of {lost:,} of the {held:,} articles in {path} are gone at once"
            return Message(many, lost=lost, held=held, path=path)
    return ""


@dataclass(slots=True)
class IndexReport:
    """What an indexing run did, in ids of articles; `skipped` names what could not be read and why.

    `read` is the share of the files' bytes that was read, or of the articles that were copied, 0…1;
    None where it is not known, as of standard input.
    `doubt` says why `--prune` removed nothing though files are gone: so many at once may be back tomorrow.
    `stopped` says that it was stopped before its end; what is reported as done stays. `survey` is what was seen of the
    articles that are new or changed.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    windows: int = 0
    embedded: int = 0
    read: float | None = None
    doubt: str = ""
    stopped: bool = False
    survey: Survey = field(default_factory=Survey)


class Reading:
    """Estimates how much of files and folders has been read, by their bytes.

    Of the file that is being read, the texts that came out of it count: its own size does once the next one begins.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._whole = sum(size for path in paths for size in _sizes(path))
        self._before = self._size = self._inside = 0
        self._file = ""

    def note(self, found: Draft | Skipped) -> float | None:
        """Count what was read; return the share of the whole, 0…1, or None where that is not known."""
        self._enter(found.origin.file if found.origin else "")
        if isinstance(found, Draft):
            self._inside += len(found.text.encode("utf-8", "surrogatepass"))
        return min(1.0, (self._before + min(self._inside, self._size)) / self._whole) if self._whole else None

    def _enter(self, file: str) -> None:
        if file != self._file:
            self._before += self._size
            self._file, self._inside = file, 0
            self._size = _reading_size(file)


def _reading_size(file: str) -> int:
    try:
        status = Path(file).stat()
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _sizes(path: Path) -> Iterator[int]:
    """Yield the sizes of the files at or below a path; what cannot be looked at counts nothing."""
    yield _reading_size(os.fspath(path))
    folders = [os.fspath(path)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as inside:
            for entry in inside:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    yield _reading_size(entry.path)


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th, counted from 1, of `of` shards."""

    number: int
    of: int

    def holds(self, article_id: str) -> bool:
        """Return whether an article is this shard's."""
        digest = hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "little") % self.of == self.number - 1


WHOLE = Shard(1, 1)


def parse_shard(said: str) -> Shard:
    """Read `3/16`.

    Raises:
        SettingsError: it is not a shard.
    """
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", said.strip())
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise SettingsError("--shard {said}: write which of how many, from 1/16 to 16/16", said=said)
    return Shard(int(match[1]), int(match[2]))
