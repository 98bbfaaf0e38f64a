"""The commands that messages tell, as they can be pasted into a shell."""

import shlex
from pathlib import Path


def command(words: str, location: Path | str) -> str:
    """Return the command `chuchu words` for the archive at `location`."""
    return f"chuchu {words} --index {shlex.quote(str(location))}"
