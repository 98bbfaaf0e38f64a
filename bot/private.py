"""Files that hold people's questions: only their owner reads them."""

import os
from contextlib import suppress
from pathlib import Path

_OWNER_ONLY = 0o600


def keep_private(path: Path) -> None:
    """Close a file of chuchu's own to others, and make it if there is none.

    Raises:
        OSError: it cannot be written.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY))
    with suppress(PermissionError):  # it is another user's, who decides
        path.chmod(_OWNER_ONLY)


def write_private(path: Path, text: str) -> None:
    """Write a file where the user wants it; one that is there keeps its permissions, and a new one is the owner's only.

    Raises:
        OSError: it cannot be written.
    """
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, _OWNER_ONLY)) as file:
        file.write(text)
