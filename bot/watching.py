"""Wait for articles to appear and to change."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from retrieval import is_own


class Articles(DefaultFilter):
    """Lets through what happens to articles, and not what an archive does to its own files among them."""

    def __init__(self, archive: Path) -> None:
        super().__init__()
        self._archive = archive

    def __call__(self, change: Change, path: str) -> bool:
        """Tell whether a change is one of an article."""
        return super().__call__(change, path) and not is_own(Path(path), self._archive)


class _Asked:
    """An event that is set once a question is answered with yes."""

    def __init__(self, question: Callable[[], bool]) -> None:
        self._question = question

    def is_set(self) -> bool:
        return self._question()


def changes(watched: Sequence[Path], archive: Path, stopped: Callable[[], bool]) -> Iterator[object]:
    """Yield whenever articles have changed and been quiet for 1.6 s, until it is stopped: asked every second."""
    yield from watch(
        *watched,
        watch_filter=Articles(archive),
        rust_timeout=1000,
        yield_on_timeout=False,
        stop_event=_Asked(stopped),
    )
