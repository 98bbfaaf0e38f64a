"""Make examples of questions written one by one, in eighteen languages, over news and encyclopedia texts.

    python -m benchmarks.reader.written --data FOLDER --out written.jsonl
    python -m benchmarks.reader.written --data FOLDER --held ARCHIVES
    chuchu index ARCHIVES/written.articles.jsonl --index ARCHIVES/written

`written.txt.xz` has the questions, which are our own; of the texts it has only a checksum, and where they answer. The
news in `invented/` is our own, too. A line `# CHECKSUM START END` names a text, less repeated spaces,
and the stretch of it that the next questions were written for. Then comes a line a question: language, question, and
where in the text the answer begins and ends, or `-` where the stretch does not answer it although it looks as if it
could.

Each question comes with its stretch; one that is answered also with the stretches of other texts that the encoder finds
nearest, and with what `examples.py` makes of it. What is held out is a situation of `situations.py`, over an archive of
all stretches.
"""

import argparse
import hashlib
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.reader.examples import Asked, Example, Maker, Text, chrono, split_of, squad
from retrieval.encode import open_encoder
from retrieval.encode.encoder import CalibratedEncoder, Calibration, Vectors
from retrieval.passages import split
from retrieval.settings import BUNDLED_MODEL, Settings
from retrieval.text import fold
from retrieval.values import Span

WRITTEN = Path(__file__).with_name("written.txt.xz")
INVENTED = Path(__file__).parent / "invented"
SHARES = {
    "found": 0.62, "near": 1.0, "hit 0": 0.27, "hit 1": 0.07,
    "answered": 0.07, "exchanged": 0.13, "opposite": 0.55, "same title": 0.32, "taken out": 0.3,
}  # fmt: skip
"""How many of each kind are taken of those that could be."""
_NEAREST = 12


@dataclass(frozen=True, slots=True)
class Written:
    """A question over a stretch of a text; `answer` is its place in the text, None where the stretch has none."""

    id: str
    question: str
    language: str
    text: str
    stretch: Span
    answer: Span | None


