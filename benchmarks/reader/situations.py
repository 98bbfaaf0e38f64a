"""Put questions of every situation to their archives and keep what the judge sees of the first hits.

    python -m benchmarks.reader.situations --data FOLDER --archives FOLDER --out rows.jsonl [--only NAME]… [--trained F]

A row a question: what each of the hits that are read looks like, and whether it is right. Of the sets that the reader
was trained on only what was held out is asked.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.reader.examples import split_of
from retrieval import encoder_of, read_settings
from retrieval.archive import Archive
from retrieval.encode.joint import TRAINED, JointModel, open_joint_model
from retrieval.evaluation.questions import Question, read_questions
from retrieval.search import _explained, _respelt, rank_all, understood, with_shares
from retrieval.search.candidates import as_calibrated, search
from retrieval.search.judge import seen
from retrieval.search.phrasing import as_read
from retrieval.search.rank import Ranked
from retrieval.search.reading import READ, read
from retrieval.search.terms import Terms
from retrieval.text import fold
from retrieval.values import Article, Ask, Filters

if TYPE_CHECKING:
    from retrieval.search.question import Query

NEAR = ("zh", "en", "de", "es", "vi", "ar")
OURS = ("port", "township", "subjects")
"""A city's and a town's news, alike as a local archive's are, and encyclopedia texts, three of a subject; half of what
is asked of the latter two is nearly told, and is not."""
INVENTED = Path(__file__).parent / "invented"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True, slots=True)
class Situation:
    """A set of questions over an archive; `groups` names what each question was held out with."""

    name: str
    archive: Path
    questions: list[Question]
    groups: dict[str, str]


@dataclass(frozen=True, slots=True)
class FirstHits:
    """The first hits of a question, as it was understood, with their word shares and articles; not yet read."""

    text: str
    found: list[Ranked]
    articles: Mapping[int, Article]
    terms: Terms


def situations(data: Path, archives: Path) -> Iterator[Situation]:
    """Yield the situations whose archives are there."""
    groups = groups_of(data)
    for language in NEAR:
        yield _situation(f"near-xquad-{language}", archives / "near-xquad-zh", data / "near", groups)
    yield _situation("near-drcd-dev", archives / "near-drcd-dev", data / "near", groups)
    yield _situation("chrono-half", archives / "chrono-half", data / "near", groups)
    yield Situation("sample", archives / "sample", read_questions(EXAMPLES / "questions.jsonl"), {})
    for name in OURS:
        yield Situation(name, archives / name, read_questions(INVENTED / f"{name}.questions.jsonl"), {})
    if (ours := archives / "written.questions.jsonl").exists():  # by benchmarks.reader.written --held
        yield Situation("written-held", archives / "written", read_questions(ours), {})
    for folder in sorted((data / "cases" / "search").iterdir()):
        questions = read_questions(folder / "questions.jsonl")
        yield Situation(f"case-{folder.name}", archives / f"case-{folder.name}", questions, {})
    for language in NEAR:
        questions = read_questions(data / "xquad" / f"xquad.{language}.json")
        yield Situation(f"xquad-{language}", archives / "xquad-zh", questions, groups)


def _situation(name: str, archive: Path, folder: Path, groups: dict[str, str]) -> Situation:
    return Situation(name, archive, read_questions(folder / f"{name}.questions.jsonl"), groups)


def groups_of(data: Path) -> dict[str, str]:
    """Return for each question of the sets trained on what it is held out with."""
    groups = {}
    for path in ("cmrc/cmrc2018_dev.json", "drcd/DRCD_dev.json", "xquad/xquad.zh.json"):
        for entry in json.loads((data / path).read_text(encoding="utf-8"))["data"]:
            for paragraph in entry["paragraphs"]:
                groups.update({str(item["id"]): entry.get("title", "") for item in paragraph["qas"]})
    for line in (data / "chronoqa" / "chronoqa.questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        groups[row["id"]] = row["articles"][0] if row["articles"] else row["id"]
    return groups


def _is_unseen(question: Question, situation: Situation) -> bool:
    """Return whether the reader was trained on nothing that belongs to a question."""
    group = situation.groups.get(question.id)
    return group is None or split_of(group) == "held"


@contextmanager
def asking(folder: Path) -> Iterator[Callable[[Ask], FirstHits]]:
    """Open an archive and return what finds the first hits of a question in it, as an answer does before reading."""
    settings = read_settings()
    with Archive(folder, settings, encoder_of(settings)) as archive:
        encoder = archive._ready()  # noqa: SLF001 what a question passes through is looked at
        translations = archive._resources.translations  # noqa: SLF001

        def first_hits(asked: Ask) -> FirstHits:
            with archive._reader.snapshot() as index:  # noqa: SLF001
                calibrated = as_calibrated(index, encoder.calibration)
                changed: Query | None = understood(index, asked)
                while changed:
                    query, embedding = changed, encoder.embed_query(changed.text)
                    names, filters = query.names or (), query.filters
                    searched = search(calibrated, query.text, embedding, translations, filters, names=names)
                    found = rank_all(calibrated, query, searched)[: asked.k]
                    articles = index.articles([item.candidate.article for item in found])
                    changed = None if query.is_spelt else _respelt(calibrated, query, searched)
                    if not changed and query.names is None:
                        changed = _explained(calibrated, query, searched, found, articles)
                text = as_read(query.read_for or query.text)
                return FirstHits(text, with_shares(found, articles, searched.terms), articles, searched.terms)

        yield first_hits


def rows(situation: Situation, model: JointModel | None, most: int) -> Iterator[dict[str, object]]:
    """Yield what the judge sees of each question's first hits."""
    kept = [question for question in situation.questions if model is None or _is_unseen(question, situation)]
    with asking(situation.archive) as first_hits:
        for question in random.Random(7).sample(kept, min(most, len(kept))):  # noqa: S311
            first = first_hits(Ask(question.question, 10, Filters(), question.as_of))
            began = time.perf_counter()
            found = _read_all(model, first) if model else first.found
            seconds = time.perf_counter() - began
            yield {
                "situation": situation.name,
                "group": situation.groups.get(question.id, question.id),
                "id": question.id,
                "question": question.question,
                "answerable": question.answerable,
                "seconds": seconds,
                "hits": [
                    _hit(first.text, item, first.articles[item.candidate.article], question, found)
                    for item in found[:READ]
                ],
            }


