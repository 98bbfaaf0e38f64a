"""A folder of words on disk, opened to be read, also where it may not be written."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy


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
