"""The pairs are those of a slow double loop, whatever the blocks."""

import itertools
import sys
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from contradict import candidates, tiles
from contradict import pairs as pairs_module
from contradict.constraints import Constraints
from contradict.errors import OptionError, VectorError
from contradict.pairs import Pairs, find_pairs


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32) + np.float32(1e-3)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosine(a, b):
    return np.float32((a.astype(np.float64) * b).sum().clip(-1, 1))


def kept_apart(i, j, apart):
    """The constraints for one pair, the slow way."""
    if any(mine[i] == theirs[j] != -1 for mine, theirs in apart.equal):
        return True
    if apart.days is not None:
        mine, theirs = apart.days[0][i], apart.days[1][j]
        if mine != -1 and theirs != -1 and abs(mine - theirs) > apart.max_days:
            return True
    if apart.kinds is not None and not apart.meet[apart.kinds[0][i], apart.kinds[1][j]]:
        return True
    return apart.blocked is not None and bool(set(apart.blocked[0][i]) & set(apart.blocked[1][j]) - {-1})


def oracle(vectors, others, min_similarity, top_k, apart):
    """Every pair by itself, then every claim's list: pairs in order, how many may be compared, how many are near."""
    within = others is None
    columns = vectors if within else others
    allowed = {
        (i, j): cosine(vectors[i], columns[j])
        for i in range(len(vectors))
        for j in range(i + 1 if within else 0, len(columns))
        if not kept_apart(i, j, apart)
    }
    near = set()
    for side, count in ((0, len(vectors)), (1, len(columns))):
        for claim in range(count):
            mine = [pair for pair in allowed if claim in (pair if within else (pair[side],))]
            partner = [pair[1 - pair.index(claim)] if within else pair[1 - side] for pair in mine]
            ranked = sorted(zip([-allowed[pair] for pair in mine], partner, mine))
            near |= {pair for _, _, pair in ranked[:top_k]}
    kept = {pair for pair in near if allowed[pair] >= min_similarity}
    return sorted(kept, key=lambda pair: (-allowed[pair], pair)), len(allowed), len(near)


def same(found, expected):
    order, allowed, near = expected
    assert list(zip(found.left.tolist(), found.right.tolist())) == order
    assert found.possible - found.excluded == allowed
    assert found.dropped == allowed - near
    assert found.dissimilar == near - len(order)


few_values = st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0])  # few, so that ties are common


def numbers(draw, pools, low, high, width=None):
    """Numbers for each claim of both sides; of one pool, the same for both."""
    shapes = [len(pool) if width is None else (len(pool), width) for pool in pools]
    drawn = [draw(hnp.arrays(np.int64, shape, elements=st.integers(low, high))) for shape in shapes]
    return drawn[0], drawn[-1]


@st.composite
def constraints(draw, pools):
    meet = draw(hnp.arrays(bool, (3, 3)))
    equal = [numbers(draw, pools, -1, 3) for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):  # between two kinds of claims, either way round
        one, other = numbers(draw, pools, -1, 2), numbers(draw, pools, -1, 2)
        equal += [(one[0], other[1]), (other[0], one[1])]
    return Constraints(
        equal=equal,
        days=numbers(draw, pools, -1, 9) if draw(st.booleans()) else None,
        max_days=draw(st.integers(0, 4)),
        kinds=numbers(draw, pools, 0, 2) if draw(st.booleans()) else None,
        meet=meet | meet.T,
        blocked=numbers(draw, pools, -1, 4, 2) if draw(st.booleans()) else None,
    )


@st.composite
def problems(draw):
    width = draw(st.integers(1, 4))
    pools = [unit(draw(hnp.arrays(np.float32, (draw(st.integers(1, 12)), width), elements=few_values)))]
    if draw(st.booleans()):
        pools.append(unit(draw(hnp.arrays(np.float32, (draw(st.integers(1, 12)), width), elements=few_values))))
    min_similarity = draw(st.sampled_from([-1.0, 0.0, 0.5, 0.9]))
    top_k = draw(st.sampled_from([None, 1, 2, 5]))
    return pools, min_similarity, top_k, draw(constraints(pools)), draw(st.integers(1, 13))


@settings(max_examples=300, deadline=None)
@given(problems(), st.sampled_from(["int8", "float32"]), st.integers(1, 3))
def test_pairs_equal_the_double_loop_for_any_block_size(problem, precision, threads):
    pools, min_similarity, top_k, apart, block_rows = problem
    options = {"precision": precision, "threads": threads, "block_rows": block_rows, "apart": apart}
    found = find_pairs(*pools, min_similarity=min_similarity, top_k=top_k, **options)
    same(found, oracle(pools[0], pools[1] if len(pools) == 2 else None, min_similarity, top_k, apart))


