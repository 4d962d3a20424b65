"""Ways of joining, side by side. Run once as smoke tests; measured with `pytest --benchmark-enable benchmarks`."""

import pytest

from benchmarks.pairs import INDEXES, OURS, PEERS, TOP_K, bare, recall
from benchmarks.vectors import clustered

SIZES = [1_000, 4_000]


@pytest.fixture(scope="module", params=SIZES, ids="{:,}".format)
def vectors(request):
    return clustered(request.param)


@pytest.mark.benchmark(group="join")
def test_bare_half_product(benchmark, vectors):
    assert benchmark(bare, vectors) is None


@pytest.mark.benchmark(group="join")
@pytest.mark.parametrize("way", ["contradict", "contradict_float32"])
def test_contradict(benchmark, vectors, way):
    assert recall(vectors, benchmark(OURS[way], vectors)) == 1


@pytest.mark.benchmark(group="join")
@pytest.mark.parametrize("way", PEERS, ids=lambda way: way.__name__)
def test_peer(benchmark, vectors, way):
    pytest.importorskip({"f": "faiss", "u": "usearch"}.get(way.__name__[0], "sentence_transformers"))
    found = benchmark(way, vectors)
    assert len(found[0]) >= len(vectors) * TOP_K / 2
    assert recall(vectors, found) > 0.999  # equal cosines may be told apart otherwise


@pytest.mark.benchmark(group="join")
@pytest.mark.parametrize("way", [OURS["contradict_approximate"], *INDEXES], ids=["contradict", "faiss", "usearch"])
def test_index(benchmark, vectors, way):
    pytest.importorskip("faiss")
    pytest.importorskip("usearch")
    assert recall(vectors, benchmark(way, vectors)) > 0.8
