"""What people judged, each with its question: they agreed to that by pressing the button that says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.telegram.state.database import Clock, Database


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's verdict on a passage: its article, and the lit words as `quote`.

    `answered` tells whether the bot had called it an answer or only what comes nearest.
    """

    user: int
    answer: str
    question: str
    article: str
    quote: str
    verdict: str
    answered: bool


class Feedback:
    """The judgements; a person's later one on the same passage of an answer replaces the earlier."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, judgement: Judgement) -> None:
        """Keep a judgement."""
        self._database.change(
            "INSERT OR REPLACE INTO feedback (created, user, answer, question, article, quote, verdict, answered) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._clock(),
                judgement.user,
                judgement.answer,
                judgement.question,
                judgement.article,
                judgement.quote,
                judgement.verdict,
                judgement.answered,
            ),
        )

    def counts(self) -> dict[str, int]:
        """Count the judgements by verdict."""
        return dict(self._database.rows("SELECT verdict, COUNT(*) FROM feedback GROUP BY verdict ORDER BY verdict"))

    def judgements(self) -> Iterator[Judgement]:
        """Yield all judgements, the first one first."""
        for row in self._database.rows(
            "SELECT user, answer, question, article, quote, verdict, answered FROM feedback ORDER BY number"
        ):
            yield Judgement(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))
