"""What the documentation shows of the budget, and of verdicts and `compare` against peers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import budget as curves
from benchmarks.command import RESULTS
from benchmarks.tables import measured_on, result, table

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = (0.1, 0.25, 0.5, 0.75)


def if_measured(name: str, show: Callable[[dict[str, Any]], str]) -> Callable[[], str]:
    """Return what shows a result, or says that there is none yet."""

    def shown() -> str:
        if not (RESULTS / f"{name}.json").is_file():
            return f"Not measured yet: `python -m benchmarks.{name} --write`.\n"
        return show(result(name))

    return shown


def budget(of: dict[str, Any]) -> str:
    """Return the share of the conflicts found, by pool, kind of conflict and order."""
    places = [of["shares"].index(share) for share in SHOWN]
    rows = [
        (name, truth, found["conflicts"][truth], how, *(f"{values[truth][place]:.3f}" for place in places))
        for name, found in of["pools"].items()
        for truth in curves.TRUTHS
        for how, values in found["curves"].items()
        if truth in values
    ]
    head = ("pool", "conflicts", "of them", "order", *(f"found at {share:.0%}" for share in SHOWN))
    pairs = ", ".join(f"{name} {found['pairs']:,}" for name, found in of["pools"].items())
    said = (
        f"\nPairs: {pairs}. NLI model `{of['nli']}`; ranker: {of['ranker']}. Weight of the sparsity: "
        f"{of['weight_of_sparsity']:g}, the best of {', '.join(f'{a:g}' for a in curves.SPARSITY)} on these pools.\n"
    )
    return table(head, rows) + said + measured_on(of)


def verdicts(of: dict[str, Any]) -> str:
    """Return what a judged pair costs beside the peers."""
    rows = [
        (name, ", ".join(map(str, values)) or of["failed"].get(name), *of["times_faster_than"].get(name, (None, None)))
        for name, values in of["milliseconds_a_pair"].items()
    ]
    head = ("", "milliseconds a pair, both ways, each round", "times that contradict is faster, median", "least")
    return f"{of['pairs']} pairs, ten a claim.\n\n" + table(head, rows) + measured_on(of)


def compare(of: dict[str, Any]) -> str:
    """Return the whole of compare beside the pipeline of sentence-transformers."""
    times, pairs, seconds = of["times_faster"], of["pairs"], of["seconds"]

    def listed(values: list[float]) -> str:
        return ", ".join(map(str, values))

    rows = [
        ("`compare`", pairs["default"], listed(seconds["default"]), *times["default"]),
        ("`compare(max_pairs=None)`", pairs["all pairs"], listed(seconds["all pairs"]), *times["all pairs"]),
        ("the peer", pairs["sentence-transformers"], listed(of["seconds_sentence_transformers"]), 1, 1),
    ]
    conflicts, shared = of["conflicts"], of["of_the_peers_conflicts"]
    said = (
        f"\n{of['claims']:,} claims. The peer's cross-encoder was timed on {pairs['sample']:,} of its pairs (seconds: "
        f"{listed(seconds['sample'])}), encoding and mining on all ({listed(seconds['encode and mine'])}). Conflicts "
        f"by our NLI model, each copy of a claim counted: {conflicts['default']} by default and "
        f"{conflicts['all pairs']} over all pairs; the peer's "
        f"pairs hold {conflicts['among the pairs of the peer']} (and {of['between_copies']} between copies of one "
        f"statement, which `compare` folds), of which these are {percent(shared['default'])} and "
        f"{percent(shared['all pairs'])}. The default budget finds {percent(of['of_a_whole_run'])} of what a run over "
        "all pairs does.\n"
    )
    head = ("", "pairs judged", "seconds, each round", "times as fast, median", "least")
    return table(head, rows) + said + measured_on(of)


def scan(of: dict[str, Any]) -> str:
    """Return the whole of compare beside contradict-text."""
    seconds = of["seconds"]
    rows = [
        (f"`compare`, {of['few']} claims", ", ".join(map(str, seconds["few"])), of["times_faster_on_few"]),
        (f"contradict-text `scan()`, {of['few']} claims", ", ".join(map(str, seconds["scan"])), 1),
        (f"`compare`, {of['claims']} claims", ", ".join(map(str, seconds["all"])), of["times_faster_computed"]),
        (f"contradict-text `scan()`, {of['claims']} claims, computed from the pairs",
         ", ".join(map(str, of["seconds_scan_of_all_computed"])), 1),
    ]  # fmt: skip
    return table(("", "seconds, each round", "times that contradict is faster"), rows) + measured_on(of)


def percent(share: float | None) -> str:
    """Return a share in per cent."""
    return "–" if share is None else f"{share:.1%}"


def batches(of: dict[str, Any]) -> str:
    """Return a judged pair's time by tokens a batch."""
    rows = [(size, *(of["medians"][name][size] for name in ("one", "all"))) for size in of["medians"]["one"]]
    said = (
        f"\nMilliseconds a pair, medians. Second-level cache {of['second_level_cache'] >> 10:,} KB: the library takes "
        f"{of['chosen']} tokens.\n"
    )
    return table(("tokens a batch", "one processor", "all, a batch a thread"), rows) + said + measured_on(of)


BLOCKS = {
    "batches": if_measured("batches", batches),
    "budget": if_measured("budget", budget),
    "verdicts": if_measured("verdicts", verdicts),
    "compare": if_measured("compare", compare),
    "scan": if_measured("scan", scan),
}
