"""Question sets, metrics, reports: what an archive's answers are worth, measured."""

from retrieval.evaluation.outcomes import Failure, Outcome, evaluate, holds_answer, misplaced_answers, missing_articles
from retrieval.evaluation.questions import Question, build, read_questions, with_answers_of
from retrieval.evaluation.report import render
from retrieval.evaluation.summary import (
    EXPLAINED,
    LATENCY,
    LEAST_SHOWN,
    MEASURES,
    Change,
    Comparison,
    Slices,
    Summary,
    compare,
    evaluation_record,
    is_worse,
    measure_named,
    read_outcomes,
    summarise,
    summarise_slices,
)
