"""The archive on disk: catalogue, vectors, words, stories; in a folder or in a cluster.

Here: its manifest, what it was built with, and whether that is what the settings say.
"""

import uuid
from pathlib import Path
from typing import Protocol

from retrieval import passages
from retrieval.encode.encoder import Calibration, Encoder
from retrieval.errors import ArchiveMismatchError, ArchiveMissingError, command
from retrieval.store.catalogue.connection import FORMAT
from retrieval.store.protocols import Writer


class _Manifested(Protocol):
    def manifest(self) -> dict[str, str]: ...


def read_manifest(location: Path | str, archive: _Manifested) -> dict[str, str]:
    """Return what the archive was built with.

    Raises:
        ArchiveMissingError: nothing has been indexed yet.
        ArchiveMismatchError: it has another format.
    """
    manifest = archive.manifest()
    if not manifest:
        raise ArchiveMissingError(
            "the archive in {location} is empty. Fill it with: {command}",
            location=location,
            command=command("index PATH", location),
        )
    check_format(location, manifest["format"])
    return manifest


_OLDER = "{location} has format {given}; this chuchu reads format {format}. Index"
_NEWER = "{location} has format {given}; this chuchu reads format {format}. Install a newer chuchu, or index"


def check_format(location: Path | str, given: str | None) -> None:
    """Check that an archive is of the format that is read and written here; of an unknown one it may be.

    Raises:
        ArchiveMismatchError: it has another format.
    """
    if given is None or given == str(FORMAT):
        return
    newer = given.isdecimal() and int(given) > FORMAT
    raise ArchiveMismatchError(
        (_NEWER if newer else _OLDER) + " the articles into another place: chuchu index PATH --index NEW",
        location=location,
        given=given,
        format=FORMAT,
    )


def new_manifest(encoder: Encoder) -> dict[str, str]:
    """Return the manifest of an archive that does not exist yet."""
    return {
        "format": str(FORMAT),
        "archive": uuid.uuid4().hex,
        "encoder": encoder.identity,
        "dim": str(encoder.dim),
        "passages": passages.VERSION,
        "calibration": Calibration.measure(encoder).to_json(),
    }


def prepare_manifest(location: Path | str, writer: Writer, encoder: Encoder) -> dict[str, str]:
    """Write the manifest of a new archive, or check that of an old one; return it.

    Raises:
        ArchiveMismatchError: it was built with another model or format.
    """
    if not writer.manifest():
        writer.write_manifest(new_manifest(encoder))
    manifest = read_manifest(location, writer)
    check_encoder(location, manifest, encoder)
    return manifest


def check_encoder(location: Path | str, manifest: dict[str, str], encoder: Encoder) -> None:
    """Check that the archive's vectors come from `encoder`.

    Raises:
        ArchiveMismatchError: they come from another one.
    """
    if (manifest["encoder"], manifest["dim"]) != (encoder.identity, str(encoder.dim)):
        raise ArchiveMismatchError(
            "{location} was built with model {built} ({built_dim}); settings say {wanted} "
            "({wanted_dim}). Set CHUCHU_MODEL to the first, or embed its articles again: {command}",
            location=location,
            built=manifest["encoder"],
            built_dim=manifest["dim"],
            wanted=encoder.identity,
            wanted_dim=encoder.dim,
            command=command("index --rebuild", location),
        )
