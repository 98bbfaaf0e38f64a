"""Lines that stand in many articles of one source: boilerplate, whatever they say."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import PurePath

from retrieval.clean import host_of
from retrieval.text import even
from retrieval.values import Draft, Skipped, Span

# A line is boilerplate from this many articles and this share of the source's articles on. Three articles can share a
# caption or a rubric; a site's furniture comes back on every page, a section's on a tenth of them.
LEAST_ARTICLES = 5
LEAST_SHARE = 0.1
# Lines seen once are forgotten when a source has more lines than this, and each time that what was left has doubled;
# its boilerplate has come back long before.
_MOST_LINES = 50_000
# A page with a smaller share of new characters is a copy of one already counted: its paragraphs come back because the
# article does. A short article on a page full of menus still has more.
_LEAST_NEW = 0.15
# Drafts that are learned from before the first is cleaned: ten times what proves a line, and bounded characters.
AHEAD, _AHEAD_CHARACTERS = 50, 4_000_000

# A sentence is boilerplate from this many articles on in which its neighbours differ: copies of one story share these.
LEAST_NEIGHBOURS = 10
_SENTENCE = re.compile(r"[^。！？!?\n]++[。！？!?]*+[”’」』]?")
# A longer sentence is no promotion; of a text so many characters are looked at, at either end.
_SENTENCE_LONGEST, _EDGE = 300, 1_500
# Shorter sentences are said again by chance (案件正在侦办中。). Promotions and statements open or end a text: of each
# so many sentences are counted, from its beginning and from its end. They are kept as the lines of the source "".
_SENTENCE_SHORTEST, _FIRST, _LAST, _SENTENCES = 16, 2, 3, ""
_SPACE, _DIGIT = re.compile(r"\s+"), re.compile(r"\d")


@dataclass(slots=True)
class _Seen:
    """What is known of one source: how many articles there were, and in how many of them each line stood."""

    articles: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    most: int = _MOST_LINES

    def found(self) -> Iterator[str]:
        least = max(LEAST_ARTICLES, LEAST_SHARE * self.articles)
        return (key for key, count in self.lines.items() if count >= least)


class Boilerplate:
    """Counts, for each source, in how many articles a line stands.

    `found` are lines that were boilerplate before, by source, as `to_json` writes them: they stay so.
    """

    def __init__(self, found: Mapping[str, Iterable[str]] | None = None) -> None:
        self._found = {source: frozenset(keys) for source, keys in (found or {}).items()}
        self._sources: dict[str, _Seen] = {}
        self._neighbours: dict[str, set[str]] = {}
        self._most_sentences = _MOST_LINES

    def learn(self, source: str, lines: Iterable[str]) -> None:
        """Count an article's lines, menus and all. The same article a second time is not counted."""
        keys = {_key(line): len(line) for line in lines if line.strip()}
        if not keys:
            return
        seen = self._sources.setdefault(source, _Seen())
        new = sum(length for key, length in keys.items() if key not in seen.lines)
        if new < _LEAST_NEW * sum(keys.values()):
            return
        seen.articles += 1
        seen.lines.update(keys.keys())
        if len(seen.lines) > seen.most:
            seen.lines = Counter({key: count for key, count in seen.lines.items() if count > 1})
            seen.most = max(_MOST_LINES, 2 * len(seen.lines))

    def learn_sentences(self, text: str) -> None:
        """Count the sentences of an article with what stands before and behind each, whatever its source."""
        text = text if len(text) <= 2 * _EDGE else f"{text[:_EDGE]}\n{text[-_EDGE:]}"
        every = [_digest(text[slice(*span)]) for span in _sentences(text)]
        for at in {*range(min(_FIRST, len(every))), *range(max(0, len(every) - _LAST), len(every))}:
            if every[at][1]:
                around = "|".join(every[near][0] for near in (at - 1, at + 1) if 0 <= near < len(every))
                seen = self._neighbours.setdefault(every[at][0], set())
                if len(seen) < LEAST_NEIGHBOURS:
                    seen.add(around)
        if len(self._neighbours) > self._most_sentences:
            self._neighbours = {key: seen for key, seen in self._neighbours.items() if len(seen) > 1}
            self._most_sentences = max(_MOST_LINES, 2 * len(self._neighbours))

    def sentences(self, text: str) -> list[Span]:
        """Return where in a text the sentences stand that many articles have."""
        found = self._found.get(_SENTENCES, frozenset())
        if not self._neighbours and not found:
            return []
        spans = ((span, *_digest(text[slice(*span)])) for span in _sentences(text))
        return [span for span, key, is_long in spans if is_long and (key in found or self._is_common(key))]

    def _is_common(self, key: str) -> bool:
        return len(self._neighbours.get(key, ())) >= LEAST_NEIGHBOURS

    def among(self, source: str, lines: Iterable[str]) -> Iterator[bool]:
        """Return of each line whether it stands in many articles of a source."""
        seen, found = self._sources.get(source, _Seen()), self._found.get(source, frozenset())
        if seen.articles < LEAST_ARTICLES and not found:  # no line stands in more of them than there are
            return (False for _ in lines)
        least = max(LEAST_ARTICLES, LEAST_SHARE * seen.articles)
        keys = map(_key, lines)
        return (key in found or seen.lines[key] >= least for key in keys)

    def to_json(self) -> str:
        """Write the lines that are boilerplate, by source, as digests: what the next run is to know."""
        found = {source: {*self._found.get(source, ()), *seen.found()} for source, seen in self._sources.items()}
        common = {key for key in self._neighbours if self._is_common(key)}
        found[_SENTENCES] = {*found.get(_SENTENCES, ()), *self._found.get(_SENTENCES, ()), *common}
        return json.dumps({source: sorted(keys) for source, keys in sorted({**self._found, **found}.items()) if keys})

    @classmethod
    def from_json(cls, written: str) -> "Boilerplate":
        """Restore what `to_json` wrote."""
        return cls(json.loads(written))


