"""A line cut into tokens; guesses at what stood in the file before a point, the best of them, and how tokens go on."""

import heapq
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache

from retrieval.repair.likelihood import (
    FULL_WIDTH_ROW,
    LEADS,
    START,
    SYLLABLE,
    TRAILS,
    Gloss,
    Likelihood,
    Trail,
    Two,
    characters,
    pair,
    private_pairs,
    readings,
    spoken,
)

BOUNDARIES = frozenset(",!?，。！？")
_TOKEN = re.compile(rf"\?(?P<open>{SYLLABLE})\)|(?P<query>\?)|.(?P<glosses>(?:\({SYLLABLE}\))*)", re.DOTALL)
_READING = re.compile(SYLLABLE)


class TokenKind(Enum):
    """What a token is to the decoder."""

    CHARACTER = auto()
    OPEN_GLOSS = auto()
    QUERY = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line.

    `readings` are those of the glosses behind a character, or of the one whose bracket was eaten. A `?` that `stops`
    stands in front of a boundary or at the end; one that `is_cut_off` stands between two boundaries, the first of them
    broken by the second.
    """

    kind: TokenKind
    text: str
    readings: tuple[str, ...] = ()
    stops: bool = False
    is_cut_off: bool = False

    @property
    def letter(self) -> str:
        """Give the character without its glosses."""
        return self.text[0]

    @property
    def is_trigger(self) -> bool:
        """Return whether damage can begin here: a lead byte was stranded."""
        return self.kind is TokenKind.OPEN_GLOSS or (self.kind is TokenKind.QUERY and self.stops)


def tokenise(line: str) -> list[Token]:
    """Cut one line."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(line):
        reading = match["open"]
        if reading in spoken():
            tokens.append(Token(TokenKind.OPEN_GLOSS, match[0], (reading,)))
        elif reading:
            tokens += [Token(TokenKind.QUERY, "?"), *tokenise(match[0][1:])]
        elif match["query"]:
            stops = match.end() == len(line) or line[match.end()] in BOUNDARIES
            after_query = bool(tokens) and tokens[-1].kind is TokenKind.QUERY
            tokens.append(Token(TokenKind.QUERY, "?", stops=stops, is_cut_off=stops and after_query))
        else:
            tokens.append(Token(TokenKind.CHARACTER, match[0], tuple(_READING.findall(match["glosses"] or ""))))
    return tokens


Written = tuple[tuple[int, str], "Written"] | None
"""The characters written so far, newest first, each with the token that completed it."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A guess.

    `pending` is a lead byte that has no trail byte yet; `unknown` holds the values it may have where its pair was
    dropped. `last` are the last two bytes, `joined` says that no gloss stands behind them, `owes` that they are a
    character which the site always glosses.
    """

    trail: Trail = START
    cost: float = 0.0
    pending: int | None = None
    unknown: range | None = None
    last: Two = (0, 0)
    joined: bool = True
    owes: bool = False
    written: Written = None

    @property
    def score(self) -> float:
        """Log-probability."""
        return self.trail.scores[-1] + self.cost

    @property
    def in_step(self) -> bool:
        """Return whether decoder and text agree where characters begin."""
        return self.pending is None and self.unknown is None

    def letters(self) -> Iterator[tuple[int, str]]:
        """Yield what was written, newest first."""
        written = self.written
        while written:
            place, written = written
            yield place


WIDTH = 30
"""Hypotheses kept; 100 restore no more on `benchmarks.repair`."""
MARGIN = 9.0
"""Log-distance from the best at which a hypothesis is given up; 16 restores no more and takes twice as long."""


class Beam:
    """The likely hypotheses of one step; `floor` is the least that one must score, and rises."""

    def __init__(self, width: int = WIDTH) -> None:
        self._width = width
        self._guesses: list[Hypothesis] = []
        self.floor = -math.inf

    def add(self, guess: Hypothesis) -> None:
        """Keep a guess unless it is far below the best."""
        if guess.score > self.floor:
            self._guesses.append(guess)
            self.floor = max(self.floor, guess.score - MARGIN)

    def best(self) -> list[Hypothesis]:
        """Give what is kept, the likeliest first; ties stay in the order of arrival."""
        kept = [guess for guess in self._guesses if guess.score >= self.floor]
        return heapq.nlargest(self._width, kept, key=lambda guess: guess.score)


