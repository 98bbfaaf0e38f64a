"""The name of the site a page stands on: behind the page's title, on its top, or in its copyright line."""

from collections.abc import Iterator, Sequence

from retrieval.articles.cleaning import signs
from retrieval.articles.metadata.labels import source_name
from retrieval.articles.metadata.owners import owners
from retrieval.articles.outlets import bundled_outlets
from retrieval.text.characters import even

# Lines in which a page's masthead and its copyright stand; a name is no longer than this.
_TOP, _FOOT, _LONGEST = 3, 8, 30


def site_name(beside_title: Sequence[str], lines: Sequence[str]) -> str | None:
    """Name the site of a page, None where nothing proves a name.

    `beside_title` are the other parts of the page's title: sections, or the site if they end as outlets' names do or
    are printed on the page by themselves. A copyright's owner is the site if it is called as an outlet or the top is.
    """
    outlets = bundled_outlets()
    owned = [name for line in lines[-_FOOT:] for name in _owners(line)]
    anywhere, top = frozenset((*lines, *owned)), frozenset(lines[:_TOP])
    said = [(name, anywhere) for name in _names(beside_title)]
    said += [(name, top) for name in _names(owned)]
    return next((name for name, printed in said if outlets.looks_like_one(name) or name in printed), None)


def _owners(line: str) -> Iterator[str]:
    return owners(line) if signs.COPYRIGHT.search(even(line)) else iter(())


def _names(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        if len(part) <= _LONGEST and not signs.MENU.fullmatch(even(part)) and (name := source_name(part)):
            yield name
