"""Calibration gives back the probabilities it was fitted on."""

import numpy as np
import pytest

import contradict
from contradict.calibration import Calibration, abstention
from contradict.errors import ModelFilesError, OptionError
from contradict.models import bundled_calibration
from contradict.models.bundled import BundledEncoder, BundledNLI
from contradict.testing import FakeEncoder, FakeNLI
from contradict.verdicts import Verdicts

NAMES = {"encoder": "e", "nli": "n", "fitted_on": "a test"}


def verdicts_of(probability):
    rows = np.stack([(1 - probability) / 2, (1 - probability) / 2, probability], axis=1).astype(np.float32)
    return Verdicts(rows, rows)


def test_a_fit_recovers_the_law_it_was_drawn_from():
    # given pairs whose chance of conflict follows a known law
    chance = np.random.default_rng(0)
    p, cosine = chance.uniform(0.01, 0.99, 100_000), chance.uniform(0, 1, 100_000)
    law = Calibration(0.8, 0.2, 4.0, 0.3, -3.0, **NAMES)
    truth = law.probability(verdicts_of(p), cosine)
    # when fitted to what was drawn
    fitted = Calibration.fit(verdicts_of(p), cosine, chance.uniform(size=100_000) < truth, **NAMES)
    # then the probabilities agree
    assert np.abs(fitted.probability(verdicts_of(p), cosine) - truth).max() < 0.03


def test_more_contradiction_and_more_similarity_are_more_probable():
    calibration = bundled_calibration()
    p = np.linspace(0, 1, 11)
    assert (np.diff(calibration.probability(verdicts_of(p), np.full(11, 0.5))) >= 0).all()
    assert (np.diff(calibration.probability(verdicts_of(np.full(11, 0.5)), p)) > 0).all()


def test_certainty_is_finite():
    extremes = bundled_calibration().probability(verdicts_of(np.array([0.0, 1.0])), np.array([0.0, 1.0]))
    assert np.isfinite(extremes).all()
    assert (extremes > 0).all()
    assert (extremes < 1).all()


def test_the_bundled_calibration_is_that_of_the_bundled_models():
    calibration = bundled_calibration()
    assert calibration.encoder == BundledEncoder.name
    assert calibration.nli == BundledNLI().name


def test_it_survives_its_file(tmp_path):
    calibration = Calibration(1.0, 0.5, 2.0, 0.1, 3.0, **NAMES)
    calibration.write(tmp_path / "c.json")
    assert Calibration.read(tmp_path / "c.json") == calibration
    (tmp_path / "c.json").write_text("{}")
    with pytest.raises(ModelFilesError, match="not a calibration"):
        Calibration.read(tmp_path / "c.json")


def test_the_band_of_abstention_is_where_neither_answer_is_sure():
    # given pairs whose chance of conflict is their probability
    chance = np.random.default_rng(0)
    probability = chance.uniform(size=50_000)
    low, high = abstention(probability, chance.uniform(size=50_000) < probability)
    # then a tenth of the conflicts is at 0.1 and nine tenths at 0.9
    assert low == pytest.approx(0.1, abs=0.03)
    assert high == pytest.approx(0.9, abs=0.03)
    # and where all is doubtful, nothing is answered
    low, high = abstention(probability, chance.uniform(size=50_000) < 0.5)
    assert low < 0.01
    assert high > 0.99


def test_a_fit_says_how_well_it_holds_and_refuses_too_little():
    chance = np.random.default_rng(1)
    p, cosine = chance.uniform(0.01, 0.99, 3_000), chance.uniform(0, 1, 3_000)
    truth = Calibration(0.8, 0.2, 4.0, 0.3, -3.0, **NAMES).probability(verdicts_of(p), cosine)
    drawn = chance.uniform(size=3_000) < truth
    fitted = Calibration.fit(verdicts_of(p), cosine, drawn, groups=[n // 3 for n in range(3_000)], **NAMES)
    assert fitted.expected_error < 0.05
    assert 0 < fitted.unsure[0] < fitted.unsure[1] <= 1
    with pytest.raises(OptionError, match="label at least 20"):
        Calibration.fit(verdicts_of(p[:30]), cosine[:30], np.arange(30) < 3, **NAMES)


def test_calibrating_on_ones_own_pairs_changes_what_compare_says(tmp_path):
    nothing = [(f"it rained on day {n}", f"it did not rain on day {n}") for n in range(25)]
    conflict = [(f"it rained on day {n}", f"snow fell on day {n}") for n in range(25)]
    detector = contradict.Detector(FakeEncoder(), FakeNLI())
    plain = detector.compare(*nothing[0]).judged[0].probability
    calibration = contradict.calibrate(
        nothing + conflict, ["neutral"] * 25 + ["contradiction"] * 25, detector=detector, groups=[*range(25)] * 2
    )
    calibration.write(tmp_path / "own.json")
    again = contradict.Detector(FakeEncoder(), FakeNLI(), calibration=tmp_path / "own.json").compare(*nothing[0])
    assert plain > 0.8
    assert again.judged[0].probability < 0.3
    assert again.provenance.calibration == "50 labelled pairs, seed 0"
    with pytest.raises(OptionError, match="give one label a pair"):
        contradict.calibrate(conflict, [True], detector=detector)
    with pytest.raises(OptionError, match=r"labels\[0\] is 'perhaps'"):
        contradict.calibrate(conflict, ["perhaps"] * 25, detector=detector)
