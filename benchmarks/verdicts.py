"""Verdicts at ten pairs a claim, both ways, against cross-encoders of the same size in sentence-transformers.

    python -m benchmarks.verdicts [--runs 3] [--pairs 645] [--onnx-python ENVIRONMENT/bin/python] [--write]

The peers have twelve layers of width 384 and read each pair twice: `CrossEncoder.predict` in float32 on torch, and on
ONNX Runtime in int8, quantised by `export_dynamic_quantized_onnx_model`. The latter needs optimum, which may not go
with the sentence-transformers of this environment; then make one for it and name its interpreter:

    python -m venv onnxpeer && onnxpeer/bin/pip install torch==2.13.0 "sentence-transformers[onnx]==5.7.0"

Each side is a process of its own with the same allocator settings; they take turns, and ratios are taken within a
round. The cross-encoders' classifier is not trained, since only their time counts here.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
from pathlib import Path

from benchmarks.command import finish, parser
from benchmarks.environment import environment
from benchmarks.pair_cost import pairs_of_claims
from benchmarks.peers import Side, add_models, models_in

NAMES = {
    "contradict_verdicts": "late join, int8, contradict",
    "cross_encoder": "CrossEncoder.predict, float32, torch",
    "cross_encoder_int8": "CrossEncoder.predict, int8, ONNX Runtime",
}


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    add_models(commands)
    commands.add_argument("--runs", type=int, default=3)
    commands.add_argument("--pairs", type=int, help="judge only so many (all ten a claim)")
    commands.add_argument("--onnx-python", type=Path, default=Path(sys.executable), help="(%(default)s)")
    options = commands.parse_args()
    pairs = pairs_of_claims()[: options.pairs]
    job = {"pairs": pairs}
    seconds: dict[str, list[float]] = {name: [] for name in NAMES}
    failed: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        sides = []
        for name in NAMES:
            python = options.onnx_python if name == "cross_encoder_int8" else None
            try:
                sides.append(stack.enter_context(Side(name, models_in(options.models), job, python)))
            except RuntimeError as error:  # a peer's failure is a result
                failed[name] = str(error)
        for number in range(options.runs):
            for side in sides[number % len(sides) :] + sides[: number % len(sides)]:
                seconds[side.name].append(side.run(job)[0])
                sys.stderr.write(f"{NAMES[side.name]}: {seconds[side.name][-1]:.2f} s\n")
    own = seconds["contradict_verdicts"]
    result = {
        "environment": environment(),
        "pairs": len(pairs),
        "failed": {NAMES[name]: message for name, message in failed.items()},
        "milliseconds_a_pair": {
            NAMES[name]: [round(value / len(pairs) * 1_000, 2) for value in values] for name, values in seconds.items()
        },
        "times_faster_than": {
            NAMES[name]: [round(pick(b / a for a, b in zip(own, values)), 2) for pick in (statistics.median, min)]
            for name, values in seconds.items()
            if values and name != "contradict_verdicts"
        },
    }
    finish("verdicts", result, write=options.write)


if __name__ == "__main__":
    main()
