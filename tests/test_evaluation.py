"""Evaluation agrees with scikit-learn, says how sure it is, and does not depend on the order of the pairs."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, precision_recall_fscore_support, roc_auc_score

import contradict
from contradict.calibration import expected_calibration_error
from contradict.errors import OptionError
from contradict.evaluation import Outcomes, scores_of
from contradict.testing import FakeNLI
from contradict.verdicts import CONTRADICTION, LABELS

ROWS = [
    {"premise": "it rained", "hypothesis": "it did not rain", "label": "contradiction", "lang": "en"},
    {"premise": "it rained in Homs", "hypothesis": "it rained", "label": "entailment", "lang": "en"},
    {"premise": "it rained", "hypothesis": "no rain", "label": "neutral", "lang": "en", "hypothesis_lang": "ru"},
    {"premise": "snow", "hypothesis": "rain", "label": "neutral", "lang": "ru"},
]
outcomes = st.integers(2, 60).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.55, 0.9, 1.0]), min_size=n, max_size=n),
    )
)


@given(outcomes)
@settings(deadline=None)
def test_scores_are_those_of_scikit_learn(drawn):
    truth, called, probability = map(np.array, drawn)
    scores = scores_of(Outcomes(truth, called, probability, np.arange(len(truth))))
    assert scores.accuracy == pytest.approx(accuracy_score(truth, called), abs=1e-4)
    expected = precision_recall_fscore_support(truth, called, labels=range(3), zero_division=np.nan)
    for what, values in zip(("precision", "recall", "f1"), expected):
        for label, value in zip(LABELS, values):
            found = getattr(scores, what)[label]
            assert found == (None if np.isnan(value) else pytest.approx(value, abs=1e-4))
    contradicts = truth == CONTRADICTION
    if contradicts.all() or not contradicts.any():
        assert scores.auroc is None
    else:
        assert scores.auroc == pytest.approx(roc_auc_score(contradicts, probability), abs=1e-4)
    assert scores.calibration_error == pytest.approx(expected_calibration_error(probability, contradicts), abs=2e-4)


def test_an_evaluation_tells_languages_apart():
    # given four pairs of which the fake gets the third wrong
    evaluation = contradict.evaluate(ROWS, nli=FakeNLI())
    # then it is right on three, and each language and pair of languages stands alone
    assert evaluation.overall.accuracy == 0.75
    assert {name: scores.accuracy for name, scores in evaluation.by_language.items()} == {"en": 1, "en-ru": 0, "ru": 1}
    assert evaluation.confusion == [[1, 0, 0], [0, 1, 1], [0, 0, 1]]
    assert evaluation.overall.precision["contradiction"] == 0.5
    assert evaluation.model == "fake-nli"
    assert evaluation.mean_of(["en", "ru"]) == 1.0
    assert "accuracy 0.750" in repr(evaluation)
    with pytest.raises(OptionError, match="no pairs in de"):
        evaluation.mean_of(["de"])
    with pytest.raises(OptionError, match="measure is 'f1'"):
        evaluation.mean_of(["en"], "f1")


@given(st.permutations(ROWS))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_pairs_does_not_count(rows):
    expected, found = (contradict.evaluate(data, nli=FakeNLI(), resamples=0) for data in (ROWS, rows))
    assert found == expected


def test_intervals_hold_the_truth_and_shrink_with_more_pairs():
    chance = np.random.default_rng(1)

    def interval(n, group):
        truth = chance.integers(0, 3, n)
        called = np.where(chance.uniform(size=n) < 0.7, truth, (truth + 1) % 3)
        scores = scores_of(Outcomes(truth, called, chance.uniform(size=n), group), resamples=400, seed=2)
        low, high = scores.intervals["accuracy"]
        assert low <= scores.accuracy <= high
        return low, high

    low, high = interval(4_000, np.arange(4_000))
    assert low < 0.7 < high
    # a binomial share of 4,000: plus and minus 1.96 · sqrt(0.7 · 0.3 / 4000)
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(0.21 / 4_000), rel=0.2)
    few_low, few_high = interval(100, np.arange(100))
    assert few_high - few_low > 3 * (high - low)


def test_copies_of_a_pair_do_not_make_it_surer():
    chance = np.random.default_rng(3)
    truth = chance.integers(0, 3, 200)
    called = np.where(chance.uniform(size=200) < 0.6, truth, 0)
    probability = chance.uniform(size=200)
    once = scores_of(Outcomes(truth, called, probability, np.arange(200)), resamples=500)
    tenfold = Outcomes(*(np.tile(values, 10) for values in (truth, called, probability, np.arange(200))))
    widths = [np.subtract(*s.intervals["accuracy"]) for s in (once, scores_of(tenfold, resamples=500))]
    assert widths[1] == pytest.approx(widths[0], rel=0.15)


def test_no_resamples_no_intervals_and_the_seed_decides():
    assert contradict.evaluate(ROWS, nli=FakeNLI(), resamples=0).overall.intervals == {}
    first, again, other = (contradict.evaluate(ROWS, nli=FakeNLI(), resamples=50, seed=s) for s in (1, 1, 2))
    assert first == again
    assert first.overall.accuracy == other.overall.accuracy
    with pytest.raises(OptionError, match="resamples is -1"):
        contradict.evaluate(ROWS, resamples=-1)


def test_results_leave_as_json_and_as_a_frame():
    evaluation = contradict.evaluate(ROWS, nli=FakeNLI(), resamples=20)
    assert json.loads(evaluation.to_json())["overall"]["accuracy"] == 0.75
    frame = evaluation.to_frame()
    assert list(frame["of"]) == ["all", "en", "en-ru", "ru"]
    assert {"contradiction_f1", "auroc", "accuracy_low", "entailment_recall"} <= {*frame.columns}