def learning(drafts: Iterable[Draft | Skipped], known: Boilerplate) -> Iterator[Draft | Skipped]:
    """Yield drafts in their order, each after `known` has learned from those that follow next.

    So the first pages of a source are cleaned by what its later ones show, and nothing is read twice.
    """
    waiting: deque[Draft | Skipped] = deque()
    characters = 0
    for draft in drafts:
        if isinstance(draft, Draft):
            characters += len(draft.text)
            known.learn_sentences(draft.text)
            if not draft.is_record:
                known.learn(source_of(draft), draft.text.split("\n"))
        waiting.append(draft)
        while len(waiting) > AHEAD or characters > _AHEAD_CHARACTERS:
            first = waiting.popleft()
            characters -= len(first.text) if isinstance(first, Draft) else 0
            yield first
    yield from waiting


def source_of(draft: Draft) -> str:
    """Name what a draft's page has its furniture from: the site, the declared outlet, the host, or the folder."""
    if draft.site or draft.source or draft.url:
        return draft.site or draft.source or host_of(draft.url or "")
    folders: Sequence[str] = PurePath(draft.path or draft.id).parts[:-1]
    return "/".join(folders)


def _sentences(text: str) -> Iterator[Span]:
    return (match.span() for match in _SENTENCE.finditer(text) if match[0].strip())


def _digest(sentence: str) -> tuple[str, bool]:
    """Digest a sentence, its digits as they are, and say whether it is long enough to count."""
    words = _SPACE.sub("", even(sentence))
    digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return digest, _SENTENCE_SHORTEST <= len(words) <= _SENTENCE_LONGEST


def _key(line: str) -> str:
    # digits differ between pages that are otherwise the same: counters, dates of the day
    words = _DIGIT.sub("0", _SPACE.sub("", even(line)))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
