"""How large the HTML page of a large report is, how long it takes to make, and how long a browser takes to open it.

    python -m benchmarks.page [--copies 16] [--runs 5] [--write]

The report is made of the fixtures, each claim as often as `--copies` says, every copy with speakers of its own and a
link; its conflicts are the gold's, with the evidence that is found for them. No model runs. Opening is the time of
headless Chromium to load the page and print its document, less that for an empty page.
"""

from __future__ import annotations

import dataclasses
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import contradict
from benchmarks.command import ROOT, finish, parser
from benchmarks.environment import environment
from benchmarks.fixtures import NAMES, gold_of
from contradict.evidence import evidence
from contradict.judged import JudgedPair, Probabilities
from contradict.provenance import Counts, Provenance

VERDICT = {"conflict": (0.02, 0.08, 0.9), "agreement": (0.9, 0.08, 0.02), "near_miss": (0.1, 0.8, 0.1)}


def report_of(copies: int) -> contradict.Report:
    """Return the report of so many copies of both fixtures, as if every verdict were the gold's."""
    claims: list[contradict.Claim] = []
    judged = []
    for name in NAMES:
        originals = contradict.read_claims(ROOT / "fixtures" / f"{name}.jsonl")
        for copy in range(copies):
            of_copy = {
                claim.id: dataclasses.replace(
                    claim,
                    id=f"{name}-{claim.id}-{copy}",
                    speaker=f"{claim.speaker} {copy}",
                    url=f"https://example.org/{name}/{copy}/articles/{claim.id}.html",
                )
                for claim in originals
            }
            claims += of_copy.values()
            for pair, relation in gold_of(name).items():
                a, b = (of_copy[claim] for claim in sorted(pair))
                verdict = Probabilities(*VERDICT[relation])
                p = verdict.contradiction - 0.001 * copy
                judged.append(JudgedPair(a, b, p, verdict, verdict, 0.9, None, evidence(a, b, probability=p)))
    counts = Counts(claims=len(claims), pairs_possible=len(claims) * (len(claims) - 1) // 2, pairs_judged=len(judged))
    return contradict.Report(tuple(claims), tuple(judged), 0.5, counts, Provenance("0", "none", "gold"))


def opened(page: Path, runs: int) -> float | None:
    """Return the median seconds that Chromium takes for a page; None where there is no Chromium."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        return None
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()]
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Measure and print, or write, the result."""
    arguments = parser(__doc__)
    arguments.add_argument("--copies", type=int, default=16)
    arguments.add_argument("--runs", type=int, default=5)
    options = arguments.parse_args()
    report = report_of(options.copies)
    start = time.perf_counter()
    text = report.to_html()
    made = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        page, empty = Path(folder, "page.html"), Path(folder, "empty.html")
        page.write_text(text, encoding="utf-8")
        empty.write_text("<!doctype html><title>empty</title>", encoding="utf-8")
        times = [opened(path, options.runs) for path in (page, empty)]
    result = {
        "environment": environment(),
        "claims": len(report.claims),
        "conflicts": len(report),
        "disputes": len(report.disputes),
        "megabytes": round(len(text.encode()) / 1e6, 2),
        "seconds_to_make": round(made, 2),
        "seconds_to_open": None if None in times else round(times[0] - times[1], 2),  # type: ignore[operator]
        "seconds_for_an_empty_page": None if None in times else round(times[1], 2),  # type: ignore[arg-type]
    }
    finish("page", result, write=options.write)


if __name__ == "__main__":
    main()
