"""The detector: the one module that knows all the stages and runs them in order."""

from __future__ import annotations

import logging
import threading
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict import models
from contradict.apart import Rules, excluded_by
from contradict.budget import AUTO, check_budget, check_nearest, nearest_to_keep, pairs_to_judge
from contradict.calibration import Calibration
from contradict.claims import Claim, read_claims, read_pools
from contradict.errors import OptionError
from contradict.evidence import evidence, forget
from contradict.judged import JudgedPair, Probabilities
from contradict.pairs import find_pairs
from contradict.progress import bar
from contradict.provenance import Counts, Provenance
from contradict.ranking import order
from contradict.report import Report
from contradict.reprints import fold_rewrites, group_reprints
from contradict.topics import topics_of
from contradict.vectors import embed
from contradict.verdicts import CONTRADICTION, LABELS, judge, judge_in_shares, label_named, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from contradict.ranking import Ranker
    from contradict.vectors import Encoder
    from contradict.verdicts import NLI, Verdicts

logger = logging.getLogger(__name__)

MIN_PROBABILITY = 0.55  # surer than even, for a false alarm costs more than a miss: docs/measurements.md


class Detector:
    """Finds contradictions with one encoder and one NLI model, which it loads when first needed and keeps.

    Safe to call from several threads.

    Parameters
    ----------
    encoder
        ``"bundled"`` (multilingual-e5-small, offline), the name or path of a sentence-transformers model, a
        ``SentenceTransformer``, or any object with ``encode(texts)`` (see `contradict.Encoder`).
    nli
        ``"bundled"`` (offline), a folder that `contradict.train` wrote, the name or path of a sentence-transformers
        ``CrossEncoder``, an instance, or any object with ``predict(pairs)`` (see `contradict.NLI`).
    calibration
        Turns verdicts into probabilities: what `contradict.calibrate` returned, or the path it was written to. By
        default that of the bundled models, if both are used; else the NLI model's own probabilities count.
    device, batch_size, backend, local_files_only
        Passed on to sentence-transformers for models given by name or path. A name that is not on disk is fetched from
        the model hub unless `local_files_only`; the bundled models never touch the network.
    threads
        Threads of the bundled models; by default all processors this process may use. Results do not depend on it.
    """

    def __init__(
        self,
        encoder: str | Encoder = "bundled",
        nli: str | Path | NLI = "bundled",
        *,
        calibration: Calibration | Path | None = None,
        device: str | None = None,
        batch_size: int | None = None,
        backend: str = "torch",
        local_files_only: bool = False,
        threads: int | None = None,
    ) -> None:
        options = models.LoadOptions(device, batch_size, backend, local_files_only, threads)
        self._wanted = (encoder, nli)
        self._calibration = Calibration.read(calibration) if isinstance(calibration, Path) else calibration
        self._options = options
        self._lock = threading.Lock()
        self._loaded: dict[str, Any] = {}

    def __repr__(self) -> str:
        """Name the models."""
        encoder, nli = (str(spec) if isinstance(spec, (str, Path)) else name_of(spec) for spec in self._wanted)
        return f"Detector(encoder={encoder!r}, nli={nli!r})"

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded on first use."""
        return self._load("encoder", lambda: models.load_encoder(self._wanted[0], self._options))

    @property
    def nli(self) -> NLI:
        """The NLI model, loaded on first use."""
        return self._load("nli", lambda: models.load_nli(self._wanted[1], self._options))

    def _load(self, what: str, load: Callable[[], Any]) -> Any:
        with self._lock:
            if what not in self._loaded:
                self._loaded[what] = load()
            return self._loaded[what]

    @property
    def calibration(self) -> Calibration | None:
        """The calibration that is used, or None: one that was given, or the bundled one if both models are."""
        if self._calibration is not None:
            return self._calibration
        bundled = models.bundled_calibration()
        return bundled if (bundled.encoder, bundled.nli) == (name_of(self.encoder), name_of(self.nli)) else None

    @property
    def ranker(self) -> Ranker | None:
        """What puts pairs in order before they are judged; None, which is by similarity, for other encoders."""
        bundled = models.bundled_ranker()
        return bundled if bundled.encoder == name_of(self.encoder) else None

    def _judged(
        self, chosen: Sequence[tuple[Claim, Claim]], verdicts: Verdicts, similarity: NDArray[np.float32]
    ) -> tuple[JudgedPair, ...]:
        """Join claims, verdicts and similarities, with the calibrated probability where a calibration is known."""
        calibration = self.calibration
        probability = calibration.probability(verdicts, similarity) if calibration else verdicts.contradiction
        unsure = calibration.unsure if calibration else None
        return tuple(
            JudgedPair(
                a,
                b,
                p,
                Probabilities(*forward),
                Probabilities(*backward),
                cosine,
                verdicts.parts.get(row),
                evidence(a, b, probability=p, unsure=unsure),
            )
            for row, ((a, b), p, forward, backward, cosine) in enumerate(
                zip(
                    chosen,
                    probability.tolist(),
                    verdicts.forward.tolist(),
                    verdicts.backward.tolist(),
                    similarity.tolist(),
                )
            )
        )

    def calibrate(
        self,
        pairs: Iterable[tuple[object, object]],
        labels: Iterable[object],
        *,
        groups: Sequence[object] | None = None,
        seed: int = 0,
    ) -> Calibration:
        """Fit probabilities to pairs that you have labelled; see `contradict.calibrate`."""
        texts = [tuple(read_claims([a, b])[side].text for side in (0, 1)) for a, b in pairs]
        conflicts = np.array([is_conflict(label, place) for place, label in enumerate(labels)], dtype=bool)
        if len(texts) != len(conflicts):
            message = f"{len(texts)} pairs but {len(conflicts)} labels; give one label a pair"
            raise OptionError(message)
        if groups is not None and len(groups) != len(texts):
            message = f"{len(texts)} pairs but {len(groups)} groups; give one group a pair"
            raise OptionError(message)
        vectors = embed([text for pair in texts for text in pair], self.encoder).reshape(len(texts), 2, -1)
        return Calibration.fit(
            judge([(a, b) for a, b in texts], self.nli),
            np.einsum("nd,nd->n", vectors[:, 0], vectors[:, 1]),
            conflicts,
            encoder=name_of(self.encoder),
            nli=name_of(self.nli),
            fitted_on=f"{len(texts)} labelled pairs, seed {seed}",
            groups=groups,
            seed=seed,
        )

    def compare(
        self,
        claims: object,
        others: object = None,
        *,
        min_probability: float = MIN_PROBABILITY,
        min_similarity: float | None = None,
        top_k: int | str | None = AUTO,
        max_pairs: int | float | str | None = AUTO,
        same_speaker: bool = False,
        same_article: bool = False,
        same_source: bool = True,
        max_days_apart: int | None = None,
        languages: Collection[tuple[str, str]] | None = None,
        blocklist: Collection[Collection[str]] = (),
        search: str | None = None,
        columns: Mapping[str, str] | None = None,
        skip_empty: bool = False,
        checkpoint: Path | None = None,
        on_judged: Callable[[JudgedPair], object] | None = None,
        show_progress_bar: bool = False,
    ) -> Report:
        """Find the claims that contradict each other.

        Parameters
        ----------
        claims
            One string, dict or `Claim`, an iterable of them, a pandas or polars frame, a ``datasets.Dataset``, or a
            ``pathlib.Path`` of a JSONL, JSON, CSV or Parquet file.
        others
            A second pool: then only pairs across the two are compared. By default all pairs within `claims`.
        min_probability
            A pair counts as a conflict from this probability on, 0 to 1. Higher: fewer false alarms. Change it later
            without running anything again: ``report.at(0.9)``.
        min_similarity
            Pairs with a lower cosine are about different things and not judged, −1 to 1. By default the encoder's own
            `min_similarity`, which was measured for the bundled one; −1, which leaves out nothing, where it has none.
        top_k
            Each claim is judged against so many of its nearest; None for all. ``"auto"`` is 20, and in a small pool as
            many as make at least 4,000 pairs. How many pairs that drops is counted.
        max_pairs
            A budget: at most so many pairs are judged, or as a float such a share of them (0 to 1), the most promising
            first; None for all. ``"auto"`` judges 4,000 pairs, or half of them where that is more: it finds nearly all
            that a run over all pairs gets right (docs/measurements.md). What is left out is counted.
        same_speaker
            Also compare claims of one speaker (or, where nobody is quoted, of one document) with each other.
        same_article
            Also compare an article's own words with what the same article quotes (claims whose ``meta["article"]`` is
            the same). By default they are not: an article that reports a view neither holds nor contests it.
        same_source
            Also compare claims of one source with each other, whoever is quoted there.
        max_days_apart
            Leave out pairs whose dates lie more days apart; claims without a date are compared with all. In a large
            pool in order of dates this also saves time.
        languages
            Compare only these pairs of languages, either way round: ``[("ar", "ru"), ("ru", "ru")]``. ``"und"`` is a
            claim whose language is not known.
        blocklist
            Groups of ids, speakers or sources: claims of one group are not compared with each other. A pair of ids
            leaves out one pair, ``("Agency", "Its subsidiary")`` all within and between the two.
        search
            How a claim's nearest are found: ``"exact"``, or ``"approximate"`` for very large pools, which needs faiss
            (``pip install 'contradict-claims[index]'``); ``report.provenance.recall`` says how many of the pairs that
            finds. By default exact up to a million claims.
        columns
            Which column holds which field, such as ``{"text": "body"}``; the field's usual names are known.
        skip_empty
            Leave out claims without text instead of refusing them.
        checkpoint
            A file for verdicts as they are made: a run that was broken off goes on from there, and pairs of texts that
            stand in it are not judged again.
        on_judged
            Called with each pair as soon as it is judged, the most promising pairs first: conflicts can be shown while
            the rest is judged.
        show_progress_bar
            Show progress and the time left on long work (on stderr, only if that is a terminal).

        Returns
        -------
        Report
            Interrupted from the keyboard while it judges, the report of the most promising pairs, as far as it came:
            ``report.partial`` is true, and ``report.counts.pairs_interrupted`` says how many are missing.

        Raises
        ------
        ClaimError
            If a claim cannot be used.
        OptionError
            If an option is out of range.
        """
        check_probability(min_probability)
        check_budget(max_pairs)
        check_nearest(top_k)
        rules = Rules(same_speaker, same_article, same_source, max_days_apart, languages, blocklist)
        pools = read_pools(claims, others, columns, skip_empty=skip_empty)
        statements = [group_reprints(pool) for pool in pools]
        if min_similarity is None:
            min_similarity = float(getattr(self.encoder, "min_similarity", -1.0))
        sides = [[group[0] for group in pool] for pool in statements]
        texts = [claim.text for side in sides for claim in side]
        with bar("reading", len(set(texts)), show=show_progress_bar) as progress:
            vectors = embed(texts, self.encoder, progress=progress)
        of_sides = np.split(vectors, [len(sides[0])])[: len(sides)]
        if len(sides) == 1:  # in two pools it would cost more than to compare them: one claim against an archive
            groups, folded_vectors = fold_rewrites(statements[0], vectors, search=search, threads=self._options.threads)
            statements, of_sides, sides = [groups], [folded_vectors], [[group[0] for group in groups]]
        apart = rules.constraints(sides)
        nearest = nearest_to_keep(top_k, sum(map(len, sides)))
        possible = len(sides[0]) * (len(sides[1]) if len(sides) > 1 else (len(sides[0]) - 1) / 2)
        with bar("pairing", int(possible), show=show_progress_bar) as progress:
            pairs = find_pairs(
                *of_sides,
                min_similarity=min_similarity,
                top_k=nearest,
                apart=list(apart.values())[-1],
                search=search,
                threads=self._options.threads,
                progress=progress,
            )
        kept = pairs_to_judge(max_pairs, len(pairs))
        first = order(pairs, sides, of_sides, self.ranker)[:kept]
        chosen = [(sides[0][i], sides[-1][j]) for i, j in zip(pairs.left[first], pairs.right[first])]
        judged: list[JudgedPair] = []
        texts_split = 0
        try:
            with bar("judging", kept, show=show_progress_bar) as progress:
                texts_of = [(a.text, b.text) for a, b in chosen]
                for verdicts in judge_in_shares(texts_of, self.nli, checkpoint=checkpoint):
                    share = slice(len(judged), len(judged) + len(verdicts))
                    fresh = self._judged(chosen[share], verdicts, pairs.similarity[first[share]])
                    texts_split += verdicts.texts_split
                    judged += fresh
                    progress(len(fresh))
                    if on_judged:
                        for pair in fresh:
                            on_judged(pair)
        except KeyboardInterrupt:
            logger.warning("interrupted after %d of %d pairs; what was judged is kept", len(judged), kept)
        done = len(judged)
        forget()
        copies = {group[0].id: tuple(c.id for c in group[1:]) for pool in statements for group in pool if group[1:]}
        everything = tuple(claim for pool in pools for claim in pool)
        counts = Counts(
            claims=len(everything),
            reprints=sum(map(len, copies.values())),
            pairs_possible=pairs.possible,
            pairs_excluded=pairs.excluded,
            excluded_by=excluded_by(apart, len(sides[0]), len(sides[-1]), within=len(sides) == 1),
            pairs_dissimilar=pairs.dissimilar,
            pairs_dropped=pairs.dropped,
            pairs_over_budget=len(pairs) - kept,
            pairs_interrupted=kept - done,
            pairs_judged=done,
            texts_split=texts_split,
        )
        options = {
            "min_probability": min_probability,
            "min_similarity": min_similarity,
            "top_k": nearest,
            "max_pairs": max_pairs,
            **rules.to_dict(),
            "search": pairs.search,
        }
        version = metadata.version("contradict-claims")
        fitted = self.calibration
        provenance = Provenance(
            version,
            name_of(self.encoder),
            name_of(self.nli),
            options,
            fitted.fitted_on if fitted else None,
            fitted.unsure if fitted else None,
            pairs.recall,
        )
        of_topics = partial(topics_of, [claim for side in sides for claim in side], np.concatenate(of_sides))
        return Report(everything, tuple(judged), min_probability, counts, provenance, copies, of_topics)


def is_conflict(label: object, place: int) -> bool:
    """Read a label: true or false, 1 or 0, or one of the three by name."""
    if isinstance(label, (bool, np.bool_)) or label in (0, 1):
        return bool(label)
    named = label_named(label) if isinstance(label, str) else None
    if named is None:
        message = f"labels[{place}] is {label!r}; use True or False for conflict or none, or one of {', '.join(LABELS)}"
        raise OptionError(message)
    return named == LABELS[CONTRADICTION]


def check_probability(value: float) -> None:
    """Refuse a threshold that is no probability."""
    if not 0 <= value <= 1:
        message = f"min_probability is {value}, expected a probability from 0 to 1"
        raise OptionError(message)


def check_count(name: str, value: int | None) -> None:
    """Refuse a negative number of things."""
    if value is not None and value < 0:
        message = f"{name} is {value}, expected 0 or more, or None for no limit"
        raise OptionError(message)
