"""Time and memory of `compare()` by the number of claims, each size in a process of its own.

    python -m benchmarks.growth [--sizes 1000 3162 10000 31623 100000] [--pairs-a-claim 5] [--seconds 600] [--write]

The models are the fakes of `contradict.testing` (the encoder with 384 dimensions), so that what is measured is all the
rest: reading claims, pairing, evidence, report. Claims are made by rule, with a seed: on as many topics as there are
twenties of claims, by a speaker in fifty, with numbers, names, dates and negations. The pairs judged a claim are fixed
by `max_pairs`. The exponent is the slope of the line through the logarithms of claims and seconds.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np

from benchmarks.command import ROOT, finish, parser
from benchmarks.environment import environment
from contradict import Claim, Detector
from contradict.testing import FakeEncoder, FakeNLI

SIZES = (1_000, 3_162, 10_000, 31_623, 100_000)
OF_A_TOPIC, SEED, TOP_K = 20, 0, 10
PLACES = ("Aleppo", "Homs", "Raqqa", "Idlib", "Hama", "Palmyra", "Damascus", "Latakia")
DEEDS = ("hit", "did not hit", "destroyed", "spared", "damaged", "did not destroy")
THINGS = ("the bridge", "the hospital", "the depot", "the airfield", "the school", "the market")


def claims_made(count: int) -> list[Claim]:
    """Return claims; those on one topic share most of their words."""
    chance = np.random.default_rng(SEED)
    vocabulary = [f"word{number}" for number in range(max(200, count // 4))]
    topics = [chance.choice(vocabulary, 6).tolist() for _ in range(max(1, count // OF_A_TOPIC))]
    made = []
    for number in range(count):
        words = " ".join(topics[chance.integers(len(topics))])
        place, deed, thing = (str(chance.choice(of)) for of in (PLACES, DEEDS, THINGS))
        text = f"On {words} the strike {deed} {thing} in {place} and killed {chance.integers(2, 60)} people ({number})."
        day = f"2015-{chance.integers(1, 13):02}-{chance.integers(1, 29):02}"
        made.append(Claim(text, speaker=f"Speaker {chance.integers(max(2, count // 50))}", date=day, lang="en"))
    return made


def one(count: int, pairs_a_claim: int) -> dict[str, Any]:
    """Measure one size in this process."""
    detector = Detector(FakeEncoder(384), FakeNLI())
    detector.compare(claims_made(50))
    claims = claims_made(count)
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    report = detector.compare(claims, top_k=TOP_K, max_pairs=count * pairs_a_claim)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(seconds, 3),
        "processor_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 3),
        "peak_memory_mb": after.ru_maxrss // 1024,
        "peak_memory_before_mb": before.ru_maxrss // 1024,
        "pairs_judged": report.counts.pairs_judged,
        "conflicts": len(report),
    }


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    commands.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    commands.add_argument("--pairs-a-claim", type=int, default=5)
    commands.add_argument("--seconds", type=float, default=600, help="most a size may take (%(default)s)")
    commands.add_argument("--one", type=int, help="measure this size in this process")
    options = commands.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(one(options.one, options.pairs_a_claim)))
        return
    sizes: dict[int, dict[str, Any]] = {}
    for count in options.sizes:
        command = [sys.executable, "-m", "benchmarks.growth", "--one", str(count)]
        command += ["--pairs-a-claim", str(options.pairs_a_claim)]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=options.seconds, check=True
            )
            sizes[count] = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            sizes[count] = {"failed": f"over {options.seconds:g} s"}
        except subprocess.CalledProcessError as error:
            sizes[count] = {"failed": error.stderr.strip().splitlines()[-1]}
        sys.stderr.write(f"{count:,}: {sizes[count]}\n")
    ended = [(count, found) for count, found in sizes.items() if "failed" not in found]
    logs = np.log([[count, found["seconds"], found["processor_seconds"]] for count, found in ended])
    exponent = {
        name: round(float(np.polyfit(logs[:, 0], logs[:, column], 1)[0]), 3) if len(ended) > 1 else None
        for name, column in (("seconds", 1), ("processor_seconds", 2))
    }
    result = {
        "environment": environment(),
        "pairs_a_claim": options.pairs_a_claim,
        "top_k": TOP_K,
        "seed": SEED,
        "exponent": exponent,
        "sizes": sizes,
    }
    finish("growth", result, write=options.write)


if __name__ == "__main__":
    main()
