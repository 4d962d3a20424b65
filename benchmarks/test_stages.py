"""Each stage by itself. Run once as smoke tests; measured with `pytest --benchmark-enable benchmarks`."""

import json
from pathlib import Path

import numpy as np
import pytest

import contradict
from contradict.pairs import find_pairs

CLAIMS = Path(__file__).parent.parent / "fixtures" / "airstrikes.jsonl"
TEXTS = [json.loads(line)["text"] for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
PAIRS = [(a, b) for row, a in enumerate(TEXTS) for b in TEXTS[row + 1 :]][:200]


@pytest.fixture(scope="module")
def detector():
    detector = contradict.Detector()
    detector.compare("warm", "cold")
    return detector


@pytest.mark.benchmark(group="pairs")
@pytest.mark.parametrize("n", [1_000, 4_000])
def test_pairs(benchmark, n):
    vectors = np.random.default_rng(0).normal(size=(n, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = benchmark(find_pairs, vectors, top_k=10)
    assert len(pairs) >= 5 * n


@pytest.mark.benchmark(group="vectors")
def test_encode(benchmark, detector):
    assert benchmark(detector.encoder.encode, TEXTS).shape == (len(TEXTS), 384)


@pytest.mark.benchmark(group="verdicts")
def test_verdicts(benchmark, detector):
    assert benchmark(detector.nli.predict_both, PAIRS).shape == (len(PAIRS), 2, 3)


@pytest.mark.benchmark(group="compare")
def test_two_sentences(benchmark, detector):
    report = benchmark(detector.compare, "The bridge was closed on Monday.", "The bridge was open on Monday.")
    assert report.counts.pairs_judged == 1


@pytest.mark.benchmark(group="compare")
def test_the_fixture(benchmark, detector):
    report = benchmark(detector.compare, CLAIMS)
    assert report.counts.claims == len(TEXTS)
