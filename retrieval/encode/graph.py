"""BERT as an ONNX graph, written directly from operators that are fast: no framework is needed to make it.

Input: `words`, the word embeddings of texts of one length, float32 of shape (n, tokens, dim): no padding, no mask.
Output: `vectors`, float32 of shape (n, dim), unit rows: the mean over the tokens.

Matrix products are computed in float32, or in 8 bits with ranges found beforehand. A few channels are ten times as
large as the others. One range for all would leave the others four bits, so channels are evened out first: what a
channel is divided by, its row of weights is multiplied by.

Source: Devlin et al., "BERT" (2019); Xiao et al., "SmoothQuant" (2023), with the powers found here
(docs/lab/performance.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.bundled import Shape

Channels = NDArray[np.float32]
"""A value for each channel that a matrix reads, such as its greatest magnitude; float32 of shape (channels)."""

_GELU_LEAST = -0.17
"""GELU is never below this."""


class MatrixSite(StrEnum):
    """The matrices of a layer, by what they read."""

    QKV = "qkv"
    ATTENDED = "ao"
    INNER = "fi"
    ACTIVE = "fo"


_POWERS: Mapping[MatrixSite, float] = {MatrixSite.QKV: 1.0, MatrixSite.ATTENDED: 0.25, MatrixSite.INNER: 0.5}
"""How far channels are evened out, 0 not at all, 1 wholly: of 0, ¼, ½, ¾ and 1 those nearest to float32."""
_CAPPED = 4
"""Channels after GELU that are cut to the size of the next: of 1, 4 and 16 nearest to float32."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The arithmetic of a model: bits of its weights, and matrices that stay in float32.

    Vectors of recipes that are `like` each other may be compared.
    """

    name: str
    like: str
    bits: int = 8
    exact: frozenset[MatrixSite] = field(default_factory=frozenset)
    smooth: bool = True


FLOAT = Recipe("float32", like="float32", exact=frozenset(MatrixSite))
INT8 = Recipe("int8", like="int8")
INT7 = Recipe("int7", like="int8", bits=7)
"""Questions in 7 bits over windows in 8 find as many as in 8 bits (docs/lab/performance.md)."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a matrix reads, once multiplied by `factors`, lies between `least` and `greatest`."""

    factors: Channels
    least: float
    greatest: float

    @property
    def step(self) -> np.float32:
        """The width of one of the 255 steps."""
        return np.float32((self.greatest - self.least) / 255)

    @property
    def zero(self) -> np.uint8:
        """The code of 0."""
        return np.uint8(round(-self.least / float(self.step)))


def range_of(site: MatrixSite, greatest: Channels, *, smooth: bool) -> Range:
    """Find the range of a matrix from the greatest magnitude of each channel."""
    greatest = _rounded(greatest)
    factors = _factors(site, greatest) if smooth else np.ones_like(greatest)
    top = float((greatest * factors).max())
    return Range(factors, _GELU_LEAST if site is MatrixSite.ACTIVE else -top, top)


def codes(weights: NDArray[np.float32], bits: int) -> tuple[NDArray[np.int8], Channels]:
    """Round weights of shape (in, out) to so many bits; one scale a column."""
    most = 2 ** (bits - 1) - 1
    scales = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float32).tiny) / np.float32(most)
    return np.round(weights / scales).astype(np.int8), scales


def recipe_here() -> Recipe:
    """Choose by the processor: without VNNI, sums of two 8-bit products overflow unless weights have 7 bits."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return INT8
    return INT8 if "vnni" in flags or "avx2" not in flags else INT7


def _factors(site: MatrixSite, greatest: Channels) -> Channels:
    if site is MatrixSite.ACTIVE:
        return np.asarray(np.minimum(1, np.sort(greatest)[-1 - _CAPPED] / greatest), np.float32)
    evened = np.maximum(greatest, np.median(greatest) / 10) ** np.float32(-_POWERS[site])
    return np.asarray(evened / evened.max(), np.float32)


def _rounded(greatest: Channels) -> Channels:
    """Round up to the next eighth of an octave: another processor's last digits must not change the codes."""
    return np.asarray(np.exp2(np.ceil(np.log2(np.maximum(greatest, 1e-6)) * 8) / 8), np.float32)


