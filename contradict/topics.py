"""Topics: claims clustered on their vectors, each topic named by its most telling words and its most central claim."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from contradict.claims import Claim

SAME_TOPIC = 0.55  # mean cosine from which on two clusters are one topic
DENSE = 4_000  # claims up to which all pairs are compared; more are clustered along their nearest neighbours
NEIGHBOURS = 15
WORDS = 3
WORD = re.compile(r"[^\W\d_]{3,}")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


@dataclass(frozen=True)
class Topic:
    """What several claims are about.

    Attributes
    ----------
    words
        The words that tell it from the other topics (TF-IDF), by language; none where a language is written without
        spaces.
    central
        Id of the claim that is nearest to all others of the topic.
    claims
        Ids of its claims, sorted.
    """

    words: dict[str, tuple[str, ...]]
    central: str
    claims: tuple[str, ...]

    @property
    def name(self) -> str:
        """The words of the language that most of its claims are in; empty where there are none."""
        return ", ".join(next(iter(self.words.values()), ()))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        words = {lang: list(listed) for lang, listed in self.words.items()}
        return {"name": self.name, "words": words, "central": self.central, "claims": list(self.claims)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Topic:
        """Return what `to_dict` wrote."""
        words = {lang: tuple(listed) for lang, listed in data["words"].items()}
        return cls(words, data["central"], tuple(data["claims"]))


def topics_of(claims: Sequence[Claim], vectors: NDArray[np.float32]) -> tuple[Topic, ...]:
    """Cluster claims into topics (average linkage on cosines), those with most claims first.

    Parameters
    ----------
    claims
        In an order that does not depend on the caller's.
    vectors
        Theirs, of unit length, (n, d).

    Returns
    -------
    tuple of Topic
        Every claim is in exactly one; a topic may have one claim.
    """
    if not claims:
        return ()
    labels = cluster(vectors)
    members: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels.tolist()):
        members[label].append(place)
    words = telling_words(claims, labels)
    found = []
    for label, places in members.items():
        middle = vectors[places].mean(axis=0)
        central = max(places, key=lambda place: (float(vectors[place] @ middle), claims[place].id))
        ids = tuple(sorted(claims[place].id for place in places))
        found.append(Topic(words.get(label, {}), claims[central].id, ids))
    return tuple(sorted(found, key=lambda topic: (-len(topic.claims), topic.claims[0])))


def cluster(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the number of each vector's cluster.

    Small pools by scipy, which is what scikit-learn runs for them too, and is there in a quarter of its loading time.
    """
    if len(vectors) == 1:
        return np.zeros(1, dtype=np.int64)
    if len(vectors) <= DENSE:
        from scipy.cluster.hierarchy import fcluster, linkage

        cosines = vectors @ vectors.T
        distances = np.clip(1 - cosines[np.triu_indices(len(vectors), 1)].astype(np.float64), 0, 2)
        return np.asarray(fcluster(linkage(distances, "average"), 1 - SAME_TOPIC, "distance"), dtype=np.int64)
    from scipy.sparse.csgraph import connected_components
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.neighbors import kneighbors_graph

    near = kneighbors_graph(vectors, NEIGHBOURS, metric="cosine")
    component = connected_components(near, directed=False)[1]
    labels = np.zeros(len(vectors), dtype=np.int64)
    for number in range(component.max() + 1):  # what no neighbours connect is never one topic
        rows = np.flatnonzero(component == number)
        found = AgglomerativeClustering(
            n_clusters=None,
            metric="cosine",
            linkage="average",
            distance_threshold=1 - SAME_TOPIC,
            connectivity=near[rows][:, rows],
        )
        labels[rows] = labels.max() + 1 + found.fit_predict(vectors[rows])
    return labels


def telling_words(claims: Sequence[Claim], labels: NDArray[np.int64]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Return the words of each topic with the highest TF-IDF, language by language, the commonest language first.

    Within a language the texts of a topic are one document. A word found ``n`` times in it and in ``d`` of ``D``
    documents weighs ``(1 + ln n) (1 + ln (1 + D) / (1 + d))``, as in scikit-learn with ``sublinear_tf``.
    """
    counts: dict[str, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    sizes: Counter[tuple[str, int]] = Counter()
    for claim, label in zip(claims, labels.tolist()):
        if not UNSPACED.search(claim.text):
            counts[claim.lang or ""][label].update(WORD.findall(claim.text.lower()))
            sizes[claim.lang or "", label] += 1
    found: dict[int, list[tuple[int, str, tuple[str, ...]]]] = defaultdict(list)
    for lang, of_topic in counts.items():
        documents = Counter(word for counted in of_topic.values() for word in counted)
        rarity = {word: 1 + log((1 + len(of_topic)) / (1 + many)) for word, many in documents.items()}
        for label, counted in of_topic.items():
            weight = {word: round((1 + log(many)) * rarity[word], 9) for word, many in counted.items()}
            best = sorted(weight, key=lambda word: (-weight[word], word))[:WORDS]
            if best:
                found[label].append((-sizes[lang, label], lang, tuple(best)))
    return {label: {lang: words for _, lang, words in sorted(listed)} for label, listed in found.items()}
