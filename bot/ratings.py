"""What readers rated: a set of questions to measure answers with, which grows while people read."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from threading import Lock

from pydantic import BaseModel

from bot.telegram.state import RatedPassage
from bot.terminal import keep_private
from retrieval import Archive, ChuchuError, QuestionError

_MOST_MEASURED = 500  # questions, the latest: a reader waits for them

QuestionRecord = dict[str, object]


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
                "{path} cannot be written: {reason}. Set CHUCHU_WEB_STATE to another folder",
                path=self._path,
                reason=error.strerror,
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


def question_records(ratings: Iterable[RatedPassage]) -> tuple[list[QuestionRecord], list[QuestionRecord]]:
    """Return a question record for each question that was decided, and what is known of the others.

    Equal questions share a record. It is decided by a passage rated right: the right articles are its qrels and their
    highlights its answers; or, where there is none, by somebody who said of a refusal that the archive cannot answer:
    then it has no articles. A passage that is not relevant, or whose source or date is wrong, decides nothing, for
    another may answer: such ratings stand under `judged`, and a question with nothing else is no question record, for
    it has no `articles`, and `chuchu eval` does not take it.
    """
    asked: dict[str, list[RatedPassage]] = defaultdict(list)
    for rated in ratings:
        asked[rated.question].append(rated)
    decided: list[QuestionRecord] = []
    undecided: list[QuestionRecord] = []
    for number, (question, given) in enumerate(asked.items(), 1):
        right = [each for each in given if each.rating == "right"]
        record: QuestionRecord = {"id": f"judged-{number:04}", "question": question}
        if is_decided := bool(right) or any(each.rating == "unanswerable" for each in given):
            record["articles"] = sorted({each.article for each in right})
            record["answers"] = sorted({each.quote for each in right if each.quote})
        record["judged"] = [
            {"article": each.article, "quote": each.quote, "verdict": each.rating}
            for each in given
            if each.rating not in {"right", "unanswerable"}
        ]
        (decided if is_decided else undecided).append(record)
    return decided, undecided
