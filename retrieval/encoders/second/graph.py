"""The second encoder's network as an ONNX graph: n-grams of 2, 3 and 5 tokens, summed, then a few dense layers.

Input: `words`, float32 of shape (n, tokens, dim), texts of one length. Output: `vectors`, float32 of shape (n, dim),
unit rows.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.graph import Graph

Weights = Mapping[str, NDArray[np.float32]]
_LEFT = {2: 0, 3: 1, 5: 2}
"""Tokens that an n-gram of each order reaches back."""


def write(weights: Weights) -> bytes:
    """Serialise the network; the words' embeddings stay outside it."""
    from onnx import TensorProto, helper

    graph = _Network(weights)
    output = graph.dense(graph.pooled(graph.features()))
    inputs = [helper.make_tensor_value_info("words", TensorProto.FLOAT, ["n", "tokens", weights["proj2"].shape[0]])]
    graph.nodes.append(helper.make_node("Identity", [output], ["vectors"]))
    return graph.model(inputs, helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", None]))


class _Network(Graph):
    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights

    def features(self) -> str:
        """Return each token's embedding with what its n-grams say, of shape (n, tokens, features)."""
        joined = {name: np.concatenate([self._weights[f"{name}{n}"] for n in _LEFT], -1) for name in _JOINED}
        projected = self._plus(self._times("words", joined["proj"]), joined["proj_b"])
        parts = self.split(self._normed(projected, joined["ln_g"], joined["ln_b"]), len(_LEFT))
        grams = [self._grams(part, order) for part, order in zip(parts, _LEFT, strict=True)]
        whole = self.node("Concat", ["words", *grams], axis=-1)
        return self._normed(whole, self._weights["ln_g"], self._weights["ln_b"])

    def pooled(self, features: str) -> str:
        """Take the mean over the tokens, project, and multiply by the root of their number."""
        mean = self.node("ReduceMean", [features, self.constant(np.array([1], np.int64))], keepdims=0)
        projected = self._plus(self._times(mean, self._weights["cnn_W"]), self._weights["cnn_b"])
        number = self.node("Cast", [self.node("Shape", ["words"], start=1, end=2)], to=1)
        return self.node("Mul", [projected, self.node("Sqrt", [number])])

    def dense(self, pooled: str) -> str:
        """Apply the dense layers with their shortcuts; return unit rows."""
        weights = self._weights
        first = self.node("Relu", [self._times(pooled, weights["d0"])])
        second = self._sum_relu(self._times(pooled, weights["p1"]), self._times(first, weights["d1"]))
        third = self.node("Relu", [self._times(second, weights["d2"])])
        last = self.node("Add", [self._times(second, weights["p3"]), self._times(third, weights["d3"])])
        return self.node("LpNormalization", [self.node("Tanh", [last])], axis=-1, p=2)

    def _grams(self, tokens: str, order: int) -> str:
        inner = self.node("Add", [self._convolved(tokens, "1", order), tokens])
        return self.node("Add", [self._convolved(inner, "2", order), inner])

    def _convolved(self, tokens: str, layer: str, order: int) -> str:
        weight = self._weights[f"w{layer}_{order}"]
        width = weight.shape[1]
        kernel = self.constant(weight.reshape(order, -1, width).transpose(2, 1, 0))
        bias = self.constant(self._weights[f"b{layer}_{order}"])
        turned = self.node("Transpose", [tokens], perm=[0, 2, 1])
        pads = [_LEFT[order], order - 1 - _LEFT[order]]
        return self.node(
            "Transpose", [self.node("Relu", [self.node("Conv", [turned, kernel, bias], pads=pads)])], perm=[0, 2, 1]
        )

    def _normed(self, value: str, scale: NDArray[np.float32], shift: NDArray[np.float32]) -> str:
        inputs = [value, self.constant(scale), self.constant(shift)]
        return self.node("LayerNormalization", inputs, axis=-1, epsilon=float(self._weights["eps"]))

    def _times(self, value: str, weight: NDArray[np.float32]) -> str:
        return self.node("MatMul", [value, self.constant(weight)])

    def _plus(self, value: str, weight: NDArray[np.float32]) -> str:
        return self.node("Add", [value, self.constant(weight)])

    def _sum_relu(self, one: str, other: str) -> str:
        return self.node("Relu", [self.node("Add", [one, other])])


_JOINED: tuple[Any, ...] = ("proj", "proj_b", "ln_g", "ln_b")
