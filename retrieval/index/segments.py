"""The files of a tantivy index, checked against the checksums that tantivy writes at their ends."""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

_END = struct.Struct("<II")  # length of the footer's JSON, and a magic number
_MAGIC = 1337


def damaged_files(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the committed files of the index in `folder`; files that a writer is at are left out."""
    try:
        files = list(_committed(folder))
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"{folder / 'meta.json'} cannot be read ({error})"
        return
    for path in files:
        try:
            if not _is_sound(path.read_bytes()):
                yield f"{path} is not as it was written"
        except FileNotFoundError:
            if path.suffix in {".term", ".idx", ".fast"}:
                yield f"{path} is missing"
        except OSError as error:
            yield f"{path} cannot be read ({error.strerror})"


def sweep(folder: Path) -> None:
    """Delete the lists of deletions that a killed writer left uncommitted: the next commit would use their names.

    Only the holder of the archive's lock may call this.
    """
    if (folder / "meta.json").exists():
        committed = set(_committed(folder))
        for path in folder.glob("*.del"):
            if path not in committed:
                path.unlink()


def total_bytes(folder: Path) -> int:
    """Return how large the index in `folder` is."""
    return sum(path.stat().st_size for path in folder.glob("*") if path.is_file())


def _committed(folder: Path) -> Iterator[Path]:
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        for suffix in ("term", "idx", "pos", "fast", "fieldnorm", "store"):
            yield folder / f"{name}.{suffix}"
        if segment["deletes"]:
            yield folder / f"{name}.{segment['deletes']['opstamp']}.del"


def _is_sound(data: bytes) -> bool:
    try:
        length, magic = _END.unpack(data[-_END.size :])
        start = len(data) - _END.size - length
        footer = json.loads(data[start : -_END.size])
        return bool(magic == _MAGIC and zlib.crc32(data[:start]) == footer["crc"])
    except (struct.error, ValueError, KeyError, TypeError):
        return False
