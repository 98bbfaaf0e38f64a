"""The archive as a process opens it to answer questions all day."""

import gc

from retrieval import Archive, Location, Settings, open_archive


def open_loaded(location: Location, settings: Settings) -> Archive:
    """Open the archive at `location`, and load the model and the indexes."""
    archive = open_archive(location, settings)
    archive.load()
    _settle()
    return archive


def _settle() -> None:
    """Let the collector look no more at what is loaded now and stays; going through it cost 1 of 15 ms a question."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
