"""The store of token states gives back what was put in, from memory and from its file."""

import numpy as np
import pytest

from contradict.models.bundled import BundledNLI
from contradict.models.states import States
from contradict.verdicts import judge


@pytest.mark.parametrize("budget", [0, 4_000, 1 << 20])
def test_what_was_put_in_comes_out(budget):
    chance = np.random.default_rng(0)
    states = States(8, budget=budget, block=1_000)
    kept = {
        f"text {n}": chance.normal(size=(tokens, 8)).astype(np.float16)
        for n, tokens in enumerate([3, 1, 60, 70, 5, 200])
    }
    for text, values in kept.items():
        assert text not in states
        states[text] = values
    assert len(states) == len(kept)
    for text, values in kept.items():
        assert np.array_equal(states[text], values)
        assert states.tokens(text) == len(values)
    assert (states.spilled == 0) == (budget > 100_000)


def test_a_text_is_read_once_in_a_run_and_spilling_changes_nothing(monkeypatch):
    texts = [f"The bridge number {n} was closed." for n in range(12)]
    pairs = [(a, b) for row, a in enumerate(texts) for b in texts[row + 1 :]]
    nli, read = BundledNLI(), []
    whole = judge(pairs, nli)
    # given shares so small that each text is in many, and no memory for its states
    original = BundledNLI._read
    monkeypatch.setattr("contradict.verdicts.SHARE", 7)
    monkeypatch.setattr(
        BundledNLI, "_read", lambda self, some, states: (read.extend(some), original(self, some, states))[1]
    )
    monkeypatch.setattr(BundledNLI, "states", lambda self: States(384, budget=0))
    again = judge(pairs, nli)
    # then each was read once, and the verdicts are the same to the bit
    assert sorted(read) == sorted(texts)
    assert np.array_equal(whole.forward, again.forward)
    assert np.array_equal(whole.backward, again.backward)
