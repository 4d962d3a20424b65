"""Build the ONNX graphs of the bundled models, in int8 whose result for one text depends on that text alone.

Every linear step is an integer matrix product. The scales of its input are static: measured once over calibration
texts, so that a score cannot depend on batch-mates. Before rounding, each input channel is divided by a factor that the
weights take up (SmoothQuant: Xiao et al. 2023, arXiv:2211.10438), which tames the few channels of a BERT that are a
hundred times larger than the rest. Weights keep 7 bits: then sixteen-bit partial sums cannot overflow on processors
without VNNI.

A batch holds sequences of one length, so there is no padding and no mask.

Needs `onnx` (`pip install contradict-claims[train]`); running the graphs does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from contradict.models.bundled import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from contradict.models.e5 import Shape

OPSETS = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
IR_VERSION = 9
CONTRIB = "com.microsoft"
WEIGHT_LEVELS = 63
INPUT_LEVELS = 127
HEADROOM = np.float32(1.1)  # texts to come may go a little beyond the calibration texts
SMOOTHING = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
ZERO = np.uint8(128)

Weights = dict[str, "NDArray[np.float32]"]
Ranges = dict[str, "NDArray[np.float32]"]  # largest magnitude seen on each input channel of a linear step, by its name


@dataclass
class Graph:
    """Nodes and weights as they are added; each method adds one step and returns the name of its result."""

    weights: Weights
    ranges: Ranges | None = None
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, NDArray[Any]] = field(default_factory=dict)

    def step(self, operation: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add one node."""
        result = f"{operation}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [result], domain=domain, **attributes))
        return result

    def constant(self, name: str, value: Any) -> str:
        """Add a constant, once."""
        self.constants[name] = np.asarray(value)
        return name

    def weight(self, name: str) -> str:
        """Add a float weight of the model."""
        return self.constant(name, self.weights[name])

    def linear(self, states: str, *names: str) -> str:
        """Add ``states @ weight.T + bias``; several names are steps on the same input, side by side."""
        weight = np.concatenate([self.weights[f"{name}.weight"] for name in names])
        bias = np.concatenate([self.weights[f"{name}.bias"] for name in names])
        name = "+".join(names)
        if self.ranges is None:
            product = self.step("MatMul", states, self.constant(f"{name}.weight", weight.T))
            return self.step("Add", product, self.constant(f"{name}.bias", bias))
        quantised = quantise(weight, self.ranges[names[0]])
        smooth = self.step("Mul", states, self.constant(f"{name}.smooth", 1 / quantised.smooth))
        scale, zero = self.constant(f"{name}.input_scale", quantised.input_scale), self.constant("zero", ZERO)
        return self.step(
            "MatMulIntegerToFloat",
            self.step("QuantizeLinear", smooth, scale, zero),
            self.constant(f"{name}.weight", quantised.weight),
            scale,
            self.constant(f"{name}.scale", quantised.weight_scale),
            zero,
            "",
            self.constant(f"{name}.bias", bias),
            domain=CONTRIB,
        )

    def norm(self, states: str, name: str, epsilon: float) -> str:
        """Add a layer norm."""
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.step("LayerNormalization", states, scale, bias, axis=-1, epsilon=epsilon)

    def embedding(self, tokens: str, shape: Shape) -> str:
        """Add positions and token type to token vectors (batch, length, width), and the norm."""
        positions = self.constant("position", self.weights["position.weight"] + self.weights["token_type.weight"][0])
        length = self.step("Shape", tokens, start=1, end=2)
        rows = self.step("Slice", positions, self.constant("first", np.array([0])), length)
        return self.norm(self.step("Add", tokens, rows), "embedding_norm", shape.layer_norm_epsilon)

    def layer(self, states: str, number: int, shape: Shape) -> str:
        """Add one BERT layer."""
        part, epsilon = f"layers.{number}.", shape.layer_norm_epsilon
        projections = self.linear(states, part + "query", part + "key", part + "value")
        names = [f"{projections}_{which}" for which in "qkv"]
        self.nodes.append(helper.make_node("Split", [projections], names, axis=-1, num_outputs=3))
        context = self.step("MultiHeadAttention", *names, domain=CONTRIB, num_heads=shape.heads)
        attended = self.step("Add", states, self.linear(context, part + "attention_out"))
        states = self.norm(attended, part + "attention_norm", epsilon)
        inner = self.step("Gelu", self.linear(states, part + "feed_in"))
        return self.norm(self.step("Add", states, self.linear(inner, part + "feed_out")), part + "feed_norm", epsilon)

    def model(self, inputs: Sequence[onnx.ValueInfoProto], outputs: Mapping[str, Sequence[Any]]) -> onnx.ModelProto:
        """Close the graph; `outputs` names results and their shapes."""
        initializers = [numpy_helper.from_array(value, name) for name, value in self.constants.items()]
        infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
        graph = helper.make_graph(self.nodes, "contradict", list(inputs), infos, initializers)
        return helper.make_model(graph, opset_imports=OPSETS, ir_version=IR_VERSION, producer_name="contradict")


