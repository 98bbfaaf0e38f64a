"""What stands behind the buttons of an answer: where its passages are, never what was asked."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from cachetools import LRUCache
from pydantic import TypeAdapter

from bot.live_archive import ChatScope
from bot.telegram.hearing import ChatQuestion, CheckedClaim
from bot.telegram.messages import Run
from bot.telegram.state import State
from retrieval import Age, Answer, Article, Filters, Hit, Refusal

Span = tuple[int, int]
_PRUNE_EVERY_S = 3_600
_MOST_REMEMBERED = 2_000  # questions, of some hundred bytes each
_MOST_IN_A_CHAT = 50  # questions, an edit of which is still answered after the one before it


class AnswerKind(StrEnum):
    """What a message shows first, and its buttons lead back to."""

    ANSWER = "answer"
    LIST = "list"
    TIMELINE = "timeline"
    OUTLET = "outlet"  # the articles of one, opened from the list of outlets
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
    answer: Span | None = None
    title_answer: Span | None = None

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """Note where a hit is."""
        also = tuple(article.id for article in hit.also_in)
        # the question's own words are part of an explanation, and are not kept
        shares = {name: share for name, share in hit.explanation.items() if not name.startswith("word ")}
        return cls(
            hit.article.id,
            hit.span,
            hit.highlight,
            _digest(hit.text),
            hit.score,
            also,
            shares,
            hit.answer,
            hit.title_answer,
        )

    def hit(self, rank: int, find: Callable[[str], Article | None]) -> Hit | None:
        """Find the passage again; None if the article is gone or has changed there."""
        article = find(self.article)
        text = article.text[slice(*self.span)] if article else ""
        if article is None or _digest(text) != self.digest:
            return None
        also = tuple(other for other in map(find, self.also_in) if other)
        spans = self.answer, self.title_answer
        return Hit(rank, self.score, text, self.highlight, self.span, article, also, self.explanation, *spans)


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it is remembered.

    `given` is what the person set, `used` are the filters that came of it and of the question, `understood` is what was
    read of dates and sources in the question. A refusal is saved without the article that came nearest. `claim` is what
    was found of a text of which it was asked who reported it; `suggested` is a question of the bot's own making;
    `lead` is what is shown before the passages.
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
    claim: CheckedClaim | None = None
    suggested: str | None = None
    kind: AnswerKind = AnswerKind.ANSWER
    lead: tuple[Run, ...] = ()

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
        self._asked: LRUCache[str, tuple[ChatQuestion, SavedAnswer]] = LRUCache(_MOST_REMEMBERED)
        self._talks: LRUCache[int, dict[int, ChatQuestion]] = LRUCache(_MOST_REMEMBERED)

    def save(
        self,
        answer: Answer,
        chat: int,
        user: int,
        given: ChatScope,
        *,
        claim: CheckedClaim | None = None,
        suggested: str | None = None,
        kind: AnswerKind = AnswerKind.ANSWER,
        lead: Sequence[Run] = (),
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
            claim=claim,
            suggested=suggested,
            kind=kind,
            lead=tuple(lead),
        )
        # what an article lacks of a question or a claim are that one's own words
        written = replace(
            saved,
            refusal=replace(saved.refusal, differs=()) if saved.refusal else None,
            claim=replace(claim, differs=()) if claim else None,
            lead=(),
        )
        self._state.change(
            "INSERT INTO answers (key, chat, user, created, body) VALUES (?, ?, ?, ?, ?)",
            *(saved.key, chat, user, self._state.clock(), _ADAPTER.dump_json(written).decode()),
        )
        return saved

    def stands_in(self, key: str, message: int, question: int | None = None) -> None:
        """Note the message that shows an answer, and the one that asked."""
        self._state.change(
            "UPDATE answers SET message = ?, question = coalesce(?, question) WHERE key = ?", message, question, key
        )

    def remember(self, saved: SavedAnswer, question: ChatQuestion, message: int, *, is_again: bool = False) -> None:
        """Keep what a message asked in memory alone, for the answer's buttons; after a restart they read it there.

        What is asked again, edited or within other limits, keeps its place in the conversation.
        """
        self._asked[saved.key] = question, saved
        if question.text:
            talk = self._talks.setdefault(saved.chat, {})
            if not is_again:
                talk.pop(message, None)
            talk[message] = question
            if len(talk) > _MOST_IN_A_CHAT:
                del talk[next(iter(talk))]

    def asked_before(self, chat: int, message: int) -> ChatQuestion | None:
        """Return what was asked in a chat right before a message, where it is remembered: of a new one the last."""
        talk = self._talks.get(chat, {})
        numbers = list(talk)
        earlier = numbers[: numbers.index(message)] if message in talk else [each for each in numbers if each < message]
        return talk[earlier[-1]] if earlier else None

    def asked(self, key: str) -> ChatQuestion | None:
        """Return what was asked, where it is remembered."""
        return self._asked[key][0] if key in self._asked else None

    def get(self, key: str) -> SavedAnswer | None:
        """Return an answer by its key, unless it has expired."""
        return self._unexpired(self._state.row("SELECT body, created FROM answers WHERE key = ?", key))

    def in_message(self, chat: int, message: int) -> SavedAnswer | None:
        """Return the answer that a message showed last."""
        sql = "SELECT body, created FROM answers WHERE chat = ? AND message = ? ORDER BY rowid DESC"
        return self._unexpired(self._state.row(sql, chat, message))

    def message_for(self, chat: int, question: int) -> int | None:
        """Return the message that answers one of the chat's, None if there is none."""
        sql = "SELECT message FROM answers WHERE chat = ? AND question = ? ORDER BY rowid DESC"
        row = self._state.row(sql, chat, question)
        return row[0] if row else None

    def link(self, hit: Hit) -> str:
        """Return a token of 16 characters that leads to a passage's place in its article."""
        start, stop = (hit.span[0] + place for place in hit.highlight)
        named = f"{hit.article.id}\n{start}\n{stop}".encode("utf-8", "surrogatepass")
        token = urlsafe_b64encode(hashlib.blake2b(named, digest_size=12).digest()).decode()
        values = (token, hit.article.id, start, stop, self._state.clock())
        self._state.change("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?)", *values)
        return token

    def linked(self, token: str) -> tuple[str, Span] | None:
        """Return the article and the characters that a token leads to."""
        row = self._state.row("SELECT article, start, stop FROM links WHERE token = ?", token)
        return (row[0], (row[1], row[2])) if row else None

    def _unexpired(self, row: Sequence[Any] | None) -> SavedAnswer | None:
        if row is None or row[1] < self._state.clock() - self._keep_s:
            return None
        saved = _ADAPTER.validate_json(row[0])
        return self._asked[saved.key][1] if saved.key in self._asked else saved

    def _prune(self) -> None:
        now = self._state.clock()
        if now - self._pruned >= _PRUNE_EVERY_S:
            self._pruned = now
            for statement in ("DELETE FROM answers WHERE created < ?", "DELETE FROM links WHERE created < ?"):
                self._state.change(statement, now - self._keep_s)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
