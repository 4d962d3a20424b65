"""Topics: claims clustered on their vectors, each topic named by its most telling words and its most central claim."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
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
    """Return the number of each vector's cluster."""
    if len(vectors) == 1:
        return np.zeros(1, dtype=np.int64)
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.neighbors import kneighbors_graph

    near = None if len(vectors) <= DENSE else kneighbors_graph(vectors, NEIGHBOURS, metric="cosine")
    found = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - SAME_TOPIC, connectivity=near
    )
    return np.asarray(found.fit_predict(vectors), dtype=np.int64)


def telling_words(claims: Sequence[Claim], labels: NDArray[np.int64]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Return the words of each topic with the highest TF-IDF, language by language, the commonest language first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim, label in zip(claims, labels.tolist()):
        if not UNSPACED.search(claim.text):
            texts[claim.lang or ""][label].append(claim.text)
    found: dict[int, list[tuple[int, str, tuple[str, ...]]]] = defaultdict(list)
    for lang, of_topic in texts.items():
        weigher = TfidfVectorizer(token_pattern=r"[^\W\d_]{3,}", sublinear_tf=True)
        try:
            weights = weigher.fit_transform([" ".join(of_topic[label]) for label in of_topic])
        except ValueError:  # no word of three letters in any of them
            continue
        names = weigher.get_feature_names_out()
        for row, (label, listed) in enumerate(of_topic.items()):
            of_row = weights[row].toarray()[0]
            best = sorted(np.flatnonzero(of_row), key=lambda column: (-of_row[column], names[column]))[:WORDS]
            found[label].append((-len(listed), lang, tuple(str(names[column]) for column in best)))
    return {label: {lang: words for _, lang, words in sorted(listed)} for label, listed in found.items()}