def checksum(text: str) -> str:
    """Return what `written.txt.xz` calls a text by."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def tidy(text: str) -> str:
    """Return a text with one space where there are several, or lines."""
    return re.sub(r"\s+", " ", text).strip()


def texts(data: Path) -> Iterator[Text]:
    """Yield the texts that may be asked about: our own, of the sets in SQuAD's format, the news and ChronoQA."""
    for place in sorted(INVENTED.glob("*.articles.jsonl")):
        for row in map(json.loads, place.read_text(encoding="utf-8").splitlines()):
            yield Text(row["title"], tidy(row["text"]), row["language"], place.name.partition(".")[0])
    for name, has_titles in (("drcd/DRCD_dev", True), ("cmrc/cmrc2018_dev", True), ("xquad/xquad.zh", False)):
        for text in dict.fromkeys(item.text for item in squad(data / f"{name}.json", "zh", has_titles=has_titles)):
            yield replace(text, text=tidy(text.text))
    with lzma.open(data / "news" / "news.articles.jsonl.xz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield Text("", tidy(row["text"]), "zh", row["id"])
    for text in chrono(data / "chronoqa")[1]:
        yield replace(text, text=tidy(text.text))


def known_texts(data: Path) -> dict[str, Text]:
    """Return the texts by what `written.txt.xz` calls them."""
    return {checksum(text.text): text for text in texts(data)}


def written(path: Path = WRITTEN) -> Iterator[Written]:
    """Read the questions."""
    name, stretch = "", (0, 0)
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            if line.startswith("# "):
                name, start, end = line[2:].split()
                stretch = int(start), int(end)
                continue
            language, question, place = line.rstrip("\n").split("\t")
            first, _, last = place.partition(" ")
            yield Written(
                f"written-{number}", question, language, name, stretch, (int(first), int(last)) if last else None
            )


class Stretches:
    """The stretches that questions were written for, with the vectors of their windows."""

    def __init__(self, known: Mapping[str, Text], asked: Sequence[Written]) -> None:
        self._known = known
        self.places = list(dict.fromkeys((item.text, item.stretch) for item in asked))
        self.parts = [known[name].text[slice(*span)] for name, span in self.places]
        self.folded = [fold(part) for part in self.parts]
        encoder = open_encoder(BUNDLED_MODEL, cache=Settings().cache)
        self._encoder = CalibratedEncoder(encoder, Calibration.measure(encoder))
        windows = [
            (number, part[slice(*window)])
            for number, part in enumerate(self.parts)
            for passage in split(part)
            for window in passage.windows
        ]
        self._vectors = self._encoder.encode_passages([text for _, text in windows])
        self._firsts = np.searchsorted([number for number, _ in windows], range(len(self.parts)))

    def vectors(self, questions: Sequence[str]) -> Vectors:
        """Embed questions."""
        return self._encoder.encode_queries(questions)

    def nearest(self, vector: Vectors, item: Written) -> list[int]:
        """Return the numbers of the stretches nearest to a question, of other texts, that do not hold its answer."""
        likeness = np.maximum.reduceat(self._vectors @ vector, self._firsts)
        best = np.argsort(-likeness)[:_NEAREST].tolist()
        answer = fold(self._known[item.text].text[slice(*item.answer)]) if item.answer else ""
        return [n for n in best if self.places[n][0] != item.text and answer not in self.folded[n]]


def examples(data: Path, chance: random.Random) -> Iterator[Example]:
    """Yield the examples of every question whose text is there."""
    known = known_texts(data)
    asked = [item for item in written() if item.text in known]
    yield from over_stretches(known, asked, chance)
    answered = [
        Asked(i.id, i.question, i.language, known[i.text], known[i.text].text[slice(*i.answer)], i.answer[0])
        for i in asked
        if i.answer
    ]
    maker = Maker(answered, [item.text for item in answered], chance)
    for item in answered:
        yield from (example for example in maker.examples(item, {}) if example.kind in SHARES)


def over_stretches(known: Mapping[str, Text], asked: Sequence[Written], chance: random.Random) -> Iterator[Example]:
    """Yield each question over its own stretch, and what is answered over those of other texts found first."""
    stretches = Stretches(known, asked)
    numbers = {place: number for number, place in enumerate(stretches.places)}

    def example(item: Written, kind: str, number: int, answer: Span = (-1, -1)) -> Example:
        text = known[stretches.places[number][0]]
        title = text.title if chance.random() < 0.5 else ""
        side = split_of(known[item.text].group)
        part = stretches.parts[number]
        return Example(
            item.id, kind, side, item.question, item.language, title, part, known[item.text].language, *answer
        )

    for item, vector in zip(asked, stretches.vectors([item.question for item in asked]), strict=True):
        own, start = numbers[item.text, item.stretch], item.stretch[0]
        if item.answer is None:
            yield example(item, "near", own)
            continue
        yield example(item, "found", own, (item.answer[0] - start, item.answer[1] - start))
        for place, number in enumerate(stretches.nearest(vector, item)[:2]):
            yield example(item, f"hit {place}", number)


def write_held(data: Path, folder: Path) -> None:
    """Write all stretches as articles, and the questions over those held out, as an evaluation reads them."""
    known = known_texts(data)
    asked = [item for item in written() if item.text in known]
    stretches = {item.text: known[item.text].text[slice(*item.stretch)] for item in asked}
    articles = [{"id": name, "title": known[name].title or None, "text": text} for name, text in stretches.items()]
    questions = [
        {"id": item.id, "question": item.question, "articles": [item.text] if item.answer else []}
        | ({"answers": [known[item.text].text[slice(*item.answer)]]} if item.answer else {"answerable": False})
        for item in asked
        if split_of(known[item.text].group) == "held"
    ]
    for kind, rows in (("articles", articles), ("questions", questions)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"written.{kind}.jsonl").write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Write the examples, shuffled, or what is held out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--held", type=Path, metavar="ARCHIVES")
    arguments = parser.parse_args()
    if arguments.held:
        write_held(arguments.data, arguments.held)
    if not arguments.out:
        return
    chance = random.Random(22)  # noqa: S311
    made = [e for e in examples(arguments.data, chance) if chance.random() < SHARES[e.kind]]
    chance.shuffle(made)
    with arguments.out.open("w", encoding="utf-8") as file:
        for example in made:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
    print(dict(sorted(Counter(f"{example.split} {example.kind}" for example in made).items())))


if __name__ == "__main__":
    main()
