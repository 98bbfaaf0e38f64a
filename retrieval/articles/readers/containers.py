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
from typing import IO

from retrieval.articles.decoding import decode
from retrieval.articles.decoding.encodings import codec_of
from retrieval.articles.draft import Skipped
from retrieval.articles.readers.files import File
from retrieval.articles.readers.inflating import SPENT, Counted, Metered, inflated
from retrieval.articles.readers.limits import MB, Budget, Limits, UnreadableError


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
            raise UnreadableError(SPENT)
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
        packed = io.BufferedReader(Counted(raw))
        metered = Metered(inflated(packed), budget, packed.tell, packed)
        try:
            with io.BufferedReader(metered, MB) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
                yield from _tar_members(archive, replace(file, budget=budget), limits)
        except (tarfile.TarError, EOFError, gzip.BadGzipFile) as error:
            raise UnreadableError("damaged TAR archive") from error


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
    packed = io.BufferedReader(Counted(file.open()))
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
