"""Archive files → the files inside, in memory and within bounds; nothing is ever written to disk."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from operator import itemgetter
from pathlib import PurePosixPath
from typing import IO, Protocol

from retrieval.articles.decoding import decode
from retrieval.articles.decoding.encodings import codec_of
from retrieval.articles.draft import Skipped
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import MB, Budget, Limits, UnreadableError

# Past the first 32 MB, text that inflates more than this many times is a bomb: prose deflates to a third, tables that
# repeat themselves to a fiftieth, zeros to a thousandth.
_BOMB_FROM, _BOMB_RATIO = 32 * MB, 200
_SPENT = "inflates to more than the limit"


class _Inflated(Protocol):
    """A stream of inflated bytes."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class Metered(io.RawIOBase):
    """An inflating stream that ends with an error when it gives too much."""

    def __init__(self, stream: _Inflated, budget: Budget, consumed: Callable[[], int], packed: IO[bytes]) -> None:
        self._stream, self._budget, self._consumed, self._packed = stream, budget, consumed, packed
        self._given = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """Read, and count what was given.

        Raises:
            UnreadableError: the budget is spent, or far more was given than consumed.
        """
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._given += len(data)
        self._budget.left -= len(data)
        if self._budget.left < 0:
            raise UnreadableError(_SPENT)
        if self._given > _BOMB_FROM and self._given > _BOMB_RATIO * self._consumed():
            raise UnreadableError("a bomb: inflates more than 200-fold")
        return len(data)

    def close(self) -> None:
        """Close the streams within, too."""
        self._stream.close()
        self._packed.close()
        super().close()


def read_zip(file: File, limits: Limits) -> Iterator[File | Skipped]:
    """Yield the files in a ZIP archive."""
    budget = _budget(file, limits)
    stream = file.open() if file.nesting == 0 else io.BytesIO(file.read(limits))
    try:
        with stream, zipfile.ZipFile(stream) as archive:
            yield from _zip_members(archive, replace(file, budget=budget), limits, budget)
    except zipfile.BadZipFile as error:
        raise UnreadableError("damaged ZIP archive") from error


def _zip_members(archive: zipfile.ZipFile, file: File, limits: Limits, budget: Budget) -> Iterator[File | Skipped]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    for name, info in sorted(_named(infos[: limits.members]), key=itemgetter(0)):
        if budget.left <= 0 or min(info.file_size, limits.file_bytes) > budget.left:
            raise UnreadableError(_SPENT)
        member = _member(file, name, partial(_open_zip, archive, info, budget))
        if member is None:
            continue
        if isinstance(member, File) and info.flag_bits & 1:
            member = Skipped(member.path, "encrypted")
        yield member
    if len(infos) > limits.members:
        raise UnreadableError(f"more than {limits.members} files inside: the rest is not read")


def _open_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> IO[bytes]:
    member = archive.open(info)
    metered = Metered(member, budget, lambda: info.compress_size, member)
    return io.BufferedReader(metered, MB // 8)


def _named(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Name members; without the UTF-8 flag their bytes are in the encoding of the packer's system, one for all."""
    foreign = {
        info.filename: info.filename.encode("cp437", "replace")
        for info in infos
        if not info.flag_bits & 0x800 and not info.filename.isascii()
    }
    encoding = decode(b"\n".join(list(foreign.values())[:200])).encoding
    for info in infos:
        raw = foreign.get(info.filename)
        yield info.filename if raw is None else raw.decode(codec_of(encoding), "replace"), info


def read_tar(file: File, limits: Limits) -> Iterator[File | Skipped]:
    """Yield the files in a TAR archive, compressed or not, in the order they stand in."""
    budget = _budget(file, limits)
    with file.open() as raw:
        packed = io.BufferedReader(_Counted(raw))
        metered = Metered(_inflated(packed), budget, packed.tell, packed)
        try:
            with io.BufferedReader(metered, MB) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
                yield from _tar_members(archive, replace(file, budget=budget), limits)
        except (tarfile.TarError, EOFError, gzip.BadGzipFile) as error:
            raise UnreadableError("damaged TAR archive") from error


class _Counted(io.RawIOBase):
    """A stream that cannot seek, read through a buffer that knows how far it is."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._position = stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self._stream.close()
        super().close()


def _inflated(packed: "io.BufferedReader[_Counted]") -> _Inflated:
    """Undo the compression that the first bytes tell of."""
    head = packed.peek(6)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=packed)
    if head.startswith(b"BZh"):
        import bz2

        return bz2.BZ2File(packed)
    if head.startswith(b"\xfd7zXZ\0"):
        import lzma

        return lzma.LZMAFile(packed)
    return packed


def _tar_members(archive: tarfile.TarFile, file: File, limits: Limits) -> Iterator[File | Skipped]:
    for count, info in enumerate(archive):
        if count >= limits.members:
            raise UnreadableError(f"more than {limits.members} files inside: the rest is not read")
        if not info.isreg() or info.sparse is not None:
            continue
        found = archive.extractfile(info)
        if found is None:
            continue
        # A stream goes forward only: what is read whole anyway is read now, and can then be opened twice.
        content = found if info.size > limits.file_bytes else io.BytesIO(found.read())
        member = _member(file, _tar_name(info.name), partial(_rewound, content))
        if member is not None:
            yield member


def _rewound(content: IO[bytes]) -> IO[bytes]:
    return io.BytesIO(content.getbuffer()) if isinstance(content, io.BytesIO) else content


def _tar_name(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return decode(name.encode("utf-8", "surrogateescape")).text
    return name


def read_gzip(file: File, limits: Limits) -> Iterator[File | Skipped]:
    """Yield the one file in a `.gz`, or the files of the TAR archive in it."""
    with file.open() as raw, gzip.GzipFile(fileobj=raw) as inflated:
        is_tar = inflated.read(265)[257:262] == b"ustar"
    if is_tar:
        yield from read_tar(file, limits)
        return
    budget = _budget(file, limits)
    bare = file.path.removesuffix(".gz")
    yield replace(
        file,
        id=file.id.removesuffix(".gz"),
        path=bare if bare != file.path else f"{bare}.",
        open=lambda: _open_gzip(file, budget),
        nesting=file.nesting + 1,
    )


def _open_gzip(file: File, budget: Budget) -> IO[bytes]:
    packed = io.BufferedReader(_Counted(file.open()))
    metered = Metered(gzip.GzipFile(fileobj=packed), budget, packed.tell, packed)
    return io.BufferedReader(metered, MB // 8)


def _budget(file: File, limits: Limits) -> Budget:
    """Return what an archive may inflate to: what is left of the outer one's share.

    Raises:
        UnreadableError: it lies too deep inside others.
    """
    if file.nesting >= limits.nesting:
        raise UnreadableError(f"an archive inside {file.nesting} others")
    return file.budget or Budget(limits.inflated_bytes)


def _member(file: File, name: str, open_member: Callable[[], IO[bytes]]) -> File | Skipped | None:
    """Name a member of an archive file; None for hidden ones."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    path = f"{file.path}/{'/'.join(parts)}"
    if not parts or ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
        return Skipped(path, "its name climbs out of the archive")
    if any(part.startswith((".", "__MACOSX")) for part in parts):
        return None
    return File(f"{file.id}/{'/'.join(parts)}", path, open_member, file.nesting + 1, file.budget)
