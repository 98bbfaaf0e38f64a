"""What readers rated: a set of questions to measure answers with, which grows while people read."""

import json
from dataclasses import asdict
from pathlib import Path
from threading import Lock

from pydantic import BaseModel

from bot.telegram.commandline import QuestionRecord, question_records
from bot.telegram.state import RatedPassage
from bot.terminal import keep_private
from retrieval import Archive, ChuchuError, QuestionError

_MOST_MEASURED = 500  # questions; they take 10 s on two cores


class _Asked(BaseModel):
    id: str
    question: str
    articles: tuple[str, ...]
    answers: tuple[str, ...]


class Ratings:
    """A file of ratings, one a line, readable by its owner only. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ratings.jsonl"
        self._lock = Lock()

    def add(self, rated: RatedPassage) -> None:
        """Keep a rating, with the question that it is about.

        Raises:
            ChuchuError: it cannot be written.
        """
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                keep_private(self._path)
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(rated), ensure_ascii=False) + "\n")
        except OSError as error:
            raise ChuchuError(
                f"{self._path} cannot be written: {error.strerror}. Set CHUCHU_WEB_STATE to another folder"
            ) from error

    def all(self) -> list[RatedPassage]:
        """Return the ratings; a later one of the same passage for the same question replaces the earlier."""
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        ratings = [RatedPassage(**json.loads(line)) for line in lines]
        return list({(rated.question, rated.article, rated.quote): rated for rated in ratings}.values())

    def questions(self) -> list[QuestionRecord]:
        """Return the question records of what is decided."""
        return question_records(self.all())[0]

    def report(self, archive: Archive) -> str:
        """Put the latest of the decided questions to an archive, and return the page that says how it answered.

        Raises:
            QuestionError: no question is decided.
        """
        from retrieval.evaluation import Question, evaluate, render, summarise, summarise_slices

        records = self.questions()[-_MOST_MEASURED:]
        if not records:
            raise QuestionError("no question is decided yet")
        asked = [_Asked.model_validate(record) for record in records]
        outcomes = evaluate(archive, [Question(one.id, one.question, one.articles, one.answers) for one in asked])
        return render("chuchu", outcomes, summarise(outcomes), summarise_slices(outcomes))
