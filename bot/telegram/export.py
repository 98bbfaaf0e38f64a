"""What people judged → question records, for `chuchu eval` to hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.telegram.keyboards import Verdict
from bot.telegram.state import Judgement

Record = dict[str, object]


def question_records(judgements: Iterable[Judgement]) -> Iterator[Record]:
    """Yield a question record for each question with a passage judged right; equal questions share one.

    The right articles are its qrels and their lit words its answers. A passage with a wrong source or date answers
    the question all the same only for whoever judged it so, and is left out, as is one that is not relevant.
    """
    right: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        if judgement.verdict == Verdict.RIGHT:
            right[judgement.question].append(judgement)
    for number, (question, agreed) in enumerate(right.items(), 1):
        yield {
            "id": f"judged-{number:04}",
            "question": question,
            "articles": sorted({each.article for each in agreed}),
            "answers": sorted({each.quote for each in agreed if each.quote}),
        }
