"""Measure a gated question set with the real pipeline, from its articles on."""

import hashlib
from pathlib import Path

from retrieval import Archive, Settings, index_paths
from retrieval.encoders import Encoder
from retrieval.evaluation.build import build
from retrieval.evaluation.floors import GatedSet
from retrieval.evaluation.outcomes import evaluate
from retrieval.evaluation.questions import read_questions, with_answers_of
from retrieval.evaluation.summary import Summary, summarise


def missing_files(gated: GatedSet, root: Path) -> list[Path]:
    """Return those of a set's files that are not there."""
    named = (gated.questions, gated.articles, gated.answers)
    return [root / name for name in named if name and not (root / name).exists()]


def measure(gated: GatedSet, root: Path, encoder: Encoder, folder: Path) -> Summary:
    """Index a set's articles into an archive below `folder`, which sets over the same articles share, and ask."""
    archive = folder / hashlib.sha256(gated.articles.encode()).hexdigest()[:16]
    if gated.articles.endswith(".json"):
        build(root / gated.articles, archive, encoder)
    else:
        index_paths([root / gated.articles], archive, encoder)
    questions = read_questions(root / gated.questions)
    if gated.answers:
        questions = with_answers_of(questions, read_questions(root / gated.answers))
    with Archive(archive, Settings(), encoder) as opened:
        return summarise(evaluate(opened, questions))