@dataclass(frozen=True)
class Quantised:
    """A weight in integers: ``x @ W.T ≈ quantise(x / smooth) @ weight * input_scale * weight_scale``."""

    weight: NDArray[np.int8]  # (inputs, outputs)
    weight_scale: NDArray[np.float32]  # (outputs,)
    smooth: NDArray[np.float32]  # (inputs,)
    input_scale: np.float32


def quantise(weight: NDArray[np.float32], largest_input: NDArray[np.float32]) -> Quantised:
    """Choose the scales of one linear step: of several degrees of smoothing, the one with the least expected error.

    Parameters
    ----------
    weight
        (outputs, inputs).
    largest_input
        Largest magnitude of each input channel over the calibration texts, (inputs,).
    """
    largest_input = np.maximum(largest_input, np.float32(1e-5)) * HEADROOM
    candidates = [smoothed(weight, largest_input, degree) for degree in SMOOTHING]
    return min(candidates, key=lambda quantised: expected_error(quantised, weight, largest_input))


def smoothed(weight: NDArray[np.float32], largest_input: NDArray[np.float32], degree: float) -> Quantised:
    """Quantise with the magnitude of the input channels moved into the weights to some degree, 0 to 1."""
    largest_weight = np.maximum(np.abs(weight).max(axis=0), 1e-5)
    smooth = (largest_input**degree / largest_weight ** (1 - degree)).astype(np.float32)
    input_scale = np.float32((largest_input / smooth).max() / INPUT_LEVELS)
    weight_scale = (np.abs(weight * smooth).max(axis=1) / WEIGHT_LEVELS).astype(np.float32)
    return Quantised(rounded(weight, smooth, weight_scale), weight_scale, smooth, input_scale)


def expected_error(quantised: Quantised, weight: NDArray[np.float32], largest_input: NDArray[np.float32]) -> float:
    """Return the expected squared error of the step: rounding of its input plus rounding of its weights."""
    restored = (quantised.weight * quantised.weight_scale).T / quantised.smooth
    typical_input = largest_input / 4  # taken as a channel's root mean square
    of_weights = ((restored - weight) ** 2 * typical_input**2).sum()
    of_input = ((quantised.smooth * quantised.input_scale) ** 2 / 12 * (weight**2).sum(axis=0)).sum()
    return float(of_weights + of_input)


