"""Make harder examples: what an archive finds first for each question, answering or not, cut as it will be read.

    python -m benchmarks.reader.mined --data FOLDER --archives FOLDER --examples examples.jsonl --out mixed.jsonl

ARCHIVES holds an archive each of `xquad-zh`, `DRCD_dev` and `cmrc2018_dev` (`chuchu eval SET.json --index … --build`),
and `chrono-half`. Of each question that is not held out (benchmarks.reader.examples) the first four hits are taken: the
stretch of one that holds the answer is an example of answering, any other one, and any of another article that does
not hold it, of the opposite. With them goes a part of what benchmarks.reader.examples made.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.reader.examples import LANGUAGES, Example, chrono, split_of
from benchmarks.reader.situations import asking, groups_of
from retrieval.evaluation.questions import read_questions
from retrieval.search.reading import Stretch
from retrieval.text import fold
from retrieval.values import Ask, Filters

HITS = 4
FOUND = {"found": 1.0, "hit 0": 1.0, "hit 1": 1.0, "hit 2": 0.25, "hit 3": 0.12, "elsewhere": 0.6}
MADE = {"answered": 0.22, "exchanged": 0.65, "opposite": 1.0, "taken out": 0.45, "same title": 0.05}
"""Shares taken of each kind of example: about two in five answer, and the nearer a miss the more of it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the articles that answer it and its answers, in the articles' language."""

    id: str
    question: str
    language: str
    articles: frozenset[str]
    answers: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Mine:
    """Questions over an archive; `groups` names what each article is held out with."""

    archive: Path
    items: list[Item]
    groups: Mapping[str, str]


def mines(data: Path, archives: Path) -> Iterator[Mine]:
    """Yield the sets in SQuAD's format, XQuAD in each language over Chinese, and the dated news."""
    groups = groups_of(data)
    for name in ("drcd/DRCD_dev", "cmrc/cmrc2018_dev", *(f"xquad/xquad.{language}" for language in LANGUAGES)):
        is_xquad = name.startswith("xquad")
        language = name.split(".")[1] if is_xquad else "zh"
        native = {item.id: item for item in read_questions(data / "xquad/xquad.zh.json")} if is_xquad else {}
        items = [
            Item(
                item.id,
                item.question,
                language,
                frozenset(item.articles),
                tuple(native.get(item.id, item).answers),
                groups[item.id],
            )
            for item in read_questions(data / f"{name}.json")
            if item.articles
        ]
        of_articles = {article: item.group for item in items for article in item.articles}
        yield Mine(archives / ("xquad-zh" if is_xquad else name.split("/")[1]), items, of_articles)
    asked, _ = chrono(data / "chronoqa")
    items = [
        Item(item.id, item.question, "zh", frozenset([item.text.group]), (item.answer,), item.text.group)
        for item in asked
        if item.answer
    ]
    yield Mine(archives / "chrono-half", items, {item.group: item.group for item in items})


def mined(mine: Mine) -> Iterator[Example]:
    """Yield the examples of a set's questions that are not held out."""
    with asking(mine.archive) as first_hits:
        for item in mine.items:
            if split_of(item.group) == "held":
                continue
            first = first_hits(Ask(item.question, HITS, Filters()))
            for place, hit in enumerate(first.found):
                article = first.articles[hit.candidate.article]
                group = mine.groups.get(article.id, "")
                if group and split_of(group) == "held":
                    continue
                stretch = Stretch.of(article, hit, first.text)
                yield from _examples(item, place, stretch, is_right=article.id in item.articles)


def _examples(item: Item, place: int, stretch: Stretch, *, is_right: bool) -> Iterator[Example]:
    head = stretch.head.rstrip("\n")
    text = stretch.day + stretch.text
    starts = [(stretch.text.find(answer), answer) for answer in item.answers if answer]
    held = [(start, answer) for start, answer in starts if start >= 0]

    def example(kind: str, start: int, end: int) -> Example:
        return Example(item.id, kind, "train", item.question, item.language, head, text, "zh", start, end)

    if is_right and held:
        start, answer = held[0]
        start += len(stretch.day)
        yield example("found", start, start + len(answer))
    elif is_right or not any(fold(answer) in fold(text) for answer in item.answers):
        yield example("elsewhere" if is_right else f"hit {place}", -1, -1)


def main() -> None:
    """Write the examples, shuffled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--archives", type=Path, required=True)
    parser.add_argument("--examples", type=Path, required=True, help="what benchmarks.reader.examples wrote")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    chance = random.Random(21)  # noqa: S311
    made: list[Example] = []
    for mine in mines(arguments.data, arguments.archives):
        before = len(made)
        made += mined(mine)
        print(mine.archive.name, mine.items[0].language, len(made) - before, flush=True)
    others = [Example(**json.loads(line)) for line in arguments.examples.read_text(encoding="utf-8").splitlines()]
    chosen = mixed(made, others, groups_of(arguments.data), chance)
    with arguments.out.open("w", encoding="utf-8") as file:
        for example in chosen:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
    print(dict(sorted(Counter(example.kind for example in chosen).items())))


def mixed(
    found: Sequence[Example], made: Sequence[Example], titles: Mapping[str, str], chance: random.Random
) -> list[Example]:
    """Take a share of each kind, shuffled; half of what was found is read below a title that the set has."""
    chosen = [example for example in found if chance.random() < FOUND[example.kind]]
    chosen = [
        replace(example, title=titles[example.id])
        if not example.title and _has_title(example.id, titles) and chance.random() < 0.5
        else example
        for example in chosen
    ]
    chosen += [e for e in made if e.split == "train" and chance.random() < MADE.get(e.kind, 0.0)]
    chance.shuffle(chosen)
    return chosen


def _has_title(number: str, titles: Mapping[str, str]) -> bool:
    """Tell the titles of DRCD and CMRC, in the language of their texts, from XQuAD's and from ids."""
    title = titles.get(number, "")
    return title != number and any("\u4e00" <= letter <= "\u9fff" for letter in title)


if __name__ == "__main__":
    main()
