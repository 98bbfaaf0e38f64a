"""Archive files → the files inside, in memory and within bounds; nothing is ever written to disk."""

import gzip
import io
import mmap
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from operator import itemgetter
from pathlib import PurePosixPath
from typing import IO, Protocol, cast

from retrieval.read.encodings import codec_of, decode
from retrieval.read.files import MB, Budget, File, Limits, UnreadableError, clean, named
from retrieval.values import Skipped

# Past the first 32 MB, text that inflates more than this many times is a bomb: prose deflates to a third, tables that
# repeat themselves to a fiftieth, zeros to a thousandth.
_BOMB_FROM, _BOMB_RATIO = 32 * MB, 200
SPENT = "inflates to more than the limit"


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
            raise UnreadableError(SPENT)
        if self._given > _BOMB_FROM and self._given > _BOMB_RATIO * self._consumed():
            raise UnreadableError("a bomb: inflates more than 200-fold")
        return len(data)

    def close(self) -> None:
        """Close the streams within, too."""
        self._stream.close()
        self._packed.close()
        super().close()


class Counted(io.RawIOBase):
    """A stream that cannot seek, read through a buffer that knows how far it is."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._position = stream, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """Read, and count what was taken."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        """Count the bytes read so far."""
        return self._position

    def seekable(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Close the stream within, too."""
        self._stream.close()
        super().close()


def inflated(packed: "io.BufferedReader[Counted]") -> _Inflated:
    """Undo the compression that the first bytes show."""
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


_MEMBER, _IN_DIRECTORY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_SAYS_UTF8 = 0x800  # the flag of a name
_DRIVE = re.compile("[A-Za-z]:")


def read_zip(file: File, limits: Limits) -> Iterator[File | Skipped]:
    """Yield the files in a ZIP archive."""
    budget = _budget(file, limits)
    stream = file.open() if file.nesting == 0 else io.BytesIO(file.read(limits))
    with stream:
        check_directory(stream, limits)
        try:
            with _opened_zip(stream) as archive:
                yield from _zip_members(archive, replace(file, budget=budget), limits, budget)
        except (zipfile.BadZipFile, struct.error) as error:
            raise UnreadableError("damaged ZIP archive") from error


def _opened_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """Open a ZIP archive, also one in which names that are not UTF-8 are said to be: zipfile would refuse all of it."""
    try:
        return zipfile.ZipFile(stream)
    except UnicodeDecodeError:
        copy = _changeable(stream)
        _correct_names(copy)
        return zipfile.ZipFile(cast("IO[bytes]", copy))


class _Changed(mmap.mmap):
    """A file of which only what is changed is in memory, and nothing on the disk."""

    def seekable(self) -> bool:
        return True


def _changeable(stream: IO[bytes]) -> mmap.mmap:
    try:
        return _Changed(stream.fileno(), 0, access=mmap.ACCESS_COPY)
    except OSError:  # it lies in memory
        stream.seek(0)
        content = stream.read()
        copy = _Changed(-1, len(content))
        copy[:] = content
        return copy


def _correct_names(content: mmap.mmap) -> None:
    """Let no name be said to be UTF-8 that is not, neither in the directory of a ZIP archive nor at its members."""
    end = content.rfind(_END)
    size, start = struct.unpack_from("<II", content, end + 12) if end >= 0 else (0, 0)
    at, shift = end - size, end - size - start
    while at >= 0 and content[at : at + 4] == _IN_DIRECTORY:
        flags, name, extra, comment = (
            *struct.unpack_from("<H", content, at + 8),
            *struct.unpack_from("<HHH", content, at + 28),
        )
        member = shift + struct.unpack_from("<I", content, at + 42)[0]
        if not _is_utf8(content[at + 46 : at + 46 + name]):
            struct.pack_into("<H", content, at + 8, flags & ~_SAYS_UTF8)
            if content[member : member + 4] == _MEMBER:
                struct.pack_into("<H", content, member + 6, flags & ~_SAYS_UTF8)
        at += 46 + name + extra + comment


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def check_directory(stream: IO[bytes], limits: Limits) -> None:
    """Count a ZIP archive's members before its directory is read: each of 46 bytes becomes an object of 600.

    Raises:
        UnreadableError: there are many more than may be read.
    """
    stream.seek(max(0, stream.seek(0, io.SEEK_END) - limits.file_bytes))
    if stream.read(limits.file_bytes).count(_IN_DIRECTORY) > 2 * limits.members:
        raise UnreadableError("more than {most} files inside: it is not read", most=2 * limits.members)
    stream.seek(0)


def _zip_members(archive: zipfile.ZipFile, file: File, limits: Limits, budget: Budget) -> Iterator[File | Skipped]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16)]
    names: set[str] = set()
    for name, info in sorted(_named(infos[: limits.members]), key=itemgetter(0)):
        if budget.left <= 0 or min(info.file_size, limits.file_bytes) > budget.left:
            raise UnreadableError(SPENT)
        member = _member(file, name, partial(_open_zip, archive, info, budget))
        if isinstance(member, File) and info.flag_bits & 1:
            member = Skipped(member.path, "encrypted")
        if member is not None:
            yield _once(member, names)
    if len(infos) > limits.members:
        raise UnreadableError("more than {most} files inside: the rest is not read", most=limits.members)