def test_real_sized_vectors_give_the_same_pairs_for_any_block_size():
    vectors = unit(np.random.default_rng(0).normal(size=(300, 384)))
    whole = find_pairs(vectors, top_k=7)
    for block_rows, precision in itertools.product((1, 17, 64, 299), ("int8", "float32")):
        blocked = find_pairs(vectors, top_k=7, block_rows=block_rows, precision=precision)
        assert np.array_equal(whole.left, blocked.left)
        assert np.array_equal(whole.right, blocked.right)
        assert np.array_equal(whole.similarity, blocked.similarity)


@pytest.mark.parametrize("precision", ["int8", "float32"])
@pytest.mark.parametrize("two_pools", [False, True])
@pytest.mark.parametrize(("values", "room"), [(2, 1), (2, 3), (2000, 2)])
def test_bounds_and_settling_change_nothing(monkeypatch, precision, two_pools, values, room):
    """Large joins bound lists by a sample and drop candidates when room is short; here a small one does."""
    chance = np.random.default_rng(4)
    pools = [unit(chance.integers(-1, values, size=(count, 6))) for count in ((90, 70) if two_pools else (90,))]
    codes = [tuple(chance.integers(-1, codes, size=len(pool)) for pool in (pools[0], pools[-1])) for codes in (3, 20)]
    apart = Constraints(codes if two_pools else [(mine, mine) for mine, _ in codes])
    settled = []
    original = candidates.Lists._settle

    def settle(self, **how):
        settled.append(how)
        original(self, **how)

    monkeypatch.setattr(candidates.Lists, "_settle", settle)
    monkeypatch.setattr(candidates, "SLICE", 50)
    monkeypatch.setattr(candidates, "FEWEST", 10)
    monkeypatch.setattr(candidates, "ROOM", room)
    monkeypatch.setattr(pairs_module, "SAMPLE", (8, 8))
    found = find_pairs(*pools, block_rows=7, top_k=3, min_similarity=0.1, apart=apart, precision=precision)
    same(found, oracle(pools[0], pools[1] if two_pools else None, 0.1, 3, apart))
    assert len(settled) > 2
    assert room > 1 or {"exactly": True} in settled


@pytest.mark.parametrize("precision", ["int8", "float32"])
def test_a_product_is_never_off_by_more_than_its_margin(precision):
    chance = np.random.default_rng(0)
    rough = chance.normal(size=(1500, 96)) * chance.lognormal(sigma=1.5, size=96)  # a few coordinates tower over all
    rough[:50] = np.eye(50, 96)
    vectors, others = unit(rough[:700]), unit(rough[700:])
    of = {"int8": tiles.Int8Tiles, "float32": tiles.FloatTiles}[precision](vectors, others)
    exact = vectors.astype(np.float64) @ others.T.astype(np.float64)
    every = np.arange(800)
    assert (np.abs(of.values(slice(0, 700), every) - exact).max(axis=1) <= of.margins[0]).all()
    turned = of.values(slice(0, 800), np.arange(700), turned=True)
    assert (np.abs(turned.T - exact).max(axis=0) <= of.margins[1]).all()
    assert of.margins[0].max() < 0.1


def test_few_levels_where_the_processor_would_overflow(monkeypatch):
    monkeypatch.setattr(tiles, "saturates", lambda: True)
    pools = [unit(np.random.default_rng(side).normal(size=(60, 8))) for side in (0, 1)]
    for others in (None, pools[1]):
        expected = oracle(pools[0], others, -1, 3, Constraints())
        same(find_pairs(pools[0], others, top_k=3, precision="int8"), expected)


def test_a_pool_of_near_copies_is_joined_in_float32(monkeypatch):
    """More pairs lie within the margin of int8 than there is room for; the pairs are right all the same."""
    chance = np.random.default_rng(0)
    vectors = unit(np.ones((120, 64)) + 0.05 * chance.normal(size=(120, 64)))
    made = []
    monkeypatch.setattr(pairs_module, "INT8_FROM", 1)
    monkeypatch.setattr(candidates, "FEWEST", 10)
    monkeypatch.setattr(candidates, "ROOM", 2)
    for name in ("Int8Tiles", "FloatTiles"):
        of = getattr(tiles, name)
        monkeypatch.setattr(pairs_module, name, lambda *pools, of=of, **how: made.append(of) or of(*pools, **how))
    found = find_pairs(vectors, top_k=3, block_rows=16)
    assert made == [tiles.Int8Tiles, tiles.FloatTiles]
    same(found, oracle(vectors, None, -1, 3, Constraints()))


