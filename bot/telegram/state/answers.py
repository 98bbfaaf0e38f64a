"""What stands behind the buttons of an answer: where its passages are, never what was asked."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from bot.telegram.scope import Scope
from bot.telegram.state.database import Clock, Database
from retrieval import Age, Answer, Article, Filters, Hit, Refusal, RefusalKind

Span = tuple[int, int]
_PRUNE_EVERY_S = 3_600


class Kind(StrEnum):
    """What a message shows first, and its buttons lead back to."""

    ANSWER = "answer"
    LIST = "list"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Place:
    """A hit without its text: `digest` tells whether the article still has the same text there."""

    article: str
    span: Span
    highlight: Span
    digest: str
    score: float = 0.0
    also_in: tuple[str, ...] = ()
    explanation: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """Note where a hit is."""
        also = tuple(article.id for article in hit.also_in)
        # the question's own words are part of an explanation, and are not kept
        told = {name: share for name, share in hit.explanation.items() if not name.startswith("word ")}
        return cls(hit.article.id, hit.span, hit.highlight, _digest(hit.text), hit.score, also, told)

    def hit(self, rank: int, find: Callable[[str], Article | None]) -> Hit | None:
        """Find the passage again; None if the article is gone or has changed there."""
        article = find(self.article)
        text = article.text[slice(*self.span)] if article else ""
        if article is None or _digest(text) != self.digest:
            return None
        also = tuple(other for other in map(find, self.also_in) if other)
        return Hit(rank, self.score, text, self.highlight, self.span, article, also, self.explanation)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is remembered.

    `given` is what the person set, `used` are the filters that came of it and of the question, `understood` is what was
    read of dates and sources in the question. A refusal is kept without the article that came nearest; `forwarded`
    asked for what is similar to a text.
    """

    key: str
    chat: int
    user: int
    places: tuple[Place, ...]
    refusal: Refusal | None
    confidence: float
    given: Scope
    used: Filters
    understood: str | None = None
    age: Age | None = None
    forwarded: bool = False
    kind: Kind = Kind.ANSWER

    @property
    def answered(self) -> bool:
        """Whether the first passage was called an answer."""
        return self.refusal is None


class Answers:
    """The answers whose buttons still work."""

    def __init__(self, database: Database, clock: Clock, keep_s: float) -> None:
        self._database = database
        self._clock = clock
        self._keep_s = keep_s
        self._pruned = 0.0

    def keep(
        self,
        answer: Answer,
        chat: int,
        user: int,
        given: Scope,
        *,
        forwarded: bool = False,
        kind: Kind = Kind.ANSWER,
    ) -> Kept:
        """Remember an answer under a new key."""
        self._prune()
        kept = Kept(
            key=secrets.token_urlsafe(9),
            chat=chat,
            user=user,
            places=tuple(map(Place.of, answer.hits)),
            refusal=replace(answer.refusal, nearest=None) if answer.refusal else None,
            confidence=answer.confidence,
            given=given,
            used=answer.filters,
            understood=answer.understood,
            age=answer.age,
            forwarded=forwarded,
            kind=kind,
        )
        body = json.dumps(kept, default=_fields, ensure_ascii=False)
        self._database.change(
            "INSERT INTO answers (key, chat, user, created, body) VALUES (?, ?, ?, ?, ?)",
            (kept.key, chat, user, self._clock(), body),
        )
        return kept

    def stands_in(self, key: str, message: int) -> None:
        """Note the message that shows an answer."""
        self._database.change("UPDATE answers SET message = ? WHERE key = ?", (message, key))

    def get(self, key: str) -> Kept | None:
        """Return an answer by its key, unless it has expired."""
        row = self._database.row("SELECT body, created FROM answers WHERE key = ?", (key,))
        return self._alive(row)

    def in_message(self, chat: int, message: int) -> Kept | None:
        """Return the answer that a message showed last."""
        row = self._database.row(
            "SELECT body, created FROM answers WHERE chat = ? AND message = ? ORDER BY rowid DESC", (chat, message)
        )
        return self._alive(row)

    def link(self, hit: Hit) -> str:
        """Return a token of 16 characters that leads to a passage's place in its article."""
        at = hit.span[0] + hit.highlight[0]
        token = urlsafe_b64encode(hashlib.blake2b(f"{hit.article.id}\n{at}".encode(), digest_size=12).digest()).decode()
        self._database.change(
            "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", (token, hit.article.id, at, self._clock())
        )
        return token

    def linked(self, token: str) -> tuple[str, int] | None:
        """Return the article and the character that a token leads to."""
        return self._database.row("SELECT article, at FROM places WHERE token = ?", (token,))

    def _alive(self, row: Sequence[Any] | None) -> Kept | None:
        if row is None or row[1] < self._clock() - self._keep_s:
            return None
        return _kept(json.loads(row[0]))

    def _prune(self) -> None:
        now = self._clock()
        if now - self._pruned < _PRUNE_EVERY_S:
            return
        self._pruned = now
        for statement in ("DELETE FROM answers WHERE created < ?", "DELETE FROM places WHERE created < ?"):
            self._database.change(statement, (now - self._keep_s,))


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _kept(body: dict[str, Any]) -> Kept:
    places = tuple(
        Place(
            **{
                **place,
                "span": tuple(place["span"]),
                "highlight": tuple(place["highlight"]),
                "also_in": tuple(place["also_in"]),
            }
        )
        for place in body["places"]
    )
    given = Scope(**{**body["given"], "filters": Filters(**body["given"]["filters"])})
    read = {
        "places": places,
        "refusal": _refusal(body["refusal"]) if body["refusal"] else None,
        "given": given,
        "used": Filters(**body["used"]),
        "age": Age(**body["age"]) if body["age"] else None,
        "kind": Kind(body["kind"]),
    }
    return Kept(**{**body, **read})


def _refusal(body: dict[str, Any]) -> Refusal:
    return Refusal(**{**body, "kind": RefusalKind(body["kind"]), "filters": Filters(**body["filters"])})


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
