"""The articles of a catalogue as they were written, to be copied or made anew."""

import logging
from collections.abc import Iterator

from retrieval.errors import ArchiveDamagedError
from retrieval.index.catalogue import Catalogue, Entry

_log = logging.getLogger(__name__)


def sound_entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Yield the articles of a catalogue that are as they were written, the oldest first."""
    for number in catalogue.numbers():
        try:
            entry = catalogue.entry(number)
        except ArchiveDamagedError as error:
            _log.warning("%s", error)
            continue
        if entry:
            yield entry
