"""The files of a tantivy index, told by checksums of our own from what they should be.

Segments are never changed once they are written, so that each is read once.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_META = "meta.json"  # names the segments that are committed
_UNSEALED = (".managed.json", "signatures.sqlite")  # what tantivy may rewrite at any time, and what has seals inside
_BLOCK = 1 << 20

Seals = Mapping[str, tuple[int, int]]
"""Bytes and checksum of each file, by its name."""


def seals_of(folder: Path, before: Seals) -> dict[str, tuple[int, int]]:
    """Return the seals of the files in `folder`; those of segments are taken over from `before`."""
    found = {}
    for path in folder.iterdir():
        if path.is_file() and not path.name.startswith(_UNSEALED) and not path.name.endswith(".lock"):
            size = path.stat().st_size
            known = before.get(path.name, (-1, 0))
            found[path.name] = known if known[0] == size and path.name != _META else (size, _checksum(path))
    return found


def damaged_files(folder: Path, seals: Seals) -> Iterator[str]:
    """Yield what is wrong with the files of the index in `folder`.

    A writer that was killed may have committed after it sealed: files may then be gone, and new ones have no seal.
    """
    for name, seal in seals.items():
        try:
            if name != _META and not _is_sound(folder / name, seal):
                yield f"{folder / name} is not as it was written"
        except FileNotFoundError:
            if _is_last_sealed(folder, seals):
                yield f"{folder / name} is missing"
        except OSError as error:
            yield f"{folder / name} cannot be read ({error.strerror})"
    if seals and not (folder / _META).exists():
        yield f"{folder / _META} is missing"


def _is_last_sealed(folder: Path, seals: Seals) -> bool:
    """Tell whether nothing was committed since the files were sealed."""
    return (folder / _META).exists() and _META in seals and _is_sound(folder / _META, seals[_META])


def sweep(folder: Path) -> None:
    """Delete the lists of deletions that a killed writer left uncommitted: the next commit would use their names.

    Only the holder of the archive's lock may call this.
    """
    if (folder / _META).exists():
        committed = set(_deletions(folder))
        for path in folder.glob("*.del"):
            if path.name not in committed:
                path.unlink()


def total_bytes(folder: Path) -> int:
    """Return how large everything in a folder is, of which files may vanish meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def _deletions(folder: Path) -> Iterator[str]:
    for segment in json.loads((folder / _META).read_text("utf-8"))["segments"]:
        if segment["deletes"]:
            yield f"{segment['segment_id'].replace('-', '')}.{segment['deletes']['opstamp']}.del"


def _is_sound(path: Path, seal: tuple[int, int]) -> bool:
    return path.stat().st_size == seal[0] and _checksum(path) == seal[1]


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checksum = zlib.crc32(block, checksum)
    return checksum
