"""Report: the conflicts that were found, best first, with everything needed to question them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from contradict.claims import Claim
from contradict.errors import OptionError
from contradict.judged import Agreement, Conflict, JudgedPair, as_kind
from contradict.provenance import Counts, Provenance
from contradict.topics import Topic

if TYPE_CHECKING:
    import pandas as pd
    from datasets import Dataset
    from matplotlib.figure import Figure

    from contradict.disputes import Dispute

NO_LANGUAGE = "und"  # undetermined, as ISO 639-2 says
JSON_VERSION = 5


@dataclass(frozen=True, repr=False)
class Report(Sequence[Conflict]):
    """The conflicts, most probable first: a frozen sequence.

    Attributes
    ----------
    claims
        All claims, in the order they were given (of both pools, the first pool's first).
    judged
        Every pair that was judged, most probable conflict first.
    threshold
        Least probability of what counts as a conflict (and, by entailment, as an agreement).
    counts
        What became of every possible pair.
    provenance
        Versions, models and options.
    reprints
        For the id of a claim, the ids of its further copies, word for word or rewritten.
    topics_from
        The topics, or what makes them when they are asked for: see `topics`.
    """

    claims: tuple[Claim, ...]
    judged: tuple[JudgedPair, ...]
    threshold: float
    counts: Counts
    provenance: Provenance
    reprints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    topics_from: tuple[Topic, ...] | Callable[[], tuple[Topic, ...]] = field(default=(), compare=False)
    conflicts: tuple[Conflict, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            message = f"threshold is {self.threshold}, expected a probability from 0 to 1"
            raise OptionError(message)
        judged = tuple(sorted(self.judged, key=lambda pair: (-pair.probability, pair.a.id, pair.b.id)))
        conflicts = tuple(as_kind(Conflict, pair) for pair in judged if pair.is_conflict(self.threshold))
        object.__setattr__(self, "judged", judged)
        object.__setattr__(self, "conflicts", conflicts)

    @overload
    def __getitem__(self, index: int) -> Conflict: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Conflict, ...]: ...
    def __getitem__(self, index: int | slice) -> Conflict | tuple[Conflict, ...]:
        """Return a conflict, or several."""
        return self.conflicts[index]

    def __len__(self) -> int:
        """Return the number of conflicts."""
        return len(self.conflicts)

    def __repr__(self) -> str:
        """Tell the size and the top line."""
        head = f"<Report: {len(self)} conflicts among {self.counts.claims} claims"
        if not self.conflicts:
            return head + ">"
        top = self.conflicts[0]
        return f"{head}; first: {top.a.asserter or top.a.id} / {top.b.asserter or top.b.id}, {top.probability:.2f}>"

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """Pairs of which one follows from the other and which are no conflicts, most probable first."""
        found = [
            as_kind(Agreement, pair)
            for pair in self.judged
            if pair.entailment >= self.threshold
            and pair.probability < self.threshold
            and not pair.is_conflict(self.threshold)
        ]
        return tuple(sorted(found, key=lambda pair: (-pair.entailment, pair.a.id, pair.b.id)))

    @property
    def set_aside(self) -> tuple[JudgedPair, ...]:
        """Pairs that reach the threshold and are no conflicts all the same; ``evidence.harmless`` says why."""
        return tuple(
            pair for pair in self.judged if pair.probability >= self.threshold and not pair.is_conflict(self.threshold)
        )

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What the claims are about, the topic with most claims first; every claim but reprints is in exactly one."""
        if not isinstance(self.topics_from, tuple):
            object.__setattr__(self, "topics_from", self.topics_from())
        return self.topics_from  # type: ignore[return-value]

    def topic_of(self, pair: JudgedPair) -> Topic | None:
        """Return the topic of a pair's first claim; None where no topics are known."""
        return self._topic_of_claim.get(pair.a.id)

    @cached_property
    def _topic_of_claim(self) -> dict[str, Topic]:
        return {name: topic for topic in self.topics for name in topic.claims}

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """Conflicts and agreements joined, each dispute with its camps; see `contradict.disputes`."""
        from contradict.disputes import disputes_of

        return disputes_of(self.conflicts, self.agreements)

    @property
    def partial(self) -> bool:
        """Whether the run was interrupted before all pairs were judged."""
        return self.counts.pairs_interrupted > 0

    @property
    def unsure(self) -> tuple[JudgedPair, ...]:
        """Judged pairs of which the calibration can say neither "conflict" nor "none", most probable conflict first.

        What that means is said of ``Calibration.unsure``. Empty where no calibration is known.
        """
        low, high = self.provenance.unsure or (0.0, 0.0)
        return tuple(pair for pair in self.judged if low <= pair.probability < high)

    def at(self, threshold: float) -> Report:
        """Return a new report with another threshold; nothing is run again."""
        return replace(self, threshold=threshold)

    def least_sure(self, n: int = 10) -> tuple[JudgedPair, ...]:
        """Return the `n` judged pairs whose probability is nearest the threshold: worth a reader's eyes first."""
        return tuple(
            sorted(self.judged, key=lambda pair: (abs(pair.probability - self.threshold), pair.a.id, pair.b.id))[:n]
        )

    def for_speaker(self, name: str) -> Report:
        """Return a new report of the pairs in which someone has a part, by the name that `Claim.asserter` gives.

        Claims and counts stay those of the whole run.
        """
        return self._of(lambda pair: name in (pair.a.asserter, pair.b.asserter))

    def between(self, one: str, other: str) -> Report:
        """Return a new report of the pairs between two speakers."""
        return self._of(lambda pair: (pair.a.asserter, pair.b.asserter) in ((one, other), (other, one)))

    def by_language(self) -> dict[str, Report]:
        """Return a new report for each language (``"ar"``) and pair of languages (``"ar-ru"``); ``"und"`` unknown."""

        def languages(pair: JudgedPair) -> str:
            return "-".join(sorted({pair.a.lang or NO_LANGUAGE, pair.b.lang or NO_LANGUAGE}))

        names = sorted({languages(pair) for pair in self.judged})
        return {name: self._of(lambda pair, name=name: languages(pair) == name) for name in names}  # type: ignore[misc]

    def _of(self, keep: Callable[[JudgedPair], bool]) -> Report:
        return replace(self, judged=tuple(pair for pair in self.judged if keep(pair)))

    def matrix(self, of: str = "conflicts") -> pd.DataFrame:
        """Return who stands how to whom: a symmetric table with a row and a column for each speaker that was judged.

        Parameters
        ----------
        of
            ``"conflicts"``, ``"agreements"`` or ``"judged"`` (how often two speak of the same thing): pairs.
            ``"conflict_rate"``, ``"agreement_rate"``: these divided by the judged pairs, 0 to 1, NaN where none was.

        Raises
        ------
        OptionError
            If `of` is something else.
        """
        from contradict.matrix import matrix_of

        return matrix_of(self, of)

    def plot_matrix(self, of: str = "conflict_rate", limit: int = 25) -> Figure:
        """Return a figure of `matrix`, the `limit` speakers with most conflicts; needs the extra ``figures``."""
        from contradict.render.figures import matrix_figure

        return matrix_figure(self, of, limit)

    def summary(self) -> str:
        """Return one paragraph: how many claims, pairs, conflicts, and what was left out."""
        counts = self.counts
        speakers = {claim.asserter for claim in self.claims if claim.asserter}
        lines = [
            f"{number(len(self), 'conflict')} and {number(len(self.agreements), 'agreement')} at probability ≥ "
            f"{self.threshold:g} among {number(counts.claims, 'claim')} by {number(len(speakers), 'speaker')}.",
            f"Judged {counts.pairs_judged:,} of {number(counts.pairs_possible, 'pair')}; left out: "
            f"{counts.pairs_excluded:,} by rule (one speaker, text or article), {counts.pairs_dropped:,} beyond top_k, "
            f"{counts.pairs_dissimilar:,} on different topics, {counts.pairs_over_budget:,} beyond max_pairs.",
        ]
        if self.set_aside:
            lines.append(
                f"Set aside with the reason: {number(len(self.set_aside), 'pair')} whose numbers can both hold."
            )
        if self.provenance.recall < 1:
            lines.append(f"Of the nearest claims an approximate search found {self.provenance.recall:.1%}.")
        if counts.pairs_interrupted:
            lines.append(f"Partial: interrupted before {number(counts.pairs_interrupted, 'pair')}.")
        if counts.reprints:
            lines.append(f"Counted with their first copy: {number(counts.reprints, 'reprint')}.")
        if counts.texts_split:
            lines.append(f"Judged in parts: {number(counts.texts_split, 'long text')}.")
        return " ".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data: everything the report holds."""
        return {
            "json_version": JSON_VERSION,
            "threshold": self.threshold,
            "counts": asdict(self.counts),
            "provenance": asdict(self.provenance),
            "claims": [claim.to_dict() for claim in self.claims],
            "reprints": {first: list(copies) for first, copies in self.reprints.items()},
            "conflicts": [pair.to_dict() for pair in self.conflicts],
            "judged": [pair.to_dict() for pair in self.judged],
            "topics": [topic.to_dict() for topic in self.topics],
            "disputes": [
                [
                    {"claims": [c.id for c in camp.claims], "representative": camp.representative.id}
                    for camp in one.camps
                ]
                for one in self.disputes
            ],
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return `to_dict` as JSON text; `from_json` reads it back."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Return the report that `to_json` wrote.

        Raises
        ------
        OptionError
            If the text was written in another version of the format.
        """
        data = json.loads(text)
        version = data.get("json_version") if isinstance(data, dict) else None
        if version != JSON_VERSION:
            message = f"report has json_version {version!r}, this release reads {JSON_VERSION}; compare the claims anew"
            raise OptionError(message)
        claims = tuple(Claim.from_dict(claim) for claim in data["claims"])
        by_id = {claim.id: claim for claim in claims}
        judged = tuple(JudgedPair.from_dict(pair, by_id) for pair in data["judged"])
        return cls(
            claims,
            judged,
            data["threshold"],
            Counts(**data["counts"]),
            Provenance(
                **data["provenance"] | {"unsure": data["provenance"]["unsure"] and tuple(data["provenance"]["unsure"])}
            ),
            {first: tuple(copies) for first, copies in data["reprints"].items()},
            tuple(Topic.from_dict(topic) for topic in data["topics"]),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the conflicts as a pandas DataFrame, one row each, best first."""
        import pandas as pd

        from contradict.render.rows import COLUMNS, row_of

        return pd.DataFrame([row_of(conflict, self.topic_of(conflict)) for conflict in self], columns=list(COLUMNS))

    def to_dataset(self) -> Dataset:
        """Return the conflicts as a ``datasets.Dataset`` with the columns of `to_frame`; dates are ISO 8601 text."""
        from contradict.render.rows import dataset_of

        return dataset_of(self)

    def to_csv(self) -> str:
        """Return the conflicts as CSV with the columns of `to_frame`; what a spreadsheet would run is made text."""
        from contradict.render.rows import csv_of

        return csv_of(self)

    def to_markdown(self, limit: int | None = None) -> str:
        """Return the summary and the first `limit` conflicts (None: all) as Markdown."""
        from contradict.render.text import markdown

        return markdown(self, limit)

    def as_prompt_context(self, limit: int | None = 10) -> str:
        """Return the first `limit` conflicts (None: all) for the prompt of a language model.

        One line of JSON each, under a heading that says what they are; how many there are in all is said at the end.
        """
        from contradict.render.text import prompt_context

        return prompt_context(self, limit)

    def to_html(self) -> str:
        """Return one HTML page that needs nothing from outside."""
        from contradict.render.page import page

        return page(self)

    def _repr_html_(self) -> str:
        """Show the conflicts in a notebook."""
        from contradict.render.page import fragment

        return fragment(self)


def number(count: int, noun: str) -> str:
    """Return ``1 claim``, ``2 claims``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