_RUNTIME = "com.microsoft"
_OPSET, _IR = 21, 10  # known to onnxruntime 1.20, the oldest that is supported


class Graph:
    """A list of nodes and constants that grows; every value gets a name of its own."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: NDArray[Any] | np.generic) -> str:
        """Add a constant; return its name."""
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """Add an operator of ONNX with one output; return the output's name."""
        return self._add(kind, inputs, 1, "", attributes)[0]

    def fused(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """Add an operator of ONNX Runtime's own with one output; return the output's name."""
        return self._add(kind, inputs, 1, _RUNTIME, attributes)[0]

    def split(self, value: str, parts: int) -> list[str]:
        """Cut a value into equal parts along its last axis."""
        return self._add("Split", [value], parts, "", {"axis": -1, "num_outputs": parts})

    def _add(self, kind: str, inputs: list[str], outputs: int, domain: str, attributes: dict[str, Any]) -> list[str]:
        from onnx import helper

        names = [f"n{len(self.nodes)}.{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names

    def model(self, inputs: list[Any], *outputs: Any) -> bytes:
        """Serialise the graph."""
        from onnx import helper

        graph = helper.make_graph(self.nodes, "encoder", inputs, list(outputs), self.constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME, 1)]
        return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=_IR).SerializeToString())


