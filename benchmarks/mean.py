"""Make an NLI model whose weights are the mean of others' (Wortsman et al. 2022, arXiv:2203.05482), in int8.

    python -m benchmarks.mean --of bundled=0.5 runs/i/model.safetensors=0.5 --out runs/mean --version 0.5

The ranges of the int8 graphs are measured on pairs of the training data; the temperature is fitted on XNLI's held-out
tenth. Beside the graphs stands `model.safetensors`, the float weights.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.command import dev_path, parser
from contradict.labelled import read_labelled
from contradict.models.bundled import WEIGHTS
from contradict.models.e5 import E5File
from contradict.models.export import export_nli, fit_temperature, float_weights
from contradict.models.latejoin import LateJoin
from contradict.models.names import checkpoint_names
from contradict.training import RANGE_PAIRS, WHOLE_TOKENS
from contradict.training.run import load_weights

if TYPE_CHECKING:
    from torch import Tensor

SPLIT = 8
RANGES_OF = ("xnli_dev_90", "ling_in_loop", "ans_train", "klue_nli_train")


def weights_of(name: str, file: E5File) -> dict[str, Tensor]:
    """Return a model's weights: the bundled one's, or those of a file."""
    return float_weights(WEIGHTS, file.shape) if name == "bundled" else load_weights(Path(name), file.shape.layers)


def main() -> None:
    """Take the mean and export it."""
    from safetensors.torch import save_file

    commands = parser(__doc__)
    commands.add_argument("--of", nargs="+", required=True, metavar="MODEL=SHARE")
    commands.add_argument("--out", type=Path, required=True)
    commands.add_argument("--version", required=True)
    commands.add_argument("--pairs-seen", type=int, default=0, help="in all runs, for nli.json")
    options = commands.parse_args()
    file = E5File()
    shares = {name: float(share) for name, _, share in (of.rpartition("=") for of in options.of)}
    models = {name: weights_of(name, file) for name in shares}
    total = sum(shares.values())
    mean = {
        own: sum(models[name][own].float() * (share / total) for name, share in shares.items())
        for own in next(iter(models.values()))
    }
    model = LateJoin(file.shape, SPLIT)
    model.load_state_dict(mean, strict=False)
    options.out.mkdir(parents=True, exist_ok=True)
    names = checkpoint_names(file.shape.layers)
    state = model.state_dict()
    save_file(
        {stored: state[own].half().contiguous() for own, stored in names.items()}, options.out / "model.safetensors"
    )
    pairs = [
        (pair.premise, pair.hypothesis)
        for name in RANGES_OF
        for pair in random.Random(0).sample(
            read_labelled(options.shared / "nli" / "train" / f"{name}.jsonl.gz"), RANGE_PAIRS // len(RANGES_OF)
        )
    ]
    about = {
        "name": "contradict-nli",
        "version": options.version,
        "whole_tokens": WHOLE_TOKENS,
        "training": {"pairs_seen": options.pairs_seen},
    }
    export_nli(model, file, pairs, options.out, about)
    fit_temperature(options.out, read_labelled(dev_path(options, "xnli_dev_10")))


if __name__ == "__main__":
    main()
