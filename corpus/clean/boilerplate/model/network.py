"""The line model: a small convolutional network over the features of a document's lines.

Each line becomes `channels` numbers; three convolutions let it see 1, 4 and 13 lines up and down (dilations 1, 3 and
9, with residual connections, as in https://arxiv.org/abs/1609.03499); the mean over the document stands for the page;
two outputs say how far the line is part of the text, and how far it is its headline.

Every weight and every activation is a whole number times a power of two, and so few bits wide that no sum of products
rounds in single precision. So the order of summation, which differs between processors and BLAS libraries, changes
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.clean.boilerplate.lines.batch import Ints

Floats = npt.NDArray[np.float32]

FORMAT = 1
DILATIONS = (1, 3, 9)
MAX_FEATURE = 128
STEPS = 32
"""Activations are kept in 32nds ..."""
MAX_ACTIVATION_STEPS = 1023
"""... and end at so many of them."""
MAX_LINES = 16_000
"""Lines of one document that a network looks at, so that their sum is exact too."""
_EXACT = 1 << 24
"""Whole numbers below this are exact in single precision."""
_MAX_EXPONENT = 20


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights as whole numbers: `weights[i, o] / 2 ** exponents[o]`."""

    weights: Ints
    """A row an input, a column an output."""
    bias: Ints
    exponents: Ints

    @classmethod
    def quantize(cls, weights: npt.NDArray[Any], bias: npt.NDArray[Any], max_input: int) -> Layer:
        """The finest layer near these weights that cannot round; see `check`."""
        exponents = np.full(weights.shape[1], _MAX_EXPONENT)
        while True:
            layer = cls(
                np.rint(np.ldexp(weights, exponents)).astype(np.int64),
                np.rint(np.ldexp(bias, exponents)).astype(np.int64),
                exponents,
            )
            rounding = layer._largest(max_input) >= _EXACT
            if not rounding.any():
                return layer
            exponents = exponents - rounding

    def check(self, max_input: int) -> None:
        """See that no sum over inputs of 0 to `max_input` can round.

        Raises:
            ValueError: one could, or the arrays don't fit each other.
        """
        outputs = self.weights.shape[1]
        if self.bias.shape != (outputs,) or self.exponents.shape != (outputs,):
            raise ValueError("weights, bias and exponents are not of one size")
        if (self._largest(max_input) >= _EXACT).any() or np.abs(self.exponents).max() > 2 * _MAX_EXPONENT:
            raise ValueError("weights too large to be summed without rounding")

    def floats(self) -> tuple[Floats, Floats]:
        """Weights and bias as what they stand for, without rounding."""
        return (
            np.ldexp(self.weights.astype(np.float32), -self.exponents),
            np.ldexp(self.bias.astype(np.float32), -self.exponents),
        )

    def _largest(self, max_input: int) -> Ints:
        largest: Ints = np.abs(self.weights).sum(axis=0) * max_input + np.abs(self.bias)
        return largest