def _read_all(model: JointModel, first: FirstHits) -> list[Ranked]:
    places = range(min(READ, len(first.found)))
    return read(model, first.text, first.found, first.articles, places, terms=first.terms)


def _hit(asked: str, item: Ranked, article: Article, question: Question, found: Sequence[Ranked]) -> dict[str, object]:
    read_of = item.reading
    words = ""
    if read_of and read_of.answer:
        words = article.text[slice(*read_of.answer)]
    elif read_of and read_of.title_answer:
        words = (article.title or "")[slice(*read_of.title_answer)]
    return {
        **seen(asked, item, article, found),
        "evidence": item.evidence,
        "preference": item.candidate.preference,
        "right": article.id in question.articles,
        "words_of_answer": words,
        "exact": any(fold(words).strip(" 。，") == fold(a) for a in question.answers),
        "holds": any(fold(a) in fold(words) for a in question.answers),
        "short": any(fold(a) in fold(words) and len(words) <= 3 * len(a) for a in question.answers),
        "answers": list(question.answers),
    }


def main() -> None:
    """Write the rows of every situation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--archives", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--trained", type=Path, default=TRAINED)
    parser.add_argument("--finding", action="store_true", help="without reading, and so of all that can be asked")
    parser.add_argument("--most", type=int, default=10_000, help="questions of each situation")
    arguments = parser.parse_args()
    model = None if arguments.finding else open_joint_model(read_settings().cache, trained=arguments.trained)
    with arguments.out.open("w", encoding="utf-8") as file:
        for situation in situations(arguments.data, arguments.archives):
            if arguments.only and not any(situation.name.startswith(name) for name in arguments.only):
                continue
            count = 0
            for row in rows(situation, model, arguments.most):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
            print(situation.name, count, date.today(), flush=True)  # noqa: DTZ011


if __name__ == "__main__":
    main()