def vectors_input(name: str, width: int) -> onnx.ValueInfoProto:
    """Describe an input of token vectors or states."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "length", width])


def encoder_graph(weights: Weights, shape: Shape, ranges: Ranges | None) -> onnx.ModelProto:
    """Token vectors (batch, length, width) to text vectors (batch, width): all layers, mean over tokens."""
    graph = Graph(weights, ranges)
    states = graph.embedding("tokens", shape)
    for number in range(shape.layers):
        states = graph.layer(states, number, shape)
    vectors = graph.step("ReduceMean", states, graph.constant("over_tokens", np.array([1])), keepdims=0)
    return graph.model([vectors_input("tokens", shape.width)], {vectors: ["batch", shape.width]})


def claim_graph(weights: Weights, shape: Shape, split: int, ranges: Ranges | None) -> onnx.ModelProto:
    """Token vectors (batch, length, width) to states of the same shape: the layers that read a claim alone."""
    graph = Graph(weights, ranges)
    states = graph.embedding("tokens", shape)
    for number in range(split):
        states = graph.layer(states, number, shape)
    return graph.model([vectors_input("tokens", shape.width)], {states: ["batch", "length", shape.width]})


def pair_graph(weights: Weights, shape: Shape, split: int, ranges: Ranges | None) -> onnx.ModelProto:
    """States of two claims side by side to logits (batch, 3) both ways.

    Inputs are `states` (batch, length, width) and `left` (batch,), the number of the left claim's tokens.
    """
    graph = Graph(weights, ranges)
    length = graph.step("Shape", "states", start=1, end=2)
    number = graph.step("Squeeze", length)
    positions = graph.step("Range", graph.constant("from", np.int64(0)), number, graph.constant("by", np.int64(1)))
    last = graph.constant("last", np.array([-1]))
    on_left = graph.step("Cast", graph.step("Less", positions, graph.step("Unsqueeze", "left", last)), to=1)
    on_right = graph.step("Sub", graph.constant("one", np.float32(1)), on_left)
    masks = {side: graph.step("Unsqueeze", mask, last) for side, mask in (("left", on_left), ("right", on_right))}
    states = "states"
    for row, mask in enumerate(masks.values()):
        segment = graph.constant(f"segment.{row}", weights["segment.weight"][row])
        states = graph.step("Add", states, graph.step("Mul", mask, segment))
    for layer in range(split, shape.layers):
        states = graph.layer(states, layer, shape)
    over_tokens = graph.constant("over_tokens", np.array([1]))
    pooled = [
        graph.step(
            "Div",
            graph.step("ReduceSum", graph.step("Mul", states, mask), over_tokens, keepdims=0),
            graph.step("ReduceSum", mask, over_tokens, keepdims=0),
        )
        for mask in masks.values()
    ]
    logits = {head(graph, premise, hypothesis): ["batch", 3] for premise, hypothesis in (pooled, pooled[::-1])}
    left = helper.make_tensor_value_info("left", TensorProto.INT64, ["batch"])
    return graph.model([vectors_input("states", shape.width), left], logits)


def head(graph: Graph, premise: str, hypothesis: str) -> str:
    """Add the classifier on two pooled claims (batch, width); it stays in float32, being a thousandth of the work."""
    difference = graph.step("Abs", graph.step("Sub", premise, hypothesis))
    product = graph.step("Mul", premise, hypothesis)
    features = graph.step("Concat", premise, hypothesis, difference, product, axis=-1)
    exact = Graph(graph.weights, None, graph.nodes, graph.constants)
    return exact.linear(exact.step("Tanh", exact.linear(features, "head_in")), "head_out")


def tile() -> bytes:
    """Return the graph by which `contradict.tiles` joins vectors: ``models/weights/tile.onnx``."""
    rows, columns, product = TensorProto.UINT8, TensorProto.INT8, TensorProto.INT32
    nodes = [
        helper.make_node("MatMulInteger", ["rows", "columns", "zero"], ["product"]),
        helper.make_node("Greater", ["product", "row_low"], ["over_row"]),
        helper.make_node("Greater", ["product", "column_low"], ["over_column"]),
        helper.make_node("Or", ["over_row", "over_column"], ["found"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tile",
        [
            helper.make_tensor_value_info("rows", rows, ["m", "d"]),
            helper.make_tensor_value_info("columns", columns, ["d", "n"]),
            helper.make_tensor_value_info("row_low", product, ["m or 1", 1]),
            helper.make_tensor_value_info("column_low", product, [1, "n or 1"]),
        ],
        [
            helper.make_tensor_value_info("product", product, ["m", "n"]),
            helper.make_tensor_value_info("found", TensorProto.BOOL, ["m", "n"]),
        ],
        [numpy_helper.from_array(ZERO, "zero")],
    )
    return helper.make_model(graph, opset_imports=OPSETS[:1], ir_version=IR_VERSION).SerializeToString()
