"""Batches: of one size, as large as the cache bears, run by several threads, in order."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict.models import sessions
from contradict.models.bundled import WEIGHTS, BundledNLI
from contradict.models.sessions import Session, batch_tokens, same_size, second_level_cache


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(1, 200))
def test_every_index_is_in_one_batch_of_one_size(sizes, tokens):
    batches = list(same_size(sizes, tokens))
    assert sorted(index for batch in batches for index in batch.tolist()) == list(range(len(sizes)))
    for batch in batches:
        of_batch = {sizes[index] for index in batch.tolist()}
        assert len(of_batch) == 1
        assert len(batch) == 1 or len(batch) * of_batch.pop() <= tokens


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"index0": ("1", "48K"), "index1": ("2", "1024K")}, 1 << 20),
        ({"index2": ("2", "256K"), "index3": ("3", "32768K")}, 256 << 10),
        ({"index0": ("1", "48K")}, sessions.SECOND_LEVEL),
        ({"index2": ("2", "much")}, sessions.SECOND_LEVEL),
        ({}, sessions.SECOND_LEVEL),
    ],
)
def test_the_cache_is_what_the_system_tells(tmp_path, monkeypatch, files, expected):
    for name, (level, size) in files.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "level").write_text(level + "\n")
        (tmp_path / name / "size").write_text(size + "\n")
    monkeypatch.setattr(sessions, "CACHES", tmp_path)
    second_level_cache.cache_clear()
    try:
        assert second_level_cache() == expected
        assert batch_tokens() == max(256, min(1_024, expected // 2_048))
    finally:
        second_level_cache.cache_clear()


def pair_batches(count):
    chance = np.random.default_rng(0)
    states = [chance.normal(size=(2, 6 + n % 5, 384)).astype(np.float32) for n in range(count)]
    return [np.array([n]) for n in range(count)], lambda rows: {
        "states": states[rows[0]],
        "left": np.full(2, 3, dtype=np.int64),
    }


def test_threads_change_nothing():
    batches, inputs = pair_batches(12)
    found = [list(Session(WEIGHTS / "nli-pair.onnx", threads=threads).run(batches, inputs)) for threads in (1, 3)]
    for one, other in zip(*found, strict=True):
        assert one[0].tolist() == other[0].tolist()
        assert all(np.array_equal(a, b) for a, b in zip(one[1], other[1], strict=True))
    texts = [f"{n} people were killed in Homs." for n in range(9)]
    pairs = [(a, b) for a in texts for b in texts if a < b]
    assert np.array_equal(BundledNLI(threads=1).predict_both(pairs), BundledNLI(threads=4).predict_both(pairs))


def test_batches_that_were_not_begun_are_dropped_when_it_is_left_early():
    batches, inputs = pair_batches(200)
    begun = []

    def counted(rows):
        begun.append(int(rows[0]))
        return inputs(rows)

    running = Session(WEIGHTS / "nli-pair.onnx", threads=2).run(batches, counted)
    next(running)
    running.close()
    assert len(begun) < 200
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("contradict")]
