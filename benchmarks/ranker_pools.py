"""Pools to train the ranker on: pairs as `compare` would judge them, with what people and the model say of them."""

from __future__ import annotations

import gzip
import json
import random
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.written import FOLDER, held_out, pairs_of_event, read_events
from contradict.models import bundled_calibration
from contradict.pairs import find_pairs
from contradict.vectors import embed
from contradict.verdicts import judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from contradict.models.bundled import BundledEncoder, BundledNLI

# Sets that the curve is measured on are left out: OCNLI, esXNLI, and KLUE's development set.
SOURCES = (
    "ans_train", "cdsc_e_pl", "counterfactual_nli", "daccord_fr_contradictions", "farstail", "fever_val_2of3",
    "indonli", "inferbr", "inferes", "jnli_validtest", "klue_nli_train", "ling_in_loop", "mnli_train_subset_llmsknow",
    "nyu_base_written", "parsinlu_entailment", "rte3_de_it_en", "rte3_fr", "snli_18k",
)  # fmt: skip
ACROSS = "xnli_dev_90"  # one set in 18 languages: each text is drawn in one of them
DRAWS = 4
TEXTS = 2_400  # of a pool, about
UNLABELLED = 4_000  # neighbours of a pool that nobody labelled, at most
TOP_K = 20
UNKNOWN, OTHER, CONFLICT = -1, 0, 1


@dataclass(frozen=True)
class Pool:
    """Candidate pairs of one pool.

    Attributes
    ----------
    name
        Of the set it is made of.
    texts, langs
        Of the claims.
    vectors
        (claims, d), unit rows, centred.
    left, right
        Rows of each pair, (n,).
    cosine
        Of each pair.
    gold
        `CONFLICT`, `OTHER` or `UNKNOWN`: what people said of it.
    taught
        Probability of conflict by the NLI model.
    """

    name: str
    texts: list[str]
    langs: list[str]
    vectors: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    cosine: NDArray[np.float32]
    gold: NDArray[np.int8]
    taught: NDArray[np.float32]


def rows_of_groups(path: Path, chance: random.Random, texts: int) -> list[dict[str, Any]]:
    """Return the rows of so many premises that the pool has about `texts` texts."""
    groups: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            groups.setdefault(row["premise"], []).append(row)
    names = sorted(groups)
    chance.shuffle(names)
    chosen: list[dict[str, Any]] = []
    size = 0
    for name in names:
        if size >= texts:
            break
        chosen += groups[name]
        size += 1 + len(groups[name])
    return chosen


def rows_across(path: Path, chance: random.Random, texts: int) -> list[dict[str, Any]]:
    """Return rows of which premise and hypothesis are each in a language drawn by chance."""
    by_index: dict[int, dict[str, dict[str, Any]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            by_index.setdefault(int(row["idx"]), {})[row["lang"]] = row
    of_premise: dict[str, str] = {}
    rows = []
    for index in sorted(by_index):
        versions = by_index[index]
        known = versions.get("en") or versions[min(versions)]
        lang = of_premise.setdefault(known["premise"], chance.choice(sorted(versions)))
        premise = versions.get(lang, known)
        hypothesis = versions[chance.choice(sorted(versions))]
        rows.append(
            {
                "premise": premise["premise"],
                "lang": premise["lang"],
                "hypothesis": hypothesis["hypothesis"],
                "other": hypothesis["lang"],
                "label": known["label"],
            }
        )
    chance.shuffle(rows)
    return rows[:texts]


def pool_of(
    name: str, rows: list[dict[str, Any]], encoder: BundledEncoder, nli: BundledNLI, chance: np.random.Generator
) -> Pool:
    """Return the pairs of a pool that `compare` would judge: all that are labelled, and some of the others."""
    langs: dict[str, str] = {}
    labels: dict[tuple[str, str], str] = {}
    for row in rows:
        premise, hypothesis = row["premise"], row["hypothesis"]
        langs.setdefault(premise, row["lang"])
        langs.setdefault(hypothesis, row.get("other", row["lang"]))
        labels[min(premise, hypothesis), max(premise, hypothesis)] = row["label"]
    texts = sorted(langs)
    vectors = embed(texts, encoder)
    pairs = find_pairs(vectors, min_similarity=encoder.min_similarity, top_k=TOP_K)
    keys = [(texts[i], texts[j]) for i, j in zip(pairs.left.tolist(), pairs.right.tolist())]
    gold = np.array(
        [UNKNOWN if key not in labels else int(labels[key] == "contradiction") for key in keys], dtype=np.int8
    )
    unknown = np.flatnonzero(gold == UNKNOWN)
    some = chance.choice(unknown, min(UNLABELLED, len(unknown)), replace=False)
    kept = np.sort(np.concatenate([np.flatnonzero(gold != UNKNOWN), some]))
    verdicts = judge([keys[k] for k in kept.tolist()], nli)
    similarity = pairs.similarity[kept]
    return Pool(
        name,
        texts,
        [langs[text] for text in texts],
        vectors,
        pairs.left[kept],
        pairs.right[kept],
        similarity,
        gold[kept],
        bundled_calibration().probability(verdicts, similarity).astype(np.float32),
    )


def rows_written(path: Path, *_: object) -> list[dict[str, Any]]:
    """Return the pairs of the events of a file that may be trained on, as rows; all of them."""
    return [
        {
            "premise": pair.premise,
            "lang": pair.lang,
            "hypothesis": pair.hypothesis,
            "other": pair.hypothesis_lang or pair.lang,
            "label": pair.label,
        }
        for event in read_events(path)
        if not held_out(event)
        for pair in pairs_of_event(event)
    ]


def pools(folder: Path, encoder: BundledEncoder, nli: BundledNLI, *, seed: int, texts: int = TEXTS) -> list[Pool]:
    """Return all pools of the training sets in a folder, and of the events that were written."""
    of: list[tuple[str, Path, Callable[..., list[dict[str, Any]]]]] = [
        *((name, folder / f"{name}.jsonl.gz", rows_of_groups) for name in SOURCES),
        *((name, folder / f"{name}.jsonl.gz", rows_across) for name in [ACROSS] * DRAWS),
        *((path.name, path, rows_written) for path in sorted(FOLDER.glob("*.events.txt"))),
    ]
    made: list[Pool] = []
    for number, (name, path, read) in enumerate(of):
        if not path.is_file():
            sys.exit(f"{path} is not there; give the folder that holds the data as --shared")
        rows = read(path, random.Random(seed * 1_000 + number), texts)
        made.append(pool_of(name, rows, encoder, nli, np.random.default_rng(seed * 1_000 + number)))
        pool = made[-1]
        conflicts = int((pool.gold == CONFLICT).sum())
        sys.stderr.write(f"{name}: {len(pool.texts)} texts, {len(pool.left)} pairs, {conflicts} labelled conflicts\n")
    return made
