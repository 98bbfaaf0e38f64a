"""Drafts → articles: their own paragraphs, title, source, author and date; and what was removed.

Here are the outlets that articles come from: one name for each, whatever the page or the domain calls it. A question
that names one starts without the rest of this folder.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from retrieval.errors import SettingsError
from retrieval.text import even

# What a name ends with when it is an outlet's although no table has it.
_OUTLET_END = re.compile(
    r"(?:网|网站|官网|(?<![警情预通举汇申战捷喜年季])报|社|电视台|电台|广播|卫视|[晨晚周月季学]刊|杂志|在线|频道|客户端|新闻|财经|之声|融媒体?|融媒体中心|公众号|通讯|新闻云"
    r"|신문|일보|방송|뉴스|통신|[Zz]eitung|Anzeiger|Rundschau|Nachrichten"
    r"|新聞|通信|テレビ|放送|ニュース|デジタル|オンライン|タイムズ"
    r"|\b(?:News|Times|Post|Daily|Herald|Tribune|Journal|Press|Gazette|Observer|Telegraph|Chronicle|TV|Radio|Agency"
    r"|Courier|Star|Sun|Globe|Mail|Standard|Independent|Express|Review|Magazine|Weekly|Today|Online))$"
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet's name, the other ways of writing it, its domains, and the first year it published."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    since: int | None = None


class Outlets:
    """Look outlets up by name or by address.

    `digest` is another one when the table is.
    """

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        outlets = tuple(outlets)
        self.digest = blake2b(repr(outlets).encode(), digest_size=8).hexdigest()
        self._by_name: dict[str, Outlet] = {}
        self._by_domain: dict[str, Outlet] = {}
        for outlet in outlets:
            self._by_name |= {_key(name): outlet for name in (outlet.name, *outlet.aliases)}
            self._by_domain |= dict.fromkeys(outlet.domains, outlet)

    def __iter__(self) -> Iterator[Outlet]:
        return iter({outlet.name: outlet for outlet in self._by_name.values()}.values())

    def named(self, name: str) -> Outlet | None:
        """Find an outlet by any of its names, in either script."""
        return self._by_name.get(_key(name))

    def at(self, url: str) -> Outlet | None:
        """Find an outlet by an address on its domain or below it."""
        labels = host_of(url).split(".")
        return next(
            (self._by_domain[tail] for i in range(len(labels)) if (tail := ".".join(labels[i:])) in self._by_domain),
            None,
        )

    def looks_like_one(self, name: str) -> bool:
        """Return whether a name is an outlet's: known, or ending as outlets' names do."""
        is_long = 2 < len(name) < 40 and not "a" <= name[0] <= "z"  # in News is none
        return self.named(name) is not None or (is_long and _OUTLET_END.search(even(name)) is not None)


def host_of(url: str) -> str:
    """Return the host of an address, without `www.`; empty where it has none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def load_outlets(extra: Path | None = None) -> Outlets:
    """Load the bundled table and, over it, a file of the same form.

    Raises:
        SettingsError: the file cannot be read or has another form.
    """
    bundled = _bundled()
    if extra is None:
        return Outlets(bundled)
    try:
        own = _parse(tomllib.loads(extra.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(
            "{path} cannot be read: {reason}. Fix CHUCHU_OUTLETS, or unset it.", path=extra, reason=error.strerror
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            "{path} is not a table of outlets ([[outlet]] with a name): {error}", path=extra, error=error
        ) from error
    names = {outlet.name for outlet in own}
    return Outlets([*(outlet for outlet in bundled if outlet.name not in names), *own])


@functools.cache
def bundled_outlets() -> Outlets:
    """Return the outlets of the bundled table alone."""
    return load_outlets()


@functools.cache
def _bundled() -> tuple[Outlet, ...]:
    return _parse(tomllib.loads((files("retrieval.clean") / "outlets.toml").read_text(encoding="utf-8")))


def _parse(table: Mapping[str, list[dict[str, object]]]) -> tuple[Outlet, ...]:
    return tuple(_outlet(entry) for entry in table["outlet"])


def _outlet(entry: Mapping[str, object]) -> Outlet:
    name, since = entry["name"], entry.get("since")
    if not isinstance(name, str) or not isinstance(since, int | None):
        raise TypeError(f"name {name!r} must be text and since {since!r} a year")
    return Outlet(name, _texts(entry.get("aliases")), _texts(entry.get("domains")), since)


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, list) else ()


def _key(name: str) -> str:
    return "".join(even(name).casefold().split())
