"""Text with styles → Telegram's HTML, cut into messages without ever cutting a tag or an entity."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.streams import CONTROL

LIMIT = 4096
"""UTF-16 units that one message may have, counted after its tags are taken out."""

_END = re.compile(r"[。！？!?；;…\n][”’」』）》)\"']*|\.[\"')]*(?=\s)")
_JOINED = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style. `tags` are opening tags without brackets, the outermost first."""

    text: str
    tags: tuple[str, ...] = ()


MOST_TITLE = 150  # units; scraped titles are sometimes whole pages


def plain(text: str) -> Run:
    """Return text without a style."""
    return Run(text)


def bold(text: str) -> Run:
    """Return bold text."""
    return Run(text, ("b",))


def link(text: str, url: str | None) -> Run:
    """Return text that leads to an address of the web; any other address leaves it plain."""
    if url is None or not re.match(r"https?://[^\s/]", url):
        return Run(text)
    return Run(text, (f'a href="{escape(_quoted(url))}"',))


def button_address(url: str | None) -> str | None:
    """Return an address as a button may have it; None where it is none of the public web, which Telegram refuses."""
    if url is None or not re.fullmatch(r"https?://[^\s/?#@\"<>]+\.[^\s/?#@\"<>.\d:]{2,}(?::\d+)?(?:[/?#]\S*)?", url):
        return None
    return _quoted(url)


def _quoted(url: str) -> str:
    return quote(url, safe="%/:=&?~#+!$,;@()*[]|", errors="replace")


def within(tag: str, runs: Iterable[Run]) -> list[Run]:
    """Put a tag around runs."""
    return [replace(run, tags=(tag, *run.tags)) for run in runs]


def sendable(text: str) -> str:
    """Take out what a message cannot carry or must not hide: control characters, lone surrogates, unseen marks."""
    return CONTROL.sub("", text)


def escape(text: str) -> str:
    """Write text so that HTML shows it as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def units(text: str) -> int:
    """Count UTF-16 units, as Telegram counts a message's length."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def length(runs: Iterable[Run]) -> int:
    """Count the UTF-16 units that runs show."""
    return sum(units(sendable(run.text)) for run in runs)


def html(runs: Iterable[Run]) -> str:
    """Write runs as HTML; neighbours in the same tag share it."""
    written: list[str] = []
    opened: tuple[str, ...] = ()
    for run in runs:
        text = sendable(run.text)
        if not text:
            continue
        same = _common(opened, run.tags)
        written += [f"</{tag.split()[0]}>" for tag in reversed(opened[same:])]
        written += [f"<{tag}>" for tag in run.tags[same:]]
        written.append(escape(text))
        opened = run.tags
    written += [f"</{tag.split()[0]}>" for tag in reversed(opened)]
    return "".join(written)


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def split(runs: Iterable[Run], limit: int = LIMIT) -> list[list[Run]]:
    """Cut runs into messages of at most `limit` units, at the ends of sentences where there are any.

    Nothing but white space at the cuts is lost.
    """
    messages: list[list[Run]] = [[]]
    room = limit
    for run in runs:
        rest = sendable(run.text)
        while units(rest) > room:
            cut = cut_before(rest, room, empty=not messages[-1])
            messages[-1].append(replace(run, text=rest[:cut].rstrip()))
            rest = rest[cut:].lstrip()
            messages.append([])
            room = limit
        if rest:
            messages[-1].append(replace(run, text=rest))
            room -= units(rest)
    return [message for message in messages if any(run.text.strip() for run in message)]


def cut_before(text: str, limit: int, *, empty: bool = True) -> int:
    """Return where to cut so that text[:cut] has at most `limit` units: after a sentence, else after a space.

    A message that is not `empty` yet may be left as it is, at 0, rather than be filled by half a sentence.
    """
    if limit <= 0 and not empty:
        return 0
    most = _characters(text, limit)
    ends = [match.end() for match in _END.finditer(text, 0, most)]
    if ends and (ends[-1] > most // 3 or not empty):
        return ends[-1]
    if not empty:
        return 0
    space = text.rfind(" ", most // 2, most)
    if space > 0:
        return space + 1
    while most > 1 and (_JOINED.match(text, most) or text[most - 1] == "\u200d"):
        most -= 1
    return most or _characters(text, limit)


def _characters(text: str, limit: int) -> int:
    """Count the characters that fit into `limit` units, at least one."""
    left = limit
    for index, character in enumerate(text):
        left -= 1 + (character > "\uffff")
        if left < 0:
            return max(index, 1)
    return len(text)


def short(text: str, most: int = MOST_TITLE) -> str:
    """Write a text on one line of at most `most` units."""
    line = " ".join(sendable(text).split())
    if units(line) <= most:
        return line
    while units(line) > most - 1:
        line = line[: len(line) - max(1, (units(line) - most) // 2)]
    return line + "…"


def first_within(text: str, room: int) -> str:
    """Return the beginning of a text within `room` units, whole sentences if possible."""
    if units(sendable(text)) <= room:
        return text
    return text[: cut_before(text, room)] + "…" if room > 1 else ""


def last_within(text: str, room: int) -> str:
    """Return the end of a text within `room` units."""
    if units(sendable(text)) <= room:
        return text
    return "…" + text[-(room // 2) :] if room > 1 else ""
