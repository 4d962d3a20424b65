"""Pairs are put in order before they are judged, however many are scored at a time; a budget is kept to the pair."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contradict import models
from contradict.budget import AUTO_PAIRS, check_budget, pairs_to_judge
from contradict.claims import Claim, read_claims
from contradict.detector import Detector
from contradict.errors import ModelFilesError, OptionError
from contradict.models.bundled import BundledEncoder
from contradict.pairs import find_pairs
from contradict.ranking import EXACT, MARKS, Marks, Ranker, compared, order, standing, whole
from contradict.testing import FakeEncoder, FakeNLI

WIDTH = 64  # of the fake encoder's vectors
TEXTS = [
    f"{who} said that {count} people were {what} in {place}."
    for who in ("Anna", "Boris", "The ministry")
    for count in (3, 17)
    for what in ("killed", "not killed")
    for place in ("Homs", "Idlib", "Velmora")
]


def ranker(seed=0, hidden=5):
    chance = np.random.default_rng(seed)
    return Ranker(
        chance.integers(-30, 30, (2 * WIDTH + len(MARKS), hidden)).astype(np.float32),
        chance.integers(-1_000, 1_000, hidden).astype(np.float32),
        np.full(hidden, 0.05, dtype=np.float32),
        chance.integers(-99, 99, hidden).astype(np.float32),
        FakeEncoder.name,
        "nothing",
    )


def pool(texts):
    claims = list(read_claims([{"text": text, "lang": "en"} for text in texts]))
    vectors = FakeEncoder(WIDTH).encode(texts)
    return claims, vectors, find_pairs(vectors, min_similarity=0.1, top_k=6)


def plain_scores(of, pairs, vectors, claims):
    """Score pair by pair, in Python's whole numbers."""
    rows = whole(vectors).astype(int).tolist()
    marks = Marks.of(claims)
    stands = np.stack(standing(pairs, within=True), axis=1)
    result = []
    for number, (i, j) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist())):
        common = [bool(value[0]) for value in compared(marks[np.array([i])], marks[np.array([j])])]
        features = [abs(u - v) for u, v in zip(rows[i], rows[j])] + [u * v for u, v in zip(rows[i], rows[j])]
        features += [*stands[number].astype(int).tolist(), *map(int, common)]
        score = 0
        for unit in range(of.hidden.shape[1]):
            total = sum(f * int(w) for f, w in zip(features, of.hidden[:, unit])) + int(of.bias[unit])
            score += int(of.out[unit]) * int(np.clip(np.rint(np.float32(total) * of.scale[unit]), 0, 4_095))
        result.append(score)
    return result


def test_scores_are_those_of_a_plain_loop_for_any_block():
    claims, vectors, pairs = pool(TEXTS)
    of = ranker()
    expected = plain_scores(of, pairs, vectors, claims)
    assert len(set(expected)) > 20
    for block in (1, 7, 256, 10_000):
        assert of.scores(pairs, [vectors], [Marks.of(claims)], block=block).tolist() == expected


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_claims_does_not_change_which_pairs_come_first(seed):
    texts = TEXTS.copy()
    claims, vectors, pairs = pool(texts)
    first = order(pairs, [claims], [vectors], ranker())
    by_text = [frozenset((texts[pairs.left[k]], texts[pairs.right[k]])) for k in first[:10]]
    scores = ranker().scores(pairs, [vectors], [Marks.of(claims)])[first[:11]]
    random.Random(seed).shuffle(texts)
    claims, vectors, pairs = pool(texts)
    again = order(pairs, [claims], [vectors], ranker())[:10]
    if len(set(scores.tolist())) == 11:  # ties go by index, which the detector makes canonical
        assert [frozenset((texts[pairs.left[k]], texts[pairs.right[k]])) for k in again] == by_text
    assert np.array_equal(ranker().scores(pairs, [vectors], [Marks.of(claims)])[again], scores[:10])


def test_without_a_ranker_pairs_stay_by_similarity():
    claims, vectors, pairs = pool(TEXTS)
    assert order(pairs, [claims], [vectors], None).tolist() == list(range(len(pairs)))


def test_swapping_two_pools_keeps_the_order():
    ours, theirs = TEXTS[:17], TEXTS[17:]
    (a, u, _), (b, v, _) = pool(ours), pool(theirs)
    of = ranker()

    def ranked(one, other, x, y):
        pairs = find_pairs(x, y, top_k=4)
        scores = of.scores(pairs, [x, y], [Marks.of(one), Marks.of(other)])
        keys = [frozenset((one[i].text, other[j].text)) for i, j in zip(pairs.left, pairs.right)]
        return dict(zip(keys, scores.tolist()))

    one = ranked(a, b, u, v)
    assert len(one) > 30
    assert one == ranked(b, a, v, u)


def test_what_two_claims_have_in_common():
    claims = [
        Claim("In Homs 4 people were killed.", lang="en"),
        Claim("In Homs 14 people were not killed.", lang="en"),
        Claim("Никто не пострадал.", lang="ru"),
    ]
    marks = Marks.of(claims)
    names = MARKS[4:]

    def of(i, j):
        values = compared(marks[np.array([i])], marks[np.array([j])])
        return {name for name, value in zip(names, values, strict=True) if value[0]}

    assert of(0, 1) == {"numbers differ", "names shared", "negation on one side"}
    assert of(0, 0) == {"numbers agree", "names shared"}
    assert of(1, 2) == {"numbers on one side", "names on one side", "negation on both", "languages differ"}


