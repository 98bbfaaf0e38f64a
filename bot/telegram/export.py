"""What people judged → question records, for `chuchu eval` to hold."""

from collections import defaultdict
from collections.abc import Iterable

from bot.telegram.keyboards import Verdict
from bot.telegram.state import Judgement

Record = dict[str, object]


def question_records(judgements: Iterable[Judgement]) -> tuple[list[Record], list[Record]]:
    """Return a question record for each question that was decided, and what is known of the others.

    Equal questions share a record. It is decided by a passage judged right: the right articles are its qrels and their
    lit words its answers; or, where there is none, by somebody who said of a refusal that the archive cannot answer:
    then it has no articles. A passage that is not relevant, or whose source or date is wrong, decides nothing, for
    another may answer: such verdicts stand under `judged`, and a question with nothing else is no question record, for
    it has no `articles`, and `chuchu eval` does not take it.
    """
    asked: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        asked[judgement.question].append(judgement)
    decided: list[Record] = []
    undecided: list[Record] = []
    for number, (question, given) in enumerate(asked.items(), 1):
        qrels = _qrels(given)
        record = {"id": f"judged-{number:04}", "question": question, **(qrels or {}), "judged": _others(given)}
        (undecided if qrels is None else decided).append(record)
    return decided, undecided


def _qrels(given: Iterable[Judgement]) -> Record | None:
    """Return the articles and answers that verdicts on one question give it; None if they decide nothing."""
    right = [each for each in given if each.verdict == Verdict.RIGHT]
    if not right and not any(each.verdict == Verdict.UNANSWERABLE for each in given):
        return None
    return {
        "articles": sorted({each.article for each in right}),
        "answers": sorted({each.quote for each in right if each.quote}),
    }


def _others(given: Iterable[Judgement]) -> list[Record]:
    return [
        {"article": each.article, "quote": each.quote, "verdict": each.verdict}
        for each in given
        if each.verdict not in {Verdict.RIGHT, Verdict.UNANSWERABLE}
    ]
