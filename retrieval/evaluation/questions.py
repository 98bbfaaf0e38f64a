"""Question sets: what is asked, which articles answer it, and in which words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from retrieval.errors import QuestionError
from retrieval.evaluation.squad import first_fault, read_squad

Words = Annotated[str, StringConstraints(pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the ids of every article that answers it, and the strings that do so.

    No `articles` means that the archive cannot answer it; no `answers`, that only the article is judged.
    """

    id: str
    question: str
    articles: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Tell whether the archive can answer it."""
        return bool(self.articles)


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: Words
    question: Words
    articles: tuple[Words, ...]
    answers: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _answers_stand_somewhere(self) -> Self:
        if self.answers and not self.articles:
            raise ValueError("it has answers but no articles: name the articles, or leave both empty")
        return self


def read_questions(path: Path) -> list[Question]:
    """Read a question set: question records, one a line, or a file `.json` in SQuAD's format.

    Raises:
        QuestionError: the file cannot be read, a record is not valid, or two have the same id.
    """
    if path.suffix.lower() == ".json":
        questions = [
            Question(asked.id, asked.question, asked.articles, asked.answers) for asked in read_squad(path).questions
        ]
    else:
        questions = list(_from_lines(path))
    _check(path, questions)
    return questions


def with_answers_of(questions: Iterable[Question], others: Iterable[Question]) -> list[Question]:
    """Give questions the answers of those with the same id: of a parallel set in the articles' own language."""
    answers = {other.id: other.answers for other in others}
    return [replace(question, answers=answers.get(question.id, question.answers)) for question in questions]


def _from_lines(path: Path) -> Iterator[Question]:
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise QuestionError(f"{path} cannot be read: {reason}. Name a file of question records in UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = _Record.model_validate_json(line)
        except ValidationError as error:
            raise QuestionError(f"{path}:{number}: {first_fault(error)}") from error
        yield Question(record.id, record.question, record.articles, record.answers)


def _check(path: Path, questions: Sequence[Question]) -> None:
    if not questions:
        raise QuestionError(f"{path} holds no question")
    most_common, count = Counter(question.id for question in questions).most_common(1)[0]
    if count > 1:
        raise QuestionError(f"{path}: {count} questions have the id {most_common}; an id names one")
