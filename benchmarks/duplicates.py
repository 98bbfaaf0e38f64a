"""Find reprints among what only looks like them: `python -m benchmarks.duplicates [--xquad XQUAD.json] [--stories N]`.

Base texts are invented news, the sample archive and, where given, the articles of a question set in SQuAD's form.
"""

import argparse
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from retrieval.store.stories import SHARED_BANDS, bands, is_copy, signature
from tests.retrieval.store.reprints import Pair, bulletin_reprints, bulletins, related, reprints, same_topic, unrelated
from tests.retrieval.store.stories import Story, make_story
from tests.test_examples import REPRINTS, bodies


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, whether its bands meet, and whether it was taken for a copy."""

    pair: Pair
    compared: bool
    found: bool


def judge(pair: Pair) -> Judged:
    """Do with a pair what an archive does."""
    one, other = (set(bands(signature(text))) for text in (pair.one, pair.other))
    compared = len(one & other) >= SHARED_BANDS
    return Judged(pair, compared, compared and is_copy(pair.one, pair.other))


def invented(count: int, random: Random) -> Iterable[Pair]:
    """Make pairs from invented news."""
    stories = [make_story(random) for _ in range(count)]
    yield from reprints(stories, random)
    yield from bulletin_reprints(random, count // 3)
    yield from related(stories, random)
    yield from same_topic(random, count)
    yield from bulletins(random, count // 3)
    yield from unrelated(stories, random, 10 * count)


def from_texts(texts: Sequence[str], random: Random) -> Iterable[Pair]:
    """Make pairs from given texts, one paragraph a line."""
    stories = [Story(text[:20], tuple(text.split("\n"))) for text in texts]
    yield from reprints(stories, random)
    yield from related(stories, random)
    yield from unrelated(stories, random, 10 * len(stories))


def archive() -> Iterable[Pair]:
    """Pair every two articles of the sample archive."""
    known = {frozenset(pair) for pair in REPRINTS}
    for one, other in itertools.combinations(sorted(bodies()), 2):
        is_reprint = frozenset((one, other)) in known
        yield Pair(
            "sample archive: " + ("reprints" if is_reprint else "others"), bodies()[one], bodies()[other], is_reprint
        )


def report(title: str, pairs: Iterable[Pair]) -> None:
    """Print precision, recall and a line a kind."""
    judged = [judge(pair) for pair in pairs]
    right = sum(each.found and each.pair.is_copy for each in judged)
    found, copies = sum(each.found for each in judged), sum(each.pair.is_copy for each in judged)
    print(f"\n## {title}: precision {right / found:.4f}, recall {right / copies:.4f}\n")
    print("| kind | pairs | copies | compared | taken for copies |\n|---|---|---|---|---|")
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        kinds[each.pair.kind].append(each)
    for kind, members in kinds.items():
        compared, taken = (sum(values) for values in zip(*((m.compared, m.found) for m in members), strict=True))
        print(f"| {kind} | {len(members)} | {'yes' if members[0].pair.is_copy else 'no'} | {compared} | {taken} |")


def articles_of(path: Path) -> list[str]:
    """Join the paragraphs of each article of a question set."""
    data = json.loads(path.read_text("utf-8"))["data"]
    return ["\n".join(part["context"].replace("\n", " ") for part in article["paragraphs"]) for article in data]


def milliseconds(call: Callable[[], object], repeats: int) -> float:
    """Measure the processor time of one call."""
    call()
    start = time.process_time()
    for _ in range(repeats):
        call()
    return (time.process_time() - start) / repeats * 1000


def main() -> None:
    """Print the tables of docs/lab/duplicates.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--xquad", type=Path, action="append", default=[])
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2023, help="the constants were chosen on seeds 1 to 7")
    arguments = parser.parse_args()
    random = Random(arguments.seed)  # noqa: S311 — repeatable
    report("Invented news", invented(arguments.stories, random))
    report("The sample archive's reprints", archive())
    seconds = {other for _, other in REPRINTS}
    originals = [text for name, text in bodies().items() if name not in seconds]
    report("The sample archive, reprinted", from_texts(originals, random))
    for path in arguments.xquad:
        report(path.name, from_texts(articles_of(path), random))
    text = "\n".join(make_story(random).text for _ in range(4))[:1000]
    other = f"本网讯 {text[:600]}此外，{text[610:]}"
    print(f"\n1,000 characters: signature {milliseconds(lambda: signature(text), 200):.2f} ms,", end=" ")
    print(f"is_copy {milliseconds(lambda: is_copy(text, other), 200):.2f} ms")


if __name__ == "__main__":
    main()
