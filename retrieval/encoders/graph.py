"""BERT as an ONNX graph, written directly: no framework is needed, and its operators are fused from the start.

Inputs: `words`, the word embeddings of each token, float32 of shape (n, tokens, dim); `lengths`, int32 of shape (n),
the tokens of each text before its padding; `mask`, float32 of shape (n, 1, tokens), 1 for a token and 0 for padding.
Output: `vectors`, float32 of shape (n, dim), unit rows: the mean over the tokens. (Their sum has the same direction.)

Source: Devlin et al., "BERT" (2019).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.bundled import Bundle
from retrieval.encoders.quantise import Recipe, linear

_FUSED = "com.microsoft"
_OPSET, _IR = 21, 10  # known to onnxruntime 1.20, the oldest that is supported


class Graph:
    """A list of nodes and constants that grows; every value gets a name of its own."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: NDArray[Any]) -> str:
        """Add a constant; return its name."""
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """Add an operator of ONNX with one output; return the output's name."""
        return self._add(kind, inputs, 1, "", attributes)[0]

    def fused(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """Add an operator of ONNX Runtime's own with one output; return the output's name."""
        return self._add(kind, inputs, 1, _FUSED, attributes)[0]

    def split(self, value: str, parts: int) -> list[str]:
        """Cut a value into equal parts along its last axis."""
        return self._add("Split", [value], parts, "", {"axis": -1, "num_outputs": parts})

    def _add(self, kind: str, inputs: list[str], outputs: int, domain: str, attributes: dict[str, Any]) -> list[str]:
        from onnx import helper

        names = [f"n{len(self.nodes)}.{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names

    def model(self, inputs: list[Any], output: Any) -> bytes:
        """Serialise the graph."""
        from onnx import helper

        graph = helper.make_graph(self.nodes, "bert", inputs, [output], self.constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=_IR).SerializeToString())


def write(bundle: Bundle, recipe: Recipe) -> bytes:
    """Turn the weights into a serialised model whose matrices are computed as the recipe says."""
    from onnx import TensorProto, helper

    graph, dim = Graph(), bundle.shape.hidden
    value = _embedded(graph, bundle)
    for layer in range(bundle.shape.layers):
        value = _layer(graph, bundle, recipe, f"l{layer}.", value)
    pooled = graph.node("Squeeze", [graph.node("MatMul", ["mask", value]), graph.constant(np.array([1]))])
    vectors = graph.node("LpNormalization", [pooled], axis=-1, p=2)
    graph.node("Identity", [vectors])
    graph.nodes[-1].output[0] = "vectors"
    info = helper.make_tensor_value_info
    inputs = [
        info("words", TensorProto.FLOAT, ["n", "tokens", dim]),
        info("lengths", TensorProto.INT32, ["n"]),
        info("mask", TensorProto.FLOAT, ["n", 1, "tokens"]),
    ]
    return graph.model(inputs, info("vectors", TensorProto.FLOAT, ["n", dim]))


def _embedded(graph: Graph, bundle: Bundle) -> str:
    """Add positions and the one token type in use to the words."""
    dim = bundle.shape.hidden
    positions = bundle.tensor("emb.pos").reshape(-1, dim) + bundle.tensor("emb.type")[:dim]
    start = graph.constant(np.array([0]))
    tokens = graph.node("Shape", ["words"], start=1, end=2)
    placed = graph.node("Add", ["words", graph.node("Slice", [graph.constant(positions), start, tokens, start])])
    norm = [graph.constant(bundle.tensor(f"emb.ln.{part}")) for part in "wb"]
    return graph.node("LayerNormalization", [placed, *norm], axis=-1, epsilon=bundle.shape.epsilon)


def _layer(graph: Graph, bundle: Bundle, recipe: Recipe, layer: str, value: str) -> str:
    def bias(name: str) -> NDArray[np.float32]:
        return bundle.tensor(f"{layer}{name}.b")

    def weights(name: str) -> NDArray[np.float32]:
        return bundle.tensor(f"{layer}{name}.w").reshape(len(bias(name)), -1).T

    def added(value: str, skip: str, matrix: str, norm: str) -> str:
        parts = [bundle.tensor(f"{layer}{norm}.w"), bundle.tensor(f"{layer}{norm}.b"), bias(matrix)]
        constants = [graph.constant(part) for part in parts]
        return graph.fused("SkipLayerNormalization", [value, skip, *constants], epsilon=bundle.shape.epsilon)

    qkv = linear(graph, value, np.concatenate([weights(name) for name in "qkv"], axis=1), recipe.inner)
    qkv_bias = graph.constant(np.concatenate([bias(name) for name in "qkv"]))
    heads = bundle.shape.heads
    seen = graph.fused("MultiHeadAttention", [*graph.split(qkv, 3), qkv_bias, "lengths"], num_heads=heads)
    value = added(linear(graph, seen, weights("ao"), recipe.inner), value, "ao", "aln")
    widened = linear(graph, value, weights("fi"), recipe.inner)
    active = graph.fused("BiasGelu", [widened, graph.constant(bias("fi"))])
    return added(linear(graph, active, weights("fo"), recipe.outer), value, "fo", "oln")
