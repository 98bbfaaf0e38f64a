"""Question sets: what is asked, which articles answer it, in which words; and the archive of a set's paragraphs."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from retrieval import IndexReport, Location, index_paths, reason_of
from retrieval.encode.encoder import Encoder
from retrieval.errors import ArticleError, Message, QuestionError
from retrieval.store.location import folder_only


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


Words = Annotated[str, AfterValidator(_not_blank)]


class _Answer(BaseModel):
    text: str


class _Asked(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: Words
    question: Words
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: Words
    qas: list[_Asked] = []


class _Entry(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Entry]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that becomes an article."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question over one paragraph, or over none where the paragraph does not answer it."""

    id: str
    question: str
    articles: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Squad:
    """A set: its paragraphs and what is asked about them."""

    paragraphs: tuple[Paragraph, ...]
    questions: tuple[SquadQuestion, ...]


def read_squad(path: Path) -> Squad:
    """Read a set; a paragraph's id is `<title>/<n>`, n counting from 1 within the title.

    Parallel sets, translations of one another, thus have the same ids, and the questions of one can be put to the
    paragraphs of another.

    Raises:
        QuestionError: the file cannot be read or has another form.
    """
    try:
        file = _File.model_validate_json(path.read_bytes())
    except OSError as error:
        raise QuestionError("{path} cannot be read: {reason}", path=path, reason=error.strerror) from error
    except ValidationError as error:
        raise QuestionError(
            "{path} is not in SQuAD's format: {reason}", path=path, reason=first_fault(error)
        ) from error
    counted: Counter[str] = Counter()
    paragraphs, questions = [], []
    for entry in file.data:
        title = entry.title.strip() or "paragraph"
        for paragraph in entry.paragraphs:
            counted[title] += 1
            article = f"{title}/{counted[title]}"
            paragraphs.append(Paragraph(article, paragraph.context))
            questions += [_asked(item, article) for item in paragraph.qas]
    return Squad(tuple(paragraphs), tuple(questions))


def first_fault(error: ValidationError) -> Message:
    """Say in one clause what is wrong first."""
    first = error.errors(include_url=False)[0]
    place, reason = ".".join(map(str, first["loc"])), reason_of(first)
    return Message("{name}: {reason}", name=place, reason=reason) if place else reason


def _asked(item: _Asked, article: str) -> SquadQuestion:
    if item.is_impossible:
        return SquadQuestion(item.id, item.question, (), ())
    # annotators often gave the same words; order is kept
    answers = dict.fromkeys(answer.text for answer in item.answers if answer.text.strip())
    return SquadQuestion(item.id, item.question, (article,), tuple(answers))


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the ids of every article that answers it, and the strings that do so.

    No `articles` means that the archive cannot answer it; no `answers`, that only the article is judged. `as_of` is the
    day on which it is asked; `parts` names, for each thing asked, the articles that answer it. Those of one `kind` are
    measured together.
    """

    id: str
    question: str
    articles: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    as_of: date | None = None
    parts: tuple[tuple[str, ...], ...] = ()
    kind: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the archive can answer it."""
        return bool(self.articles)


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: Words
    question: Words
    articles: tuple[Words, ...]
    answers: tuple[Words, ...] = ()
    as_of: date | None = None
    parts: tuple[Annotated[tuple[Words, ...], Field(min_length=1)], ...] = ()
    kind: Words | None = None

    @model_validator(mode="after")
    def _answers_stand_somewhere(self) -> Self:
        if self.answers and not self.articles:
            raise ValueError("it has answers but no articles: name the articles, or leave both empty")
        return self

    @model_validator(mode="after")
    def _parts_are_answerable(self) -> Self:
        if self.parts and not self.articles:
            raise ValueError("it has parts but no articles: name the articles of all parts, or leave both empty")
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
        raise QuestionError(
            "{path} cannot be read: {reason}. Name a file of question records in UTF-8.", path=path, reason=reason
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = _Record.model_validate_json(line)
        except ValidationError as error:
            raise QuestionError(
                "{path}:{number}: {reason}", path=path, number=number, reason=first_fault(error)
            ) from error
        yield Question(**{name: getattr(record, name) for name in _Record.model_fields})


def _check(path: Path, questions: Sequence[Question]) -> None:
    if not questions:
        raise QuestionError("{path} holds no question", path=path)
    most_common, count = Counter(question.id for question in questions).most_common(1)[0]
    if count > 1:
        raise QuestionError(
            "{path}: {count} questions have the id {most_common}; an id names one",
            path=path,
            count=count,
            most_common=most_common,
        )


def build(
    path: Path, location: Location, encoder: Encoder, *, progress: Callable[[IndexReport], None] | None = None
) -> IndexReport:
    """Index the paragraphs of a set in SQuAD's format into the archive at `location`; again, only what changed.

    They are kept there as article records with their text alone: a title would give a question what its paragraph does
    not say.

    Raises:
        QuestionError: the set cannot be read.
        ArticleError: a paragraph was not indexed, so that questions about it would be judged wrongly.
        ArchiveError: the folder cannot be written.
    """
    paragraphs = read_squad(path).paragraphs
    return build_paragraphs(
        paragraphs, folder_only(location, "eval --build"), encoder, name=path.stem, progress=progress
    )


def build_paragraphs(
    paragraphs: tuple[Paragraph, ...],
    folder: Path,
    encoder: Encoder,
    *,
    name: str,
    progress: Callable[[IndexReport], None] | None = None,
) -> IndexReport:
    """Index paragraphs as the records of the file `name` that is kept in the archive's folder."""
    records = folder / "built" / f"{name}.jsonl"
    records.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"id": item.id, "text": item.text}, ensure_ascii=False) for item in paragraphs)
    records.write_text("\n".join(lines) + "\n", "utf-8")
    report = index_paths([records], folder, encoder, progress=progress)
    if report.skipped:
        first = report.skipped[0]
        raise ArticleError(
            "{count} of {total} paragraphs were not indexed, the first: {path}: {reason}. Build into "
            "an archive of their own: --index NEW",
            count=len(report.skipped),
            total=len(paragraphs),
            path=first.path,
            reason=first.reason,
        )
    return report
