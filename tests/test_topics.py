"""Topics are what scikit-learn makes of the same claims, without the second that loading it takes."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from contradict import Claim
from contradict.topics import SAME_TOPIC, cluster, telling_words, topics_of

TEXTS = [
    "The bridge over the river was closed on Monday",
    "The bridge was not closed, the mayor said",
    "Four ships left the harbour at dawn",
    "No ship left the harbour",
    "Bread costs twice as much as a year ago",
]


def parts(labels):
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


@pytest.mark.parametrize("seed", range(3))
def test_clusters_are_those_of_scikit_learn(seed):
    random = np.random.default_rng(seed)
    centres = random.normal(size=(9, 1, 24))
    vectors = (centres + random.normal(size=(9, 7, 24)) * 0.5).reshape(-1, 24).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    theirs = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - SAME_TOPIC
    ).fit_predict(vectors)
    assert 1 < len(parts(theirs)) < len(vectors)
    assert parts(cluster(vectors)) == parts(theirs)


def test_telling_words_are_those_of_tfidf():
    labels = np.array([0, 0, 1, 1, 2])
    claims = [Claim(text, lang="en") for text in TEXTS]
    weigher = TfidfVectorizer(token_pattern=r"[^\W\d_]{3,}", sublinear_tf=True)
    weights = weigher.fit_transform([" ".join(TEXTS[:2]), " ".join(TEXTS[2:4]), TEXTS[4]]).toarray()
    names = weigher.get_feature_names_out()
    found = telling_words(claims, labels)
    for label in range(3):
        theirs = dict(zip(names, weights[label]))
        chosen = found[label]["en"]
        assert len(chosen) == 3
        assert min(theirs[word] for word in chosen) >= sorted(theirs.values())[-3] - 1e-9
    assert "bridge" in found[0]["en"]


def test_a_large_pool_is_clustered_along_its_neighbours(monkeypatch):
    random = np.random.default_rng(0)
    vectors = np.repeat(np.eye(3, dtype=np.float32), 20, axis=0) + random.normal(size=(60, 3)).astype(np.float32) * 0.05
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    small = parts(cluster(vectors))
    monkeypatch.setattr("contradict.topics.DENSE", 10)
    assert parts(cluster(vectors)) == small == {frozenset(range(start, start + 20)) for start in (0, 20, 40)}


def test_no_claim_no_topic_and_one_claim_one():
    assert topics_of([], np.zeros((0, 4), dtype=np.float32)) == ()
    (only,) = topics_of([Claim("a bridge", lang="en")], np.eye(1, 4, dtype=np.float32))
    assert only.words == {"en": ("bridge",)}


def test_json_of_a_small_pool_does_not_load_scikit_learn():
    code = (
        "import sys, contradict\n"
        "from contradict.testing import FakeEncoder, FakeNLI\n"
        "detector = contradict.Detector(FakeEncoder(), FakeNLI())\n"
        "report = detector.compare('the bridge was shut', 'the bridge was not shut')\n"
        "assert len(report.topics) and len(report.disputes)\n"
        "report.to_json()\n"
        "print([name for name in ('sklearn', 'pandas') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
