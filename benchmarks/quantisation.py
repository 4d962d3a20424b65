"""What rounding to int8 costs: the graphs that ship against the float32 weights they were made of, on every set.

python -m benchmarks.quantisation --float model.safetensors [--shared ../shared] [--write]
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from benchmarks.command import dev_path, finish, parser
from benchmarks.environment import environment
from benchmarks.nli import SETS
from contradict.labelled import read_labelled
from contradict.models.bundled import BundledNLI
from contradict.models.e5 import E5File
from contradict.models.latejoin import LateJoin
from contradict.training.batches import Example
from contradict.training.run import load_weights, predict
from contradict.verdicts import CONTRADICTION, LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contradict.labelled import LabelledPair


def float_probabilities(model: LateJoin, file: E5File, nli: BundledNLI, pairs: Sequence[LabelledPair]) -> np.ndarray:
    """Return probabilities (n, 3) by the float32 weights, at the temperature of the int8 model."""
    tokens = {text: tuple(nli.tokens(text)) for pair in pairs for text in (pair.premise, pair.hypothesis)}
    made = [Example(tokens[pair.premise], tokens[pair.hypothesis], LABELS.index(pair.label)) for pair in pairs]
    powers = predict(model, made, file) ** (1 / nli.config.temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    commands.add_argument("--float", type=Path, required=True, help="the weights that the int8 graphs were made of")
    options = commands.parse_args()
    torch.set_num_threads(2)
    file, nli = E5File(), BundledNLI()
    model = LateJoin(file.shape, nli.config.split)
    model.load_state_dict(load_weights(options.float, file.shape.layers))
    sets, right, total = {}, np.zeros(2), 0
    for name in SETS:
        whole = read_labelled(dev_path(options, name))
        pairs = [pair for pair in whole if max(len(nli.tokens(t)) for t in (pair.premise, pair.hypothesis)) <= 512]
        truth = np.array([LABELS.index(pair.label) for pair in pairs])
        exact = float_probabilities(model, file, nli, pairs)
        rounded = nli.predict([(pair.premise, pair.hypothesis) for pair in pairs])
        correct = np.array([(p.argmax(axis=1) == truth).sum() for p in (exact, rounded)])
        sets[name] = {
            "pairs": len(pairs),
            "too_long": len(whole) - len(pairs),
            "float32": round(float(correct[0] / len(pairs)), 4),
            "int8": round(float(correct[1] / len(pairs)), 4),
            "points": round(float(correct[1] - correct[0]) / len(pairs) * 100, 2),
            "mean_difference_of_p": round(float(np.abs(exact - rounded)[:, CONTRADICTION].mean()), 4),
        }
        right, total = right + correct, total + len(pairs)
    result = {
        "environment": environment(),
        "model": nli.name,
        "all": {"pairs": total, "points": round(float(right[1] - right[0]) / total * 100, 2)},
        "sets": sets,
    }
    finish("quantisation", result, write=options.write)


if __name__ == "__main__":
    main()