UNGLOSSED = -6.0
"""Log-penalty where a character that this site always glosses stands without a gloss."""


class Growth:
    """Ways to grow a hypothesis in one document; `work` counts the characters that were weighed."""

    def __init__(self, likelihood: Likelihood, always_glossed: frozenset[Two], *, folds_width: bool) -> None:
        self._folds_width = folds_width
        self.work = 0
        self._likelihood = likelihood
        self._always_glossed = always_glossed
        self._bounds: dict[tuple[int, bool], list[tuple[float, Two]]] = {}

    def with_lead(self, lead: int) -> list[tuple[float, Two]]:
        """List the characters with a lead byte, each behind the most it can be worth, the likeliest first."""
        return self._bounded(lead, leading=True)

    def with_trail(self, trail: int) -> list[tuple[float, Two]]:
        """List the characters with a trail byte in the same way."""
        return self._bounded(trail, leading=False)

    def _bounded(self, byte: int, *, leading: bool) -> list[tuple[float, Two]]:
        known = self._bounds.get((byte, leading))
        if known is None:
            twos = [(byte, other) for other in TRAILS] if leading else [(other, byte) for other in LEADS]
            letters = ((two, characters().get(two)) for two in twos)
            bounds = ((self._likelihood.bound(letter), two) for two, letter in letters if letter)
            known = self._bounds[byte, leading] = sorted(bounds, reverse=True)
        return known

    def lead(self, guess: Hypothesis, byte: int) -> Hypothesis:
        """Append the first byte of a character."""
        last = (guess.last[1], byte)
        owes = guess.joined and last in self._always_glossed
        return Hypothesis(guess.trail, self._paid(guess), byte, None, last, owes=owes, written=guess.written)

    def unknown_lead(self, guess: Hypothesis, leads: range) -> Hypothesis:
        """Append the first byte of a character, of which only the range is known."""
        return Hypothesis(guess.trail, self._paid(guess), None, leads, written=guess.written)

    def trail(self, guess: Hypothesis, two: Two, index: int, floor: float = -math.inf) -> Hypothesis | None:
        """Append the second byte of the character `two`; None where there is none, or it falls below the floor."""
        letter = characters().get(two)
        if letter is None:
            return None
        self.work += 1
        score, cost = self._likelihood.score(guess.trail, letter), self._paid(guess)
        if score + cost < floor:
            return None
        trail = self._likelihood.extend(guess.trail, letter, score)
        owes = guess.joined and two in self._always_glossed
        if self._folds_width and two[0] == FULL_WIDTH_ROW:
            letter = chr(two[1] & 0x7F)
        return Hypothesis(trail, cost, last=two, owes=owes, written=((index, letter), guess.written))

    def write(self, guess: Hypothesis, letter: str, index: int, byte: int = 0) -> Hypothesis:
        """Write a character that has no two bytes but one, or none."""
        trail = self._likelihood.extend(guess.trail, letter, self._likelihood.score(guess.trail, letter))
        written = ((index, letter), guess.written)
        return Hypothesis(trail, self._paid(guess), last=(guess.last[1], byte), written=written)

    def _paid(self, guess: Hypothesis) -> float:
        return guess.cost + UNGLOSSED * guess.owes


def glossed(guess: Hypothesis, cost: float = 0.0) -> Hypothesis:
    """Note that a gloss stood behind the last two bytes."""
    return replace(guess, joined=False, owes=False, cost=guess.cost + cost)