@dataclass(frozen=True)
class Network:
    """A fitted line model.

    Attributes:
        name: Stable, versioned name; it stands in audits.
        features: Names of its inputs, in order.
        means: What each feature is on an average line; explanations compare with it.
        layers: Input layer; three convolutions, with the weights of the line above, the line itself and the line below
            one over the other; hidden layer; outputs.
        about: What it was fitted on.
    """

    name: str
    features: tuple[str, ...]
    means: tuple[int, ...]
    layers: tuple[Layer, ...]
    about: Mapping[str, Any]

    def __post_init__(self) -> None:
        if len(self.layers) != len(DILATIONS) + 3 or len(self.means) != len(self.features):
            raise ValueError("not the layers or means of a line model")
        channels, hidden = self.layers[0].weights.shape[1], self.layers[-2].weights.shape[1]
        inputs = [len(self.features), *[3 * channels] * (len(DILATIONS) + 1), hidden]
        outputs = [channels] * (len(DILATIONS) + 1) + [hidden, 2]
        for layer, shape, limit in zip(
            self.layers, zip(inputs, outputs, strict=True), [MAX_FEATURE] + [MAX_ACTIVATION_STEPS] * 5, strict=True
        ):
            if layer.weights.shape != shape:
                raise ValueError(f"a layer of {layer.weights.shape} weights, not {shape}")
            layer.check(limit)

    @cached_property
    def floats(self) -> list[tuple[Floats, Floats]]:
        """Weights and bias of each layer."""
        return [layer.floats() for layer in self.layers]

    @cached_property
    def _columns(self) -> list[tuple[Any, Floats]]:
        """The same for activations with a column a line; those of the hidden layer for lines apart from pages."""
        (w_in, b_in), *middle, (w_hidden, _), (w_out, _) = self.floats
        size = len(b_in)
        kernels = [kernel.reshape(-1, size, size).transpose(0, 2, 1).reshape(-1, size) for kernel, _ in middle]
        w_entry, w_page, w_state = w_hidden.reshape(3, size, -1)
        hidden = np.concatenate((w_entry, w_state)).T.copy(), w_page.T.copy()
        weights = [w_in.T.copy(), *kernels, hidden, w_out.T.copy()]
        return [(weight, bias[:, None]) for weight, (_, bias) in zip(weights, self.floats, strict=True)]

    def look(self, matrix: Floats, first: Ints) -> Look:
        """Judge the lines of some documents.

        Args:
            matrix: A row a feature, a column a line; whole numbers from 0 to 128.
            first: Index of the first line of each document, and behind them the number of lines.
        """
        (w_in, b_in), *middle, (w_hidden, b_hidden), (w_out, b_out) = self._columns
        size, lines = len(b_in), matrix.shape[1]
        doc = np.repeat(np.arange(len(first) - 1), np.diff(first))
        above = np.arange(lines) - first[doc]
        below = first[1:][doc] - 1 - np.arange(lines)
        joined = np.empty((2 * size, lines), np.float32)
        entry, state = joined[:size], joined[size:]
        np.matmul(w_in, matrix, out=entry)
        _activated(entry, b_in)
        state[...] = entry
        # What each line gives to the line below it, to itself and to the line above it.
        given = np.empty((3 * size, lines), np.float32)
        down, sums, up = given[:size], given[size : 2 * size], given[2 * size :]
        active = []
        for dilation, (kernel, bias) in zip(DILATIONS, middle, strict=True):
            np.matmul(kernel, state, out=given)
            # No document gives anything to the next.
            down[:, np.flatnonzero(below < dilation)] = 0
            up[:, np.flatnonzero(above < dilation)] = 0
            sums[:, dilation:] += down[:, :-dilation]
            sums[:, :-dilation] += up[:, dilation:]
            _activated(sums, bias)
            active.append(sums > 0)
            state += sums
            np.clip(state, 0, MAX_ACTIVATION_STEPS, out=state)
        w_lines, w_page = w_hidden
        hidden = w_lines @ joined
        hidden += (w_page @ _means(entry, first)).take(doc, axis=1)
        _activated(hidden, b_hidden)
        text, headline = (w_out @ hidden + b_out) / np.float32(STEPS)
        return Look(self, matrix, entry, active, hidden, text, headline)

    def to_json(self) -> str:
        """The model as a JSON document that `from_json` reads: plain numbers, a row of weights a line."""
        head = {"format": FORMAT, "name": self.name, "about": dict(self.about)}
        lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}," for key, value in head.items()]
        inputs = [f"[{json.dumps(name)}, {mean}]" for name, mean in zip(self.features, self.means, strict=True)]
        lines.append('"features": [\n' + ",\n".join(inputs) + "\n],")
        layers = []
        for layer in self.layers:
            weights = ",\n".join(_row(row) for row in layer.weights)
            layers.append(
                f'{{"exponents": {_row(layer.exponents)},\n"bias": {_row(layer.bias)},\n"weights": [\n{weights}\n]}}'
            )
        return "{\n" + "\n".join(lines) + '\n"layers": [\n' + ",\n".join(layers) + "\n]\n}\n"

    @classmethod
    def from_json(cls, text: str) -> Network:
        """Read what `to_json` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            raw = json.loads(text)
            if raw["format"] != FORMAT:
                raise ValueError(f"format {raw['format']}, not {FORMAT}")
            layers = tuple(
                Layer(*(np.array(layer[part], np.int64) for part in ("weights", "bias", "exponents")))
                for layer in raw["layers"]
            )
            names = tuple(str(name) for name, _ in raw["features"])
            means = tuple(int(mean) for _, mean in raw["features"])
            return cls(str(raw["name"]), names, means, layers, dict(raw["about"]))
        except (KeyError, TypeError, IndexError, OverflowError) as error:
            raise ValueError(f"not a line model: {error!r}") from None


@dataclass(frozen=True, slots=True)
class Look:
    """What a network makes of some lines."""

    network: Network
    matrix: Floats
    entry: Floats
    """A row a channel, a column a line, as in `active` and `hidden`."""
    active: list[npt.NDArray[np.bool_]]
    """For each convolution which of its outputs are not 0."""
    hidden: Floats
    text: Floats
    """For each line how far it is text, as a logit; exact, so that it is the same on every machine."""
    headline: Floats
    """For each line how far it is the headline of its document, as a logit."""

    def pull(self, lines: Ints) -> npt.NDArray[np.float64]:
        """How far each feature of some lines pulled them out of the text: a row a line, a column a feature.

        The derivative of the logit by the line's own feature, times what the feature differs by from an average line.
        Between the kinks of the network this is exact, https://arxiv.org/abs/1605.01713. Derivatives are rounded after
        each layer, so that these numbers too are the same on every machine.
        """
        (w_in, _), *middle, (w_hidden, _), (w_out, _) = (
            (weights.astype(np.float64), bias) for weights, bias in self.network.floats
        )
        channels = w_in.shape[1]
        joined = _rounded((w_out[:, 0] * (self.hidden[:, lines].T > 0)) @ w_hidden.T)
        state = joined[:, 2 * channels :]
        for (kernel, _), active in zip(reversed(middle), reversed(self.active), strict=True):
            state = _rounded(state + (state * active[:, lines].T) @ kernel[channels : 2 * channels].T)
        own = (joined[:, :channels] + state) * (self.entry[:, lines].T > 0)
        away = self.matrix[:, lines].T - np.array(self.network.means, np.float64)
        return -(own @ w_in.T) * away / STEPS


def _rounded(derivatives: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.rint(derivatives * 1024) / 1024


def _activated(sums: Floats, bias: Floats) -> None:
    sums += bias
    np.floor(sums, out=sums)
    np.clip(sums, 0, MAX_ACTIVATION_STEPS, out=sums)


def _means(values: Floats, first: Ints) -> Floats:
    """The mean over each document's lines, rounded down; exact for documents of at most `MAX_LINES` lines."""
    sizes = np.diff(first)
    means = np.zeros((len(values), len(sizes)), np.float32)
    filled = np.flatnonzero(sizes)
    if len(filled):
        means[:, filled] = np.add.reduceat(values, first[filled], axis=1) // sizes[filled].astype(np.float32)
    return means


def _row(numbers: Ints) -> str:
    return "[" + ",".join(map(str, numbers.tolist())) + "]"


@cache
def shipped() -> Network:
    """The model that comes with the program."""
    return Network.from_json((resources.files(__package__) / "line_model.json").read_text(encoding="utf-8"))
