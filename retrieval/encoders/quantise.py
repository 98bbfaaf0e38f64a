"""How a matrix product is computed: in float32, or in 8 bits."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from retrieval.encoders.graph import Graph


class Product(StrEnum):
    """The arithmetic of a matrix product."""

    FLOAT = "float32"
    INT8 = "int8"


@dataclass(frozen=True, slots=True)
class Recipe:
    """The arithmetic of a model: of its feed-forward outputs (`outer`), and of its other matrices (`inner`)."""

    name: str
    inner: Product
    outer: Product


FLOAT = Recipe("float32", Product.FLOAT, Product.FLOAT)
INT8 = Recipe("int8", Product.INT8, Product.FLOAT)


def linear(graph: "Graph", value: str, weights: NDArray[np.float32], product: Product) -> str:
    """Add the product of a value and weights of shape (in, out); return the result's name."""
    if product is Product.FLOAT:
        return graph.node("MatMul", [value, graph.constant(weights)])
    codes, scales = by_column(weights)
    return graph.fused("DynamicQuantizeMatMul", [value, graph.constant(codes), graph.constant(scales)])


def by_column(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round weights of shape (in, out) to 8 bits with one scale a column."""
    scales = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float32).tiny) / 127
    return np.round(weights / scales).astype(np.int8), scales.astype(np.float32)