@pytest.mark.parametrize(
    ("apart", "scanned"),
    [
        (lambda n: Constraints(days=(np.arange(n) // 16,) * 2, max_days=1), 6 + 5),  # a block a day: itself, the next
        (lambda n: Constraints(kinds=(np.arange(n) // 48,) * 2, meet=~np.eye(2, dtype=bool)), 3 * 3),
        (lambda n: Constraints(equal=[(np.arange(n) // 48,) * 2]), 3 * 3),
        (lambda n: Constraints(days=(np.where(np.arange(n) % 16, np.arange(n), -1),) * 2, max_days=1), 21),
        (lambda n: Constraints(equal=[(np.full(n, -1),) * 2]), 21),
    ],
)
def test_tiles_without_a_pair_that_may_be_compared_are_skipped(monkeypatch, apart, scanned):
    vectors = unit(np.random.default_rng(0).normal(size=(96, 8)))
    seen = []
    scan = tiles.FloatTiles.scan
    monkeypatch.setattr(tiles.FloatTiles, "scan", lambda *given: seen.append(given[1:3]) or scan(*given))
    found = find_pairs(vectors, top_k=3, block_rows=16, precision="float32", apart=apart(96))
    assert len(seen) == scanned
    same(found, oracle(vectors, None, -1, 3, apart(96)))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_of_a_tile_that_is_skipped_no_pair_may_be_compared(data):
    counts = [data.draw(st.integers(1, 6)) for _ in range(2)]
    apart = data.draw(constraints([np.empty((count, 1)) for count in counts]))
    if apart.none_meet(slice(0, counts[0]), slice(0, counts[1])):
        assert not apart.allowed(np.arange(counts[0])[:, None], np.arange(counts[1])).any()


def test_progress_comes_to_all_pairs():
    vectors = unit(np.random.default_rng(0).normal(size=(90, 8)))
    for others, total in ((None, 90 * 89 // 2), (vectors[:40], 90 * 40)):
        seen = []
        find_pairs(vectors, others, top_k=3, block_rows=16, progress=seen.append)
        assert len(seen) > 2
        assert sum(seen) == total


def test_pairs_that_do_not_fit_into_memory_are_refused():
    vectors = unit(np.random.default_rng(0).normal(size=(3000, 4)))
    with pytest.raises(OptionError, match=r"pairs would have to be held.*top_k"):
        find_pairs(vectors, memory=1 << 20)


def test_the_graph_of_a_tile_is_the_one_that_is_built():
    from contradict.models.graphs import tile

    assert resources.files("contradict").joinpath("models/weights/tile.onnx").read_bytes() == tile()


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
        ({"search": "exakt"}, "did you mean .exact."),
        ({"precision": "int4"}, "int8, float32"),
    ],
)
def test_options_out_of_range_are_refused(options, named):
    with pytest.raises(OptionError, match=named):
        find_pairs(unit([[1, 0]]), **options)


def test_pools_of_different_width_are_refused():
    with pytest.raises(VectorError, match=r"\(1, 2\) and \(1, 3\)"):
        find_pairs(unit([[1, 0]]), unit([[1, 0, 0]]))


@pytest.mark.parametrize("two_pools", [False, True])
@pytest.mark.parametrize("width", [32, 128])
def test_an_approximate_search_says_what_it_misses(two_pools, width):
    faiss = pytest.importorskip("faiss")
    chance = np.random.default_rng(0)
    centres = chance.normal(size=(40, width))
    pools = [
        unit(centres[chance.integers(40, size=count)] + chance.normal(size=(count, width))) for count in (3000, 1500)
    ]
    pools = pools if two_pools else pools[:1]
    threads = faiss.omp_get_max_threads()
    # given a constraint that takes away a quarter
    codes = [chance.integers(-1, 1, size=len(pool)) for pool in pools]
    apart = Constraints([(codes[0], codes[-1])])
    exact = find_pairs(*pools, top_k=5, apart=apart)
    found = find_pairs(*pools, top_k=5, apart=apart, search="approximate")
    # then the recall in the result is that of the lists, and the cosines are exact
    assert found.search == "approximate"
    assert exact.recall == exact.recall_against_exact() == 1
    assert 0.8 < found.recall <= 1
    whole = {*zip(exact.left.tolist(), exact.right.tolist())}
    have = dict(zip(zip(found.left.tolist(), found.right.tolist()), found.similarity.tolist()))
    if not two_pools:
        assert found.recall_against_exact(3000) == pytest.approx(len(whole & have.keys()) / len(whole))
    of_exact = dict(zip(zip(exact.left.tolist(), exact.right.tolist()), exact.similarity.tolist()))
    assert all(of_exact[pair] == have[pair] for pair in whole & have.keys())
    assert (found.possible, found.excluded) == (exact.possible, exact.excluded)
    assert f"recall {found.recall:.3f}" in repr(found)
    # and nothing of faiss was left changed
    assert faiss.omp_get_max_threads() == threads


def test_recall_counts_what_is_missing():
    exact = find_pairs(unit(np.random.default_rng(0).normal(size=(200, 16))), top_k=3)
    whole = (exact.left, exact.right)
    half = replace(exact, left=exact.left[::2], right=exact.right[::2], exactly=lambda sample, seed: whole)
    assert half.recall_against_exact() == pytest.approx(0.5, abs=0.01)


def test_without_faiss_the_way_out_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(OptionError, match=r"pip install 'contradict-claims\[index\]'.*search=\"exact\""):
        find_pairs(unit([[1, 0], [0, 1]]), top_k=1, search="approximate")


def test_an_approximate_search_needs_a_length_of_lists():
    with pytest.raises(OptionError, match="top_k"):
        find_pairs(unit([[1, 0]]), search="approximate")
