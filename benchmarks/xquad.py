"""How well passages are found, answers lit and questions refused on XQuAD, as shipped.

    python benchmarks/xquad.py [--data FOLDER] [--work FOLDER] [--json]

Chinese questions, then English ones, are put to the 240 Chinese paragraphs. For refusal the 48 titles are dealt into
two archives: each question is put to the half that holds its paragraph and to the other, which cannot answer it.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.fitting import halves_of, options, workplace
from retrieval import Archive, ChuchuError, Settings, encoder_of, read_settings
from retrieval.encode.encoder import Encoder
from retrieval.evaluation import Outcome, Question, evaluate, read_questions, summarise, with_answers_of
from retrieval.evaluation.questions import Paragraph, build_paragraphs, read_squad

FOUND = ("success@1", "MRR@10", "answer@3", "highlight@1", "latency_ms.p50", "latency_ms.p95")
REFUSED = ("refusal.auroc", "answered.wrong", "answered.coverage", "refusal.precision", "refusal.recall")
REACH: Mapping[str, Mapping[str, float]] = {
    "zh": {"success@1": 0.970, "MRR@10": 0.980, "highlight@1": 0.90},
    "en over zh": {"success@1": 0.850, "MRR@10": 0.900},
    "refusal, zh": {"refusal.auroc": 0.97, "answered.wrong": 0.05, "answered.coverage": 0.85},
}
"""What the project set out to reach."""

Results = dict[str, dict[str, float]]


def main() -> None:
    """Parse, measure, print."""
    parser = options(__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    try:
        with workplace(arguments.work) as folder:
            results = _measure(arguments.data, folder)
    except ChuchuError as error:
        sys.exit(f"xquad: {error}")
    if arguments.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))
    else:
        _print(results)


def _measure(data: Path, work: Path) -> Results:
    encoder = encoder_of(read_settings())
    chinese = read_questions(data / "xquad.zh.json")
    asked = {"zh": chinese, "en over zh": with_answers_of(read_questions(data / "xquad.en.json"), chinese)}
    halves = halves_of(read_squad(data / "xquad.zh.json").paragraphs)
    whole = _archive(work / "whole", [*halves[0], *halves[1]], encoder)
    parts = [_archive(work / f"half-{n}", half, encoder) for n, half in enumerate(halves, start=1)]
    found = {name: _values(evaluate(whole, questions), FOUND) for name, questions in asked.items()}
    refused = {f"refusal, {name}": _values(_refusals(parts, questions), REFUSED) for name, questions in asked.items()}
    for archive in (whole, *parts):
        archive.close()
    return found | refused


def _archive(folder: Path, paragraphs: Sequence[Paragraph], encoder: Encoder) -> Archive:
    build_paragraphs(tuple(paragraphs), folder, encoder, name="paragraphs")
    return Archive(folder, Settings(), encoder)


def _refusals(parts: Sequence[Archive], questions: Sequence[Question]) -> list[Outcome]:
    """Put every question to both halves: it is answerable where its paragraph is."""
    outcomes = []
    for part in parts:
        here = [
            question if part.article(question.articles[0]) else replace(question, articles=(), answers=())
            for question in questions
        ]
        outcomes += evaluate(part, here)
    return outcomes


def _values(outcomes: Sequence[Outcome], measures: Sequence[str]) -> dict[str, float]:
    values = summarise(outcomes).values
    return {measure: round(values[measure], 4) for measure in measures}


def _print(results: Results) -> None:
    for name, values in results.items():
        print(name)
        for measure, value in values.items():
            reach = REACH.get(name, {}).get(measure)
            print(f"  {measure:<20}{value:>9.4f}" + (f"   to reach: {reach}" if reach else ""))


if __name__ == "__main__":
    main()
