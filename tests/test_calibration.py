"""Calibration gives back the probabilities it was fitted on."""

import numpy as np
import pytest

from contradict.calibration import Calibration
from contradict.errors import ModelFilesError
from contradict.models import bundled_calibration
from contradict.models.bundled import BundledEncoder, BundledNLI
from contradict.verdicts import Verdicts

NAMES = {"encoder": "e", "nli": "n", "fitted_on": "a test"}


def verdicts_of(probability):
    rows = np.stack([(1 - probability) / 2, (1 - probability) / 2, probability], axis=1).astype(np.float32)
    return Verdicts(rows, rows)


def test_a_fit_recovers_the_law_it_was_drawn_from():
    # given pairs whose chance of conflict follows a known law
    chance = np.random.default_rng(0)
    p, cosine = chance.uniform(0.01, 0.99, 20_000), chance.uniform(0, 1, 20_000)
    law = Calibration(0.8, 4.0, -3.0, **NAMES)
    truth = law.probability(verdicts_of(p), cosine)
    # when fitted to what was drawn
    fitted = Calibration.fit(verdicts_of(p), cosine, chance.uniform(size=20_000) < truth, **NAMES)
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
    calibration = Calibration(1.0, 2.0, 3.0, **NAMES)
    calibration.write(tmp_path / "c.json")
    assert Calibration.read(tmp_path / "c.json") == calibration
    (tmp_path / "c.json").write_text("{}")
    with pytest.raises(ModelFilesError, match="not a calibration"):
        Calibration.read(tmp_path / "c.json")
