"""A folder of words on disk, opened to be read, also where it may not be written."""

import functools
import logging
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

_log = logging.getLogger(__name__)


def opened(folder: Path) -> tantivy.Index:
    """Open an index; one that may not be written, where tantivy cannot lock, by way of links to its files."""
    if not is_closed(folder):
        return tantivy.Index.open(str(folder))
    with TemporaryDirectory(prefix="chuchu-") as beside:
        for path in folder.iterdir():
            if not path.name.endswith(".lock"):
                (Path(beside) / path.name).symlink_to(path.absolute())
        return tantivy.Index.open(beside)


def is_closed(folder: Path) -> bool:
    """Tell whether a folder may not be written."""
    return not os.access(folder, os.W_OK)


def is_withheld(folder: Path) -> bool:
    """Tell whether this user may not read the words that another user made; said once."""
    try:
        (folder / "meta.json").open("rb").close()
    except PermissionError:
        _say_withheld(folder)
        return True
    except OSError:  # there are none, or they are damaged
        return False
    return False


@functools.cache
def _say_withheld(folder: Path) -> None:
    _log.warning(
        "%s may not be read by this user, so that less is found. Its owner opens it to whoever may read the archive "
        "with the next chuchu index",
        folder,
    )
