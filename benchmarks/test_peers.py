"""The machinery of the comparisons: sides as processes, curves, and the tables of results that are not there yet."""

import numpy as np
import pytest

from benchmarks import report_peers
from benchmarks.budget import SHARES, curve, with_best_sparsity
from benchmarks.peers import Side

ENVIRONMENT = {"environment": {"date": "2026-01-01", "processors": 2, "processor": "some", "commit": "abc"}}


def test_a_side_does_jobs_in_a_process_of_its_own(tmp_path):
    pairs = [("The bridge was open.", "The bridge was closed."), ("It rained.", "Oil is dear.")]
    with Side("contradict_verdicts", tmp_path, {"pairs": pairs[:1]}) as side:
        seconds, contradiction = side.run({"pairs": pairs})
    assert seconds > 0
    assert contradiction[0] > contradiction[1]


def test_a_peer_that_fails_is_reported_with_what_it_wrote_last(tmp_path):
    with pytest.raises(RuntimeError, match="nobody failed: KeyError: 'nobody'"):
        Side("nobody", tmp_path, {})


def test_a_curve_counts_what_is_among_the_first():
    found = np.array([True, False, True, False, False, False, False, False, False, True])
    values = dict(zip(SHARES, curve(found, np.arange(10)[::-1])))
    assert values[0.1] == pytest.approx(1 / 3, abs=1e-4)
    assert values[0.75] == pytest.approx(2 / 3, abs=1e-4)  # the seventh and eighth pair from the end
    assert values[1.0] == 1


def test_of_the_weights_of_sparsity_the_best_is_kept():
    flat = {"both": [0.0] * len(SHARES)}
    curves = dict.fromkeys(("learned", "cosine"), flat)
    curves |= {f"cosine + Hoyer sparsity, {a:g}": {"both": [a / 10] * len(SHARES)} for a in (0.25, 0.5, 1.0, 2.0, 5.0)}
    pools = {"pool": {"curves": curves}}
    assert with_best_sparsity(pools) == 5
    assert list(pools["pool"]["curves"]) == ["learned", "cosine", "cosine + Hoyer sparsity"]
    assert pools["pool"]["curves"]["cosine + Hoyer sparsity"]["both"][0] == 0.5


def test_what_was_not_measured_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(report_peers, "RESULTS", tmp_path)
    assert report_peers.BLOCKS["scan"]() == "Not measured yet: `python -m benchmarks.scan --write`.\n"


def test_verdicts_are_shown_with_a_peer_that_failed():
    shown = report_peers.verdicts(
        ENVIRONMENT
        | {
            "pairs": 20,
            "failed": {"int8": "needs optimum"},
            "milliseconds_a_pair": {"ours": [1.5, 1.6], "torch": [40.0, 41.0], "int8": []},
            "times_faster_than": {"torch": [26.1, 25.6]},
        }
    )
    assert "| torch | 40.0, 41.0 | 26.1 | 25.6 |" in shown
    assert "| int8 | needs optimum | – | – |" in shown


def test_compare_and_scan_are_shown():
    shown = report_peers.compare(
        ENVIRONMENT
        | {
            "claims": 2_000,
            "pairs": {"default": 13, "all pairs": 26, "sentence-transformers": 26, "sample": 10},
            "seconds": {"default": [20.0], "all pairs": [31.0], "encode and mine": [30.0], "sample": [40.0]},
            "seconds_sentence_transformers": [134.0],
            "times_faster": {"default": [6.7, 6.7], "all pairs": [4.3, 4.3]},
            "conflicts": {"default": 99, "all pairs": 100, "among the pairs of the peer": 90},
            "between_copies": 16,
            "of_the_peers_conflicts": {"default": 0.97, "all pairs": None},
            "of_a_whole_run": 0.99,
        }
    )
    assert "| `compare` | 13 | 20.0 | 6.7 | 6.7 |" in shown
    assert "hold 90 (and 16 between copies of one statement, which `compare` folds)" in shown
    assert "of which these are 97.0% and –" in shown
    shown = report_peers.scan(
        ENVIRONMENT
        | {
            "claims": 300,
            "few": 60,
            "seconds": {"all": [3.0], "few": [0.6], "scan": [90.0]},
            "seconds_scan_of_all_computed": [2_281.0],
            "times_faster_on_few": 150.0,
            "times_faster_computed": 760.3,
        }
    )
    assert "| `compare`, 60 claims | 0.6 | 150.0 |" in shown
    assert "| contradict-text `scan()`, 300 claims, computed from the pairs | 2281.0 | 1 |" in shown