class Weights(Protocol):
    """The tensors of a model, by name."""

    @property
    def shape(self) -> Shape:
        """The sizes of the model."""

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor in float32, flat."""


class Bert(Graph):
    """The graph of a model's weights; `reads` names what each matrix reads, `states` is the last layer's output."""

    def __init__(self, bundle: Weights, recipe: Recipe, greatest: Mapping[str, Channels]) -> None:
        super().__init__()
        self._bundle, self._recipe, self._greatest = bundle, recipe, greatest
        self.dim = bundle.shape.hidden
        self.reads: dict[str, str] = {}
        value = self._embedded()
        for layer in range(bundle.shape.layers):
            value = self._layer(f"l{layer}.", value)
        self.states = value

    def vectors(self) -> str:
        """Return the mean over the tokens, unit rows, of shape (n, dim)."""
        mean = self.node("ReduceMean", [self.states, self.constant(np.array([1]))], keepdims=0)
        return self.node("LpNormalization", [mean], axis=-1, p=2)

    def head(self, name: str) -> str:
        """Return what a linear layer makes of each token, of shape (n, tokens, outputs)."""
        bias = self._bundle.tensor(f"{name}.b")
        weights = self._bundle.tensor(f"{name}.w").reshape(len(bias), -1).T
        return self.node("Add", [self.node("MatMul", [self.states, self.constant(weights)]), self.constant(bias)])

    def _embedded(self) -> str:
        """Add positions and the one token type in use to the words."""
        dim = self._bundle.shape.hidden
        positions = self._bundle.tensor("emb.pos").reshape(-1, dim) + self._bundle.tensor("emb.type")[:dim]
        start = self.constant(np.array([0]))
        tokens = self.node("Shape", ["words"], start=1, end=2)
        placed = self.node("Slice", [self.constant(positions), start, tokens, start])
        return self._normed("words", placed, "emb.ln")

    def _layer(self, layer: str, value: str) -> str:
        heads = self._bundle.shape.heads
        qkv = self.split(self._product(layer, MatrixSite.QKV, value), 3)
        attended = self.fused("MultiHeadAttention", qkv, num_heads=heads)
        value = self._normed(self._product(layer, MatrixSite.ATTENDED, attended), value, f"{layer}aln")
        active = self.node("Gelu", [self._product(layer, MatrixSite.INNER, value)])
        return self._normed(self._product(layer, MatrixSite.ACTIVE, active), value, f"{layer}oln")

    def _normed(self, value: str, skipped: str, name: str) -> str:
        # two operators are four times as fast as the fused SkipLayerNormalization
        parts = [self.constant(self._bundle.tensor(f"{name}.{part}")) for part in "wb"]
        total = self.node("Add", [value, skipped])
        return self.node("LayerNormalization", [total, *parts], axis=-1, epsilon=self._bundle.shape.epsilon)

    def _product(self, layer: str, site: MatrixSite, value: str) -> str:
        self.reads[f"{layer}{site}"] = value
        names = [f"{layer}{name}" for name in ("qkv" if site is MatrixSite.QKV else [site])]
        biases = [self._bundle.tensor(f"{name}.b") for name in names]
        matrices = [
            self._bundle.tensor(f"{name}.w").reshape(len(b), -1).T for name, b in zip(names, biases, strict=True)
        ]
        weights, bias = np.concatenate(matrices, axis=1), np.concatenate(biases)
        if site in self._recipe.exact:
            product = self.node("MatMul", [value, self.constant(weights)])
            return self.node("Add", [product, self.constant(bias)])
        seen = range_of(site, self._greatest[f"{layer}{site}"], smooth=self._recipe.smooth)
        return self._quantised(value, weights, bias, seen)

    def _quantised(self, value: str, weights: NDArray[np.float32], bias: Channels, seen: Range) -> str:
        if not np.all(seen.factors == 1):
            value = self.node("Mul", [value, self.constant(seen.factors)])
        rows, scales = codes(weights / seen.factors[:, None], self._recipe.bits)
        step, zero = self.constant(seen.step), self.constant(seen.zero)
        coded = self.node("QuantizeLinear", [value, step, zero])
        inputs = [coded, self.constant(rows), step, self.constant(scales), zero, "", self.constant(bias)]
        return self.fused("MatMulIntegerToFloat", inputs)


def write(bundle: Weights, recipe: Recipe, greatest: Mapping[str, Channels]) -> bytes:
    """Turn the weights into a serialised model; `greatest` gives for each matrix what its channels reach."""
    bert = Bert(bundle, recipe, greatest)
    return _named(bert, {"vectors": (bert.vectors(), ("n", bundle.shape.hidden))})


def write_heads(weights: Weights, recipe: Recipe, greatest: Mapping[str, Channels], heads: Mapping[str, int]) -> bytes:
    """Turn weights with heads into a serialised model; each head has so many outputs.

    Outputs, in the order of the heads: each of shape (n, tokens, outputs), what its linear layer makes of each token.
    """
    bert = Bert(weights, recipe, greatest)
    return _named(bert, {f"{name}s": (bert.head(name), ("n", "tokens", size)) for name, size in heads.items()})


def write_observed(bundle: Weights) -> tuple[bytes, list[str]]:
    """Turn the weights into a model that gives what the channels of each matrix reach, and name the matrices."""
    bert = Bert(bundle, FLOAT, {})
    axes = bert.constant(np.array([0, 1]))
    reached = [bert.node("ReduceMax", [bert.node("Abs", [value]), axes], keepdims=0) for value in bert.reads.values()]
    outputs = [_values(name, "channels") for name in reached]
    return bert.model([_values("words", "n", "tokens", bundle.shape.hidden)], *outputs), list(bert.reads)


def _named(bert: Bert, outputs: Mapping[str, tuple[str, tuple[str | int, ...]]]) -> bytes:
    """Serialise a model with outputs of these names and shapes."""
    from onnx import helper

    bert.nodes += [helper.make_node("Identity", [value], [name]) for name, (value, _) in outputs.items()]
    words = _values("words", "n", "tokens", bert.dim)
    return bert.model([words], *(_values(name, *shape) for name, (_, shape) in outputs.items()))


def _values(name: str, *shape: str | int) -> Any:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
