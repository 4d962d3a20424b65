"""Verdicts: both directions, each pair of texts asked once, long texts in parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.errors import VerdictError
from contradict.testing import FakeNLI
from contradict.verdicts import judge, judge_in_shares

texts = st.sampled_from(["it rained", "it did not rain", "it rained in Homs", "no rain", "snow"])
pairs = st.lists(st.tuples(texts, texts), max_size=12)


class Counting(FakeNLI):
    def __init__(self):
        self.asked = []

    def predict(self, pairs):
        self.asked += pairs
        return super().predict(pairs)


class InParts(FakeNLI):
    def parts(self, text):
        return text.split(". ")


class Fixed:
    def __init__(self, array):
        self.array = array

    def predict(self, pairs):
        return self.array


@given(pairs)
def test_swapping_a_pair_swaps_its_directions(some):
    plain = judge(some, FakeNLI())
    swapped = judge([(b, a) for a, b in some], FakeNLI())
    assert np.array_equal(plain.forward, swapped.backward)
    assert np.array_equal(plain.backward, swapped.forward)


@given(pairs)
def test_verdicts_are_those_of_each_pair_alone(some):
    together = judge(some, FakeNLI())
    for row, pair in enumerate(some):
        alone = judge([pair], FakeNLI())
        assert np.array_equal(together.forward[row], alone.forward[0])
        assert np.array_equal(together.backward[row], alone.backward[0])


def test_a_pair_of_texts_is_asked_once_each_way():
    nli = Counting()
    judge([("a", "b"), ("b", "a"), ("a", "b")], nli)
    assert sorted(nli.asked) == [("a", "b"), ("b", "a")]


def test_a_model_that_does_both_ways_at_once_is_asked_so():
    class Both(FakeNLI):
        def predict_both(self, pairs):
            return np.tile(np.array([[0.2, 0.7, 0.1], [0.1, 0.1, 0.8]], dtype=np.float32), (len(pairs), 1, 1))

    verdicts = judge([("a", "b"), ("d", "c")], Both())
    assert verdicts.forward[0].tolist() == pytest.approx([0.2, 0.7, 0.1])
    assert verdicts.forward[1].tolist() == pytest.approx([0.1, 0.1, 0.8])  # asked as ("c", "d"), turned back
    assert verdicts.contradiction.tolist() == pytest.approx([0.45, 0.45])
    assert verdicts.entailment.tolist() == pytest.approx([0.2, 0.2])


def test_long_texts_are_judged_in_parts_and_the_strongest_contradiction_decides():
    long = "it rained. it did not rain. snow"
    verdicts = judge([(long, "it did rain"), ("a", "b")], InParts())
    assert verdicts.contradiction[0] == pytest.approx(0.9)
    assert verdicts.contradiction[1] == pytest.approx(0.05)
    assert verdicts.texts_split == 1


def test_a_long_text_follows_if_each_of_its_parts_does():
    long = "it rained in Homs. snow fell"
    both = judge([(long, "it rained"), (long, "it rained. snow fell"), (long, "it rained. hail fell")], InParts())
    # every part of the second text follows from some part of the first, but hail does not
    assert both.forward[:, 0].tolist() == pytest.approx([0.9, 0.9, 0.05])
    # and of the first text's two parts, none follows from "it rained" alone
    assert both.backward[0, 0] == pytest.approx(0.05)
    assert both.forward.sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_swapping_long_texts_swaps_their_directions_and_parts():
    left, right = "it rained. snow", "it did not rain. sun"
    both = judge([(left, right), (right, left)], InParts())
    assert np.array_equal(both.forward[0], both.backward[1])
    assert both.parts == {0: ("it rained", "it did not rain"), 1: ("it did not rain", "it rained")}


def test_nothing_to_judge():
    assert len(judge([], FakeNLI())) == 0


@pytest.mark.parametrize(
    "array",
    [
        [[0.5, 0.5]],
        [[0.5, 0.4, 0.4]],
        [[1.2, -0.1, -0.1]],
        [[np.nan, 0.5, 0.5]],
        [[2.0, -1.0, 3.0]],
    ],
)
def test_what_is_no_probability_is_refused(array):
    with pytest.raises(VerdictError, match="Fixed"):
        judge([("a", "b")], Fixed(array))


def test_a_pair_that_comes_again_in_a_later_share_is_not_asked_again(monkeypatch):
    monkeypatch.setattr("contradict.verdicts.SHARE", 2)
    nli = Counting()
    some = [("a", "b"), ("c", "d"), ("e", "f"), ("b", "a"), ("d", "c"), ("a", "b")]
    both = judge(some, nli)
    assert len(nli.asked) == 6  # three pairs of texts, each way
    assert np.array_equal(both.forward, judge(some[::-1], FakeNLI()).forward[::-1])


def test_shares_come_in_order_the_first_of_them_small_and_add_up(monkeypatch):
    monkeypatch.setattr("contradict.verdicts.FIRST_SHARE", 2)
    monkeypatch.setattr("contradict.verdicts.SHARE", 5)
    long = "it rained. it did not rain"
    some = [(f"it rained {n}", long if n in (1, 9) else "it did not rain") for n in range(14)]
    done = []
    shares = list(judge_in_shares(some, InParts(), progress=done.append))
    assert [len(share) for share in shares] == done == [2, 4, 5, 3]
    whole = judge(some, InParts())
    assert np.array_equal(np.concatenate([share.forward for share in shares]), whole.forward)
    assert sum(share.texts_split for share in shares) == whole.texts_split == 1
    assert sorted(whole.parts) == [1, 9]