def _once(member: File | Skipped, names: set[str]) -> File | Skipped:
    """Let the first member of a name through: the articles of a second one would take the place of its own."""
    if isinstance(member, Skipped):
        return member
    if member.id in names:
        return Skipped(member.path, "a file of that name stands before it in the archive")
    names.add(member.id)
    return member


def _open_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> IO[bytes]:
    try:
        member = archive.open(info)
    except NotImplementedError as error:
        raise UnreadableError("packed in a way that is not read") from error
    metered = Metered(member, budget, lambda: info.compress_size, member)
    return io.BufferedReader(metered, MB // 8)


def _named(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Name members; without the UTF-8 flag their bytes are in the encoding of the packer's system, one for all."""
    foreign = {
        info.filename: info.filename.encode("cp437", "replace")
        for info in infos
        if not info.flag_bits & _SAYS_UTF8 and not info.filename.isascii()
    }
    encoding = decode(b"\n".join(list(foreign.values())[:200])).encoding
    for info in infos:
        raw = foreign.get(info.filename)
        yield info.filename if raw is None else named(raw, codec_of(encoding)), info


def read_tar(file: File, limits: Limits) -> Iterator[File | Skipped]:
    """Yield the files in a TAR archive, compressed or not, in the order they stand in."""
    budget = _budget(file, limits)
    with file.open() as raw:
        packed = io.BufferedReader(Counted(raw))
        metered = Metered(inflated(packed), budget, packed.tell, packed)
        try:
            with io.BufferedReader(metered, MB) as stream:
                forward = cast("IO[bytes]", _Forward(stream, limits.file_bytes))
                with tarfile.open(fileobj=forward, mode="r:") as archive:
                    yield from _tar_members(archive, replace(file, budget=budget), limits, budget)
        except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableError("damaged TAR archive") from error


class _Forward:
    """A stream that tarfile takes for a file with places, and that it reads from the front to the end.

    As a stream, tarfile would skip what a header declares by reading 10 KB at a time, whether there is anything left or
    not: minutes for 2^40 bytes. And it would take a name into memory however long it is declared.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._most, self._position = stream, most, 0

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        while (left := position - self._position) > 0 and self.read(min(left, MB)):
            pass
        if left < 0:
            raise UnreadableError("damaged TAR archive")
        return self._position

    def read(self, size: int) -> bytes:
        if size > self._most:
            raise UnreadableError("declares a part of more than {most} MB", most=self._most // MB)
        data = self._stream.read(size)
        self._position += len(data)
        return data


def _tar_members(archive: tarfile.TarFile, file: File, limits: Limits, budget: Budget) -> Iterator[File | Skipped]:
    names: set[str] = set()
    for count, info in enumerate(archive):
        if count >= limits.members:
            raise UnreadableError("more than {most} files inside: the rest is not read", most=limits.members)
        found = archive.extractfile(info) if info.isreg() else None
        if found is None:
            continue
        if info.size > budget.left:
            raise UnreadableError(SPENT)
        # A stream goes forward only: what is read whole anyway is read now, and can then be opened twice.
        is_left = info.sparse is not None or info.size > limits.file_bytes
        member = _member(file, clean(info.name), partial(_rewound, found if is_left else io.BytesIO(found.read())))
        if isinstance(member, File) and info.sparse is not None:
            member = Skipped(member.path, "a sparse file")
        if member is not None:
            yield _once(member, names)


def _rewound(content: IO[bytes]) -> IO[bytes]:
    return io.BytesIO(content.getbuffer()) if isinstance(content, io.BytesIO) else content


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
    packed = io.BufferedReader(Counted(file.open()))
    metered = Metered(gzip.GzipFile(fileobj=packed), budget, packed.tell, packed)
    return io.BufferedReader(metered, MB // 8)


def _budget(file: File, limits: Limits) -> Budget:
    """Return what an archive may inflate to: what is left of the outer one's share.

    Raises:
        UnreadableError: it lies too deep inside others.
    """
    if file.nesting >= limits.nesting:
        raise UnreadableError("an archive inside {count} others", count=file.nesting)
    return file.budget or Budget(limits.inflated_bytes)


def _member(file: File, name: str, open_member: Callable[[], IO[bytes]]) -> File | Skipped | None:
    """Name a member of an archive file; None for hidden ones."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    path = f"{file.path}/{'/'.join(parts)}"
    if not parts or ".." in parts or parts[0].startswith("/") or _DRIVE.match(parts[0]):
        return Skipped(path, "its name climbs out of the archive")
    if any(part.startswith((".", "__MACOSX")) for part in parts):
        return None
    return File(f"{file.id}/{'/'.join(parts)}", path, open_member, file.nesting + 1, file.budget)
