"""Question sets in SQuAD's format, as most reading-comprehension sets are published.

Source: Rajpurkar et al., SQuAD: 100,000+ Questions for Machine Comprehension of Text (2016); `is_impossible` comes from
its version 2.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from retrieval.errors import QuestionError

Words = Annotated[str, StringConstraints(pattern=r"\S")]


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
class Asked:
    """A question over one paragraph, or over none where the paragraph does not answer it."""

    id: str
    question: str
    articles: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Squad:
    """A set: its paragraphs and what is asked about them."""

    paragraphs: tuple[Paragraph, ...]
    questions: tuple[Asked, ...]


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
        raise QuestionError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise QuestionError(f"{path} is not in SQuAD's format: {first_fault(error)}") from error
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


def first_fault(error: ValidationError) -> str:
    """Say in one clause what is wrong first."""
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def _asked(item: _Asked, article: str) -> Asked:
    if item.is_impossible:
        return Asked(item.id, item.question, (), ())
    # annotators often gave the same words; order is kept
    answers = dict.fromkeys(answer.text for answer in item.answers if answer.text.strip())
    return Asked(item.id, item.question, (article,), tuple(answers))
