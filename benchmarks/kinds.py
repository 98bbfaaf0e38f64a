"""Questions as people ask them, kind by kind: of several parts, of relative dates, by code, misspelt.

    python benchmarks/kinds.py [--data FOLDER] [--archive FOLDER] [--work FOLDER] [--half 0|1] [--json]

ChronoQA's questions are put to `--archive`, which holds its articles and whatever else was indexed there; the small
archives of cases/search are built. `--half` takes every other question, so that what is chosen on one half can be
checked on the other. A stated outcome is right where it names what the set's answer names.

A second table counts by set: first right, or all parts among the first three hits where there are parts; right and yet
refused; wrong and yet answered; answered though the archive cannot.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from operator import add
from pathlib import Path

from benchmarks.fitting import workplace
from retrieval import Archive, ChuchuError, encoder_of, index_paths, read_settings
from retrieval.evaluation import Outcome, Question, evaluate, read_questions

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MEASURES = (
    "success@1", "answered.coverage", "complete@3", "complete@5", "complete@10", "parts.answered", "parts.right",
    "refusal.recall", "outcome.stated", "outcome.right",
)  # fmt: skip
Row = dict[str, float]


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with chronoqa/ and cases/search/")
    parser.add_argument("--archive", type=Path, help="archive with ChronoQA's articles; without it the cases only")
    parser.add_argument("--work", type=Path, help="folder to keep the small archives in, for the next run")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only every other question of ChronoQA")
    parser.add_argument("--sets", nargs="*", help="only these of the cases")
    parser.add_argument("--json", type=Path, help="write each question's outcome there")
    arguments = parser.parse_args()
    try:
        with workplace(arguments.work) as folder:
            outcomes = dict(_measured(arguments, folder))
    except ChuchuError as error:
        sys.exit(f"kinds: {error}")
    if arguments.json:
        told = {name: [_told(each) for each in those] for name, those in outcomes.items()}
        arguments.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    _print({name: row(those) for name, those in outcomes.items()})
    _print_verdicts({name: verdicts(those) for name, those in outcomes.items()})


def _measured(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[str, list[Outcome]]]:
    if arguments.archive:
        questions = read_questions(arguments.data / "chronoqa" / "chronoqa.questions.jsonl")
        if arguments.half is not None:
            questions = questions[arguments.half :: 2]
        with Archive(arguments.archive, read_settings()) as archive:
            outcomes = evaluate(archive, questions)
        for name, wanted in KINDS.items():
            yield name, [outcome for outcome in outcomes if wanted(outcome.question)]
    encoder = encoder_of(read_settings())
    for case in sorted((arguments.data / "cases" / "search").iterdir()):
        if arguments.sets is None or case.name in arguments.sets:
            index_paths([case / "articles.jsonl"], folder / case.name, encoder)
            with Archive(folder / case.name, read_settings(), encoder) as archive:
                yield case.name, evaluate(archive, read_questions(case / "questions.jsonl"))


KINDS: Mapping[str, Callable[[Question], bool]] = {
    "one part": lambda question: question.kind == "absolute",
    "relative": lambda question: question.kind == "relative",
    "two parts": lambda question: question.kind == "aggregate" and len(question.parts) == 2,
    "three parts": lambda question: question.kind == "aggregate" and len(question.parts) == 3,
}


def row(outcomes: Sequence[Outcome]) -> Row:
    """Return the means of the measures, over the outcomes that each counts, and how many there are."""
    values: Row = {"n": len(outcomes)}
    for name in MEASURES:
        marks = [outcome.marks[name] for outcome in outcomes if name in outcome.marks]
        if marks:
            values[name] = sum(marks) / len(marks)
    return values


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many questions of a set can be answered and how many cannot, and what came of them."""

    answerable: int = 0
    right: int = 0
    right_refused: int = 0
    wrong_answered: int = 0
    unanswerable: int = 0
    unanswerable_answered: int = 0

    def __add__(self, other: "Verdicts") -> "Verdicts":
        return Verdicts(*map(add, astuple(self), astuple(other)))


def verdicts(outcomes: Iterable[Outcome]) -> Verdicts:
    """Count what came of a set's questions."""
    return sum(map(_verdict, outcomes), Verdicts())


def _verdict(outcome: Outcome) -> Verdicts:
    if not outcome.question.answerable:
        return Verdicts(unanswerable=1, unanswerable_answered=int(outcome.answered))
    is_right = bool(outcome.marks.get("complete@3", outcome.rank == 1))
    return Verdicts(
        answerable=1,
        right=int(is_right),
        right_refused=int(is_right and not outcome.answered),
        wrong_answered=int(outcome.answered and not is_right),
    )


def _told(outcome: Outcome) -> Mapping[str, object]:
    question = outcome.question
    return {
        "id": question.id,
        "question": question.question,
        "as_of": question.as_of and question.as_of.isoformat(),
        "parts": question.parts,
        "articles": question.articles,
        "answers": question.answers,
        "rank": outcome.rank,
        "answered": outcome.answered,
        "confidence": round(outcome.confidence, 3),
        "found": outcome.found and outcome.found.article,
        "marks": outcome.marks,
    }


def _print(rows: Mapping[str, Row]) -> None:
    columns = ("n", *MEASURES)
    print(
        f"{'':16}"
        + "".join(
            f"{column.rpartition('.')[2] if column != 'parts.answered' else 'all parts':>13}" for column in columns
        )
    )
    for name, values in rows.items():
        cells = (f"{values[column]:.3f}" if column in values else "–" for column in columns[1:])
        print(f"{name:16}{values['n']:13}" + "".join(f"{cell:>13}" for cell in cells))


def _print_verdicts(rows: Mapping[str, Verdicts]) -> None:
    print(f"\n{'':16}{'right':>16}{'right, refused':>16}{'wrong, answered':>17}{'unanswerable, answered':>24}")
    for name, each in {**rows, "all": sum(rows.values(), Verdicts())}.items():
        share = f"{each.right}/{each.answerable} {each.right / max(each.answerable, 1):.3f}"
        answered = f"{each.unanswerable_answered}/{each.unanswerable}"
        print(f"{name:16}{share:>16}{each.right_refused:16}{each.wrong_answered:17}{answered:>24}")


if __name__ == "__main__":
    main()