def test_where_a_pair_stands_among_those_of_its_claims():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 0, 1]] + np.array([[0], [0.1], [0.3], [0]], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = find_pairs(vectors)
    cosine, nearer, farther, under = standing(pairs, within=True)
    assert list(zip(pairs.left.tolist(), pairs.right.tolist()))[:2] == [(0, 1), (1, 2)]
    assert nearer[:2].tolist() == [0, 0]  # the nearest of either claim
    assert (farther[0], farther[1]) == (0, round(np.log(2) * 64))  # the second of claim 1
    assert under[0] == 0
    assert (under >= 0).all()
    assert (np.diff(cosine) <= 0).all()


# The file.


@pytest.fixture
def fields():
    of = ranker()
    return {name: getattr(of, name) for name in ("hidden", "bias", "scale", "out", "encoder", "trained_on")}


def test_what_was_written_is_read_back(tmp_path, fields):
    path = tmp_path / "ranker.npz"
    Ranker(**fields).write(path)
    again = Ranker.read(path)
    for name, value in fields.items():
        assert np.array_equal(getattr(again, name), value), name


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("hidden", lambda a: a[:-1], "have shape"),
        ("hidden", lambda a: a + np.float32(0.5), "whole numbers"),
        ("hidden", lambda a: a * EXACT, "would not be exact"),
        ("bias", lambda a: a * np.float32("nan"), "whole numbers"),
        ("bias", lambda a: a[:-1], "bias has shape"),
        ("scale", lambda a: -a, "scale must be finite"),
        ("scale", lambda a: a * np.float32("inf"), "scale must be finite"),
        ("out", lambda a: a * 1_000, "would not be exact"),
    ],
)
def test_a_ranker_that_would_not_be_exact_is_refused(fields, name, change, message):
    with pytest.raises(ModelFilesError, match=message):
        Ranker(**fields | {name: change(fields[name])})


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_file_that_is_no_ranker_is_refused(tmp_path, content):
    path = tmp_path / "ranker.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelFilesError, match="is not a ranker"):
        Ranker.read(path)


def test_a_file_that_lacks_weights_or_has_words_for_them_is_refused(tmp_path, fields):
    path = tmp_path / "ranker.npz"
    np.savez(path, hidden=fields["hidden"])
    with pytest.raises(ModelFilesError, match="is not a ranker"):
        Ranker.read(path)
    np.savez(path, **fields | {"bias": np.array(["a"])})
    with pytest.raises(ModelFilesError, match="no numbers"):
        Ranker.read(path)


def test_vectors_of_another_length_are_refused():
    claims, vectors, pairs = pool(TEXTS)
    with pytest.raises(OptionError, match="length 32"):
        ranker().scores(pairs, [vectors[:, :32]], [Marks.of(claims)])


def test_the_bundled_ranker_is_that_of_the_bundled_encoder_and_small():
    of = models.bundled_ranker()
    assert of.encoder == BundledEncoder.name
    assert of.width == 384
    assert (models.Path(models.__file__).parent / "weights" / "ranker.npz").stat().st_size < 1 << 20


# The budget.


@pytest.mark.parametrize(
    ("max_pairs", "count", "judged"),
    [
        (None, 9_000, 9_000),
        (0, 10, 0),
        (7, 10, 7),
        (70, 10, 10),
        (np.int64(7), 10, 7),
        (0.0, 10, 0),
        (0.25, 10, 3),
        (1.0, 10, 10),
        ("auto", 10, 10),
        ("auto", AUTO_PAIRS + 1, AUTO_PAIRS),
        ("auto", 2 * AUTO_PAIRS + 1, AUTO_PAIRS + 1),
    ],
)
def test_how_many_pairs_are_judged(max_pairs, count, judged):
    check_budget(max_pairs)
    assert pairs_to_judge(max_pairs, count) == judged


@pytest.mark.parametrize("max_pairs", [-1, -0.1, 1.5, float("nan"), True, "some", [3]])
def test_what_is_no_budget_is_refused(max_pairs):
    with pytest.raises(OptionError, match="max_pairs is"):
        Detector(FakeEncoder(), FakeNLI()).compare("a", "b", max_pairs=max_pairs)


@pytest.mark.parametrize("max_pairs", [0, 5, 0.5, None, "auto"])
def test_the_counts_add_up_and_pairs_come_in_the_order_of_their_rank(monkeypatch, max_pairs):
    monkeypatch.setattr(models, "bundled_ranker", ranker)
    monkeypatch.setattr("contradict.verdicts.SHARE", 4)
    claims = [{"text": text, "speaker": str(n), "lang": "en"} for n, text in enumerate(TEXTS)]
    detector = Detector(FakeEncoder(WIDTH), FakeNLI())
    everything, some = [], []
    detector.compare(claims, max_pairs=None, on_judged=everything.append)
    report = detector.compare(claims, max_pairs=max_pairs, on_judged=some.append)
    counts = report.counts
    assert some == everything[: counts.pairs_judged]
    assert counts.pairs_judged + counts.pairs_over_budget == len(everything)
    assert counts.pairs_judged == pairs_to_judge(max_pairs, len(everything))
    assert sorted(some, key=lambda pair: -pair.similarity) != some or len(some) < 6