LOST = "□"
NEW_KIND = -1.5
"""Log-penalty of a gloss on a character that the document has nowhere else."""
BARE_KIND = -6.0
"""Log-penalty of a gloss on a character that stands bare elsewhere."""
OTHER_READING = -5.0
"""Log-penalty of a gloss that is not the usual reading of its character."""
LOST_BYTE = -8.0
"""Log-penalty of a byte that is gone without a reason under a gloss: seen once in three articles."""
LOST_HALF = -12.0
"""The same anywhere else, with what the character itself costs."""
NO_GLOSS = -15.0
"""Log-penalty of a gloss that no converter put there."""
WORD_COST = 7.0
"""How much less a word is worth than its last character alone, nearly always."""
NEXT_LETTER = 4.0
"""What the character behind a dropped pair costs at least."""
MARK_LEADS = (0xA1, 0xA3)
"""First bytes of ，。！？: what is left alone where two boundaries overlap."""


class Moves:
    """The ways to go on from a hypothesis in one document."""

    def __init__(self, site: Gloss, likelihood: Likelihood) -> None:
        self._site = site
        always = (pair(letter) for letter in site.glossed if site.always_glossed(letter))
        self._grow = Growth(likelihood, frozenset(two for two in always if two), folds_width=site.folds_width)

    @property
    def work(self) -> int:
        """Count the characters that were weighed."""
        return self._grow.work

    def advance(self, guess: Hypothesis, token: Token, at: int, beam: Beam) -> Iterator[Hypothesis]:
        """Yield every way to read a token; those far below the beam's floor may be left out."""
        if token.kind is TokenKind.OPEN_GLOSS:
            return self._open_gloss(guess, token, at)
        if token.kind is TokenKind.QUERY:
            return self._query(guess, token, at, beam)
        if guess.in_step:
            grown: Iterable[Hypothesis] = [self.literal(guess, token.letter, at)]
        else:
            grown = self._out_of_step(guess, token.letter, at, beam)
        return (self._under_glosses(new, token, at) for new in grown) if token.readings else iter(grown)

    def drop(self, guess: Hypothesis, at: int, beam: Beam) -> Iterator[Hypothesis]:
        """Yield the guess with a private-use pair in it that the site dropped."""
        if guess.pending is None:
            return
        floor = beam.floor + NEXT_LETTER
        reach = _reach(guess, floor)
        for bound, two in self._grow.with_lead(guess.pending):
            if bound < reach:
                return
            leads = _dropped_trails(two[1])
            if leads and (new := self._grow.trail(guess, two, at, floor)):
                yield self._grow.unknown_lead(new, leads)

    def give_up(self, guess: Hypothesis, at: int) -> Hypothesis:
        """Count the pending byte as lost."""
        lost = self._grow.write(guess, LOST, at)
        return replace(lost, cost=lost.cost + LOST_HALF)

    def literal(self, guess: Hypothesis, letter: str, at: int) -> Hypothesis:
        """Write a character as it stands, with its bytes."""
        code = ord(letter)
        two = pair(letter)
        if self._site.folds_width and code < 0x80 and not letter.isalnum() and code > 0x20:
            return replace(self._grow.write(guess, letter, at), last=(FULL_WIDTH_ROW, code | 0x80))
        whole = two and self._grow.trail(self._grow.lead(guess, two[0]), two, at)
        return whole or self._grow.write(guess, letter, at, code if code < 0x80 else 0)

    def _out_of_step(self, guess: Hypothesis, text: str, at: int, beam: Beam) -> Iterator[Hypothesis]:
        """Read a character one byte out of step."""
        code = ord(text)
        two = pair(text)
        if two is None and (0x40 <= code <= 0x7E or text == "€"):
            yield from self._complete(guess, self._pairs(guess, min(code, 0x80), beam), at, beam.floor)
        if two is None and 0x21 <= code <= 0x7E and self._site.folds_width:
            two = (FULL_WIDTH_ROW, code | 0x80)
        if two is None:
            return
        for new in self._complete(guess, self._pairs(guess, two[0], beam), at, beam.floor):
            yield self._grow.lead(new, two[1]) if two[1] > 0x80 else self._grow.write(new, chr(two[1]), at, two[1])

    def _open_gloss(self, guess: Hypothesis, token: Token, at: int) -> Iterator[Hypothesis]:
        """Take `?` for the byte that swallowed the bracket: the second byte of a character that is read so."""
        for two in spoken().get(token.readings[0], ()):
            cost = self._kind_cost(two) + OTHER_READING * (readings(two)[0] != token.readings[0])
            if not guess.in_step:
                if two[0] == guess.pending or (guess.unknown and two[0] in guess.unknown):
                    yield from (glossed(new, cost) for new in self._complete(guess, [two], at, -math.inf))
            elif two[0] == guess.last[1]:
                yield glossed(self._grow.lead(guess, two[1]), cost)
            else:
                lost = self._complete(self._grow.lead(guess, two[0]), [two], at, -math.inf)
                yield from (glossed(new, cost + LOST_BYTE) for new in lost)

    def _kind_cost(self, two: Two) -> float:
        letter = characters()[two]
        if self._site.glossed.get(letter):
            return 0.0
        return BARE_KIND if self._site.bare.get(letter) else NEW_KIND

    def _under_glosses(self, guess: Hypothesis, token: Token, at: int) -> Hypothesis:
        """Take the glosses off the two bytes before them, or leave them as text."""
        if all(reading in readings(guess.last) for reading in token.readings):
            return glossed(guess)
        for letter in token.text[1:]:
            guess = self._grow.write(guess, letter, at)
        return replace(guess, cost=guess.cost + NO_GLOSS)

    def _query(self, guess: Hypothesis, token: Token, at: int, beam: Beam) -> Iterator[Hypothesis]:
        """Take `?` for itself, for a byte stranded before a boundary, or for one that ate what followed it."""
        if guess.in_step:
            yield self.literal(guess, "?", at)
            if token.stops:
                yield self._grow.unknown_lead(guess, LEADS)
            return
        for new in self._complete(guess, self._pairs(guess, FULL_WIDTH_ROW, beam), at, beam.floor):
            yield self._grow.lead(new, 0xBF)
        for new in self._stranded(guess, token, at, beam):
            yield new if token.stops else self._grow.write(new, LOST, at)

    def _stranded(self, guess: Hypothesis, token: Token, at: int, beam: Beam) -> Iterator[Hypothesis]:
        """Complete a character by the byte that `?` stands for."""
        if token.is_cut_off:
            for trail in MARK_LEADS:
                yield from self._complete(guess, self._pairs(guess, trail, beam), at, beam.floor)
        elif guess.pending is None:
            yield self._grow.write(guess, LOST, at)
        else:
            yield from self._complete(guess, self._any_trail(guess.pending, guess, beam), at, beam.floor)

    def _pairs(self, guess: Hypothesis, trail: int, beam: Beam) -> Iterator[Two]:
        """Yield the characters that `trail` completes."""
        if guess.pending is not None:
            yield guess.pending, trail
        elif guess.unknown is not None:
            reach = _reach(guess, beam.floor)
            for bound, two in self._grow.with_trail(trail):
                if bound < reach:
                    return
                if two[0] in guess.unknown:
                    yield two

    def _any_trail(self, lead: int, guess: Hypothesis, beam: Beam) -> Iterator[Two]:
        """Yield the characters that an unknown byte may complete."""
        reach = _reach(guess, beam.floor)
        for bound, two in self._grow.with_lead(lead):
            if bound < reach:
                return
            if two[1] >= 0x80:
                yield two

    def _complete(self, guess: Hypothesis, twos: Iterable[Two], at: int, floor: float) -> Iterator[Hypothesis]:
        for two in twos:
            if new := self._grow.trail(guess, two, at, floor):
                yield new


@cache
def _dropped_trails(lead: int) -> range:
    """Give the trail bytes, as far as they can lead another character, that have no character with a lead byte."""
    trails = private_pairs().get(lead, (0,))
    return range(max(trails[0], LEADS.start), trails[-1] + 1)


def _reach(guess: Hypothesis, floor: float) -> float:
    """Give the least that one more character must be worth: a word costs about this much more than its last one."""
    return floor - guess.cost - max(guess.trail.scores[-1], max(guess.trail.scores) - WORD_COST)
