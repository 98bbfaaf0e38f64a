"""Which files lie in a folder, and which are an archive's own, where it lies among articles."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeVar

_OWN = re.compile(r"(catalogue\.sqlite|vectors|writer)\b.*|words|rebuilt")
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
    """Tell whether a path is the archive's folder or one of its own files, by whatever way it is named."""
    inside, folder = path.resolve(), archive.resolve()
    if not inside.is_relative_to(folder):
        return False
    parts = inside.relative_to(folder).parts
    return not parts or bool(_OWN.fullmatch(parts[0]))


def is_below(path: str, folder: str) -> bool:
    """Tell whether a real path is a folder's own or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
