"""The pairs are those of a slow double loop, whatever the blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from contradict import pairs as pairs_module
from contradict.errors import OptionError, VectorError
from contradict.pairs import Pairs, find_pairs


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32) + np.float32(1e-3)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosine(a, b):
    return np.float32((a.astype(np.float64) * b).sum().clip(-1, 1))


def oracle(vectors, others, min_similarity, top_k, apart):
    """Every pair by itself, then every claim's list."""
    within = others is None
    columns = vectors if within else others
    allowed = {}
    for i in range(len(vectors)):
        for j in range(len(columns)):
            if within and i >= j:
                continue
            if any(mine[i] == theirs[j] != -1 for mine, theirs in apart):
                continue
            allowed[i, j] = cosine(vectors[i], columns[j])
    similar = {pair: value for pair, value in allowed.items() if value >= min_similarity}
    kept = set()
    for side, count in ((0, len(vectors)), (1, len(columns))):
        for claim in range(count):
            mine = [pair for pair in similar if claim in (pair if within else (pair[side],))]
            partner = [pair[1 - pair.index(claim)] if within else pair[1 - side] for pair in mine]
            ranked = sorted(zip([-similar[pair] for pair in mine], partner, mine))
            kept |= {pair for _, _, pair in ranked[:top_k]}
    order = sorted(kept, key=lambda pair: (-similar[pair], pair))
    return order, len(allowed), len(similar)


few_values = st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0])  # few, so that ties are common


@st.composite
def problems(draw):
    width = draw(st.integers(1, 4))
    pools = [unit(draw(hnp.arrays(np.float32, (draw(st.integers(1, 12)), width), elements=few_values)))]
    if draw(st.booleans()):
        pools.append(unit(draw(hnp.arrays(np.float32, (draw(st.integers(1, 12)), width), elements=few_values))))
    codes = [draw(hnp.arrays(np.int64, len(pool), elements=st.integers(-1, 3))) for pool in pools]
    apart = [(codes[0], codes[-1])] if draw(st.booleans()) else []
    if len(pools) == 1 and draw(st.booleans()):  # between two kinds of rows
        other = draw(hnp.arrays(np.int64, len(pools[0]), elements=st.integers(-1, 3)))
        apart += [(codes[0], other), (other, codes[0])]
    min_similarity = draw(st.sampled_from([-1.0, 0.0, 0.5, 0.9]))
    top_k = draw(st.sampled_from([None, 1, 2, 5]))
    return pools, min_similarity, top_k, apart, draw(st.integers(1, 13))


@settings(max_examples=300, deadline=None)
@given(problems())
def test_pairs_equal_the_double_loop_for_any_block_size(problem):
    pools, min_similarity, top_k, apart, block_rows = problem
    found = find_pairs(*pools, min_similarity=min_similarity, top_k=top_k, apart=apart, block_rows=block_rows)
    others = pools[1] if len(pools) == 2 else None
    expected, allowed, similar = oracle(pools[0], others, min_similarity, top_k, apart)
    assert list(zip(found.left.tolist(), found.right.tolist())) == expected
    assert found.possible - found.excluded == allowed
    assert found.possible - found.excluded - found.dissimilar == similar
    assert found.dropped == similar - len(expected)


def test_real_sized_vectors_give_the_same_pairs_for_any_block_size():
    vectors = unit(np.random.default_rng(0).normal(size=(300, 384)))
    whole = find_pairs(vectors, top_k=7)
    for block_rows in (1, 17, 64, 299):
        blocked = find_pairs(vectors, top_k=7, block_rows=block_rows)
        assert np.array_equal(whole.left, blocked.left)
        assert np.array_equal(whole.right, blocked.right)
        assert np.array_equal(whole.similarity, blocked.similarity)


@pytest.mark.parametrize("two_pools", [False, True])
@pytest.mark.parametrize("min_similarity", [-1.0, 0.1])
def test_bounds_and_settling_change_nothing(monkeypatch, two_pools, min_similarity):
    """Large joins bound lists by a sample and drop candidates on the way; here a small one does; ties are common."""
    chance = np.random.default_rng(4)
    pools = [unit(chance.integers(-1, 2, size=(count, 6))) for count in ((90, 70) if two_pools else (90,))]
    apart = [tuple(chance.integers(-1, codes, size=len(pool)) for pool in (pools[0], pools[-1])) for codes in (3, 20)]
    if not two_pools:
        apart = [(codes, codes) for codes, _ in apart]
    options = {"min_similarity": min_similarity, "top_k": 3, "apart": apart}
    expected, allowed, similar = oracle(pools[0], pools[1] if two_pools else None, min_similarity, 3, apart)
    settled = []
    original = pairs_module.Lists._settle
    monkeypatch.setattr(pairs_module.Lists, "_settle", lambda self: (settled.append(1), original(self)))
    monkeypatch.setattr(pairs_module, "SAMPLE", 8)
    monkeypatch.setattr(pairs_module, "PENDING", 10)
    found = find_pairs(*pools, block_rows=7, **options)
    assert list(zip(found.left.tolist(), found.right.tolist())) == expected
    assert settled
    assert found.possible - found.excluded == allowed
    assert found.possible - found.excluded - found.dissimilar == similar


def test_a_pair_is_kept_if_either_claim_keeps_it():
    # given a claim whose nearest neighbours all have nearer ones
    vectors = unit([[1, 0], [1, 0.01], [1, 0.02], [0, 1]])
    # when each keeps one
    pairs = find_pairs(vectors, top_k=1)
    # then the far claim keeps its one
    assert 3 in pairs.right.tolist()


def test_no_claims_no_pairs():
    pairs = find_pairs(np.empty((0, 3), dtype=np.float32))
    assert len(pairs) == pairs.possible == 0
    assert repr(pairs) == "<Pairs: 0 of 0 possible>"
    assert isinstance(pairs, Pairs)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"min_similarity": 1.5}, "min_similarity is 1.5"),
        ({"top_k": 0}, "top_k is 0"),
        ({"block_rows": 0}, "block_rows"),
    ],
)
def test_options_out_of_range_are_refused(options, named):
    with pytest.raises(OptionError, match=named):
        find_pairs(unit([[1, 0]]), **options)


def test_pools_of_different_width_are_refused():
    with pytest.raises(VectorError, match=r"\(1, 2\) and \(1, 3\)"):
        find_pairs(unit([[1, 0]]), unit([[1, 0, 0]]))
