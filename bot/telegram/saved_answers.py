"""What stands behind the buttons of an answer: where its passages are, never what was asked."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from pydantic import TypeAdapter

from bot.live_archive import ChatScope
from bot.telegram.state import State
from retrieval import Age, Answer, Article, Filters, Hit, Refusal

Span = tuple[int, int]
_PRUNE_EVERY_S = 3_600


class AnswerKind(StrEnum):
    """What a message shows first, and its buttons lead back to."""

    ANSWER = "answer"
    LIST = "list"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SavedHit:
    """A hit without its text; by `digest` it is seen whether the article still has the same text there."""

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
        shares = {name: share for name, share in hit.explanation.items() if not name.startswith("word ")}
        return cls(hit.article.id, hit.span, hit.highlight, _digest(hit.text), hit.score, also, shares)

    def hit(self, rank: int, find: Callable[[str], Article | None]) -> Hit | None:
        """Find the passage again; None if the article is gone or has changed there."""
        article = find(self.article)
        text = article.text[slice(*self.span)] if article else ""
        if article is None or _digest(text) != self.digest:
            return None
        also = tuple(other for other in map(find, self.also_in) if other)
        return Hit(rank, self.score, text, self.highlight, self.span, article, also, self.explanation)


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it is remembered.

    `given` is what the person set, `used` are the filters that came of it and of the question, `understood` is what was
    read of dates and sources in the question. A refusal is saved without the article that came nearest; `forwarded`
    asked for what is similar to a text.
    """

    key: str
    chat: int
    user: int
    places: tuple[SavedHit, ...]
    refusal: Refusal | None
    confidence: float
    given: ChatScope
    used: Filters
    understood: str | None = None
    age: Age | None = None
    forwarded: bool = False
    kind: AnswerKind = AnswerKind.ANSWER

    @property
    def answered(self) -> bool:
        """Whether the first passage was called an answer."""
        return self.refusal is None


_ADAPTER = TypeAdapter(SavedAnswer)


class SavedAnswers:
    """The answers whose buttons still work."""

    def __init__(self, state: State, keep_s: float) -> None:
        self._state = state
        self._keep_s = keep_s
        self._pruned = 0.0

    def save(
        self,
        answer: Answer,
        chat: int,
        user: int,
        given: ChatScope,
        *,
        forwarded: bool = False,
        kind: AnswerKind = AnswerKind.ANSWER,
    ) -> SavedAnswer:
        """Remember an answer under a new key."""
        self._prune()
        saved = SavedAnswer(
            key=secrets.token_urlsafe(9),
            chat=chat,
            user=user,
            places=tuple(map(SavedHit.of, answer.hits)),
            refusal=replace(answer.refusal, nearest=None) if answer.refusal else None,
            confidence=answer.confidence,
            given=given,
            used=answer.filters,
            understood=answer.understood,
            age=answer.age,
            forwarded=forwarded,
            kind=kind,
        )
        self._state.change(
            "INSERT INTO answers (key, chat, user, created, body) VALUES (?, ?, ?, ?, ?)",
            *(saved.key, chat, user, self._state.clock(), _ADAPTER.dump_json(saved).decode()),
        )
        return saved

    def stands_in(self, key: str, message: int) -> None:
        """Note the message that shows an answer."""
        self._state.change("UPDATE answers SET message = ? WHERE key = ?", message, key)

    def get(self, key: str) -> SavedAnswer | None:
        """Return an answer by its key, unless it has expired."""
        return self._unexpired(self._state.row("SELECT body, created FROM answers WHERE key = ?", key))

    def in_message(self, chat: int, message: int) -> SavedAnswer | None:
        """Return the answer that a message showed last."""
        sql = "SELECT body, created FROM answers WHERE chat = ? AND message = ? ORDER BY rowid DESC"
        return self._unexpired(self._state.row(sql, chat, message))

    def link(self, hit: Hit) -> str:
        """Return a token of 16 characters that leads to a passage's place in its article."""
        at = hit.span[0] + hit.highlight[0]
        token = urlsafe_b64encode(hashlib.blake2b(f"{hit.article.id}\n{at}".encode(), digest_size=12).digest()).decode()
        values = (token, hit.article.id, at, self._state.clock())
        self._state.change("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", *values)
        return token

    def linked(self, token: str) -> tuple[str, int] | None:
        """Return the article and the character that a token leads to."""
        return self._state.row("SELECT article, at FROM places WHERE token = ?", token)

    def _unexpired(self, row: Sequence[Any] | None) -> SavedAnswer | None:
        if row is None or row[1] < self._state.clock() - self._keep_s:
            return None
        return _ADAPTER.validate_json(row[0])

    def _prune(self) -> None:
        now = self._state.clock()
        if now - self._pruned >= _PRUNE_EVERY_S:
            self._pruned = now
            for statement in ("DELETE FROM answers WHERE created < ?", "DELETE FROM places WHERE created < ?"):
                self._state.change(statement, now - self._keep_s)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
