"""`compare` of 300 claims against `scan()` of contradict-text 0.2.1, with models of the same size.

    python -m benchmarks.scan --python ENVIRONMENT/bin/python [--claims 300] [--few 60] [--runs 2] [--write]

contradict-text installs the same import name, so it needs an environment of its own:

    python -m venv contradicttext && contradicttext/bin/pip install torch==2.13.0 contradict-text==0.2.1

Its `scan()` encodes both texts of every pair anew and judges one pair at a time, so that its time is that of a pair
times the pairs. It is timed on some of the claims, with every pair of them, and what all claims would take is computed
from that; the ratio on those same few claims is measured. It judges every pair, in one direction; `compare` those near
in topic and of different outlets, in both. Its models here are ours in float32 (twelve layers, width 384), the
classifier untrained. The claims are those of `benchmarks.compare`.
"""

from __future__ import annotations

import random
import statistics
import sys
from pathlib import Path

from benchmarks.command import finish, parser
from benchmarks.compare import SEED, sentences
from benchmarks.environment import environment
from benchmarks.news import FILE
from benchmarks.peers import Side, add_models, models_in


def pairs_of(count: int) -> int:
    """Return the number of pairs of so many claims."""
    return count * (count - 1) // 2


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    add_models(commands)
    commands.add_argument("--python", type=Path, required=True, help="interpreter of the peer's environment")
    commands.add_argument("--claims", type=int, default=300)
    commands.add_argument("--few", type=int, default=60, help="claims that the peer is timed on (%(default)s)")
    commands.add_argument("--runs", type=int, default=2)
    options = commands.parse_args()
    claims = sentences(options.shared / FILE, options.claims)
    few = random.Random(SEED).sample(claims, min(options.few, len(claims)))
    warm = {"claims": few[:3], "texts": [claim["text"] for claim in few[:3]]}
    folder = models_in(options.models)
    seconds: dict[str, list[float]] = {name: [] for name in ("all", "few", "scan")}
    with (
        Side("contradict_compare", folder, warm) as own,
        Side("scan", folder, warm, options.python) as peer,
    ):
        for _ in range(options.runs):
            seconds["all"].append(own.run({"claims": claims})[0])
            seconds["few"].append(own.run({"claims": few})[0])
            seconds["scan"].append(peer.run({"texts": [claim["text"] for claim in few]})[0])
            sys.stderr.write(f"{ {name: round(values[-1], 2) for name, values in seconds.items()} }\n")
    scale = pairs_of(len(claims)) / pairs_of(len(few))
    result = {
        "environment": environment(),
        "claims": len(claims),
        "few": len(few),
        "seconds": {name: [round(value, 3) for value in values] for name, values in seconds.items()},
        "seconds_scan_of_all_computed": [round(value * scale, 1) for value in seconds["scan"]],
        "times_faster_on_few": round(statistics.median(b / a for a, b in zip(seconds["few"], seconds["scan"])), 1),
        "times_faster_computed": round(
            statistics.median(b * scale / a for a, b in zip(seconds["all"], seconds["scan"])), 1
        ),
    }
    finish("scan", result, write=options.write)


if __name__ == "__main__":
    main()
