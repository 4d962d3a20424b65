"""Vectors are checked at the door and computed once for each text."""

import numpy as np
import pytest

from contradict.errors import VectorError
from contradict.testing import FakeEncoder
from contradict.vectors import embed


class Fixed:
    name = "fixed"

    def __init__(self, array):
        self.array = array

    def encode(self, texts):
        return self.array


def test_each_distinct_text_is_encoded_once():
    seen = []

    class Counting(FakeEncoder):
        def encode(self, texts):
            seen.extend(texts)
            return super().encode(texts)

    vectors = embed(["a", "b", "a"], Counting())
    assert sorted(seen) == ["a", "b"]
    assert np.array_equal(vectors[0], vectors[2])
    assert not np.array_equal(vectors[0], vectors[1])


def test_rows_have_length_one_in_float32():
    vectors = embed(["a", "b"], Fixed([[3, 4], [0, 2]]))
    assert vectors.dtype == np.float32
    assert vectors.tolist() == [[np.float32(0.6), np.float32(0.8)], [0, 1]]


def test_an_encoder_may_centre_its_vectors():
    class Centred(Fixed):
        def centre(self, vectors):
            return vectors[:, ::-1]

    assert embed(["a"], Centred([[0.0, 2.0]])).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        ([[1.0, 2.0]], "shape"),
        ([1.0, 2.0], "shape"),
        ([["x"], ["y"]], "numbers"),
        ([[1.0, np.nan], [1.0, 0.0]], "length nan for 'first'"),
        ([[1.0, 0.0], [0.0, 0.0]], "length 0.0 for 'second'"),
        ([[1.0, 0.0], [np.inf, 0.0]], "length inf"),
    ],
)
def test_bad_vectors_are_refused_with_the_encoders_name(array, message):
    with pytest.raises(VectorError, match=message) as caught:
        embed(["first", "second"], Fixed(array))
    assert "'fixed'" in str(caught.value)
